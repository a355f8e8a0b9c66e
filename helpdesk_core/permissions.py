"""Who may do what: one table, asked by every use case of the staff."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from helpdesk_core.errors import Forbidden, NotSignedIn
from helpdesk_core.people import Caller, Role, User


class Act(Enum):
    """What somebody may do; the value is the rest of the sentence `Your role may not …`."""

    READ_TICKETS = "read tickets"
    ANSWER_TICKETS = "write on tickets"
    MOVE_TICKETS = "change the status of tickets"
    LOG_WORK = "log work"
    ASSIGN_TICKETS = "assign tickets"
    ATTACH_FILES = "attach files"
    READ_NOTICES = "read notifications"
    RETRY_NOTICES = "send notifications again"
    READ_METRICS = "read metrics"
    MANAGE_OWN_SESSIONS = "look after your sessions"
    MANAGE_ACCOUNTS = "look after accounts"
    READ_AUDIT = "read the audit trail"


SIGN_IN: Final = "Sign in first"
STAFF_ONLY: Final = "Staff authentication is required"
"""What a stranger is told, where anybody may who is signed in, and where staff alone may."""

_EVERYBODY: Final = frozenset(Role)
_STAFF: Final = frozenset({Role.AGENT, Role.MANAGEMENT, Role.ADMIN})

ALLOWED: Final[Mapping[Act, frozenset[Role]]] = {
    Act.READ_TICKETS: _STAFF,
    Act.ANSWER_TICKETS: _STAFF,
    Act.MOVE_TICKETS: _STAFF,
    Act.LOG_WORK: _STAFF,
    Act.ASSIGN_TICKETS: _STAFF,
    Act.ATTACH_FILES: _STAFF,
    Act.READ_NOTICES: _STAFF,
    Act.RETRY_NOTICES: frozenset({Role.MANAGEMENT, Role.ADMIN}),
    Act.READ_METRICS: frozenset({Role.MANAGEMENT, Role.ADMIN}),
    Act.MANAGE_OWN_SESSIONS: _EVERYBODY,
    Act.MANAGE_ACCOUNTS: frozenset({Role.ADMIN}),
    Act.READ_AUDIT: frozenset({Role.ADMIN}),
}
"""The roles that may do each act. Docs are made from it."""

FOR_SOME: Final = frozenset(act for act, roles in ALLOWED.items() if roles != _EVERYBODY)
"""The acts that not everybody may do who is signed in."""


def allow(caller: Caller, act: Act) -> User:
    """The caller, who may do that. Raises NotSignedIn for a stranger, Forbidden for other roles."""
    if caller.user is None:
        raise NotSignedIn(STAFF_ONLY if act in FOR_SOME else SIGN_IN)
    if caller.user.role not in ALLOWED[act]:
        raise Forbidden(f"Your role may not {act.value}")
    return caller.user
