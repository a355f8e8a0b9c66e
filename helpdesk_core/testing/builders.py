"""Records to test with: whole, plain, and told apart by the numbers in their ids.

Every builder takes what the test is about and fills in the rest. Ids of the directory are constants
of `directories`; all others are made of a number by `an_id`, from 1000 on.
"""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.cases import RawCase
from helpdesk_core.directory import Directory
from helpdesk_core.intake import RawIntake
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.notices import Notice
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.replies import Answer, Reply, RequestKey
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
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
    "a_case",
    "a_case_ticket",
    "a_change",
    "a_customer",
    "a_directory",
    "a_full_case",
    "a_full_ticket",
    "a_message",
    "a_notice",
    "a_raw_case",
    "a_raw_intake",
    "a_reply",
    "a_ticket",
    "a_token",
    "an_attachment",
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
    """An intake ticket of which no other field is as it is by default, but for its version."""
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
        seal=bytes(32),
        rejection_reason="A duplicate",
        last_activity_at=NOW.replace(minute=14),
        pin="0" * 32,
        next_due_at=NOW.replace(minute=15, microsecond=2),
    )
    return attrs.evolve(ticket, **fields)


def a_case(which: int = 1000, **fields: Any) -> SupportCase:  # noqa: ANN401  # as above
    """What a case of a free customer has besides; its number is made of which one it is."""
    case = SupportCase(
        number=f"CW-2026-{which:010}",
        customer_type=CustomerType.FREE,
        issue_type=IssueType.GENERAL,
        urgency=Urgency.MEDIUM,
        subject="The printer is on fire",
        priority_score=45,
        response_due_at=NOW + timedelta(hours=16),
        resolution_due_at=NOW + timedelta(hours=144),
    )
    return attrs.evolve(case, **fields)


def a_full_case(which: int = 1000, **fields: Any) -> SupportCase:  # noqa: ANN401  # as above
    """What a case has besides, of which no field is as in `a_case`, but for its number."""
    case = a_case(
        which,
        customer_type=CustomerType.ENTERPRISE,
        issue_type=IssueType.TECHNICAL,
        urgency=Urgency.CRITICAL,
        subject="Fire, still",
        organization="Fire & Co.",
        phone="+1234567890",
        project="Printer",
        priority_score=100,
        response_due_at=NOW + timedelta(minutes=30, microseconds=1),
        resolution_due_at=NOW + timedelta(hours=12, microseconds=999_999),
    )
    return attrs.evolve(case, **fields)


def a_case_ticket(number: int = 1000, **fields: Any) -> Ticket:  # noqa: ANN401  # as above
    """The new ticket of `a_case` of that number: without a department and a KPI type."""
    case = a_ticket(number, department_id=None, kpi_type_id=None, case=a_case(number))
    return attrs.evolve(case, **fields)


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


def an_attachment(number: int = 6000, **fields: Any) -> Attachment:  # noqa: ANN401  # as above
    """A small picture that an agent added; its digest is made of the number."""
    attachment = Attachment(
        id=an_id(number),
        name="printer.png",
        media_type="image/png",
        size=1024,
        digest=hashlib.sha256(str(number).encode()).digest(),
        added_by=ACTIVE_AGENT,
        created_at=NOW,
    )
    return attrs.evolve(attachment, **fields)


def a_change(
    ticket: Ticket | None = None,
    *events: Event,
    message: Message | None = None,
    attachment: Attachment | None = None,
) -> Change:
    """The change that leads to the ticket (a new one unless given), by the events (one at least).

    Give a ticket of a greater version for a change of a stored one.
    """
    return Change(
        ticket=ticket or a_ticket(),
        events=events or (an_event(),),
        message=message,
        attachment=attachment,
    )


def a_reply(number: int = 7000, **fields: Any) -> Reply:  # noqa: ANN401  # as above
    """A kept answer to the request of a stranger; its key is made of the number."""
    reply = Reply(
        request=RequestKey("192.0.2.1", f"key-{number}"),
        fingerprint=hashlib.sha256(str(number).encode()).digest(),
        answer=Answer(status=200, headers={"content-type": "application/json"}, body=b"{}"),
        created_at=NOW,
    )
    return attrs.evolve(reply, **fields)


def a_notice(number: int = 3000, **fields: Any) -> Notice:  # noqa: ANN401  # as above
    """A mail to the assigned agent of `a_ticket()`."""
    notice = Notice(
        id=an_id(number),
        ticket_id=an_id(1000),
        kind=EventKind.ASSIGNED,
        audience=Audience.ASSIGNEE,
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


def a_raw_case(**fields: Any) -> RawCase:  # noqa: ANN401  # as above
    """What a stranger sends to open a case, and no more than is needed; it is valid."""
    raw = RawCase(
        name="Ana",
        email="ana@example.com",
        subject="The printer is on fire",
        message="It burns since this morning.",
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
