"""`helpdesk calendar`: what a calendar says, and days off for it from outside."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from helpdesk_core.calendars import Calendar, Holiday, with_days_off
from helpdesk_core.use_cases.directory import change_calendar, find_calendar, list_calendars
from helpdesk_core.working_hours import due, working_time
from helpdesk_server.command_line import Refused, print_json, read_settings
from helpdesk_server.commands.durations import Duration
from helpdesk_server.commands.instants import in_utc, on_the_wall, read_wall
from helpdesk_server.commands.opening import opened
from helpdesk_server.terminal import printable

AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
INTO: Final = click.option(
    "--into", "key", metavar="KEY", help="The calendar that is to keep them."
)
HORIZON: Final = 5
"""Years beyond the present one for which what repeats is written out."""
UNTIL: Final = f"The last year of what is written out; without it, {HORIZON} years on."


DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@click.group()
def calendar() -> None:
    """Calendars: what they say, and days off from outside."""


@calendar.command()
@click.argument("key", required=False)
@AS_JSON
def show(key: str | None, *, as_json: bool) -> None:
    """List the calendars, or show the hours and days off of the one of that KEY."""
    with opened(read_settings()) as desk:
        shown = (find_calendar(desk.ports, key),) if key else list_calendars(desk.ports)
    if as_json:
        print_json({"calendars": [_record(each) for each in shown]})
    elif key:
        click.echo("\n".join(map(printable, _details(shown[0]))))
    else:
        for each in shown:
            click.echo(printable(f"{each.key}  {each.zone}  {each.digest[:8]}  {each.name}"))


@calendar.command("due")
@click.argument("key")
@click.argument("start")
@click.argument("amount", type=Duration())
@AS_JSON
def show_due(key: str, start: str, amount: timedelta, *, as_json: bool) -> None:
    """When AMOUNT (90m, 8h) of working time will have passed since START.

    Times without Z or an offset are on the calendar's wall.
    """
    asked = _asked(key)
    zone = ZoneInfo(asked.zone)
    begins = read_wall(start, zone)
    try:
        due_at = due(asked, begins, amount)
    except OverflowError:
        raise Refused("it would be due after the last year there is") from None
    if as_json:
        print_json({**_named(asked), "start": in_utc(begins), "due": in_utc(due_at)})
    else:
        click.echo(on_the_wall(due_at, zone))


@calendar.command()
@click.argument("key")
@click.argument("start")
@click.argument("end")
@AS_JSON
def between(key: str, start: str, end: str, *, as_json: bool) -> None:
    """How much working time lies between START and END.

    Times without Z or an offset are on the calendar's wall.
    """
    asked = _asked(key)
    zone = ZoneInfo(asked.zone)
    begins, ends = read_wall(start, zone), read_wall(end, zone)
    worked = working_time(asked, begins, ends)
    if as_json:
        times = {"start": in_utc(begins), "end": in_utc(ends)}
        print_json({**_named(asked), **times, "seconds": worked.total_seconds()})
    else:
        click.echo(_hours_of(worked))


@calendar.command()
@click.argument("country")
@click.argument("year", type=click.IntRange(1970, 2100))
@click.option("--subdivision", help="A part of the country, such as BY.")
@click.option("--language", help="Such as en_US; without it, the country's own.")
@click.option("--category", "categories", multiple=True, help="May be repeated.")
@INTO
@AS_JSON
def holidays(  # noqa: PLR0913, PLR0917  # one argument an option
    country: str,
    year: int,
    subdivision: str | None,
    language: str | None,
    categories: tuple[str, ...],
    key: str | None,
    *,
    as_json: bool,
) -> None:
    """Print the national holidays of COUNTRY (such as ID) in YEAR, or bring them into a calendar.

    Public holidays, and the days on which offices are closed besides. Dates that are estimates say
    so; when they are asked for again, the new dates take the place of the estimates.
    """
    from helpdesk_holidays import UnknownHolidays, national_days  # noqa: PLC0415  # 20 MB

    chosen: dict[str, Any] = {"categories": categories} if categories else {}
    try:
        days = national_days(
            country.upper(), year, subdivision=subdivision, language=language, **chosen
        )
    except UnknownHolidays as fault:
        raise Refused(str(fault)) from None
    estimates = frozenset(name for day in days for name in day.estimates)
    found = [day.holiday for day in days]
    if key is None:
        _print_days(found, {day.on for day in days if day.is_estimated}, as_json=as_json)
    else:
        change = partial(with_days_off, found=found, year=year, instead_of=estimates)
        _bring(key, change, as_json=as_json)


@calendar.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@INTO
@click.option("--until", "last_year", type=click.IntRange(1970, 2200), help=UNTIL)
@AS_JSON
def bring_file(file: Path, key: str | None, last_year: int | None, *, as_json: bool) -> None:
    """Print the days off that an iCalendar FILE makes, or bring them into a calendar.

    Times without a zone are on the calendar's wall; without a calendar all are shown in UTC.
    """
    from helpdesk_holidays import LARGEST, UnreadableIcal, days_off_of  # noqa: PLC0415  # 20 MB

    wall = _asked(key).zone if key else "UTC"
    with file.open("rb") as content:
        text = content.read(LARGEST + 1)
    try:
        found = days_off_of(text, zone=wall, last_year=last_year or _this_year() + HORIZON)
    except UnreadableIcal as fault:
        raise Refused(f"{file}: {fault}") from None
    if key is None:
        _print_days(found, set(), as_json=as_json)
    else:
        _bring(key, partial(with_days_off, found=found), as_json=as_json)


def _asked(key: str) -> Calendar:
    with opened(read_settings()) as desk:
        return find_calendar(desk.ports, key)


def _bring(key: str, change: Callable[[Calendar], Calendar], *, as_json: bool) -> None:
    """Change the calendar, and print the days that came and went."""
    with opened(read_settings()) as desk:
        before = set(find_calendar(desk.ports, key).holidays)
        try:
            _ = change_calendar(desk.ports, key, change)
        except ValueError as fault:
            raise Refused(str(fault)) from None
        after = set(find_calendar(desk.ports, key).holidays)
    added, removed = sorted(after - before), sorted(before - after)
    if as_json:
        print_json({"added": [*map(_day, added)], "removed": [*map(_day, removed)]})
    else:
        lines = [
            *(f"removed {_line(it)}" for it in removed),
            *(f"added {_line(it)}" for it in added),
        ]
        click.echo("\n".join(lines) or "nothing changed")


def _print_days(found: Sequence[Holiday], estimated: Collection[date], *, as_json: bool) -> None:
    if as_json:
        days = [{**_day(it), "estimated": it.on in estimated} for it in found]
        print_json({"holidays": days})
    else:
        click.echo("\n".join(map(_line, found)) or "no days off")


def _named(calendar: Calendar) -> dict[str, object]:
    return {"calendar": calendar.key, "digest": calendar.digest}


def _record(calendar: Calendar) -> dict[str, object]:
    return {
        **_named(calendar),
        "name": calendar.name,
        "zone": calendar.zone,
        "windows": [
            {"day": DAYS[it.weekday], "hours": _hours(it.opens, it.closes)}
            for it in calendar.windows
        ],
        "holidays": [_day(it) for it in calendar.holidays],
        "openings": [
            {"on": it.on.isoformat(), "name": it.name, "hours": _hours(*it.hours)}
            for it in calendar.openings
        ],
    }


def _day(holiday: Holiday) -> dict[str, object]:
    return {
        "on": holiday.on.isoformat(),
        "name": holiday.name,
        "yearly": holiday.yearly,
        "hours": _hours(*holiday.hours),
    }


def _details(calendar: Calendar) -> Iterator[str]:
    yield f"{calendar.name} ({calendar.key}), {calendar.zone}, version {calendar.digest}"
    for number, day in enumerate(DAYS):
        hours = [_hours(it.opens, it.closes) for it in calendar.windows if it.weekday == number]
        yield f"{day:9}  {'  '.join(hours) or '-'}"
    for holiday in calendar.holidays:
        yield f"off  {_line(holiday)}"
    for opening in calendar.openings:
        yield f"on   {opening.on}  {_hours(*opening.hours)}  {opening.name}"


def _line(holiday: Holiday) -> str:
    every = "every year  " if holiday.yearly else ""
    part = "" if holiday.hours == (0, 1440) else f"{_hours(*holiday.hours)}  "
    return printable(f"{holiday.on}  {every}{part}{holiday.name}")


def _hours(begins: int, ends: int) -> str:
    return f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}"


def _hours_of(worked: timedelta) -> str:
    """Hours, minutes and seconds: a day of work is no day of 24 hours."""
    seconds = worked // timedelta(seconds=1)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _this_year() -> int:
    return datetime.now(UTC).year
