"""What makes a ticket a support case: who asks, what about, how urgently, and what was promised."""

from datetime import datetime
from enum import Enum

import attrs


class CustomerType(Enum):
    """The customer's tier, the lowest first; the value is contract B's word."""

    FREE = "FREE"
    BUSINESS = "BUSINESS"
    ENTERPRISE = "ENTERPRISE"


class IssueType(Enum):
    """What a case is about; the value is contract B's word."""

    TECHNICAL = "TECHNICAL"
    BILLING = "BILLING"
    GENERAL = "GENERAL"


class Urgency(Enum):
    """How urgent a case is, the least first; the value is contract B's word."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """From 1, the least urgent, to 4."""
        return _RANKS[self]

    def one_higher(self) -> "Urgency":
        """The next more urgent one; the highest stays."""
        return _URGENCIES[min(self.rank, len(_URGENCIES) - 1)]


_URGENCIES = tuple(Urgency)
_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency, start=1)}


@attrs.frozen(kw_only=True)
class SupportCase:
    """What a ticket that came by the support door has besides.

    `number` is what the customer knows it by. `priority_score` is 0 to 100. `response_due_at` and
    `resolution_due_at` are the promised instants, counted from the submission. Times are aware,
    UTC.
    """

    number: str
    customer_type: CustomerType
    issue_type: IssueType
    urgency: Urgency
    subject: str
    organization: str | None = None
    phone: str | None = None
    project: str | None = None
    priority_score: int
    response_due_at: datetime
    resolution_due_at: datetime
