"""The words that tables are made of: by which door a ticket came, and what happened to it."""

from enum import Enum


class Door(Enum):
    """Which way a ticket came."""

    INTAKE = "intake"
    SUPPORT = "support"


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
    ESCALATED = "escalated"
    ATTACHED = "attached"
    ROUTED = "routed"
