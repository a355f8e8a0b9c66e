"""How what is stored of a person is found, and replaced by what may stay."""

from typing import Protocol
from uuid import UUID

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import AuditRecord
from helpdesk_core.erasing import Mention
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.tokens import Token


class ErasureRecords(Protocol):
    """The part of a unit of work that finds people and lets them be forgotten."""

    def mentions(self, after: UUID | None, *, limit: int) -> tuple[Mention, ...]:
        """Who is named around each of the next `limit` tickets behind that id; in their order.

        As submitters, authors, recipients, who has the ticket, and actors in the words of events.
        """
        ...

    def notices_of(self, ticket_id: UUID) -> tuple[Notice, ...]:
        """Every notice about the ticket, whatever became of it; in the order of their ids."""
        ...

    def replace_record(self, record: AuditRecord) -> None:
        """Gather the record in the place of the one of its chain and place, as it was sealed."""
        ...

    def replace_message(self, ticket_id: UUID, message: Message) -> None:
        """Gather the message in the place of the one of its id."""
        ...

    def replace_attachment(self, ticket_id: UUID, attachment: Attachment) -> None:
        """Gather the record of a file in the place of the one of its id."""
        ...

    def replace_token(self, token: Token) -> None:
        """Gather the token in the place of the one of its id."""
        ...

    def replace_facts(self, notice: Notice) -> None:
        """Gather the facts of the notice in the place of what the one of its id had."""
        ...

    def hush_notices(self, ticket_id: UUID, recipient: str) -> None:
        """Gather that the ticket's notices to that recipient say nothing and are for nobody.

        What is still queued is dead, and never queued again.
        """
        ...

    def forget_replies_saying(self, words: str) -> None:
        """Gather that answers are forgotten which have these ASCII words in their body."""
        ...
