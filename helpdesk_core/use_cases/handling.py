"""Staff at work on a ticket."""

from uuid import UUID

from helpdesk_core.chat import agent_message
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.errors import Forbidden, Invalid, NotSignedIn
from helpdesk_core.fields import required_text
from helpdesk_core.messages import Message
from helpdesk_core.people import Caller, User
from helpdesk_core.ports import Ports
from helpdesk_core.tickets import LONGEST_REASON, Status, Ticket, assign, move, say
from helpdesk_core.use_cases.changing import change_ticket


def assign_ticket(ports: Ports, ticket_id: UUID, agent_id: UUID, caller: Caller) -> Ticket:
    """Give a ticket to an active agent of its department, who is told.

    Raises NotSignedIn, Forbidden, NotFound, Invalid for an agent who cannot have it, and
    InvalidTransition.
    """
    by = _staff(caller)
    change = change_ticket(
        ports,
        ticket_id,
        lambda ticket, directory: assign(
            ticket, _member(directory, ticket, agent_id), by=by, now=ports.now()
        ),
    )
    return change.ticket


def reply_to_ticket(
    ports: Ports, ticket_id: UUID, body: object, caller: Caller, *, is_internal: bool = False
) -> Message:
    """Say something on a ticket: to the customer, or among staff when it is internal.

    Raises NotSignedIn, Forbidden, NotFound, Invalid.
    """
    by = _staff(caller)
    message = agent_message(
        body, by, message_id=ports.new_id(), now=ports.now(), is_internal=is_internal
    )
    _ = change_ticket(ports, ticket_id, lambda ticket, _: say(ticket, message, by=by))
    return message


def move_ticket(
    ports: Ports, ticket_id: UUID, to: Status, caller: Caller, *, reason: object = None
) -> Ticket:
    """Bring a ticket to another status: wait, resolve, close, reject, cancel, reopen.

    Raises NotSignedIn, Forbidden, Invalid for a reason that is no text, NotFound and
    InvalidTransition.
    """
    by = _staff(caller)
    why = None if reason is None else _reason(reason)
    change = change_ticket(
        ports,
        ticket_id,
        lambda ticket, _: move(ticket, to, by=by, now=ports.now(), reason=why),
    )
    return change.ticket


def _staff(caller: Caller) -> User:
    if caller.user is None:
        raise NotSignedIn("Sign in to work on tickets.")
    if not caller.user.is_staff:
        raise Forbidden("Only staff may work on tickets.")
    return caller.user


def _reason(value: object) -> str:
    return required_text(value, field="reason", label="Reason", longest=LONGEST_REASON)


def _member(directory: Directory, ticket: Ticket, agent_id: UUID) -> Agent:
    agent = directory.agents.get(agent_id)
    if agent is None or not agent.works_in(ticket.department_id):
        raise Invalid(
            "Selected user is not assigned to that department or is inactive",
            staffId="unavailable",
        )
    return agent
