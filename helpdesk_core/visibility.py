"""The one rule of who sees what."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

import attrs

from helpdesk_core.messages import Message
from helpdesk_core.people import User
from helpdesk_core.routing import AMONG_STAFF
from helpdesk_core.text import fold
from helpdesk_core.tickets import Event, Ticket


class Exposure(Enum):
    """How much the intake door shows to those whom a ticket does not concern.

    `CONTRACT` is what contract A says, `GUARDED` its shapes and codes with less in them.
    """

    CONTRACT = "contract"
    GUARDED = "guarded"


@attrs.frozen(kw_only=True)
class IntakeDoor:
    """The intake door as one viewer stands before it."""

    viewer: User | None
    exposure: Exposure

    def shows(self, ticket: Ticket) -> bool:
        """True for the tickets that are there for the viewer; never for a case.

        A guarded door shows work that an agent logged to that agent and to staff alone.
        """
        is_logged = ticket.status is None
        return is_at_intake_door(ticket) and (not is_logged or self.shows_addresses(ticket))

    def shows_addresses(self, ticket: Ticket) -> bool:
        """True where the viewer may read the addresses of those who wrote on the ticket."""
        return self.exposure is Exposure.CONTRACT or is_concerned(ticket, self.viewer)

    def finds_by_address(self, address: str) -> bool:
        """True when the viewer may find tickets by that address: at a guarded door their own."""
        if self.exposure is Exposure.CONTRACT:
            return True
        return self.viewer is not None and fold(self.viewer.email) == fold(address)

    def shown(self, messages: Iterable[Message], ticket: Ticket) -> tuple[Message, ...]:
        """What the viewer may read of the messages of a ticket; never a note among staff."""
        said = visible(messages, viewer=None)
        if self.shows_addresses(ticket):
            return said
        return tuple(attrs.evolve(message, author_email=None) for message in said)


def is_concerned(ticket: Ticket, viewer: User | None) -> bool:
    """True for the ticket's signed-in submitter, and for staff."""
    return viewer is not None and (viewer.is_staff or viewer.id == ticket.submitted_by)


def visible(messages: Iterable[Message], viewer: User | None) -> tuple[Message, ...]:
    """The messages that the viewer may read, in their order: notes among staff are for staff."""
    is_staff = viewer is not None and viewer.is_staff
    return tuple(message for message in messages if is_staff or not message.is_internal)


def is_at_intake_door(ticket: Ticket) -> bool:
    """True when the intake door may show the ticket; a case is known by its number alone."""
    return ticket.case is None


def last_public_change(ticket: Ticket, history: Iterable[Event]) -> datetime:
    """When something last happened that the customer may know of: no note, no file among staff."""
    known = (happened.at for happened in history if happened.kind not in AMONG_STAFF)
    return max(known, default=ticket.submitted_at)
