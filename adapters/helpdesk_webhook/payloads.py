"""What a system is told: a type, the instant, and the notice's facts."""

import json
from collections.abc import Mapping
from typing import Final

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.notices import Notice

SUBJECTS: Final[Mapping[Door, str]] = {Door.INTAKE: "ticket", Door.SUPPORT: "case"}
"""What each door calls what came by it."""

HAPPENINGS: Final[Mapping[EventKind, str]] = {
    EventKind.SUBMITTED: "created",
    EventKind.LOGGED: "logged",
    EventKind.CORRECTED: "corrected",
    EventKind.WITHDRAWN: "withdrawn",
    EventKind.ASSIGNED: "assigned",
    EventKind.REASSIGNED: "reassigned",
    EventKind.AGENT_REPLIED: "agent_replied",
    EventKind.CUSTOMER_REPLIED: "customer_replied",
    EventKind.NOTED: "noted",
    EventKind.STARTED: "started",
    EventKind.WAITED: "waiting",
    EventKind.RESUMED: "resumed",
    EventKind.RESOLVED: "resolved",
    EventKind.CLOSED: "closed",
    EventKind.REJECTED: "rejected",
    EventKind.CANCELLED: "cancelled",
    EventKind.REOPENED: "reopened",
    EventKind.ESCALATED: "escalated",
    EventKind.ATTACHED: "attached",
    EventKind.ROUTED: "routed",
    EventKind.WARNED: "warned",
    EventKind.BREACHED: "breached",
    EventKind.REPINNED: "repinned",
    EventKind.ERASED: "erased",
}
"""Each kind of event in a receiver's words."""

TYPES: Final[Mapping[tuple[Door, EventKind], str]] = {
    (door, kind): f"{subject}.{happening}"
    for door, subject in SUBJECTS.items()
    for kind, happening in HAPPENINGS.items()
}
"""The type of each kind of event at each door; no two are the same."""


def type_of(notice: Notice) -> str:
    """The notice's type; what has a case number came by the door of cases."""
    door = Door.SUPPORT if "caseNumber" in notice.facts else Door.INTAKE
    return TYPES[door, notice.kind]


def payload(notice: Notice) -> bytes:
    """One JSON object in ASCII: `type`, `timestamp` (when it happened, ISO 8601) and `data`.

    The same for each try, to the byte. `data` holds the facts, and so what strangers typed: a
    receiver that shows them escapes them.
    """
    told = {
        "type": type_of(notice),
        "timestamp": notice.created_at.isoformat(),
        "data": dict(notice.facts),
    }
    return json.dumps(told, separators=(",", ":")).encode("ascii")
