"""How busy the agents of a simulation were."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import Agent
from helpdesk_core.simulation.demand import Demand
from helpdesk_core.simulation.queueing import Taken
from helpdesk_core.simulation.shifts import Shift
from helpdesk_core.working_hours import open_spans, working_time


@attrs.frozen(kw_only=True)
class Load:
    """How long an agent worked on tickets, of the working time there was for them."""

    agent: Agent
    busy: timedelta
    worked: timedelta


def loads_of(
    shifts: Mapping[UUID, Sequence[Shift]],
    served_by: Iterable[tuple[Demand, Taken | None]],
    since: datetime,
    until: datetime,
) -> Iterator[Load]:
    """Of each agent, by the hours of all their departments."""
    hours: defaultdict[Agent, list[Calendar]] = defaultdict(list)
    for shift in chain.from_iterable(shifts.values()):
        hours[shift.agent].append(shift.calendar)
    busy: defaultdict[UUID, timedelta] = defaultdict(timedelta)
    for wanted, taken in served_by:
        if taken is not None and wanted.lasts is None:
            done_at = min(taken.done_at, until)
            busy[taken.shift.agent.id] += working_time(
                taken.shift.calendar, taken.begun_at, done_at
            )
    for agent, calendars in hours.items():
        worked = _worked_by_any(calendars, since, until)
        yield Load(agent=agent, busy=busy[agent.id], worked=worked)


def _worked_by_any(calendars: Iterable[Calendar], since: datetime, until: datetime) -> timedelta:
    """The time between two instants in which at least one of the calendars is open."""
    spans = chain.from_iterable(open_spans(each, since, until) for each in calendars)
    worked, reached = timedelta(), since
    for opens, closes in sorted(spans):
        worked += max(closes - max(opens, reached), timedelta())
        reached = max(reached, closes)
    return worked
