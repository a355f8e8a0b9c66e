"""What contract B answers its staff of cases, as records: its names, in its order.

What the contract does not know stands behind what it does. Nothing of this is told to a customer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.cases import escalations
from helpdesk_core.directory import Directory
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.places import place_of
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import Event, Status, Ticket
from helpdesk_core.use_cases.handling import Assigned
from helpdesk_core.use_cases.listing import TicketFile
from helpdesk_http.support_bodies import case_of


@attrs.frozen(kw_only=True)
class PersonBody:
    """Somebody who did something; the name is null for who is not in the directory."""

    id: UUID
    name: str | None

    @classmethod
    def of_agent(cls, agent_id: UUID | None, directory: Directory) -> Self | None:
        """The member of staff of that id; None where there is nobody."""
        agent = directory.agents.get(agent_id) if agent_id else None
        return cls(id=agent_id, name=agent.name if agent else None) if agent_id else None

    @classmethod
    def of_actor(cls, actor_id: UUID | None, ticket: Ticket, directory: Directory) -> Self | None:
        """Whoever did something to the ticket, its submitter too; None for a stranger."""
        if actor_id is not None and actor_id == ticket.submitted_by:
            return cls(id=actor_id, name=ticket.submitter_name)
        return cls.of_agent(actor_id, directory)

    @classmethod
    def of_author(cls, message: Message) -> Self | None:
        """Who wrote the message."""
        author_id = message.author_id
        return cls(id=author_id, name=message.author_name) if author_id else None


@attrs.frozen(kw_only=True)
class UpdateBody:
    """Something that was said on a ticket, a note among staff too."""

    id: UUID
    timestamp: datetime
    message: str
    is_internal: bool
    author: PersonBody | None
    attachments: Sequence[UUID]
    author_type: AuthorType

    @classmethod
    def of(cls, message: Message) -> Self:
        """The message as staff read it."""
        return cls(
            id=message.id,
            timestamp=message.created_at,
            message=message.body,
            is_internal=message.is_internal,
            author=PersonBody.of_author(message),
            attachments=message.attachment_ids,
            author_type=message.author_type,
        )


@attrs.frozen(kw_only=True)
class EscalationBody:
    """A case was made more urgent; `escalatedBy` is null for the holder of its number."""

    timestamp: datetime
    reason: str
    from_urgency: str
    to_urgency: str
    escalated_by: PersonBody | None

    @classmethod
    def of(cls, escalation: Event, ticket: Ticket, directory: Directory) -> Self:
        """The escalation, as the history has it."""
        details = escalation.details
        return cls(
            timestamp=escalation.at,
            reason=details["reason"],
            from_urgency=details["from"],
            to_urgency=details["to"],
            escalated_by=PersonBody.of_actor(escalation.actor_id, ticket, directory),
        )


@attrs.frozen(kw_only=True)
class FileBody:
    """A file of a ticket. `size` is in bytes; `uploadedBy` is null for a case's customer.

    `looksSecret` warns of cookies, tokens or keys in it. From `removedAt` on, null before, the file
    is no longer kept.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    uploaded_at: datetime
    uploaded_by: PersonBody | None
    looks_secret: bool
    removed_at: datetime | None

    @classmethod
    def of(cls, attachment: Attachment, ticket: Ticket, directory: Directory) -> Self:
        """What is known of the file."""
        return cls(
            id=attachment.id,
            name=attachment.name,
            media_type=attachment.media_type,
            size=attachment.size,
            uploaded_at=attachment.created_at,
            uploaded_by=PersonBody.of_actor(attachment.added_by, ticket, directory),
            looks_secret=attachment.looks_secret,
            removed_at=attachment.removed_at,
        )


@attrs.frozen(kw_only=True)
class CustomerInfoBody:
    """Who asks."""

    name: str
    email: str
    organization: str | None
    phone: str | None
    customer_type: CustomerType

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """The customer, as the case was sent."""
        case = case_of(ticket)
        return cls(
            name=ticket.submitter_name,
            email=ticket.submitter_email,
            organization=case.organization,
            phone=case.phone,
            customer_type=case.customer_type,
        )


