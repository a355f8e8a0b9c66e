"""Days off out of an iCalendar file (RFC 5545): whole days, parts of days, several, every year.

A file comes from anywhere: it is bounded before it is parsed, its own definitions of time zones are
left out (a name of the IANA database, or Windows' name of one, is what is taken), and what would
not be understood in full is refused, all of it, with the event that was at fault.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs
from icalendar import Calendar as Ical
from icalendar import Event
from icalendar.prop import vDDDLists

from helpdesk_core.calendars import Holiday
from helpdesk_core.text import is_one_line, is_storable
from helpdesk_holidays.recurring import YearlyRule, read_rule

LARGEST: Final = 1_000_000
"""Bytes."""
MOST_EVENTS: Final = 1000
MOST_DAYS: Final = 10_000
"""Days off of one file."""
LONGEST_EVENT: Final = timedelta(days=400)
LONGEST_NAME: Final = 200
YEARS: Final = range(1970, 2201)

Span: TypeAlias = tuple[datetime, datetime]

_FOLD = re.compile(r"\r?\n[ \t]")
_BEGINS = re.compile(r"^BEGIN:VEVENT\b", re.IGNORECASE | re.MULTILINE)
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_NOT_TAKEN: Final = ("RDATE", "RECURRENCE-ID", "EXRULE")


class UnreadableIcal(ValueError):
    """The file is no iCalendar file that is taken; the sentence says what is wrong with it."""


def days_off_of(content: bytes, *, zone: str, last_year: int) -> tuple[Holiday, ...]:
    """The days off that a file's events make, in order, each once.

    Times without a zone are on the wall of `zone`, and so are the days. What comes every year on
    its date is a yearly holiday; what comes every year otherwise (the fourth Thursday, three times,
    all but one) is written out up to `last_year`. Cancelled events are left out.

    Raises:
        UnreadableIcal: Nothing of the file is taken.
    """
    events = _events(content)
    wall = ZoneInfo(zone)
    found: set[Holiday] = set()
    for number, event in enumerate(events, 1):
        try:
            found.update(_days_off(event, wall, last_year))
        except (ValueError, LookupError, OverflowError, AttributeError, TypeError) as fault:
            raise UnreadableIcal(f"event {number} of the file is not taken: {fault}") from None
        if len(found) > MOST_DAYS:
            raise UnreadableIcal(f"the file makes more than {MOST_DAYS} days off")
    return tuple(sorted(found))


def _events(content: bytes) -> list[Event]:
    text = _text(content)
    try:
        parsed = Ical.from_ical(text)
        events = [it for it in parsed.walk("VEVENT") if isinstance(it, Event)]
    except (ValueError, LookupError, AttributeError, TypeError):
        raise UnreadableIcal("the file is no iCalendar file") from None
    if not events:
        raise UnreadableIcal("the file holds no event")
    return [it for it in events if str(it.get("STATUS")).upper() != "CANCELLED"]


def _text(content: bytes) -> str:
    """The file with its lines unfolded and without its own time zones."""
    if len(content) > LARGEST:
        raise UnreadableIcal(f"the file is longer than {LARGEST} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableIcal("the file is not UTF-8") from None
    plain = "\r\n".join(_without_zones(_FOLD.sub("", text).splitlines()))
    if len(_BEGINS.findall(plain)) > MOST_EVENTS:
        raise UnreadableIcal(f"the file holds more than {MOST_EVENTS} events")
    return plain


def _without_zones(lines: Iterable[str]) -> Iterator[str]:
    is_zone = False
    for line in lines:
        word = line.strip().upper()
        is_zone = is_zone or word == "BEGIN:VTIMEZONE"
        if not is_zone:
            yield line
        is_zone = is_zone and word != "END:VTIMEZONE"


@attrs.frozen(kw_only=True)
class _Event:
    """One event: from when to when it is the first time, and what is taken out of it."""

    name: str
    begins: date | datetime
    ends: date | datetime
    without: frozenset[date]


def _days_off(component: Event, wall: ZoneInfo, last_year: int) -> Iterator[Holiday]:
    event = _read(component)
    rules = _all(component, "RRULE")
    if len(rules) > 1:
        raise ValueError("it repeats by more than one rule")
    if not rules:
        return _parts(event, [_day_of(event.begins)], wall, is_yearly=False)
    rule = read_rule(_words(rules[0]), _day_of(event.begins))
    if _is_yearly(event, rule, wall):
        return _parts(event, [rule.start], wall, is_yearly=True)
    dates = [on for on in rule.dates(last_year) if on not in event.without]
    return _parts(event, dates[:MOST_DAYS], wall, is_yearly=False)


def _words(parts: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
    return {name.upper(): values for name, values in parts.items()}


def _is_yearly(event: _Event, rule: YearlyRule, wall: ZoneInfo) -> bool:
    """True when the calendar itself can keep it: one local day, the same in every year."""
    is_local = not isinstance(event.begins, datetime) or event.begins.tzinfo in (None, wall)
    return (
        rule.is_plain
        and not event.without
        and is_local
        and len(list(_parts(event, [rule.start], wall, is_yearly=True))) == 1
    )


def _parts(
    event: _Event, dates: Sequence[date], wall: ZoneInfo, *, is_yearly: bool
) -> Iterator[Holiday]:
    """The local days and parts of days that it takes, when it begins on those dates."""
    for on in dates:
        for day, begins, ends in _cut(*_on_the_wall(event, on - _day_of(event.begins), wall)):
            yield Holiday(day, event.name, yearly=is_yearly, begins=begins, ends=ends)


def _on_the_wall(event: _Event, later: timedelta, wall: ZoneInfo) -> Span:
    begins, ends = event.begins + later, event.ends + later
    return _local(begins, wall), _local(ends, wall)


def _local(moment: date | datetime, wall: ZoneInfo) -> datetime:
    """What a clock on the wall shows, without a zone."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(wall).replace(tzinfo=None) if moment.tzinfo else moment


