"""The ticket, its one table of transitions, and the pure moves that change it.

A move takes a ticket and answers with a `Change`: the new ticket, what happened, and what was said.
Nothing is stored here; a refused move raises and changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Scalar
from helpdesk_core.errors import InvalidTransition
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.people import User


class Status(Enum):
    """Where a ticket stands. Both contracts show the same seven under their own words."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING = "WAITING"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset(
        {
            Status.IN_PROGRESS,
            Status.RESOLVED,
            Status.CLOSED,
            Status.REJECTED,
            Status.CANCELLED,
        }
    ),
    Status.IN_PROGRESS: frozenset(
        {
            Status.WAITING,
            Status.RESOLVED,
            Status.CLOSED,
            Status.REJECTED,
            Status.CANCELLED,
        }
    ),
    Status.WAITING: frozenset(
        {
            Status.IN_PROGRESS,
            Status.RESOLVED,
            Status.CLOSED,
            Status.REJECTED,
            Status.CANCELLED,
        }
    ),
    Status.RESOLVED: frozenset({Status.CLOSED, Status.IN_PROGRESS}),
    Status.CLOSED: frozenset({Status.IN_PROGRESS}),
    Status.REJECTED: frozenset(),
    Status.CANCELLED: frozenset(),
}
"""From each status, those a ticket may move to. Every move obeys it; docs are made from it."""

FINISHED: Final = frozenset({Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.CANCELLED})
"""No work is going on. Leaving one of these is reopening."""

LONGEST_REASON: Final = 2000
"""Characters (code points) in the reason of a move."""


class EventKind(Enum):
    """What happened to a ticket."""

    SUBMITTED = "submitted"
    LOGGED = "logged"
    ASSIGNED = "assigned"
    REASSIGNED = "reassigned"
    AGENT_REPLIED = "agent_replied"
    CUSTOMER_REPLIED = "customer_replied"
    NOTED = "noted"
    STARTED = "started"
    WAITED = "waited"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    REOPENED = "reopened"


@attrs.frozen(kw_only=True)
class Event:
    """What happened, when, by whom (None: a stranger or the desk itself), and the status after it.

    A ticket's events are told apart by the version they belong to and their place in it.
    """

    kind: EventKind
    at: datetime
    actor_id: UUID | None = None
    status: Status | None
    details: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Ticket:
    """One piece of work that somebody asked for, or that an agent logged.

    `status` is None for work an agent logged: it has no life cycle and no customer chat.
    `submitted_by` is set only when the submitter was signed in. `first_assigned_at` never moves;
    `assigned_at` is when the present assignee got it. `closed_at` is when the work on it ended
    (resolved, closed, rejected or cancelled), None again after a reopening. `version` counts the
    changes, from 1. Times are aware, UTC.
    """

    id: UUID
    version: int = 1
    status: Status | None
    department_id: UUID
    kpi_type_id: UUID
    ticket_date: datetime
    description: str
    submitter_name: str
    submitter_email: str
    submitted_by: UUID | None = None
    submitted_at: datetime
    is_holiday_work: bool = False
    metrics: Mapping[str, Scalar] = attrs.field(factory=dict)
    assigned_to: UUID | None = None
    assigned_at: datetime | None = None
    first_assigned_at: datetime | None = None
    first_agent_reply_at: datetime | None = None
    closed_at: datetime | None = None
    rejection_reason: str | None = None
    last_activity_at: datetime


@attrs.frozen(kw_only=True)
class Change:
    """What a move leads to: the ticket as it is now, what happened, and what was said.

    It is stored whole or not at all. Without events nothing happened, and there is nothing to
    store. A ticket of version 1 is new; any other follows the stored version before it.
    """

    ticket: Ticket
    events: tuple[Event, ...]
    message: Message | None = None


