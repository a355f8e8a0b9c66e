"""What becomes of a ticket, made by its own moves, up to the last instant that is looked at."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.ids import uuid7
from helpdesk_core.intake import Intake, Submitter, submit
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.people import Role, User
from helpdesk_core.simulation.demand import Demand
from helpdesk_core.simulation.outages import logged_outage
from helpdesk_core.simulation.plans import Plan
from helpdesk_core.simulation.queueing import Taken, begins
from helpdesk_core.simulation.streams import LEAST, Stream
from helpdesk_core.tickets import Change, Status, Ticket, assign, move, say
from helpdesk_core.working_hours import due

Step: TypeAlias = tuple[datetime, Callable[[Ticket, datetime], Change]]

CUSTOMER: Final = User(
    id=UUID(int=1), name="Customer", email="customer@example.com", role=Role.CUSTOMER
)
_A_DAY: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Fate:
    """What chance has in store for a ticket, whoever takes it."""

    service: timedelta
    wait: timedelta | None
    reopened_after: timedelta | None
    rework: timedelta
    is_rejected: bool


def fate_of(demand: Demand, plan: Plan) -> Fate:
    """Each part from a stream of its own, so that another share of one leaves the others be."""

    def stream(purpose: str) -> Stream:
        return Stream(plan.seed, purpose, demand.key)

    waits, reopens = stream("waits"), stream("reopens")
    is_outage = demand.lasts is not None
    return Fate(
        service=stream("service").span(plan.service),
        wait=_span_or_none(waits, plan.waits, plan.wait) if not is_outage else None,
        reopened_after=_span_or_none(reopens, plan.reopens, _A_DAY) if not is_outage else None,
        rework=stream("rework").span(plan.service),
        is_rejected=stream("rejects").chance(plan.rejects) and not is_outage,
    )


def changes_of(
    demand: Demand, taken: Taken | None, fate: Fate, plan: Plan, until: datetime
) -> tuple[Change, ...]:
    """The ticket's changes from its submission on, those before `until`; none of one not logged."""
    random = Stream(plan.seed, "ids", demand.key)
    if not demand.unit.is_asked_for:
        if taken is None or taken.done_at >= until:
            return ()
        return (logged_outage(demand, taken, _id(taken.done_at, random)),)
    intake = Intake(
        department=demand.unit.department,
        kpi_type=demand.unit.kpi_type,
        ticket_date=demand.at,
        description="Simulated",
        submitter=Submitter(name=CUSTOMER.name, email=CUSTOMER.email, user_id=CUSTOMER.id),
        assignee=None,
        is_holiday_work=demand.lasts is not None,
    )
    changes = [submit(intake, ticket_id=_id(demand.at, random), now=demand.at)]
    for at, make in _steps(taken, fate, random) if taken else ():
        if at >= until:
            break
        changes.append(make(changes[-1].ticket, at))
    return tuple(changes)


def _steps(taken: Taken, fate: Fate, random: Stream) -> Iterator[Step]:
    """What the agent and the customer do, in the order of time.

    What is done after a wait or a reopening takes no place in the agent's queue.
    """
    agent = taken.shift.agent
    by, calendar = agent.as_user(), taken.shift.calendar
    replied_at = min(due(calendar, taken.begun_at, LEAST), taken.done_at)
    yield (
        taken.begun_at,
        lambda ticket, at: assign(ticket, agent, by=None, now=at),
    )
    if fate.is_rejected:
        yield _moved(taken.done_at, Status.REJECTED, by)
        return
    yield _said(replied_at, by, random)
    done_at = taken.done_at
    if fate.wait is not None:
        yield _moved(done_at, Status.WAITING, by)
        answered_at = done_at + fate.wait
        yield _said(answered_at, CUSTOMER, random)
        resumed_at = begins(calendar, answered_at)
        yield _moved(resumed_at, Status.IN_PROGRESS, by)
        done_at = due(calendar, resumed_at, LEAST)
    yield _moved(done_at, Status.RESOLVED, by)
    if fate.reopened_after is not None:
        reopened_at = done_at + fate.reopened_after
        yield _moved(reopened_at, Status.IN_PROGRESS, CUSTOMER)
        yield _moved(due(calendar, reopened_at, fate.rework), Status.RESOLVED, by)


def _moved(at: datetime, to: Status, by: User) -> Step:
    return at, lambda ticket, now: move(ticket, to, by=by, now=now)


def _said(at: datetime, by: User, random: Stream) -> Step:
    is_customer = by.role is Role.CUSTOMER
    message = Message(
        id=_id(at, random),
        author_type=AuthorType.CUSTOMER if is_customer else AuthorType.AGENT,
        author_id=by.id,
        author_name=by.name,
        author_email=by.email,
        body="Simulated",
        created_at=at,
    )
    return at, lambda ticket, _: say(ticket, message, by=by)


def _span_or_none(stream: Stream, share: float, mean: timedelta) -> timedelta | None:
    """A span in so many of the cases; both numbers are drawn in each."""
    has_one, span = stream.chance(share), stream.span(mean)
    return span if has_one else None


def _id(at: datetime, random: Stream) -> UUID:
    return uuid7(at, int(random.share() * 2**53) << 21)
