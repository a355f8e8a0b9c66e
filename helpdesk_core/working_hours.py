"""Working time: how much of it lies between two instants, and when so much will have passed.

One law decides everything: **an instant is working time when a clock on the wall of the calendar's
zone then shows a time inside a window that no holiday of the date closes, or inside an opening of
the date.** So a window 00:00-08:00 is 7 h long on a day whose clocks skip an hour and 9 h on one
that has an hour twice; an edge that the clocks skip is passed when they jump over it, and one that
they show twice is passed both times.

Inside, an instant is the time since 1970-01-01T00:00Z. A calendar is prepared once for each year
that is asked about; a look-up is then a bisection, whatever the length of the span.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from helpdesk_core.calendars import Calendar, LocalDays, Span

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_YEAR: Final = 366  # days: years of one length, counted from the epoch, need no leap years
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC) - _EPOCH + _DAY  # a day from either end of
_LATEST: Final = datetime.max.replace(tzinfo=UTC) - _EPOCH - _DAY  # time every zone has a date


def working_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`, to the microsecond; zero when `end` is not later.

    Both are aware, each in any zone and of any year: only the instants matter. The cost is a
    look-up for each year touched, and some 2 ms to prepare one that was not asked about lately.

    Raises:
        ValueError: A datetime is naive.
    """
    begins, ends = _instant(start), _instant(end)
    if ends <= begins:
        return timedelta()
    number, last = begins.days // _YEAR, ends.days // _YEAR
    year = _year(calendar, number)
    worked = -year.worked(begins)
    while number < last:
        worked += year.before[-1]
        number += 1
        year = _year(calendar, number)
    return worked + year.worked(ends)


def due(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The earliest instant by which so much working time has passed since `start`, in UTC.

    It is `start` itself when `amount` is zero, and else never an instant at which work only begins:
    eight hours that end with the day are due at closing time. The cost is as `working_time`'s.

    Raises:
        ValueError: `start` is naive, or `amount` is negative.
        OverflowError: It would be due after the last year there is.
    """
    begins = _instant(start)
    if amount < timedelta():
        raise ValueError(f"nothing is due before it starts: {amount!r}")
    if not amount:
        return start.astimezone(UTC)
    number = begins.days // _YEAR
    year = _year(calendar, number)
    target = year.worked(begins) + amount
    while target > year.before[-1]:
        target -= year.before[-1]
        number += 1
        if number * _YEAR > _LATEST.days:
            raise OverflowError("due after the last year there is")
        year = _year(calendar, number)
    return _EPOCH + year.when(target)


def open_spans(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The spans of work between two aware instants, in UTC, in order; none empty.

    Those of one year neither touch nor overlap; one that runs over a year's end is two that touch.
    """
    begins, ends = _instant(start), _instant(end)
    for number in range(begins.days // _YEAR, ends.days // _YEAR + 1):
        year = _year(calendar, number)
        for opens, closes in zip(year.opens, year.closes, strict=False):
            span = max(opens, begins), min(closes, ends)
            if span[0] < span[1]:
                yield _EPOCH + span[0], _EPOCH + span[1]


def _instant(moment: datetime) -> timedelta:
    try:
        return moment - _EPOCH
    except TypeError:
        raise ValueError(f"working time needs aware datetimes: {moment!r}") from None


@attrs.frozen
class _Year:
    """The spans of work in one year, in order and apart.

    Before span n, `before[n]` was worked. One more opening, at the end of the year, and one more
    sum follow the last span.
    """

    opens: Sequence[timedelta]
    closes: Sequence[timedelta]
    before: Sequence[timedelta]

    def worked(self, instant: timedelta) -> timedelta:
        """What was worked from the beginning of this year to an instant in it."""
        current = bisect_right(self.closes, instant)  # or the next, when none is running
        opens, before = self.opens[current], self.before[current]
        return before + (instant - opens) if instant > opens else before

    def when(self, worked: timedelta) -> timedelta:
        """The earliest instant of this year by which so much was worked: more than none of it."""
        span = bisect_left(self.before, worked) - 1
        return self.opens[span] + (worked - self.before[span])


@lru_cache(maxsize=256)  # some 75 kB each for ten windows a week
def _year(calendar: Calendar, number: int) -> _Year:
    begins, ends = number * _YEAR, (number + 1) * _YEAR
    spans = _merged(_spans(calendar, begins, ends))
    lengths = (closes - opens for opens, closes in spans)
    return _Year(
        opens=[*(opens for opens, _ in spans), timedelta(ends)],
        closes=[closes for _, closes in spans],
        before=[*accumulate(lengths, initial=timedelta())],
    )


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that neither touch nor overlap. They come by opening, none empty."""
    merged: list[Span] = []
    for opens, closes in spans:
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return merged


def _spans(calendar: Calendar, begins: int, ends: int) -> Iterator[Span]:
    """The hours of all days between two days of UTC, by opening, none empty."""
    hours_on = LocalDays(calendar).hours_on
    for since, until, offset in _stretches(ZoneInfo(calendar.zone), begins, ends):
        for day in range((since + offset).days, (until + offset).days + 1):
            midnight = timedelta(day) - offset
            for opens, closes in hours_on(day):
                span = max(since, midnight + opens), min(until, midnight + closes)
                if span[0] < span[1]:
                    yield span


def _stretches(
    zone: ZoneInfo, begins: int, ends: int
) -> Iterator[tuple[timedelta, timedelta, timedelta]]:
    """Each (since, until, offset) between two days of UTC during which the clocks do not shift.

    A shift is found where two midnights differ: no zone ever shifted twice in less than four days.
    """
    since, offset = timedelta(begins), _offset(zone, timedelta(begins))
    for day in range(begins, ends):
        if _offset(zone, timedelta(day + 1)) != offset:
            shift = _shift(zone, day)
            yield since, shift, offset
            since, offset = shift, _offset(zone, shift)
    yield since, timedelta(ends), offset


def _shift(zone: ZoneInfo, day: int) -> timedelta:
    """The instant, to the second, of the one shift of the clocks after the day's midnight."""
    before = _offset(zone, timedelta(day))

    def is_over(second: int) -> bool:
        return _offset(zone, timedelta(day, second)) != before

    return timedelta(day, bisect_left(range(86_400), x=True, key=is_over))


def _offset(zone: ZoneInfo, instant: timedelta) -> timedelta:
    """What the zone's clocks are ahead of UTC. At either end of time they no longer shift."""
    shown = _EPOCH + min(max(instant, _EARLIEST), _LATEST)
    return shown.astimezone(zone).utcoffset() or timedelta()
