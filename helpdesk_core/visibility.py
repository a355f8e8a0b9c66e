"""The one rule of who sees what."""

from collections.abc import Iterable
from datetime import datetime

from helpdesk_core.messages import Message
from helpdesk_core.people import User
from helpdesk_core.tickets import Event, EventKind, Ticket


def visible(messages: Iterable[Message], viewer: User | None) -> tuple[Message, ...]:
    """The messages that the viewer may read, in their order: notes among staff are for staff."""
    is_staff = viewer is not None and viewer.is_staff
    return tuple(message for message in messages if is_staff or not message.is_internal)


def is_at_intake_door(ticket: Ticket) -> bool:
    """True when the intake door may show the ticket; a case is known by its number alone."""
    return ticket.case is None


def last_public_change(ticket: Ticket, history: Iterable[Event]) -> datetime:
    """When something last happened that the customer may know of: no note, no file among staff."""
    known = (happened.at for happened in history if happened.kind not in _AMONG_STAFF)
    return max(known, default=ticket.submitted_at)


_AMONG_STAFF = frozenset({EventKind.NOTED, EventKind.ATTACHED, EventKind.ROUTED})
