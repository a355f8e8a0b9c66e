"""Finding the ticket that a caller means."""

from uuid import UUID

from helpdesk_core.errors import Invalid, NotFound
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.text import read_uuid
from helpdesk_core.tickets import Ticket


def named_id(value: object) -> object:
    """The id as it was given. Raises Invalid when there is none at all."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Invalid("Ticket id is required", id="missing")
    return value


def found_ticket(uow: UnitOfWork, value: object) -> Ticket:
    """The ticket of an id as it was given. Raises NotFound, for a malformed id too."""
    ticket_id = value if isinstance(value, UUID) else read_uuid(value)
    ticket = uow.ticket(ticket_id) if ticket_id else None
    if ticket is None:
        raise NotFound("Ticket not found")
    return ticket
