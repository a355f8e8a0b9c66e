"""The hours of local days: windows of the week, days off, and days on after all.

Everything here is local: dates and minutes as the wall shows them. When that is on the clock of the
world, `timelines` knows.
"""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

import attrs

DAY_0: Final = date(1970, 1, 1).toordinal()
"""The day from which days are counted."""

Span: TypeAlias = tuple[timedelta, timedelta]
"""From one time to a later one."""

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = 1440  # minutes: 24:00
_A_LEAP_YEAR: Final = 2000
_DAYS_OF_IT: Final = 366


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
    """A local date on which nobody works: from its midnight to the next, or a part of it.

    A window that runs past midnight is cut there: of a night shift that opens on the eve, the hours
    after midnight are closed; of one that would open on the holiday itself, the hours after the
    next midnight are worked. What is closed never depends on how the hours were cut into windows.

    `begins` and `ends` bound the part that is closed, in minutes since midnight, 0 to 1440. A
    `yearly` one is kept in the year of `on` and in every later one that has the day.

    Raises:
        ValueError: A minute is not whole or out of bounds, or nothing would be closed.
    """

    on: date
    name: str
    yearly: bool = False
    begins: int = 0
    ends: int = 1440

    def __attrs_post_init__(self) -> None:
        _check_part("holiday", self.on, self.begins, self.ends)

    @property
    def hours(self) -> tuple[int, int]:
        """The minutes of the day from which and to which it is closed."""
        return self.begins, self.ends


@attrs.frozen(order=True)
class Opening:
    """Hours worked on one local date besides, whatever the week and the holidays say.

    `opens` and `closes` are minutes since midnight, 0 to 1440.

    Raises:
        ValueError: A minute is not whole or out of bounds, or nothing would be opened.
    """

    on: date
    name: str
    opens: int
    closes: int

    def __attrs_post_init__(self) -> None:
        _check_part("opening", self.on, self.opens, self.closes)

    @property
    def hours(self) -> tuple[int, int]:
        """The minutes of the day from which and to which it is open."""
        return self.opens, self.closes


def _check_part(kind: str, on: date, begins: int, ends: int) -> None:
    if type(begins) is not int or type(ends) is not int or not 0 <= begins < ends <= _MIDNIGHT:
        raise ValueError(
            f"{kind} {on} must run from one minute to a later one, 0-1440: {begins!r}-{ends!r}"
        )


class LocalDays:
    """The hours of each local day, which is counted from 1970-01-01."""

    def __init__(
        self,
        windows: Iterable[Window],
        holidays: Iterable[Holiday] = (),
        openings: Iterable[Opening] = (),
    ) -> None:
        self._week = _week(windows)
        self._dated: defaultdict[int, list[Span]] = defaultdict(list)
        self._yearly: defaultdict[tuple[int, int], list[Holiday]] = defaultdict(list)
        self._opened: defaultdict[int, list[Span]] = defaultdict(list)
        for holiday in holidays:
            if holiday.yearly:
                self._yearly[holiday.on.month, holiday.on.day].append(holiday)
            else:
                self._dated[_day_of(holiday.on)].append(_closed(holiday))
        for opening in openings:
            span = timedelta(minutes=opening.opens), timedelta(minutes=opening.closes)
            self._opened[_day_of(opening.on)].append(span)

    def hours_on(self, day: int) -> Sequence[Span]:
        """The day's hours since its midnight, by opening."""
        hours: Sequence[Span] = self._week[(day + 3) % 7]  # day 0 was a Thursday
        closed = self._dated.get(day, ()) or ()
        if self._yearly:
            closed = [*closed, *self._kept_yearly(day)]
        if closed:
            hours = _less(hours, closed)
        opened = self._opened.get(day)
        return sorted([*hours, *opened]) if opened else hours

    def _kept_yearly(self, day: int) -> Iterator[Span]:
        on = date.fromordinal(min(max(day + DAY_0, 1), date.max.toordinal()))
        for holiday in self._yearly.get((on.month, on.day), ()):
            if holiday.on <= on:
                yield _closed(holiday)


def ever_opens(windows: Iterable[Window], holidays: Iterable[Holiday]) -> bool:
    """True when some weekday is open on some day of the year: then it is so again and again."""
    yearly = [holiday for holiday in holidays if holiday.yearly]
    week = [hours for hours in _week(windows) if hours]
    days = (date(_A_LEAP_YEAR, 1, 1) + timedelta(day) for day in range(_DAYS_OF_IT))
    closures = ([_closed(it) for it in yearly if _same_day(it.on, day)] for day in days)
    return any(_less(hours, closed) for closed in closures for hours in week)


def kept_between(
    holidays: Iterable[Holiday], since: datetime, until: datetime
) -> tuple[tuple[date, Holiday], ...]:
    """The holidays between two times on the wall (naive), each with its date, in order."""
    kept = ((on, it) for it in holidays for on in _dates_of(it, since.date(), until.date()))
    return tuple(
        sorted((on, holiday) for on, holiday in kept if _overlaps(holiday, on, since, until))
    )


def _dates_of(holiday: Holiday, first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last` on which the holiday is kept."""
    if not holiday.yearly:
        dates = [holiday.on]
    else:
        years = range(max(first.year, holiday.on.year), last.year + 1)
        dates = [holiday.on.replace(year=year) for year in years if _has_the_day(holiday.on, year)]
    return (on for on in dates if first <= on <= last)


def _has_the_day(on: date, year: int) -> bool:
    return (on.month, on.day) != (2, 29) or isleap(year)


def _overlaps(holiday: Holiday, on: date, since: datetime, until: datetime) -> bool:
    midnight = datetime.combine(on, time())
    begins, ends = _closed(holiday)
    return midnight + begins < until and since < midnight + ends


def _day_of(on: date) -> int:
    return on.toordinal() - DAY_0


def _closed(holiday: Holiday) -> Span:
    return timedelta(minutes=holiday.begins), timedelta(minutes=holiday.ends)


def _less(hours: Iterable[Span], closed: Iterable[Span]) -> list[Span]:
    """What is left of the hours."""
    left = list(hours)
    for begins, ends in closed:
        parts = (
            part
            for opens, closes in left
            for part in ((opens, min(closes, begins)), (max(opens, ends), closes))
        )
        left = [(opens, closes) for opens, closes in parts if opens < closes]
    return left


def _week(windows: Iterable[Window]) -> list[list[Span]]:
    """The hours of each weekday since its midnight, by opening, cut at the next midnight."""
    week: list[list[Span]] = [[] for _ in range(7)]
    for window in windows:
        opens, closes = timedelta(minutes=window.opens), timedelta(minutes=window.closes)
        if opens < closes:
            week[window.weekday].append((opens, closes))
        else:
            week[window.weekday].append((opens, _DAY))
            week[(window.weekday + 1) % 7].append((timedelta(), closes))
    return [sorted(hours) for hours in week]


def _same_day(one: date, other: date) -> bool:
    return (one.month, one.day) == (other.month, other.day)
