"""Who may do what: one table of acts and roles, and one of use cases and acts."""

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
    READ_FIGURES = "read figures"
    MANAGE_OWN_SESSIONS = "look after your sessions"
    MANAGE_ACCOUNTS = "look after accounts"
    READ_AUDIT = "read the audit trail"
    ERASE_PEOPLE = "erase people, or give out what is known of them"


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
    Act.READ_FIGURES: _STAFF,
    Act.MANAGE_OWN_SESSIONS: _EVERYBODY,
    Act.MANAGE_ACCOUNTS: frozenset({Role.ADMIN}),
    Act.READ_AUDIT: frozenset({Role.ADMIN}),
    Act.ERASE_PEOPLE: frozenset({Role.ADMIN}),
}
"""The roles that may do each act. Docs are made from it."""

FOR_SOME: Final = frozenset(act for act, roles in ALLOWED.items() if roles != _EVERYBODY)
"""The acts that not everybody may do who is signed in."""


class Open(Enum):
    """Who may call a use case that asks no role; the value says it to a reader."""

    TO_ANYBODY = "anybody, strangers too"
    TO_ITS_SUBMITTER = "the signed-in submitter of the ticket"
    TO_COMMANDS = "the operator by a command, and the desk's own work"
    TO_PROGRAMS = "the program that the desk is part of"


USE_CASES: Final[Mapping[str, Act | Open]] = {
    "submit_ticket": Open.TO_ANYBODY,
    "list_intake_options": Open.TO_ANYBODY,
    "look_up_tickets": Open.TO_ANYBODY,
    "read_status": Open.TO_ANYBODY,
    "poll_status": Open.TO_ANYBODY,
    "post_message": Open.TO_ITS_SUBMITTER,
    "submit_case": Open.TO_ANYBODY,
    "read_case_status": Open.TO_ANYBODY,
    "escalate_case": Open.TO_ANYBODY,
    "cancel_case": Open.TO_ANYBODY,
    "attach_file_as_customer": Open.TO_ANYBODY,
    "list_tickets": Act.READ_TICKETS,
    "read_ticket": Act.READ_TICKETS,
    "read_promises": Act.READ_TICKETS,
    "open_attachment": Act.READ_TICKETS,
    "update_ticket": Act.ANSWER_TICKETS,
    "move_ticket": Act.MOVE_TICKETS,
    "assign_ticket": Act.ASSIGN_TICKETS,
    "attach_file": Act.ATTACH_FILES,
    "list_work_options": Act.LOG_WORK,
    "log_own_work": Act.LOG_WORK,
    "correct_own_work": Act.LOG_WORK,
    "withdraw_own_work": Act.LOG_WORK,
    "read_monthly": Act.READ_FIGURES,
    "read_dashboard": Act.READ_FIGURES,
    "tickets_behind": Act.READ_FIGURES,
    "read_notifications": Act.READ_NOTICES,
    "retry_notification": Act.RETRY_NOTICES,
    "read_audit": Act.READ_AUDIT,
    "erase_person": Act.ERASE_PEOPLE,
    "export_person": Act.ERASE_PEOPLE,
    "ways_in": Open.TO_ANYBODY,
    "begin_sign_in": Open.TO_ANYBODY,
    "finish_sign_in": Open.TO_ANYBODY,
    "ask_for_link": Open.TO_ANYBODY,
    "take_link": Open.TO_ANYBODY,
    "current_session": Open.TO_ANYBODY,
    "user_of_token": Open.TO_ANYBODY,
    "sign_out": Open.TO_ANYBODY,
    "list_own_sessions": Act.MANAGE_OWN_SESSIONS,
    "end_session": Act.MANAGE_OWN_SESSIONS,
    "end_other_sessions": Act.MANAGE_OWN_SESSIONS,
    "list_sessions": Act.MANAGE_ACCOUNTS,
    "end_sessions": Act.MANAGE_ACCOUNTS,
    "make_link": Act.MANAGE_ACCOUNTS,
    "deactivate_user": Act.MANAGE_ACCOUNTS,
    "forget_account": Act.MANAGE_ACCOUNTS,
    "change_ticket": Open.TO_PROGRAMS,
    "change_target": Open.TO_PROGRAMS,
    "load_directory": Open.TO_COMMANDS,
    "dump_directory": Open.TO_COMMANDS,
    "list_calendars": Open.TO_COMMANDS,
    "find_calendar": Open.TO_COMMANDS,
    "change_calendar": Open.TO_COMMANDS,
    "add_user": Open.TO_COMMANDS,
    "create_token": Open.TO_COMMANDS,
    "list_tokens": Open.TO_COMMANDS,
    "revoke_token": Open.TO_COMMANDS,
    "sweep_files": Open.TO_COMMANDS,
    "tidy": Open.TO_COMMANDS,
    "tidy_accounts": Open.TO_COMMANDS,
    "tidy_files": Open.TO_COMMANDS,
    "promises_of": Open.TO_COMMANDS,
    "replay_under": Open.TO_COMMANDS,
    "repinnable": Open.TO_COMMANDS,
    "repin_ticket": Open.TO_COMMANDS,
    "seal_chains": Open.TO_COMMANDS,
    "read_root": Open.TO_COMMANDS,
    "trail_begun": Open.TO_COMMANDS,
    "note_refusal": Open.TO_PROGRAMS,
    "count_uncounted": Open.TO_COMMANDS,
    "check_figures": Open.TO_COMMANDS,
    "rebuild_figures": Open.TO_COMMANDS,
    "tickets_to_sweep": Open.TO_COMMANDS,
    "sweep_ticket": Open.TO_COMMANDS,
}
"""Who may call which use case: whoever may do the act, or whom it is open to.

A use case that is open decides by itself what its caller sees of what is not theirs.
"""


def may_call(use_case: str, role: Role | None) -> bool:
    """True when somebody in that role may call the use case at a door; None is a stranger."""
    rule = USE_CASES[use_case]
    if isinstance(rule, Act):
        return role in ALLOWED[rule]
    return rule is Open.TO_ANYBODY or (rule is Open.TO_ITS_SUBMITTER and role is not None)


def allow(caller: Caller, act: Act) -> User:
    """The caller, who may do that. Raises NotSignedIn for a stranger, Forbidden for other roles."""
    if caller.user is None:
        raise NotSignedIn(STAFF_ONLY if act in FOR_SOME else SIGN_IN)
    if caller.user.role not in ALLOWED[act]:
        raise Forbidden(f"Your role may not {act.value}")
    return caller.user
