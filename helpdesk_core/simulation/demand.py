"""What comes in: tickets over the months, and the outages of what must be up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import Department, Directory, KpiType
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.units import tells_of_outages, zone_of
from helpdesk_core.simulation.plans import Plan
from helpdesk_core.simulation.streams import Stream
from helpdesk_core.working_hours import due, working_time


@attrs.frozen(kw_only=True)
class Unit:
    """The work of one kind in one department."""

    department: Department
    kpi_type: KpiType
    is_watched: bool
    """Uptime is told of it: its tickets are outages."""

    @property
    def is_asked_for(self) -> bool:
        """True when the public may ask for it."""
        is_available = self.kpi_type.is_available_to(self.department.id)
        return is_available and not self.kpi_type.is_calculated


@attrs.frozen(kw_only=True)
class Demand:
    """Somebody comes with something. `key` is its own, however much else comes.

    `lasts` is set for an outage: how long it takes, whoever works on it.
    """

    key: str
    at: datetime
    unit: Unit
    lasts: timedelta | None = None


def demand(plan: Plan, directory: Directory) -> tuple[Demand, ...]:
    """Everything that comes in during the plan's months, in the order of time."""
    units = units_of(directory)
    found = (each for month in plan.each_month for each in _of_month(plan, month, units, directory))
    return tuple(sorted(found, key=lambda it: (it.at, it.key)))


def units_of(directory: Directory) -> tuple[Unit, ...]:
    """What the public may ask for and what must be up, by the keys of department and KPI type."""
    departments = sorted(directory.departments.values(), key=lambda it: it.key)
    kpi_types = sorted(directory.kpi_types.values(), key=lambda it: it.key)
    units = (
        Unit(
            department=department,
            kpi_type=kpi_type,
            is_watched=tells_of_outages(kpi_type, department, directory),
        )
        for department in departments
        for kpi_type in kpi_types
    )
    return tuple(it for it in units if it.is_watched or it.is_asked_for)


def _of_month(
    plan: Plan, month: Month, units: tuple[Unit, ...], directory: Directory
) -> Iterator[Demand]:
    usual = [unit for unit in units if not unit.is_watched]
    choice, arrival = (Stream(plan.seed, word, month) for word in ("unit", "arrival"))
    for number in range(plan.tickets if usual else 0):
        unit = usual[choice.below(len(usual))]
        at = _arrival(plan, month, unit, arrival, directory)
        yield Demand(key=f"{month}/{number}", at=at, unit=unit)
    for unit in units:
        if unit.is_watched:
            yield from _outages(plan, month, unit, directory)


def _arrival(
    plan: Plan, month: Month, unit: Unit, stream: Stream, directory: Directory
) -> datetime:
    """An instant of the month, in whole seconds: at work, or at any time."""
    since, until = month.span(zone_of(unit.department, directory))
    is_off_hours, share = stream.chance(plan.off_hours), stream.share()
    calendar = directory.calendar_of(unit.department.id)
    worked = _worked(calendar, since, until)
    if calendar is None or is_off_hours or not worked:
        at = since + share * (until - since)
    else:
        at = due(calendar, since, share * worked)
    return at.replace(microsecond=0)


def _worked(calendar: Calendar | None, since: datetime, until: datetime) -> timedelta:
    return working_time(calendar, since, until) if calendar else until - since


def _outages(plan: Plan, month: Month, unit: Unit, directory: Directory) -> Iterator[Demand]:
    """Outages one after another, by the spans between them."""
    key = f"{month}/{unit.department.key}/{unit.kpi_type.key}"
    stream = Stream(plan.seed, "outage", key)
    since, until = month.span(zone_of(unit.department, directory))
    if not plan.outages:
        return
    between = (until - since) / plan.outages
    at = since + stream.span(between)
    while at < until:
        lasts = stream.span(plan.outage)
        yield Demand(key=f"{key}/{at:%d%H%M%S}", at=at, unit=unit, lasts=lasts)
        at += lasts + stream.span(between)
