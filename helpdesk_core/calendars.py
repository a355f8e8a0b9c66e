"""Calendars: a week of hours in a time zone, the days off, and the days on after all.

Everything here is local: dates and minutes as the wall shows them. When that is on the clock of the
world, `working_hours` knows.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

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


def _windows(given: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(sorted(set(given)))


def _holidays(given: Iterable[Holiday]) -> tuple[Holiday, ...]:
    return tuple(sorted(set(given)))


def _openings(given: Iterable[Opening]) -> tuple[Opening, ...]:
    return tuple(sorted(set(given)))


@attrs.frozen(kw_only=True, cache_hash=True)
class Calendar:
    """A week of windows in one time zone, the days that are off, and those that are not after all.

    `zone` is a name of the IANA database. Windows, holidays and openings are kept in order, each
    once. Windows may touch or overlap: the time they share counts once. Breaks are gaps between
    windows.

    Raises:
        ValueError: It has no window, its yearly holidays close every day of every year, or the zone
            is unknown.
    """

    id: UUID
    key: str
    name: str
    zone: str
    windows: tuple[Window, ...] = attrs.field(converter=_windows)
    holidays: tuple[Holiday, ...] = attrs.field(default=(), converter=_holidays)
    openings: tuple[Opening, ...] = attrs.field(default=(), converter=_openings)

    def __attrs_post_init__(self) -> None:
        if not self.windows:
            raise ValueError(f"calendar {self.key!r} needs a window, else nobody would ever work")
        if not _is_known(self.zone):
            raise ValueError(f"calendar {self.key!r} has an unknown time zone: {self.zone!r}")
        if not _ever_opens(self):
            raise ValueError(f"calendar {self.key!r} is closed every day of every year")

    def holidays_within(self, since: datetime, until: datetime) -> tuple[str, ...]:
        """The names of the holidays between two times on the wall (naive), in order, each once."""
        days = (since.date() + timedelta(day) for day in range((until - since).days + 2))
        kept = (
            holiday.name
            for day in days
            for holiday in self.holidays
            if _is_kept(holiday, day) and _overlaps(holiday, day, since, until)
        )
        return tuple(dict.fromkeys(kept))

    @property
    def digest(self) -> str:
        """The version of the hours: the same for all calendars that are at work at the same time.

        32 hexadecimal digits of a SHA-256 over zone, windows, holidays and openings; names do not
        count.
        """
        parts = [
            self.zone,
            [attrs.astuple(window) for window in self.windows],
            [(str(it.on), it.yearly, it.begins, it.ends) for it in self.holidays],
            [(str(it.on), it.opens, it.closes) for it in self.openings],
        ]
        return sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _is_known(zone: str) -> bool:
    try:
        return ZoneInfo(zone).key == zone
    except (LookupError, OSError, ValueError):  # OSError: a folder of zones, or too long a name
        return False


def _ever_opens(calendar: Calendar) -> bool:
    """True when some weekday is open on some day of the year: then it is so again and again."""
    yearly = [holiday for holiday in calendar.holidays if holiday.yearly]
    if not yearly:
        return True
    days = (date(_A_LEAP_YEAR, 1, 1) + timedelta(day) for day in range(_DAYS_OF_IT))
    closures = ([_closed(it) for it in yearly if _same_day(it.on, day)] for day in days)
    week = [hours for hours in _week(calendar.windows) if hours]
    return any(_less(hours, closed) for closed in closures for hours in week)


def _is_kept(holiday: Holiday, on: date) -> bool:
    if holiday.yearly:
        return _same_day(holiday.on, on) and holiday.on <= on
    return holiday.on == on


def _overlaps(holiday: Holiday, on: date, since: datetime, until: datetime) -> bool:
    midnight = datetime.combine(on, time())
    begins, ends = _closed(holiday)
    return midnight + begins < until and since < midnight + ends


def _same_day(one: date, other: date) -> bool:
    return (one.month, one.day) == (other.month, other.day)


def always_open(calendar_id: UUID, *, key: str = "24x7", name: str = "24x7") -> Calendar:
    """A calendar without a pause: its working time is the time that passes."""
    windows = tuple(Window(weekday, 0, 1440) for weekday in range(7))
    return Calendar(id=calendar_id, key=key, name=name, zone="UTC", windows=windows)


class LocalDays:
    """The hours of each local day, which is counted from 1970-01-01."""

    def __init__(self, calendar: Calendar) -> None:
        self._week = _week(calendar.windows)
        self._dated: defaultdict[int, list[Span]] = defaultdict(list)
        self._yearly: defaultdict[tuple[int, int], list[Holiday]] = defaultdict(list)
        self._opened: defaultdict[int, list[Span]] = defaultdict(list)
        for holiday in calendar.holidays:
            if holiday.yearly:
                self._yearly[holiday.on.month, holiday.on.day].append(holiday)
            else:
                self._dated[_day_of(holiday.on)].append(_closed(holiday))
        for opening in calendar.openings:
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
