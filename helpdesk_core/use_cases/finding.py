"""Finding the ticket that a caller means."""

from hmac import compare_digest
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.case_numbers import read_number
from helpdesk_core.errors import Invalid, NotAsExpected, NotFound
from helpdesk_core.fields import is_blank
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import fold, read_uuid
from helpdesk_core.tickets import Ticket
from helpdesk_core.visibility import IntakeDoor

NO_SUCH_CASE: Final = "Case not found"
"""Said of an unknown number and of a wrong address alike."""


@attrs.frozen(kw_only=True)
class Target:
    """The ticket that staff mean: by the number of its case, else by its id, as it was given.

    `version` is the one that they saw, or several of which any will do (of none, none will); None:
    whichever it is in.
    """

    ticket_id: object = None
    number: object = None
    version: int | frozenset[int] | None = None

    def expects(self, version: int) -> bool:
        """True when the ticket may be in that version."""
        if isinstance(self.version, frozenset):
            return version in self.version
        return self.version in (None, version)


def named_id(value: object) -> object:
    """The id as it was given. Raises Invalid when there is none at all."""
    if is_blank(value):
        raise Invalid("Ticket id is required", id="missing")
    return value


def found_ticket(uow: UnitOfWork, value: object) -> Ticket:
    """The ticket of an id as it was given. Raises NotFound, for a malformed id too."""
    ticket_id = value if isinstance(value, UUID) else read_uuid(value)
    ticket = uow.ticket(ticket_id) if ticket_id else None
    if ticket is None:
        raise NotFound("Ticket not found")
    return ticket


def intake_door(ports: Ports, caller: Caller) -> IntakeDoor:
    """The intake door as the caller stands before it."""
    return IntakeDoor(viewer=caller.user, exposure=ports.exposure)


def found_at_intake_door(uow: UnitOfWork, value: object, door: IntakeDoor) -> Ticket:
    """The ticket of an id as the door shows it. Raises NotFound, for a case too."""
    ticket = found_ticket(uow, value)
    if not door.shows(ticket):
        raise NotFound("Ticket not found")
    return ticket


def found_case(uow: UnitOfWork, number: object) -> Ticket:
    """The ticket of a case number as it was given. Raises NotFound, for a malformed one too."""
    read = read_number(number)
    ticket = uow.ticket_by_number(read) if read else None
    if ticket is None:
        raise NotFound(NO_SUCH_CASE)
    return ticket


def found_target(uow: UnitOfWork, target: Target) -> Ticket:
    """The ticket that staff mean. Raises NotFound, and NotAsExpected in another version."""
    if target.number is not None:
        ticket = found_case(uow, target.number)
    else:
        ticket = found_ticket(uow, target.ticket_id)
    if not target.expects(ticket.version):
        raise NotAsExpected
    return ticket


def has_address(ticket: Ticket, email: str) -> bool:
    """True when the ticket was submitted from that address; as long to tell as when not."""
    # What came from a stranger may hold lone surrogates, which are no address's.
    held, given = (
        fold(address).encode(errors="surrogatepass") for address in (ticket.submitter_email, email)
    )
    return compare_digest(held, given)
