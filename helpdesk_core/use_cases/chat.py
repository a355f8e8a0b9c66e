"""The customer writes on a ticket."""

from helpdesk_core.chat import Closed, customer_message, refusal, why_closed
from helpdesk_core.limits import MESSAGES
from helpdesk_core.messages import Message
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports
from helpdesk_core.tickets import say
from helpdesk_core.use_cases.changing import change_ticket
from helpdesk_core.use_cases.finding import found_at_intake_door, intake_door, named_id
from helpdesk_core.use_cases.limiting import count


def post_message(ports: Ports, ticket_id: object, body: object, caller: Caller) -> Message:
    """Add the signed-in submitter's message to their ticket; the assigned agent is told.

    Checked in the contract's order: an id (Invalid), somebody signed in (NotSignedIn), the ticket
    (NotFound), the chat's permission (Invalid, Forbidden), the text (Invalid), the limit (TooMany).
    """
    named = named_id(ticket_id)
    writer = caller.user
    if writer is None:
        raise refusal(Closed.SIGNED_OUT)
    door = intake_door(ports, caller)
    with ports.begin() as uow:
        ticket = found_at_intake_door(uow, named, door)
    # What the permission rests on never changes, so that it needs no second look.
    closed = why_closed(ticket, writer)
    if closed is not None:
        raise refusal(closed)
    message = customer_message(body, writer, message_id=ports.new_id(), now=ports.now())
    count(ports.limiter, MESSAGES, caller, str(ticket.id))
    _ = change_ticket(
        ports,
        lambda uow: found_at_intake_door(uow, ticket.id, door),
        lambda latest, _directory, _uow: say(latest, message, by=writer),
        caller,
    )
    return message
