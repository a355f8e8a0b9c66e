"""Finding and forgetting people in SQL."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import AuditRecord
from helpdesk_core.erasing import Mention
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.text import fold
from helpdesk_core.tokens import Token
from helpdesk_sql.kept import Record
from helpdesk_sql.queries.erasing import ErasingQueries
from helpdesk_sql.records.gathering import Gathering


class SqlErasure(Gathering):
    """The part of the unit of work that lets people be forgotten."""

    def mentions(self, after: UUID | None, *, limit: int) -> tuple[Mention, ...]:
        """Who is named around each of the next tickets."""
        read, start = self._session.read, after or UUID(int=0)
        submitters = read(self._erasing.submitters, id=start, most=limit)
        if not submitters:
            return ()
        among = {"after_id": start, "last_id": submitters[-1]["id"]}
        ids: defaultdict[UUID, set[UUID]] = defaultdict(set)
        words: defaultdict[UUID, set[str]] = defaultdict(set)
        named = [{**record, "ticket_id": record["id"]} for record in submitters]
        for record in (
            *named,
            *read(self._erasing.authors, **among),
            *read(self._erasing.recipients, **among),
            *read(self._erasing.actors, **among),
        ):
            ticket_id = record["ticket_id"]
            ids[ticket_id] |= _those(record, "submitted_by", "assigned_to", "author_id", "actor_id")
            found = _those(record, "submitter_email", "author_email", "recipient", "who")
            words[ticket_id] |= {fold(word) for word in found}
        return tuple(
            Mention(
                ticket_id=it["id"], ids=frozenset(ids[it["id"]]), words=frozenset(words[it["id"]])
            )
            for it in submitters
        )

    def notices_of(self, ticket_id: UUID) -> tuple[Notice, ...]:
        """Every notice about the ticket."""
        found = self._session.read(self._erasing.notices, ticket_id=ticket_id)
        return tuple(Notice(**record) for record in found)

    def replace_record(self, record: AuditRecord) -> None:
        """Gather the record in the place of the one of its chain and place."""
        words = {
            "who": record.who,
            "origin": record.origin,
            "details": record.details,
            "salt": record.salt,
            "commitment": record.commitment,
        }
        if record.subject.is_ticket:
            place: Record = {
                "of_ticket_id": UUID(record.subject.id),
                "of_version": record.number,
                "of_position": record.position,
            }
            self._write(self._erasing.replace_event_words, words | place)
        else:
            place = {"of_subject": str(record.subject), "of_number": record.number}
            self._write(self._erasing.replace_record_words, words | place)

    def replace_message(self, ticket_id: UUID, message: Message) -> None:  # noqa: ARG002
        """Gather the message in the place of the one of its id."""
        columns = {
            "of_id": message.id,
            "author_name": message.author_name,
            "author_email": message.author_email,
            "body": message.body,
        }
        self._write(self._erasing.replace_message, columns)

    def replace_attachment(self, ticket_id: UUID, attachment: Attachment) -> None:  # noqa: ARG002
        """Gather the record of a file in the place of the one of its id."""
        columns = {
            "of_id": attachment.id,
            "name": attachment.name,
            "removed_at": attachment.removed_at,
        }
        self._write(self._erasing.replace_attachment, columns)

    def replace_token(self, token: Token) -> None:
        """Gather the token in the place of the one of its id."""
        columns = {"of_id": token.id, "email": token.email, "revoked_at": token.revoked_at}
        self._write(self._erasing.replace_token, columns)

    def replace_facts(self, notice: Notice) -> None:
        """Gather the facts of the notice in the place of what the one of its id had."""
        self._write(self._erasing.replace_facts, {"of_id": notice.id, "facts": notice.facts})

    def hush_notices(self, ticket_id: UUID, recipient: str) -> None:
        """Gather that the ticket's notices to that recipient say nothing and are for nobody."""
        self._write(self._erasing.hush, {"of_ticket": ticket_id, "to": recipient})

    def forget_replies_saying(self, words: str) -> None:
        """Gather that answers are forgotten which have these words in their body."""
        self._write(self._erasing.forget_replies, {"words": words.encode("ascii")})

    @property
    def _erasing(self) -> ErasingQueries:
        return self._queries.erasing


def _those(record: Record, *names: str) -> set[Any]:
    return {record[name] for name in names if record.get(name)}
