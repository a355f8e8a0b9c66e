"""What staff are answered about any ticket, whichever door it came by, as records."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import attrs

from helpdesk_core.directory import Directory, Scalar
from helpdesk_core.messages import Message
from helpdesk_core.places import place_of
from helpdesk_core.queue import Door, door_of
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import Event, EventKind, Status, Ticket
from helpdesk_core.use_cases.handling import Assigned
from helpdesk_core.use_cases.listing import TicketFile
from helpdesk_http.staff_bodies import FileBody, PersonBody, UpdateBody, person_in


@attrs.frozen(kw_only=True)
class SupportBody:
    """What a ticket has that came by the support door."""

    case_number: str
    organization: str | None
    phone: str | None
    customer_type: CustomerType
    issue_type: IssueType
    client_or_project_name: str | None
    subject: str
    urgency: Urgency
    priority_score: int
    response_due_at: datetime
    resolution_due_at: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> Self | None:
        """What the case has; None for a ticket that is none."""
        case = ticket.case
        if case is None:
            return None
        return cls(
            case_number=case.number,
            organization=case.organization,
            phone=case.phone,
            customer_type=case.customer_type,
            issue_type=case.issue_type,
            client_or_project_name=case.project,
            subject=case.subject,
            urgency=case.urgency,
            priority_score=case.priority_score,
            response_due_at=case.response_due_at,
            resolution_due_at=case.resolution_due_at,
        )


@attrs.frozen(kw_only=True)
class TicketBody:
    """A ticket as staff see it. `status` is null for work that an agent logged."""

    id: UUID
    case_number: str | None
    door: Door
    status: Status | None
    submitted_by: str
    submitted_by_email: str
    submitted_by_user_id: UUID | None
    description: str
    country: str | None
    department: str | None
    department_id: UUID | None
    kpi_type: str | None
    kpi_type_id: UUID | None
    ticket_date: datetime
    is_holiday_work: bool
    metrics: Mapping[str, Scalar]
    assigned_to: PersonBody | None
    created_at: datetime
    assigned_at: datetime | None
    first_assigned_at: datetime | None
    first_agent_reply_at: datetime | None
    closed_at: datetime | None
    last_activity: datetime
    rejection_reason: str | None
    support: SupportBody | None

    @classmethod
    def of(cls, ticket: Ticket, directory: Directory) -> Self:
        """The ticket, with the names around it."""
        place = place_of(ticket, directory)
        return cls(
            id=ticket.id,
            case_number=ticket.case.number if ticket.case else None,
            door=door_of(ticket),
            status=ticket.status,
            submitted_by=ticket.submitter_name,
            submitted_by_email=ticket.submitter_email,
            submitted_by_user_id=ticket.submitted_by,
            description=ticket.description,
            country=place.country,
            department=place.department,
            department_id=ticket.department_id,
            kpi_type=place.kpi_type,
            kpi_type_id=ticket.kpi_type_id,
            ticket_date=ticket.ticket_date,
            is_holiday_work=ticket.is_holiday_work,
            metrics=ticket.metrics,
            assigned_to=PersonBody.of_agent(ticket.assigned_to, directory),
            created_at=ticket.submitted_at,
            assigned_at=ticket.assigned_at,
            first_assigned_at=ticket.first_assigned_at,
            first_agent_reply_at=ticket.first_agent_reply_at,
            closed_at=ticket.closed_at,
            last_activity=ticket.last_activity_at,
            rejection_reason=ticket.rejection_reason,
            support=SupportBody.of(ticket),
        )


@attrs.frozen(kw_only=True)
class EventBody:
    """Something that happened to a ticket, and the status after it; `by` is null for a stranger."""

    kind: EventKind
    timestamp: datetime
    by: PersonBody | None
    status: Status | None
    details: Mapping[str, str]

    @classmethod
    def of(cls, happened: Event, ticket: Ticket, directory: Directory) -> Self:
        """The event, as the history has it."""
        return cls(
            kind=happened.kind,
            timestamp=happened.at,
            by=PersonBody.of_actor(happened.actor_id, ticket, directory),
            status=happened.status,
            details=happened.details,
        )


@attrs.frozen(kw_only=True)
class TicketFileBody:
    """Everything about one ticket, notes too; each list oldest first."""

    success: bool = True
    ticket: TicketBody
    messages: Sequence[UpdateBody]
    history: Sequence[EventBody]
    attachments: Sequence[FileBody]

    @classmethod
    def of(cls, file: TicketFile) -> Self:
        """The ticket, what was said, what happened, and its files."""
        ticket, directory = file.ticket, file.directory
        return cls(
            ticket=TicketBody.of(ticket, directory),
            messages=[UpdateBody.of(message) for message in file.messages],
            history=[EventBody.of(event, ticket, directory) for event in file.history],
            attachments=[FileBody.of(each, ticket, directory) for each in file.attachments],
        )


@attrs.frozen(kw_only=True)
class StandBody:
    """How a ticket stands after something was done to it."""

    id: UUID
    case_number: str | None
    status: Status | None
    closed_at: datetime | None
    last_activity: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """How it stands now."""
        return cls(
            id=ticket.id,
            case_number=ticket.case.number if ticket.case else None,
            status=ticket.status,
            closed_at=ticket.closed_at,
            last_activity=ticket.last_activity_at,
        )


@attrs.frozen(kw_only=True)
class MovedTicketBody:
    """The answer to a move."""

    success: bool = True
    ticket: StandBody

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """How the ticket stands after it."""
        return cls(ticket=StandBody.of(ticket))


@attrs.frozen(kw_only=True)
class AnsweredTicketBody:
    """The answer to a reply and to a note."""

    success: bool = True
    ticket: StandBody
    message: UpdateBody

    @classmethod
    def of(cls, ticket: Ticket, message: Message) -> Self:
        """How the ticket stands, and what was said."""
        return cls(ticket=StandBody.of(ticket), message=UpdateBody.of(message))


@attrs.frozen(kw_only=True)
class AssignedTicketBody:
    """The answer to an assignment."""

    success: bool = True
    ticket: StandBody
    assigned_to: PersonBody | None
    department: str | None

    @classmethod
    def of(cls, assigned: Assigned) -> Self:
        """How the ticket stands, and whose it is."""
        return cls(
            ticket=StandBody.of(assigned.ticket),
            assigned_to=person_in(assigned),
            department=assigned.place.department,
        )
