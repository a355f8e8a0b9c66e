"""Who takes which ticket, and when: first come, first served, by whoever can begin first.

A ticket is worked on in one piece, by one agent, through breaks and nights. Among those who can
begin at the same instant it is the one who has had nothing to do for longest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.simulation.demand import Demand
from helpdesk_core.simulation.shifts import Shift
from helpdesk_core.working_hours import due

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Taken:
    """An agent works on it from `begun_at` to `done_at`, by their hours."""

    shift: Shift
    begun_at: datetime
    done_at: datetime


def served(
    demands: Iterable[Demand],
    shifts: Mapping[UUID, Sequence[Shift]],
    service: Callable[[Demand], timedelta],
) -> Iterator[tuple[Demand, Taken | None]]:
    """Each demand, in their order, with who takes it; None where nobody works there.

    An agent of several departments works on one ticket at a time. An outage waits for nobody and
    keeps nobody from their work: it has people on call.
    """
    free_at: dict[UUID, datetime] = {}
    for demand in demands:
        able = shifts[demand.unit.department.id]
        if not able:
            yield demand, None
        elif demand.lasts is not None:
            done_at = demand.at + demand.lasts
            yield demand, Taken(shift=able[0], begun_at=demand.at, done_at=done_at)
        else:
            taken = _taken(demand.at, able, free_at, service(demand))
            free_at[taken.shift.agent.id] = taken.done_at
            yield demand, taken


def _taken(
    at: datetime, able: Sequence[Shift], free_at: Mapping[UUID, datetime], service: timedelta
) -> Taken:
    free = [free_at.get(shift.agent.id, _EVER) for shift in able]
    begun_at, _, place = min(
        (begins(shift.calendar, max(at, since)), since, place)
        for place, (shift, since) in enumerate(zip(able, free, strict=True))
    )
    done_at = due(able[place].calendar, begun_at, service)
    return Taken(shift=able[place], begun_at=begun_at, done_at=done_at)


def begins(calendar: Calendar, at: datetime) -> datetime:
    """The first instant of work at or after an instant."""
    return due(calendar, at, _MICROSECOND) - _MICROSECOND
