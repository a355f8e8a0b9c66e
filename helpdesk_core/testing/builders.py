"""Records to test with: whole, plain, and told apart by the numbers in their ids.

Every builder takes what the test is about and fills in the rest. Ids of the directory are constants
of `directories`; all others are made of a number by `an_id`, from 1000 on.
"""

import hashlib
from typing import Any
from uuid import UUID

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.intake import RawIntake
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.notices import Channel, Notice
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    INCIDENT,
    NOW,
    SUPPORT,
    a_directory,
    an_id,
)
from helpdesk_core.tickets import Change, Event, EventKind, Status, Ticket
from helpdesk_core.tokens import Token

__all__ = [
    "NOW",
    "a_change",
    "a_customer",
    "a_directory",
    "a_full_ticket",
    "a_message",
    "a_notice",
    "a_raw_intake",
    "a_ticket",
    "a_token",
    "an_event",
    "an_id",
    "staff",
]


def a_ticket(number: int = 1000, **fields: Any) -> Ticket:  # noqa: ANN401  # any field of the record
    """A new open ticket of a stranger, for SUPPORT."""
    ticket = Ticket(
        id=an_id(number),
        status=Status.OPEN,
        department_id=SUPPORT,
        kpi_type_id=INCIDENT,
        ticket_date=NOW,
        description="The printer is on fire.",
        submitter_name="Ana",
        submitter_email="ana@example.com",
        submitted_at=NOW,
        last_activity_at=NOW,
    )
    return attrs.evolve(ticket, **fields)


def a_full_ticket(number: int = 1000, **fields: Any) -> Ticket:  # noqa: ANN401  # as above
    """A ticket of which no field is left as it is by default, but for its version."""
    ticket = a_ticket(
        number,
        status=Status.REJECTED,
        submitted_by=an_id(7),
        is_holiday_work=True,
        metrics={"units": 3, "accuracy": 99.5, "note": "none", "late": False},
        assigned_to=ACTIVE_AGENT,
        assigned_at=NOW.replace(minute=12, microsecond=1),
        first_assigned_at=NOW.replace(minute=10, microsecond=999_999),
        first_agent_reply_at=NOW.replace(minute=11),
        closed_at=NOW.replace(minute=13),
        rejection_reason="A duplicate",
        last_activity_at=NOW.replace(minute=14),
    )
    return attrs.evolve(ticket, **fields)


def an_event(kind: EventKind = EventKind.SUBMITTED, **fields: Any) -> Event:  # noqa: ANN401  # as above
    """An event of a stranger's doing on an open ticket."""
    return attrs.evolve(Event(kind=kind, at=NOW, status=Status.OPEN), **fields)


def a_message(number: int = 2000, **fields: Any) -> Message:  # noqa: ANN401  # as above
    """A public message of an agent."""
    message = Message(
        id=an_id(number),
        author_type=AuthorType.AGENT,
        author_id=ACTIVE_AGENT,
        author_name="Agent One",
        author_email="one@example.com",
        body="Is it still on fire?",
        created_at=NOW,
    )
    return attrs.evolve(message, **fields)


def a_change(
    ticket: Ticket | None = None, *events: Event, message: Message | None = None
) -> Change:
    """The change that leads to the ticket (a new one unless given), by the events (one at least).

    Give a ticket of a greater version for a change of a stored one.
    """
    return Change(ticket=ticket or a_ticket(), events=events or (an_event(),), message=message)


def a_notice(number: int = 3000, **fields: Any) -> Notice:  # noqa: ANN401  # as above
    """A mail to the assigned agent of `a_ticket()`."""
    notice = Notice(
        id=an_id(number),
        ticket_id=an_id(1000),
        kind=EventKind.ASSIGNED,
        channel=Channel.MAIL,
        recipient="one@example.com",
        facts={"ticketId": str(an_id(1000)), "text": "The printer is on fire."},
        created_at=NOW,
    )
    return attrs.evolve(notice, **fields)


def a_token(number: int = 4000, **fields: Any) -> Token:  # noqa: ANN401  # as above
    """An agent's token that never expires; its digest is made of the number."""
    token = Token(
        id=an_id(number),
        digest=hashlib.sha256(str(number).encode()).digest(),
        email="one@example.com",
        role=Role.AGENT,
        created_at=NOW,
    )
    return attrs.evolve(token, **fields)


def a_raw_intake(directory: Directory, **fields: Any) -> RawIntake:  # noqa: ANN401  # as above
    """What a stranger sends who chooses the first that the directory offers; it is valid."""
    department_id, kpi_type_id = next(
        (department_id, kpi_type.id)
        for department_id in directory.departments
        for kpi_type in directory.kpi_types_for(department_id)
    )
    raw = RawIntake(
        dept_id=str(department_id),
        kpi_type_id=str(kpi_type_id),
        ticket_date="2026-05-22T05:05:00.000Z",
        description="The printer is on fire.",
        created_by_name="Ana",
        created_by_email="ana@example.com",
    )
    return attrs.evolve(raw, **fields)


def a_customer(number: int = 5000, **fields: Any) -> User:  # noqa: ANN401  # as above
    """A signed-in customer."""
    customer = User(
        id=an_id(number), name=f"Customer {number}", email=f"customer{number}@example.com"
    )
    return attrs.evolve(customer, **fields)


def staff(directory: Directory | None = None, agent_id: UUID = ACTIVE_AGENT) -> Caller:
    """An agent of the directory at work, within the program."""
    return Caller(user=(directory or a_directory()).agents[agent_id].as_user())
