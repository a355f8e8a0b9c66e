"""Between the values of the core and the columns that keep them."""

from typing import Final, TypeAlias

import attrs

from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.text import fold
from helpdesk_core.tickets import Event, Ticket
from helpdesk_core.tokens import Token
from helpdesk_sql.kept import Record

Stored: TypeAlias = Ticket | Message | Event | Notice | Token

_FIELDS: Final = {
    kind: tuple(field.name for field in attrs.fields(kind))
    for kind in (Ticket, Message, Event, Notice, Token)
}


def columns_of(value: Stored) -> Record:
    """The attributes of a value by name, as they are."""
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


def ticket_columns(ticket: Ticket) -> Record:
    """A ticket with the two keys by which it is found again."""
    return columns_of(ticket) | {
        "submitter_email_key": fold(ticket.submitter_email),
        "submitter_name_key": fold(ticket.submitter_name),
    }
