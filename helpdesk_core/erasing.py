"""What stays of a person who is erased: that something happened, when, and how long it took.

Names, addresses and words go; ids, instants, states and metrics stay, and with them every count,
every figure and every chain. Whoever reads an id afterwards finds nobody behind it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import PERSONAL, AuditRecord
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.text import fold
from helpdesk_core.tickets import Ticket

ERASED: Final = "[erased]"
"""Stands where words of a person stood."""
NAMELESS: Final = "Erased person"
_DOMAIN: Final = "erased.invalid"


@attrs.frozen(kw_only=True)
class Mention:
    """Everybody who is named around a ticket: by id, and by folded address, number or words."""

    ticket_id: UUID
    ids: frozenset[UUID]
    words: frozenset[str]


@attrs.frozen(kw_only=True)
class Traces:
    """By what a person is recognised: the ids they had, and their folded addresses and numbers.

    `names` tell only where it is said whose name it is, as notices say who has a ticket.
    """

    ids: frozenset[UUID]
    words: frozenset[str]
    names: frozenset[str]
    pseudonym: UUID

    @property
    def address(self) -> str:
        """What stands in the place of the address: nobody's, and the same wherever it stood."""
        return f"erased-{self.pseudonym.hex[-12:]}@{_DOMAIN}"

    def is_named(self, mention: Mention) -> bool:
        """True when the person is among those who are named."""
        return not (self.ids.isdisjoint(mention.ids) and not self._among(mention.words))

    def submitted(self, ticket: Ticket) -> bool:
        """True when the ticket is the person's own."""
        return ticket.submitted_by in self.ids or fold(ticket.submitter_email) in self.words

    def wrote(self, message: Message) -> bool:
        """True when the person wrote it."""
        return message.author_id in self.ids or fold(message.author_email or "") in self.words

    def is_in(self, record: AuditRecord) -> bool:
        """True when the person did it, or is named in its words."""
        told = [it for name, it in record.details.items() if name in PERSONAL]
        return record.actor_id in self.ids or self._among([record.who or "", *told])

    def _among(self, texts: Iterable[str]) -> bool:
        folded = [fold(text) for text in texts]
        return any(word == text or f"<{word}>" in text for word in self.words for text in folded)


def ticket_without(ticket: Ticket, traces: Traces) -> Ticket:
    """The person's own ticket without who they are and what they wrote; the version is the same."""
    case = ticket.case and attrs.evolve(
        ticket.case, subject=ERASED, organization=None, phone=None, project=None
    )
    return attrs.evolve(
        ticket,
        submitter_name=NAMELESS,
        submitter_email=traces.address,
        description=ERASED,
        rejection_reason=ERASED if ticket.rejection_reason else None,
        case=case,
    )


def message_without(message: Message, traces: Traces, *, is_own: bool) -> Message:
    """The message without the person; on a ticket of their own its words go, whoever wrote it."""
    body = ERASED if is_own else message.body
    if not traces.wrote(message):
        return attrs.evolve(message, body=body)
    return attrs.evolve(
        message,
        body=body,
        author_name=NAMELESS if message.author_name else None,
        author_email=traces.address if message.author_email else None,
    )


def notice_without(notice: Notice, traces: Traces) -> Notice:
    """The notice, to whomever it is, without the person where it names one."""
    facts = {
        name: NAMELESS if value in traces.names else value for name, value in notice.facts.items()
    }
    return attrs.evolve(notice, facts=facts)


def attachment_without(attachment: Attachment, now: datetime) -> Attachment:
    """The file of an own ticket, of which neither the name nor, from now on, the bytes are kept."""
    removed_at = attachment.removed_at or now
    return attrs.evolve(attachment, name=ERASED, removed_at=removed_at)


def is_to_erase(record: AuditRecord, traces: Traces, *, is_own: bool) -> bool:
    """True when the record's words are to go.

    On a ticket of the person's own all words go that somebody said or that came from outside.
    """
    if record.is_erased or record.hash is None:
        return False
    if traces.is_in(record):
        return True
    says = any(name in PERSONAL for name in record.details)
    return is_own and (says or (record.actor_id is None and record.origin is not None))
