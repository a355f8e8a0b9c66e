"""When each agent works: by the department's calendar, on the days on which they are not away.

Where a department has no calendar its agents take turns of eight hours, round the clock.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from helpdesk_core.calendars import Calendar, Holiday, Window, always_open, with_days_off
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.people import Role
from helpdesk_core.simulation.plans import Plan
from helpdesk_core.simulation.streams import Stream

_TURN: Final = 480
"""Minutes."""
_TURNS: Final = 3
_AWAY: Final = "Away"


@attrs.frozen(kw_only=True)
class Shift:
    """An agent, and the hours that they work in a department."""

    agent: Agent
    calendar: Calendar


def shifts_of(department_id: UUID, plan: Plan, directory: Directory) -> tuple[Shift, ...]:
    """Those who take a department's tickets: its agents, and where it has none all its members."""
    members = directory.members_of(department_id)
    chosen = [it for it in members if it.role is Role.AGENT] or members
    calendar = directory.calendar_of(department_id)
    return tuple(
        Shift(agent=agent, calendar=_hours(agent, place, calendar, plan))
        for place, agent in enumerate(chosen)
    )


def _hours(agent: Agent, place: int, calendar: Calendar | None, plan: Plan) -> Calendar:
    usual = calendar or _turn(place)
    away = [Holiday(on, _AWAY) for on in _days_away(agent, usual.zone, plan)]
    return with_days_off(usual, away)


def _turn(place: int) -> Calendar:
    """Every day, the turn of that place."""
    opens = place % _TURNS * _TURN
    windows = tuple(Window(weekday, opens, opens + _TURN) for weekday in range(7))
    return attrs.evolve(always_open(UUID(int=0), key="turns", name="Turns"), windows=windows)


def _days_away(agent: Agent, zone: str, plan: Plan) -> Iterator[date]:
    for month in plan.each_month:
        stream = Stream(plan.seed, "away", month, agent.email)
        first, last = (it.astimezone(ZoneInfo(zone)).date() for it in month.span(zone))
        for number in range((last - first).days):
            if stream.chance(plan.away):
                yield first + timedelta(days=number)
