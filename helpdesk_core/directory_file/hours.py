"""A calendar's hours in a file: `monday = ["08:00-12:00", "13:00-17:00"]`, its days off and on."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from helpdesk_core.calendars import Holiday, Opening, Window, always_open
from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.faults import Place, quoted
from helpdesk_core.directory_file.records import Field, always, read_fields, written_fields
from helpdesk_core.directory_file.values import NO_ID, day, flag, line, listed, one_of, table

WEEKDAYS: Final[Mapping[str, int]] = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
}
WHOLE_DAY: Final = (0, 1440)
"""Minutes: from midnight to 24:00."""
_HOURS = re.compile(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])")
_ALWAYS: Final = always_open(NO_ID)


def zone(value: object, place: Place) -> str:
    """A time zone that a calendar takes."""
    name = line(200)(value, place)
    try:
        return attrs.evolve(_ALWAYS, zone=name).zone
    except ValueError:
        place.wrong(f"there is no time zone {quoted(name)}")
        return _ALWAYS.zone


def windows(value: object, place: Place) -> tuple[Window, ...]:
    """The windows of a week, at least one: hours by weekday, or a list of days with their hours."""
    if isinstance(value, list | tuple):
        found = [window for each in listed(_days)(value, place) for window in each]
    else:
        found = list(_by_weekday(value, place))
    if not found:
        place.wrong("it must have hours on some day, else nobody would ever work")
    return tuple(found) or _ALWAYS.windows


def written_windows(held: tuple[Window, ...], _: Directory) -> object:
    """Hours by weekday."""
    days = {
        name: [
            _hours_text(window.opens, window.closes) for window in held if window.weekday == weekday
        ]
        for name, weekday in WEEKDAYS.items()
    }
    return {name: hours for name, hours in days.items() if hours}


def holiday(value: object, place: Place) -> Holiday:
    """A day off, or a part of one, and its name."""
    got = read_fields(_HOLIDAY, value, place)
    begins, ends = got.pop("hours")
    return Holiday(**got, begins=begins, ends=ends)


def written_holidays(held: tuple[Holiday, ...], directory: Directory) -> object:
    """Days off by date."""
    return [written_fields(_HOLIDAY, each, directory) for each in held]


def opening(value: object, place: Place) -> Opening:
    """Hours of one day that are worked besides, and their name."""
    got = read_fields(_OPENING, value, place)
    opens, closes = got.pop("hours")
    return Opening(**got, opens=opens, closes=closes)


def written_openings(held: tuple[Opening, ...], directory: Directory) -> object:
    """Days on by date."""
    return [written_fields(_OPENING, each, directory) for each in held]


def _hours_of_a_day(value: object, place: Place) -> tuple[int, int]:
    opens, closes = _span(value, place)
    if opens < closes:
        return opens, closes
    place.wrong("it must end later than it begins, on the same day")
    return WHOLE_DAY


def _written_hours(held: tuple[int, int], _: Directory) -> object:
    return _hours_text(*held)


def _written_day(on: date, _: Directory) -> object:
    return on.isoformat()


_ON: Final = Field("on", "on", day, write=_written_day)
_NAME: Final = Field("name", "name", line(200))
_HOLIDAY: Final = (
    _ON,
    _NAME,
    Field("yearly", "yearly", flag, always(value=False)),
    Field("hours", "hours", _hours_of_a_day, always(WHOLE_DAY), _written_hours),
)
_OPENING: Final = (_ON, _NAME, Field("hours", "hours", _hours_of_a_day, write=_written_hours))


def _by_weekday(value: object, place: Place) -> tuple[Window, ...]:
    found: list[Window] = []
    for name, hours in table(value, place).items():
        here = place.field(name)
        weekday = one_of(WEEKDAYS)(name, here)
        found.extend(_on(weekday, span) for span in listed(_span)(hours, here))
    return tuple(found)


def _days(value: object, place: Place) -> tuple[Window, ...]:
    got = read_fields(_DAYS, value, place)
    return tuple(_on(weekday, span) for weekday in got["days"] for span in got["hours"])


def _on(weekday: int, span: tuple[int, int]) -> Window:
    return Window(weekday, *span)


def _span(value: object, place: Place) -> tuple[int, int]:
    """The minutes of the day at which hours such as 08:00-12:00 open and close."""
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if found is not None:
        hour, minute, last_hour, last_minute = map(int, found.groups())
        window_span = hour * 60 + minute, last_hour * 60 + last_minute
        try:
            _ = _on(0, window_span)
        except ValueError:
            pass
        else:
            return window_span
    place.wrong("it must be hours such as 08:00-12:00; 24:00 is midnight at the end of the day")
    return 0, 0


_DAYS: Final = (
    Field("days", "days", listed(one_of(WEEKDAYS))),
    Field("hours", "hours", listed(_span)),
)


def _hours_text(opens: int, closes: int) -> str:
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
