"""Calendars: a week of hours in a time zone, the days off, and the days on after all."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from helpdesk_core.local_days import Holiday, Opening, Window, ever_opens, kept_between
from helpdesk_core.timelines import Timeline, timeline_of

__all__ = ["Calendar", "Holiday", "Opening", "Window", "always_open", "with_days_off"]


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
        if not ever_opens(self.windows, self.holidays):
            raise ValueError(f"calendar {self.key!r} is closed every day of every year")

    def holidays_within(self, since: datetime, until: datetime) -> tuple[str, ...]:
        """The names of the holidays between two times on the wall (naive), in order, each once."""
        kept = kept_between(self.holidays, since, until)
        return tuple(dict.fromkeys(holiday.name for _, holiday in kept))

    @cached_property
    def timeline(self) -> Timeline:
        """Its hours on the clock of the world; equal hours share one."""
        return timeline_of(self.zone, self.windows, self.holidays, self.openings)

    @cached_property
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


def with_days_off(
    calendar: Calendar,
    found: Iterable[Holiday],
    *,
    year: int | None = None,
    instead_of: frozenset[str] = frozenset(),
) -> Calendar:
    """The calendar with more holidays; those that it has already are kept once.

    Dated ones of the `year` with a name of `instead_of` make room for them. Raises ValueError as
    the calendar itself does.
    """
    kept = (
        it
        for it in calendar.holidays
        if it.yearly or it.on.year != year or it.name not in instead_of
    )
    return attrs.evolve(calendar, holidays=(*kept, *found))


def _is_known(zone: str) -> bool:
    try:
        return ZoneInfo(zone).key == zone
    except (LookupError, OSError, ValueError):  # OSError: a folder of zones, or too long a name
        return False


def always_open(calendar_id: UUID, *, key: str = "24x7", name: str = "24x7") -> Calendar:
    """A calendar without a pause: its working time is the time that passes."""
    windows = tuple(Window(weekday, 0, 1440) for weekday in range(7))
    return Calendar(id=calendar_id, key=key, name=name, zone="UTC", windows=windows)
