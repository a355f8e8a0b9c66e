"""Working time: when a department is at work, and how much of that lies between two instants.

One law decides everything: **an instant is working time when a clock on the wall of the calendar's
zone then shows a time inside a window, on a date that is no holiday.** So a window 00:00-08:00 is
7 h long on a day whose clocks skip an hour and 9 h on one that has an hour twice; an edge that the
clocks skip is passed when they jump over it, and one that they show twice is passed both times.

Inside, an instant is the time since 1970-01-01T00:00Z. A calendar is prepared once for each year
that is asked about; a look-up is then a bisection, whatever the length of the span.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_YEAR: Final = 366  # days: years of one length, counted from the epoch, need no leap years
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC) - _EPOCH + _DAY  # a day from either end of
_LATEST: Final = datetime.max.replace(tzinfo=UTC) - _EPOCH - _DAY  # time every zone has a date

_Span: TypeAlias = tuple[timedelta, timedelta]


@attrs.frozen(order=True)
class Window:
    """Hours of work, every week. `weekday` is that of the opening: 0 is Monday, 6 is Sunday.

    `opens` (0-1439) and `closes` (0-1440) are minutes since midnight on the wall clock; 1440 is
    24:00. A window that closes at or before it opens runs past midnight into the next day, so that
    equal minutes are 24 hours.

    Raises:
        ValueError: A number is not whole or out of bounds.
    """

    weekday: int
    opens: int
    closes: int

    def __attrs_post_init__(self) -> None:
        highest = {"weekday": 6, "opens": 1439, "closes": 1440}
        for field, value in attrs.asdict(self).items():
            if type(value) is not int or not 0 <= value <= highest[field]:
                raise ValueError(f"{field} must be a whole number 0-{highest[field]}: {value!r}")


@attrs.frozen(order=True)
class Holiday:
    """A local date on which nobody works, from its midnight to the next.

    A window that runs past midnight is cut there: of a night shift that opens on the eve, the hours
    after midnight are closed; of one that would open on the holiday itself, the hours after the
    next midnight are worked. What is closed never depends on how the hours were cut into windows.
    """

    on: date
    name: str


def _windows(given: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(sorted(set(given)))


def _holidays(given: Iterable[Holiday]) -> tuple[Holiday, ...]:
    return tuple(sorted(set(given)))


@attrs.frozen(kw_only=True, cache_hash=True)
class Calendar:
    """A week of windows in one time zone, and the days that are off.

    `zone` is a name of the IANA database. Windows and holidays are kept in order, each once.
    Windows may touch or overlap: the time they share counts once. Breaks are gaps between windows.

    Raises:
        ValueError: It has no window, or the zone is unknown.
    """

    id: UUID
    key: str
    name: str
    zone: str
    windows: tuple[Window, ...] = attrs.field(converter=_windows)
    holidays: tuple[Holiday, ...] = attrs.field(default=(), converter=_holidays)

    def __attrs_post_init__(self) -> None:
        if not self.windows:
            raise ValueError(f"calendar {self.key!r} needs a window, else nobody would ever work")
        if not _is_known(self.zone):
            raise ValueError(f"calendar {self.key!r} has an unknown time zone: {self.zone!r}")


def _is_known(zone: str) -> bool:
    try:
        return ZoneInfo(zone).key == zone
    except (LookupError, OSError, ValueError):  # OSError: a folder of zones, or too long a name
        return False


def always_open(calendar_id: UUID, *, key: str = "24x7", name: str = "24x7") -> Calendar:
    """A calendar without a pause: its working time is the time that passes."""
    windows = tuple(Window(weekday, 0, 1440) for weekday in range(7))
    return Calendar(id=calendar_id, key=key, name=name, zone="UTC", windows=windows)


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


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """The same time in spans that neither touch nor overlap. They come by opening, none empty."""
    merged: list[_Span] = []
    for opens, closes in spans:
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return merged


def _spans(calendar: Calendar, begins: int, ends: int) -> Iterator[_Span]:
    """The windows of all working days between two days of UTC, by opening, none empty."""
    week = _week(calendar.windows)
    holidays = {holiday.on.toordinal() - _EPOCH.toordinal() for holiday in calendar.holidays}
    for since, until, offset in _stretches(ZoneInfo(calendar.zone), begins, ends):
        for day in range((since + offset).days, (until + offset).days + 1):
            midnight = timedelta(day) - offset
            hours = () if day in holidays else week[(day + 3) % 7]  # day 0 was a Thursday
            for opens, closes in hours:
                span = max(since, midnight + opens), min(until, midnight + closes)
                if span[0] < span[1]:
                    yield span


def _week(windows: Iterable[Window]) -> list[list[_Span]]:
    """The hours of each weekday since its midnight, by opening, cut at the next midnight."""
    week: list[list[_Span]] = [[] for _ in range(7)]
    for window in windows:
        opens, closes = timedelta(minutes=window.opens), timedelta(minutes=window.closes)
        if opens < closes:
            week[window.weekday].append((opens, closes))
        else:
            week[window.weekday].append((opens, _DAY))
            week[(window.weekday + 1) % 7].append((timedelta(), closes))
    return [sorted(hours) for hours in week]


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
