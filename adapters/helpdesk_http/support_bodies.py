"""What contract B answers its customers, as records: their fields are its names, in its order.

Whatever is not a field here is told to no customer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import attrs

from helpdesk_core.messages import Message
from helpdesk_core.support import SupportCase, Urgency
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.cases import CaseStatus


@attrs.frozen(kw_only=True)
class OpenedBody:
    """The answer to a new case."""

    success: bool = True
    case_number: str
    message: str = "Support case created successfully"
    estimated_resolution: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """What whoever opened the case is told."""
        case = case_of(ticket)
        return cls(case_number=case.number, estimated_resolution=case.resolution_due_at)


@attrs.frozen(kw_only=True)
class FollowedCaseBody:
    """A case as the holder of its number sees it."""

    case_number: str
    status: Status
    urgency: Urgency
    created_at: datetime
    last_updated: datetime
    estimated_resolution: datetime

    @classmethod
    def of(cls, shown: CaseStatus) -> Self:
        """The case, without a word of what its customer sent."""
        ticket, case = shown.ticket, case_of(shown.ticket)
        return cls(
            case_number=case.number,
            status=_status(ticket),
            urgency=case.urgency,
            created_at=ticket.submitted_at,
            last_updated=shown.last_updated,
            estimated_resolution=case.resolution_due_at,
        )


@attrs.frozen(kw_only=True)
class PublicUpdateBody:
    """A public update of a case: what was said, and not by whom."""

    timestamp: datetime
    message: str
    is_internal: bool

    @classmethod
    def of(cls, message: Message) -> Self:
        """The update as the customer reads it."""
        return cls(
            timestamp=message.created_at, message=message.body, is_internal=message.is_internal
        )


@attrs.frozen(kw_only=True)
class FollowedBody:
    """The answer to who follows a case; updates oldest first."""

    success: bool = True
    case: FollowedCaseBody
    updates: Sequence[PublicUpdateBody]

    @classmethod
    def of(cls, shown: CaseStatus) -> Self:
        """The case and its updates, in the order of the use case."""
        return cls(
            case=FollowedCaseBody.of(shown),
            updates=[PublicUpdateBody.of(update) for update in shown.updates],
        )


@attrs.frozen(kw_only=True)
class EscalatedBody:
    """The answer to an escalation."""

    success: bool = True
    message: str = "Case escalated successfully"
    case_number: str
    new_urgency: Urgency

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """How urgent the case is now."""
        case = case_of(ticket)
        return cls(case_number=case.number, new_urgency=case.urgency)


@attrs.frozen(kw_only=True)
class CancelledBody:
    """The answer to a cancellation."""

    success: bool = True
    message: str = "Case cancelled successfully"
    case_number: str

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """Which case is cancelled."""
        return cls(case_number=case_of(ticket).number)


def case_of(ticket: Ticket) -> SupportCase:
    """What makes the ticket a case. Raises ValueError when nothing does."""
    if ticket.case is None:
        raise ValueError("a ticket of the intake desk is no case")
    return ticket.case


def _status(ticket: Ticket) -> Status:
    if ticket.status is None:
        raise ValueError("logged work is no case")
    return ticket.status
