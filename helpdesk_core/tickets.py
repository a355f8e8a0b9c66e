"""The ticket, its one table of transitions, and the pure moves that change it.

A move takes a ticket and answers with a `Change`: the new ticket, what happened, and what was said.
Nothing is stored here; a refused move raises and changes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import Mark
from helpdesk_core.directory import Agent, Scalar
from helpdesk_core.errors import InvalidTransition
from helpdesk_core.kinds import EventKind as EventKind  # noqa: PLC0414  # a noun of tickets
from helpdesk_core.kinds import Status as Status  # noqa: PLC0414  # another
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.people import User
from helpdesk_core.support import SupportCase

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


@attrs.frozen(kw_only=True)
class Event:
    """What happened, when, by whom (None: a stranger or the desk itself), and the status after it.

    A ticket's events are told apart by the version they belong to and their place in it. `mark` is
    what seals it as an audit record; None until it is stored.
    """

    kind: EventKind
    at: datetime
    actor_id: UUID | None = None
    status: Status | None
    details: Mapping[str, str] = attrs.field(factory=dict)
    mark: Mark | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Ticket:
    """One piece of work that somebody asked for, or that an agent logged.

    `case` is what a support case has besides; None for a ticket of the intake desk, which always
    has a department and a KPI type. A case has no KPI type, and a department once it is given one.
    `status` is None for work an agent logged: it has no life cycle and no customer chat.
    `submitted_by` is set only when the submitter was signed in. `first_assigned_at` never moves;
    `assigned_at` is when the present assignee got it. `closed_at` is when the work on it ended
    (resolved, closed, rejected or cancelled), None again after a reopening. `version` counts the
    changes, from 1. `pin` is the digest of the policy that the ticket is held to, and `next_due_at`
    the first instant after which, if nothing happens, a warning or a breach has become true that is
    not among the events yet; both are set when a change is stored. `seal` is the hash of the latest
    event, None before one was sealed; see `audit`. Times are aware, UTC.
    """

    id: UUID
    version: int = 1
    status: Status | None
    department_id: UUID | None
    kpi_type_id: UUID | None
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
    pin: str | None = None
    next_due_at: datetime | None = None
    seal: bytes | None = attrs.field(default=None, eq=False)
    case: SupportCase | None = None


@attrs.frozen(kw_only=True)
class Change:
    """What a move leads to: the ticket as it is now, what happened, what was said and attached.

    It is stored whole or not at all. Without events nothing happened, and there is nothing to
    store. A ticket of version 1 is new; any other follows the stored version before it.
    """

    ticket: Ticket
    events: tuple[Event, ...]
    message: Message | None = None
    attachment: Attachment | None = None


def assign(
    ticket: Ticket,
    agent: Agent,
    *,
    by: User | None,
    now: datetime,
    department_id: UUID | None = None,
) -> Change:
    """Give the ticket to an agent; a new ticket is then in progress.

    `department_id` routes it to that department besides; None leaves it where it is. Giving it to
    the agent who has it changes nothing. Raises InvalidTransition on a finished ticket and on
    logged work.
    """
    if ticket.status is None or ticket.status in FINISHED:
        raise InvalidTransition(f"A ticket that is {_held(ticket)} cannot be assigned")
    routed = _routed(ticket, department_id, by=by, now=now)
    return then(routed, lambda held: _given(held, agent, by=by, now=now))


def move(
    ticket: Ticket, to: Status, *, by: User | None, now: datetime, reason: str | None = None
) -> Change:
    """Bring the ticket to another status, as the table allows.

    `reason` is kept where a ticket is rejected. Raises InvalidTransition.
    """
    if ticket.status is None or to not in TRANSITIONS[ticket.status]:
        raise InvalidTransition(f"A ticket that is {_held(ticket)} cannot become {to.value}")
    moved = touched(
        ticket,
        now,
        status=to,
        closed_at=(ticket.closed_at or now) if to in FINISHED else None,
        rejection_reason=reason if to is Status.REJECTED else None,
    )
    details = {"reason": reason} if reason else {}
    kind = _kind_of_move(ticket.status, to)
    return Change(ticket=moved, events=(event(kind, moved, by=by, now=now, **details),))


def say(ticket: Ticket, message: Message, *, by: User | None) -> Change:
    """Add what was said. The first public word of an agent is the ticket's first agent reply."""
    now = message.created_at
    kind = _kind_of_message(message)
    first_reply_at = ticket.first_agent_reply_at
    if kind is EventKind.AGENT_REPLIED and first_reply_at is None:
        first_reply_at = now
    said = touched(ticket, now, first_agent_reply_at=first_reply_at)
    happened = event(kind, said, by=by, now=now, messageId=str(message.id))
    return Change(ticket=said, events=(happened,), message=message)


def attach(ticket: Ticket, attachment: Attachment, *, by: User | None) -> Change:
    """Add a file whose bytes are stored already."""
    now = attachment.created_at
    attached = touched(ticket, now)
    details = {"attachmentId": str(attachment.id), "name": attachment.name}
    happened = event(EventKind.ATTACHED, attached, by=by, now=now, **details)
    return Change(ticket=attached, events=(happened,), attachment=attachment)


def then(first: Change, following: Callable[[Ticket], Change]) -> Change:
    """One change of two moves, the second made on what the first left.

    Of two that say something the second's message is kept, so that only one of them may.
    """
    second = following(first.ticket)
    if not first.events or not second.events:
        return second if second.events else first
    return Change(
        ticket=attrs.evolve(second.ticket, version=first.ticket.version),
        events=first.events + second.events,
        message=second.message or first.message,
        attachment=second.attachment or first.attachment,
    )


def message_of(change: Change) -> Message:
    """What was said in a change that says something."""
    if change.message is None:
        raise ValueError("nothing was said")
    return change.message


def unchanged(ticket: Ticket) -> Change:
    """The change in which nothing happens."""
    return Change(ticket=ticket, events=())


def touched(ticket: Ticket, now: datetime, **to: Any) -> Ticket:  # noqa: ANN401  # any field
    """The ticket after something happened to it: the next version, with these fields."""
    # The clocks of two machines may differ, and the last activity never moves back.
    latest = max(ticket.last_activity_at, now)
    return attrs.evolve(ticket, version=ticket.version + 1, last_activity_at=latest, **to)


def event(
    kind: EventKind, ticket: Ticket, *, by: User | None, now: datetime, **details: str
) -> Event:
    """What happened to the ticket, which is as it is afterwards."""
    return Event(
        kind=kind, at=now, actor_id=by.id if by else None, status=ticket.status, details=details
    )


def _routed(
    ticket: Ticket, department_id: UUID | None, *, by: User | None, now: datetime
) -> Change:
    if department_id is None or department_id == ticket.department_id:
        return unchanged(ticket)
    routed = touched(ticket, now, department_id=department_id)
    details = {"departmentId": str(department_id)}
    if ticket.department_id is not None:
        details["previousDepartmentId"] = str(ticket.department_id)
    happened = event(EventKind.ROUTED, routed, by=by, now=now, **details)
    return Change(ticket=routed, events=(happened,))


def _given(ticket: Ticket, agent: Agent, *, by: User | None, now: datetime) -> Change:
    if ticket.assigned_to == agent.id:
        return unchanged(ticket)
    given = touched(
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
    return Change(ticket=given, events=(event(kind, given, by=by, now=now, **details),))


def _held(ticket: Ticket) -> str:
    return ticket.status.value if ticket.status else "logged"


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