def _cut(begins: datetime, ends: datetime) -> Iterator[tuple[date, int, int]]:
    """The days of a span, each with the minutes that it takes of it: begun ones are taken whole."""
    while begins < ends:
        midnight = datetime.combine(begins.date(), time())
        until = min(ends, midnight + _DAY)
        yield begins.date(), (begins - midnight) // _MINUTE, -((midnight - until) // _MINUTE)
        begins = midnight + _DAY


def _read(event: Event) -> _Event:
    for name in _NOT_TAKEN:
        if name in event:
            raise ValueError(f"{name} is not taken")
    if event.errors:
        raise ValueError(f"its {event.errors[0][0]} cannot be read")
    begins, ends = event.start, event.end
    for name in ("DTSTART", "DTEND"):
        _check_zone(event, name)
    if type(begins) is not type(ends) or not _follows(begins, ends):
        raise ValueError(f"it must end after it begins, within {LONGEST_EVENT.days} days")
    if begins.year not in YEARS or ends.year not in YEARS:
        raise ValueError(f"it is not in the years {YEARS[0]} to {YEARS[-1]}")
    without = frozenset(_excluded(event))
    return _Event(name=_name(event), begins=begins, ends=ends, without=without)


def _follows(begins: date, ends: date) -> bool:
    return timedelta() < ends - begins <= LONGEST_EVENT


def _check_zone(event: Event, name: str) -> None:
    """Refuse a zone that nobody knows: it would be taken for the calendar's own."""
    value = event.get(name)
    zone = value.params.get("TZID") if value is not None else None
    if zone is not None and getattr(value.dt, "tzinfo", None) is None:
        raise ValueError(f"its time zone {str(zone)[:60]!r} is unknown")


def _excluded(event: Event) -> Iterator[date]:
    lists: Sequence[vDDDLists] = _all(event, "EXDATE")
    moments = (it.dt for it in chain.from_iterable(each.dts for each in lists))
    return (_day_of(it) for it in moments if isinstance(it, date))


def _all(event: Event, name: str) -> list[Any]:
    """Every value that the event has under a name."""
    given = event.get(name, [])
    return given if isinstance(given, list) else [given]


def _name(event: Event) -> str:
    name = " ".join(str(event.get("SUMMARY", "")).split())
    if not name or len(name) > LONGEST_NAME or not (is_one_line(name) and is_storable(name)):
        raise ValueError(f"its SUMMARY must be 1 to {LONGEST_NAME} characters on one line")
    return name


def _day_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
