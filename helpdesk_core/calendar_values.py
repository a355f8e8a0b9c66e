"""A calendar as plain values that JSON can carry, and back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar, Holiday, Opening, Window

_Day = TypeVar("_Day", Holiday, Opening)


def calendar_values(calendar: Calendar) -> dict[str, object]:
    """Everything that a calendar is, by the names of its attributes."""
    return {
        "id": str(calendar.id),
        "key": calendar.key,
        "name": calendar.name,
        "zone": calendar.zone,
        "windows": [[it.weekday, it.opens, it.closes] for it in calendar.windows],
        "holidays": [_day_values(it) for it in calendar.holidays],
        "openings": [_day_values(it) for it in calendar.openings],
    }


def calendar_of(values: Mapping[str, Any]) -> Calendar:
    """The calendar of such values; the id may be one already."""
    return Calendar(
        id=UUID(str(values["id"])),
        key=values["key"],
        name=values["name"],
        zone=values["zone"],
        windows=tuple(Window(*window) for window in values["windows"]),
        holidays=tuple(_from_day(Holiday, *it) for it in values["holidays"]),
        openings=tuple(_from_day(Opening, *it) for it in values["openings"]),
    )


def _day_values(day: Holiday | Opening) -> list[object]:
    on, *rest = attrs.astuple(day)
    return [on.isoformat(), *rest]


def _from_day(kind: Callable[..., _Day], on: str, *rest: object) -> _Day:
    # The first desks kept no more of a holiday than its date and name.
    return kind(date.fromisoformat(on), *rest)