def assign(ticket: Ticket, agent: Agent, *, by: User | None, now: datetime) -> Change:
    """Give the ticket to an agent; a new ticket is then in progress.

    Giving it to the agent who has it changes nothing. Raises InvalidTransition on a finished ticket
    and on logged work.
    """
    if ticket.status is None or ticket.status in FINISHED:
        raise InvalidTransition(f"A ticket that is {_held(ticket)} cannot be assigned")
    if ticket.assigned_to == agent.id:
        return Change(ticket=ticket, events=())
    assigned = _touched(
        ticket,
        now,
        status=Status.IN_PROGRESS if ticket.status is Status.OPEN else ticket.status,
        assigned_to=agent.id,
        assigned_at=now,
        first_assigned_at=ticket.first_assigned_at or now,
    )
    details = {"agentId": str(agent.id)}
    if ticket.assigned_to is not None:
        details["previousAgentId"] = str(ticket.assigned_to)
    kind = EventKind.REASSIGNED if ticket.assigned_to else EventKind.ASSIGNED
    return Change(ticket=assigned, events=(_event(kind, assigned, by, now, **details),))


def move(
    ticket: Ticket, to: Status, *, by: User | None, now: datetime, reason: str | None = None
) -> Change:
    """Bring the ticket to another status, as the table allows.

    `reason` is kept where a ticket is rejected. Raises InvalidTransition.
    """
    if ticket.status is None or to not in TRANSITIONS[ticket.status]:
        raise InvalidTransition(f"A ticket that is {_held(ticket)} cannot become {to.value}")
    moved = _touched(
        ticket,
        now,
        status=to,
        closed_at=(ticket.closed_at or now) if to in FINISHED else None,
        rejection_reason=reason if to is Status.REJECTED else None,
    )
    details = {"reason": reason} if reason else {}
    kind = _kind_of_move(ticket.status, to)
    return Change(ticket=moved, events=(_event(kind, moved, by, now, **details),))


def say(ticket: Ticket, message: Message, *, by: User | None) -> Change:
    """Add what was said. The first public word of an agent is the ticket's first agent reply."""
    now = message.created_at
    kind = _kind_of_message(message)
    first_reply_at = ticket.first_agent_reply_at
    if kind is EventKind.AGENT_REPLIED and first_reply_at is None:
        first_reply_at = now
    said = _touched(ticket, now, first_agent_reply_at=first_reply_at)
    event = _event(kind, said, by, now, messageId=str(message.id))
    return Change(ticket=said, events=(event,), message=message)


def _held(ticket: Ticket) -> str:
    return ticket.status.value if ticket.status else "logged"


def _touched(ticket: Ticket, now: datetime, **to: Any) -> Ticket:  # noqa: ANN401  # any field
    # The clocks of two machines may differ, and the last activity never moves back.
    latest = max(ticket.last_activity_at, now)
    return attrs.evolve(ticket, version=ticket.version + 1, last_activity_at=latest, **to)


def _event(
    kind: EventKind, ticket: Ticket, by: User | None, now: datetime, **details: str
) -> Event:
    return Event(
        kind=kind, at=now, actor_id=by.id if by else None, status=ticket.status, details=details
    )


def _kind_of_message(message: Message) -> EventKind:
    if message.is_internal:
        return EventKind.NOTED
    if message.author_type is AuthorType.AGENT:
        return EventKind.AGENT_REPLIED
    return EventKind.CUSTOMER_REPLIED


_KINDS: Final[Mapping[Status, EventKind]] = {
    Status.WAITING: EventKind.WAITED,
    Status.RESOLVED: EventKind.RESOLVED,
    Status.CLOSED: EventKind.CLOSED,
    Status.REJECTED: EventKind.REJECTED,
    Status.CANCELLED: EventKind.CANCELLED,
}


def _kind_of_move(held: Status, to: Status) -> EventKind:
    if to is not Status.IN_PROGRESS:
        return _KINDS[to]
    if held in FINISHED:
        return EventKind.REOPENED
    return EventKind.STARTED if held is Status.OPEN else EventKind.RESUMED
