"""The words that tables are made of: doors, statuses, what happened, and what is promised."""

from enum import Enum


class Word(Enum):
    """A word of a closed list, of which each is there once.

    It is looked up by what it is, and not by its name, which takes Python ten times as long.
    """

    __hash__ = object.__hash__


class Door(Word):
    """Which way a ticket came."""

    INTAKE = "intake"
    SUPPORT = "support"


class Status(Word):
    """Where a ticket stands. Both contracts show the same seven under their own words."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING = "WAITING"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class Metric(Word):
    """What is promised."""

    FIRST_RESPONSE = "first response"
    RESOLUTION = "resolution"
    NEXT_RESPONSE = "next response"
    PERIODIC_UPDATE = "periodic update"


class EventKind(Word):
    """What happened to a ticket."""

    SUBMITTED = "submitted"
    LOGGED = "logged"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
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
    WARNED = "warned"
    BREACHED = "breached"
    REPINNED = "repinned"
    ERASED = "erased"