@attrs.frozen(kw_only=True)
class CaseDetailsBody:
    """What it is about, and how it stands."""

    subject: str
    message: str
    issue_type: IssueType
    urgency: Urgency
    status: Status | None
    priority_score: int
    client_or_project_name: str | None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """The case as it was sent, and as it is now."""
        case = case_of(ticket)
        return cls(
            subject=case.subject,
            message=ticket.description,
            issue_type=case.issue_type,
            urgency=case.urgency,
            status=ticket.status,
            priority_score=case.priority_score,
            client_or_project_name=case.project,
        )


@attrs.frozen(kw_only=True)
class AssignmentBody:
    """Whose it is. `assignedTo` is a staff id."""

    assigned_to: UUID | None
    assigned_at: datetime | None
    department: str | None
    assigned_to_name: str | None

    @classmethod
    def of(cls, ticket: Ticket, directory: Directory) -> Self:
        """The present assignee, and the department by its name."""
        place = place_of(ticket, directory)
        return cls(
            assigned_to=ticket.assigned_to,
            assigned_at=ticket.assigned_at,
            department=place.department,
            assigned_to_name=place.assigned_to,
        )


@attrs.frozen(kw_only=True)
class TimelineBody:
    """When it came, was first answered, was last touched, and is to be done."""

    created_at: datetime
    first_response: datetime | None
    last_activity: datetime
    estimated_resolution: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """The instants of the case."""
        return cls(
            created_at=ticket.submitted_at,
            first_response=ticket.first_agent_reply_at,
            last_activity=ticket.last_activity_at,
            estimated_resolution=case_of(ticket).resolution_due_at,
        )


@attrs.frozen(kw_only=True)
class CaseBody:
    """A case as staff see it; `id` is its ticket's."""

    case_number: str
    customer_info: CustomerInfoBody
    case_details: CaseDetailsBody
    assignment: AssignmentBody
    timeline: TimelineBody
    id: UUID

    @classmethod
    def of(cls, ticket: Ticket, directory: Directory) -> Self:
        """The whole case."""
        return cls(
            case_number=case_of(ticket).number,
            customer_info=CustomerInfoBody.of(ticket),
            case_details=CaseDetailsBody.of(ticket),
            assignment=AssignmentBody.of(ticket, directory),
            timeline=TimelineBody.of(ticket),
            id=ticket.id,
        )


@attrs.frozen(kw_only=True)
class CaseFileBody:
    """Everything about one case; each list oldest first."""

    success: bool = True
    case: CaseBody
    updates: Sequence[UpdateBody]
    escalations: Sequence[EscalationBody]
    attachments: Sequence[FileBody]

    @classmethod
    def of(cls, file: TicketFile) -> Self:
        """The case, what was said, how it was escalated, and its files."""
        ticket, directory = file.ticket, file.directory
        return cls(
            case=CaseBody.of(ticket, directory),
            updates=[UpdateBody.of(message) for message in file.messages],
            escalations=[
                EscalationBody.of(each, ticket, directory) for each in escalations(file.history)
            ],
            attachments=[FileBody.of(each, ticket, directory) for each in file.attachments],
        )


@attrs.frozen(kw_only=True)
class UpdatedCaseBody:
    """The answer to an update."""

    success: bool = True
    message: str = "Case updated successfully"
    case_number: str
    status: Status | None
    update: UpdateBody

    @classmethod
    def of(cls, ticket: Ticket, message: Message) -> Self:
        """How the case stands, and what was said."""
        number = case_of(ticket).number
        return cls(case_number=number, status=ticket.status, update=UpdateBody.of(message))


@attrs.frozen(kw_only=True)
class AssignedCaseBody:
    """The answer to an assignment."""

    success: bool = True
    message: str = "Case assigned successfully"
    case_number: str
    assigned_to: PersonBody | None
    department: str | None

    @classmethod
    def of(cls, assigned: Assigned) -> Self:
        """Whose the case is now."""
        ticket, place = assigned.ticket, assigned.place
        return cls(
            case_number=case_of(ticket).number,
            assigned_to=person_in(assigned),
            department=place.department,
        )


def person_in(assigned: Assigned) -> PersonBody | None:
    """The assignee after an assignment."""
    agent_id = assigned.ticket.assigned_to
    return PersonBody(id=agent_id, name=assigned.place.assigned_to) if agent_id else None
