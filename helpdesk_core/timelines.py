"""Local hours on the clock of the world: the spans of work, with the sums of those before.

An instant is the time since 1970-01-01T00:00Z. Years are prepared when they are first asked about,
and joined into one line; a look-up in it costs the same wherever the instant lies.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from helpdesk_core.local_days import Holiday, LocalDays, Opening, Span, Window

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
YEAR: Final = 366
"""Days: years of one length, counted from the epoch, need no leap years."""
EARLIEST: Final = datetime.min.replace(tzinfo=UTC) - EPOCH + timedelta(days=1)
LATEST: Final = datetime.max.replace(tzinfo=UTC) - EPOCH - timedelta(days=1)
"""A day from either end of time every zone has a date."""

_LONGEST_LINE: Final = 200  # years: some 120 kB each for ten windows a week


@attrs.frozen(eq=False)
class Line:
    """The spans of work from day `first` to before day `last` of UTC, in order and apart.

    Before span n, `before[n]` was worked. One more opening, at the end of the line, and one more
    sum follow the last span. Inside span n, what was worked is the instant and `shifts[n]`.
    `current[d]` is the first span that is not over at midnight of the d-th day, and one more the
    first after the line.
    """

    first: int
    last: int
    opens: Sequence[timedelta]
    closes: Sequence[timedelta]
    before: Sequence[timedelta]
    shifts: Sequence[timedelta]
    current: Sequence[int]

    def worked(self, instant: timedelta) -> timedelta:
        """What was worked from the beginning of the line to an instant in it."""
        day, current = instant.days - self.first, self.current
        span = bisect_right(self.closes, instant, current[day], current[day + 1])
        is_inside = instant > self.opens[span]
        return instant + self.shifts[span] if is_inside else self.before[span]

    def when(self, worked: timedelta) -> timedelta:
        """The earliest instant of the line by which so much was worked: more than none of it."""
        span = bisect_left(self.before, worked) - 1
        return worked - self.shifts[span]

    def spans(self, begins: timedelta, ends: timedelta) -> Iterator[Span]:
        """The spans of work between two instants of the line, none empty."""
        here = bisect_right(self.closes, begins)
        while self.opens[here] < ends and here < len(self.closes):
            yield max(self.opens[here], begins), min(self.closes[here], ends)
            here += 1

    @property
    def total(self) -> timedelta:
        """What is worked from the beginning to the end of the line."""
        return self.before[-1]


class Timeline:
    """The line of some hours, as far as it was asked about."""

    def __init__(self, zone: str, days: LocalDays) -> None:
        self._zone = ZoneInfo(zone)
        self._days = days
        self.line = _line(0, 0, [])

    def covering(self, begins: timedelta, ends: timedelta) -> Line:
        """A line that holds both instants, the second no earlier; the one there is, made longer.

        A line of more than 200 years is begun anew instead, so that memory has a bound.
        """
        first, last = begins.days // YEAR * YEAR, (ends.days // YEAR + 1) * YEAR
        held = self.line  # lines are values: threads may both make a longer one, and either serves
        if held.first <= first and last <= held.last:
            return held
        whole = min(first, held.first), max(last, held.last)
        if held.first == held.last or whole[1] - whole[0] > _LONGEST_LINE * YEAR:
            longer = self._prepared(first, last)
        else:
            after = _joined(held, self._prepared(held.last, whole[1]))
            longer = _joined(self._prepared(whole[0], held.first), after)
        self.line = longer
        return longer

    def _prepared(self, first: int, last: int) -> Line:
        return _line(first, last, _merged(_spans(self._zone, self._days, first, last)))


@lru_cache(maxsize=64)
def timeline_of(
    zone: str,
    windows: tuple[Window, ...],
    holidays: tuple[Holiday, ...],
    openings: tuple[Opening, ...],
) -> Timeline:
    """The timeline of such hours, the same one for all who ask lately."""
    return Timeline(zone, LocalDays(windows, holidays, openings))


def _line(first: int, last: int, spans: Sequence[Span]) -> Line:
    opens = [*(opens for opens, _ in spans), timedelta(last)]
    closes = [closes for _, closes in spans]
    before = [*accumulate((end - begin for begin, end in spans), initial=timedelta())]
    return Line(
        first,
        last,
        opens,
        closes,
        before,
        list(map(sub, before, opens)),
        [bisect_right(closes, timedelta(day)) for day in range(first, last + 1)],
    )


def _joined(one: Line, other: Line) -> Line:
    """Two lines of which the second begins where the first ends."""
    spans, worked = len(one.closes), one.total
    return Line(
        one.first,
        other.last,
        [*one.opens[:-1], *other.opens],
        [*one.closes, *other.closes],
        [*one.before[:-1], *(worked + before for before in other.before)],
        [*one.shifts[:-1], *(worked + shift for shift in other.shifts)],
        [*one.current[:-1], *(spans + current for current in other.current)],
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


def _spans(zone: ZoneInfo, days: LocalDays, begins: int, ends: int) -> Iterator[Span]:
    """The hours of all days between two days of UTC, by opening, none empty."""
    hours_on = days.hours_on
    for since, until, offset in _stretches(zone, begins, ends):
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
    shown = EPOCH + min(max(instant, EARLIEST), LATEST)
    return shown.astimezone(zone).utcoffset() or timedelta()
