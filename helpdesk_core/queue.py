"""The queue: which tickets are listed, and in which order. Ties always break by id."""

from datetime import datetime
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.kinds import Door as Door  # noqa: PLC0414  # a noun of the queue
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.tickets import Status, Ticket

LARGEST_PAGE: Final = 100
"""Tickets on a page."""
DEEPEST: Final = 10_000
"""Tickets that may be passed over by counting pages; deeper ones are reached by a cursor."""
COUNTED: Final = 10_000
"""Tickets that are counted exactly."""

Value: TypeAlias = datetime | int | str


class SortKey(Enum):
    """What a list may be sorted by; the value is contract B's word."""

    CREATED_AT = "createdAt"
    LAST_ACTIVITY = "lastActivity"
    URGENCY = "urgency"
    STATUS = "status"
    PRIORITY_SCORE = "priorityScore"
    CASE_NUMBER = "caseNumber"


class SortOrder(Enum):
    """Which end comes first; the value is contract B's word."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@attrs.frozen
class Assignee:
    """Whose tickets are wanted: an agent's, or with None those that nobody has."""

    agent_id: UUID | None


@attrs.frozen(kw_only=True)
class Wanted:
    """Which tickets are listed: those that fit everything that is not None."""

    door: Door | None = None
    status: Status | None = None
    urgency: Urgency | None = None
    customer_type: CustomerType | None = None
    assignee: Assignee | None = None

    def fits(self, ticket: Ticket) -> bool:
        """True when the ticket is among them."""
        case = ticket.case
        return (
            (self.door is None or self.door is door_of(ticket))
            and (self.status is None or self.status is ticket.status)
            and (self.urgency is None or (case is not None and self.urgency is case.urgency))
            and (
                self.customer_type is None
                or (case is not None and self.customer_type is case.customer_type)
            )
            and (self.assignee is None or self.assignee.agent_id == ticket.assigned_to)
        )


@attrs.frozen
class Order:
    """How a list is sorted."""

    key: SortKey = SortKey.CREATED_AT
    direction: SortOrder = SortOrder.DESCENDING


@attrs.frozen
class Place:
    """Where a ticket stands in an order: its value under the sort key, then its id."""

    value: Value
    id: UUID


def door_of(ticket: Ticket) -> Door:
    """Which way the ticket came; work that an agent logged is the intake desk's."""
    return Door.SUPPORT if ticket.case else Door.INTAKE


def place_in(key: SortKey, ticket: Ticket) -> Place:
    """Where the ticket stands. What a ticket has none of counts less than the least there is.

    Urgencies stand by their rank from 1, statuses by their place in `Status` from 1; 0 is none.
    A ticket without a score has -1, one without a number the empty text. Numbers are compared by
    code points, and ids as the 16 bytes that they are.
    """
    return Place(_value(key, ticket), ticket.id)


STATUS_RANKS: Final = {status: rank for rank, status in enumerate(Status, start=1)}
"""Where each status stands when a list is sorted by it."""


def _value(key: SortKey, ticket: Ticket) -> Value:
    case = ticket.case
    match key:
        case SortKey.CREATED_AT:
            return ticket.submitted_at
        case SortKey.LAST_ACTIVITY:
            return ticket.last_activity_at
        case SortKey.URGENCY:
            return case.urgency.rank if case else 0
        case SortKey.STATUS:
            return STATUS_RANKS[ticket.status] if ticket.status else 0
        case SortKey.PRIORITY_SCORE:
            return case.priority_score if case else -1
        case SortKey.CASE_NUMBER:
            return case.number if case else ""
