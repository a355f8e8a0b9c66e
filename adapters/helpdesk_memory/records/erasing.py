"""Finding and forgetting people in memory."""

from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import AuditRecord, Mark
from helpdesk_core.erasing import Mention
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.ports import NoticeState
from helpdesk_core.text import fold
from helpdesk_core.tickets import Ticket
from helpdesk_core.tokens import Token
from helpdesk_memory.contents import OutboxRow, PlacedEvent
from helpdesk_memory.records.gathering import Gathering, Undo, put

HUSHED = "the person was erased"


class MemoryErasure(Gathering):
    """The part of the unit of work that lets people be forgotten."""

    def mentions(self, after: UUID | None, *, limit: int) -> tuple[Mention, ...]:
        """Who is named around each of the next tickets."""
        with self._store.lock:
            ids = sorted(it for it in self._store.tickets if after is None or it > after)
            return tuple(self._mention(self._store.tickets[it]) for it in ids[:limit])

    def notices_of(self, ticket_id: UUID) -> tuple[Notice, ...]:
        """Every notice about the ticket."""
        with self._store.lock:
            rows = [it.notice for it in self._store.outbox.values()]
        return tuple(sorted((it for it in rows if it.ticket_id == ticket_id), key=lambda it: it.id))

    def replace_record(self, record: AuditRecord) -> None:
        """Gather the record in the place of the one of its chain and place."""
        put_it = self._put_event_words if record.subject.is_ticket else self._put_record_words
        self._writes.append(lambda: put_it(record))

    def replace_message(self, ticket_id: UUID, message: Message) -> None:
        """Gather the message in the place of the one of its id."""

        def write() -> Undo:
            said = self._store.messages.get(ticket_id, ())
            changed = tuple(message if it.id == message.id else it for it in said)
            return put(self._store.messages, ticket_id, changed)

        self._writes.append(write)

    def replace_attachment(self, ticket_id: UUID, attachment: Attachment) -> None:
        """Gather the record of a file in the place of the one of its id."""

        def write() -> Undo:
            held = self._store.attachments.get(ticket_id, ())
            changed = tuple(attachment if it.id == attachment.id else it for it in held)
            return put(self._store.attachments, ticket_id, changed)

        self._writes.append(write)

    def replace_token(self, token: Token) -> None:
        """Gather the token in the place of the one of its id."""
        self._writes.append(lambda: put(self._store.tokens, token.digest, token))

    def replace_facts(self, notice: Notice) -> None:
        """Gather the facts of the notice in the place of what the one of its id had."""

        def write() -> Undo:
            row = self._store.outbox[notice.id]
            changed = attrs.evolve(row, notice=attrs.evolve(row.notice, facts=notice.facts))
            return put(self._store.outbox, notice.id, changed)

        self._writes.append(write)

    def hush_notices(self, ticket_id: UUID, recipient: str) -> None:
        """Gather that the ticket's notices to that recipient say nothing and are for nobody."""
        self._writes.append(lambda: self._hush(ticket_id, recipient))

    def forget_replies_saying(self, words: str) -> None:
        """Gather that answers are forgotten which have these words in their body."""

        def write() -> Undo:
            held = self._store.replies
            needle = words.encode("ascii")
            self._store.replies = {
                key: reply for key, reply in held.items() if needle not in reply.answer.body
            }
            return lambda: setattr(self._store, "replies", held)

        self._writes.append(write)

    def _mention(self, ticket: Ticket) -> Mention:
        store = self._store
        said = store.messages.get(ticket.id, ())
        events = [it.event for it in store.history.get(ticket.id, ())]
        told = [it.notice for it in store.outbox.values() if it.notice.ticket_id == ticket.id]
        ids = [
            ticket.submitted_by,
            ticket.assigned_to,
            *(it.author_id for it in said),
            *(it.actor_id for it in events),
        ]
        words = [
            ticket.submitter_email,
            *(it.author_email for it in said),
            *(it.recipient for it in told),
            *(it.mark.who for it in events if it.mark),
        ]
        return Mention(
            ticket_id=ticket.id,
            ids=frozenset(it for it in ids if it),
            words=frozenset(fold(it) for it in words if it),
        )

    def _put_event_words(self, record: AuditRecord) -> Undo:
        ticket_id = UUID(record.subject.id)
        held = self._store.history.get(ticket_id, ())
        changed = tuple(
            _without(it, record)
            if (it.version, it.position) == (record.number, record.position)
            else it
            for it in held
        )
        return put(self._store.history, ticket_id, changed)

    def _put_record_words(self, record: AuditRecord) -> Undo:
        chain = self._store.audit.get(record.subject, ())
        changed = tuple(record if it.number == record.number else it for it in chain)
        return put(self._store.audit, record.subject, changed)

    def _hush(self, ticket_id: UUID, recipient: str) -> Undo:
        held = self._store.outbox
        self._store.outbox = {
            key: _hushed(row)
            if row.notice.ticket_id == ticket_id and recipient == row.notice.recipient
            else row
            for key, row in held.items()
        }
        return lambda: setattr(self._store, "outbox", held)


def _without(placed: PlacedEvent, record: AuditRecord) -> PlacedEvent:
    mark = placed.event.mark
    if mark is None:
        return placed
    kept = Mark(
        noted_at=mark.noted_at,
        who=record.who,
        origin=record.origin,
        salt=record.salt,
        commitment=record.commitment,
        hash=mark.hash,
    )
    return attrs.evolve(placed, event=attrs.evolve(placed.event, details=record.details, mark=kept))


def _hushed(row: OutboxRow) -> OutboxRow:
    was_queued = row.state is NoticeState.QUEUED
    return attrs.evolve(
        row,
        notice=attrs.evolve(row.notice, recipient="", facts={}),
        state=NoticeState.DEAD if was_queued else row.state,
        reason=HUSHED if was_queued else "",
        lease=None,
    )
