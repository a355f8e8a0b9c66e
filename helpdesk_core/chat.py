"""The customer's chat: who may write on a ticket, the reason when not, and what they may write."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from helpdesk_core.errors import Forbidden, HelpdeskError, Invalid, NotSignedIn
from helpdesk_core.fields import is_blank, required_text
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.people import User
from helpdesk_core.text import read_uuid
from helpdesk_core.tickets import Ticket

LONGEST_MESSAGE: Final = 2000
"""Characters (code points) of a customer's message, after trimming."""
LONGEST_UPDATE: Final = 20_000
"""Characters (code points) of what staff write, after trimming."""


class Closed(Enum):
    """Why the chat is closed to a viewer; the value is the sentence that a reader is shown."""

    NOT_INTAKE = "Discussion is available only for intake tickets"
    ANONYMOUS = (
        "This ticket was submitted without sign-in. Customer replies are not available "
        "— the agent will follow up via email."
    )
    SIGNED_OUT = "Sign in to reply to this ticket."
    NOT_YOURS = "This ticket can only be replied to by the original submitter."


def why_closed(ticket: Ticket, viewer: User | None) -> Closed | None:
    """The first reason, in the contract's order, why the viewer may not write; None: they may."""
    if ticket.status is None:
        return Closed.NOT_INTAKE
    if ticket.submitted_by is None:
        return Closed.ANONYMOUS
    if viewer is None:
        return Closed.SIGNED_OUT
    return None if viewer.id == ticket.submitted_by else Closed.NOT_YOURS


def refusal(closed: Closed) -> HelpdeskError:
    """What a writer is told: the reader's sentence, but for one case of the contract."""
    error, sentence = _REFUSALS[closed]
    return error(sentence)


_REFUSALS: Final[Mapping[Closed, tuple[type[HelpdeskError], str]]] = {
    Closed.NOT_INTAKE: (Invalid, Closed.NOT_INTAKE.value),
    Closed.ANONYMOUS: (Forbidden, Closed.ANONYMOUS.value),
    Closed.SIGNED_OUT: (NotSignedIn, Closed.SIGNED_OUT.value),
    Closed.NOT_YOURS: (Forbidden, "Only the original submitter can reply to this ticket."),
}


def customer_message(body: object, writer: User, *, message_id: UUID, now: datetime) -> Message:
    """The message of a customer; who wrote it is never taken from what was sent. Raises Invalid."""
    return Message(
        id=message_id,
        author_type=AuthorType.CUSTOMER,
        author_id=writer.id,
        author_name=writer.name,
        author_email=writer.email,
        body=required_text(body, field="body", label="Message", longest=LONGEST_MESSAGE),
        created_at=now,
    )


def agent_message(  # noqa: PLR0913  # a record's worth of fields
    text: object,
    writer: User,
    *,
    message_id: UUID,
    now: datetime,
    is_internal: bool = False,
    attachment_ids: tuple[UUID, ...] = (),
) -> Message:
    """The message of a member of staff: a reply, or a note among staff. Raises Invalid."""
    return Message(
        id=message_id,
        author_type=AuthorType.AGENT,
        author_id=writer.id,
        author_name=writer.name,
        author_email=writer.email,
        body=staff_text(text),
        is_internal=is_internal,
        attachment_ids=attachment_ids,
        created_at=now,
    )


def read_after(value: object) -> UUID | None:
    """The message after which a reader wants to read on; None for all. Raises Invalid."""
    if is_blank(value):
        return None
    message_id = read_uuid(value)
    if message_id is None:
        raise Invalid("after must be the id of a message", after="not an id")
    return message_id


def later_than(messages: Sequence[Message], after: UUID | None) -> tuple[Message, ...]:
    """The messages behind that one, in their order; all of them when it is not among them."""
    ids = [message.id for message in messages]
    return tuple(messages[ids.index(after) + 1 :] if after in ids else messages)


def staff_text(value: object) -> str:
    """What a member of staff may write. Raises Invalid."""
    return required_text(value, field="message", label="Message", longest=LONGEST_UPDATE)
