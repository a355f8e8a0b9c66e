"""Everything a desk keeps, in dictionaries of frozen values, and the unit of work over them."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from threading import RLock
from types import TracebackType
from typing import Self, TypeAlias, TypeVar
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.directory import Directory
from helpdesk_core.errors import (
    DuplicateId,
    DuplicateReply,
    InvalidDirectory,
    StaleDirectory,
    StaleTicket,
)
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.ports import NoticeState
from helpdesk_core.queue import Order, Place, SortOrder, Wanted, place_in
from helpdesk_core.replies import KEPT, Reply, RequestKey
from helpdesk_core.retention import is_outlived
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_core.tokens import Token
from helpdesk_core.visibility import is_at_intake_door
from helpdesk_memory.references import is_whole, knows

Undo: TypeAlias = Callable[[], None]
Key = TypeVar("Key")
Value = TypeVar("Value")


def _present() -> datetime:
    return datetime.now(UTC)


@attrs.frozen(kw_only=True)
class OutboxRow:
    """A notice and how its delivery stands. It is due from `due_at`, when a lease ends too."""

    notice: Notice
    state: NoticeState = NoticeState.QUEUED
    attempts: int = 0
    due_at: datetime
    lease: UUID | None = None
    reason: str = ""


class MemoryStore:
    """What is stored, and the clock by which its outbox goes.

    Whoever holds the lock sees what was committed and nothing else.
    """

    def __init__(self, now: Callable[[], datetime] = _present) -> None:
        self.now = now
        self.lock = RLock()
        self.directory = Directory()
        self.tickets: dict[UUID, Ticket] = {}
        self.messages: dict[UUID, tuple[Message, ...]] = {}
        self.message_ids: dict[UUID, UUID] = {}
        self.history: dict[UUID, tuple[Event, ...]] = {}
        self.outbox: dict[UUID, OutboxRow] = {}
        self.tokens: dict[bytes, Token] = {}
        self.numbers: dict[str, UUID] = {}
        self.attachments: dict[UUID, tuple[Attachment, ...]] = {}
        self.attachment_ids: dict[UUID, UUID] = {}
        self.replies: dict[RequestKey, Reply] = {}
        self.series: dict[str, int] = {}

    def begin(self) -> "MemoryUnitOfWork":
        """A fresh unit of work over this store."""
        return MemoryUnitOfWork(self)


class MemoryUnitOfWork:
    """Gathers writes; `commit` makes them one by one, under the lock.

    When one of them is refused, those made before it are unmade.
    """

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._writes: list[Callable[[], Undo]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self._writes.clear()

    def directory(self) -> Directory:
        """The directory as it is now."""
        with self._store.lock:
            return self._store.directory

    def ticket(self, ticket_id: UUID) -> Ticket | None:
        """The ticket of that id, or None."""
        with self._store.lock:
            return self._store.tickets.get(ticket_id)

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        """Everything said on the ticket; oldest first, ties by id."""
        with self._store.lock:
            said = self._store.messages.get(ticket_id, ())
        return tuple(sorted(said, key=lambda message: (message.created_at, message.id)))

    def history(self, ticket_id: UUID) -> tuple[Event, ...]:
        """Everything that happened to the ticket, in the order in which it was stored."""
        with self._store.lock:
            return self._store.history.get(ticket_id, ())

    def tickets_by_email(self, email: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's address; newest first, ties by id."""
        wanted = fold(email)
        return self._newest(lambda ticket: fold(ticket.submitter_email) == wanted, limit)

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's whole name; newest first, ties by id."""
        wanted = fold(name)
        return self._newest(lambda ticket: fold(ticket.submitter_name) == wanted, limit)

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that digest, or None."""
        with self._store.lock:
            return self._store.tokens.get(digest)

    def tokens(self) -> tuple[Token, ...]:
        """Every token; oldest first, ties by id."""
        with self._store.lock:
            held = self._store.tokens.values()
            return tuple(sorted(held, key=lambda token: (token.created_at, token.id)))

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket of the case with that number, or None."""
        with self._store.lock:
            ticket_id = self._store.numbers.get(number)
            return self._store.tickets[ticket_id] if ticket_id else None

    def tickets_in_order(
        self, wanted: Wanted, order: Order, *, after: Place | None = None, skip: int = 0, limit: int
    ) -> tuple[Ticket, ...]:
        """At most `limit` of the tickets that are wanted, in that order, behind `after`."""
        descending = order.direction is SortOrder.DESCENDING
        placed = [(attrs.astuple(place_in(order.key, it)), it) for it in self._wanted(wanted)]
        placed.sort(key=lambda pair: pair[0], reverse=descending)
        if after is not None:
            start = attrs.astuple(after)
            placed = [it for it in placed if (it[0] < start if descending else it[0] > start)]
        return tuple(ticket for _, ticket in placed[skip : skip + limit])

    def count_tickets(self, wanted: Wanted, *, at_most: int) -> int:
        """How many tickets are wanted, or `at_most` when there are more."""
        return min(len(self._wanted(wanted)), at_most)

    def attachments(self, ticket_id: UUID) -> tuple[Attachment, ...]:
        """The files of the ticket; oldest first, ties by id."""
        with self._store.lock:
            held = self._store.attachments.get(ticket_id, ())
        return tuple(sorted(held, key=lambda attachment: (attachment.created_at, attachment.id)))

    def attachment_ids(self, among: tuple[UUID, ...]) -> frozenset[UUID]:
        """Those of the ids under which a ticket has a file that is not removed."""
        wanted = frozenset(among)
        with self._store.lock:
            owners = {self._store.attachment_ids.get(it) for it in wanted}
            held = [file for owner in owners if owner for file in self._store.attachments[owner]]
        return wanted & {file.id for file in held if file.removed_at is None}

    def reply(self, request: RequestKey) -> Reply | None:
        """What was answered to the first request of that key, or None."""
        with self._store.lock:
            return self._store.replies.get(request)

    def next_number(self, series: str) -> int:
        """The next number of a series, taken at once and for good."""
        with self._store.lock:
            number = self._store.series.get(series, 0) + 1
            self._store.series[series] = number
            return number

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, its message and the notices it calls for."""
        self._writes.append(lambda: self._put_ticket(change.ticket))
        self._writes.append(lambda: self._put_number(change.ticket))
        self._writes.append(lambda: self._put_events(change))
        if change.message is not None:
            message = change.message
            self._writes.append(lambda: self._put_message_id(message.id, change.ticket.id))
            self._writes.append(lambda: self._put_message(change.ticket.id, message))
        if change.attachment is not None:
            attachment = change.attachment
            self._writes.append(lambda: self._put_attachment_id(attachment.id, change.ticket.id))
            self._writes.append(lambda: self._put_attachment(change.ticket.id, attachment))
        self._writes.extend(partial(self._put_notice, notice) for notice in notices)

    def let_files_go(self, before: datetime, *, at: datetime) -> None:
        """Gather that outlived files are kept no longer."""
        self._writes.append(lambda: self._mark_outlived(before, at))

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose version is one more than the stored one's."""
        self._writes.append(lambda: self._put_directory(directory))

    def save_token(self, token: Token) -> None:
        """Gather a new token."""
        self._writes.append(lambda: self._put_token(token))

    def touch_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token was used."""
        self._writes.append(
            lambda: self._change_token(token_id, lambda it: attrs.evolve(it, last_used_at=at))
        )

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token is good no more."""
        self._writes.append(
            lambda: self._change_token(
                token_id, lambda it: attrs.evolve(it, revoked_at=it.revoked_at or at)
            )
        )

    def save_reply(self, reply: Reply) -> None:
        """Gather an answer, in the place of one that is older than it is kept."""
        self._writes.append(lambda: self._put_reply(reply))

    def replace_reply(self, reply: Reply) -> None:
        """Gather an answer in the place of what was kept under its key, if anything was."""
        self._writes.append(lambda: _put(self._store.replies, reply.request, reply))

    def forget_replies(self, before: datetime) -> None:
        """Gather that answers made before that instant are forgotten."""
        self._writes.append(lambda: self._drop_replies(before))

    def commit(self) -> None:
        """Store what was gathered: all of it or nothing."""
        writes, self._writes = self._writes, []
        with self._store.lock, ExitStack() as undos:
            for write in writes:
                undos.callback(write())
            undos.pop_all()

    def _newest(self, wanted: Callable[[Ticket], bool], limit: int) -> tuple[Ticket, ...]:
        with self._store.lock:
            tickets = self._store.tickets.values()
            found = [it for it in tickets if is_at_intake_door(it) and wanted(it)]
        found.sort(key=lambda ticket: (ticket.submitted_at, ticket.id), reverse=True)
        return tuple(found[:limit])

    def _put_ticket(self, ticket: Ticket) -> Undo:
        held = self._store.tickets.get(ticket.id)
        if ticket.version == 1 and held is not None:
            raise DuplicateId
        if ticket.version != 1 and (held is None or held.version != ticket.version - 1):
            raise StaleTicket
        if not knows(self._store.directory, ticket):
            raise StaleDirectory
        return _put(self._store.tickets, ticket.id, ticket)

    def _wanted(self, wanted: Wanted) -> list[Ticket]:
        with self._store.lock:
            return [ticket for ticket in self._store.tickets.values() if wanted.fits(ticket)]

    def _put_number(self, ticket: Ticket) -> Undo:
        number = ticket.case.number if ticket.case else None
        if number is None or self._store.numbers.get(number) == ticket.id:
            return _nothing_to_unmake
        if number in self._store.numbers:
            raise DuplicateId
        return _put(self._store.numbers, number, ticket.id)

    def _put_attachment_id(self, attachment_id: UUID, ticket_id: UUID) -> Undo:
        if attachment_id in self._store.attachment_ids:
            raise DuplicateId
        return _put(self._store.attachment_ids, attachment_id, ticket_id)

    def _put_attachment(self, ticket_id: UUID, attachment: Attachment) -> Undo:
        held = self._store.attachments
        return _put(held, ticket_id, (*held.get(ticket_id, ()), attachment))

    def _mark_outlived(self, before: datetime, at: datetime) -> Undo:
        held = self._store.attachments
        self._store.attachments = {
            ticket_id: tuple(
                attrs.evolve(it, removed_at=at)
                if is_outlived(it, self._store.tickets[ticket_id], before)
                else it
                for it in files
            )
            for ticket_id, files in held.items()
        }
        return lambda: setattr(self._store, "attachments", held)

    def _change_token(self, token_id: UUID, changed: Callable[[Token], Token]) -> Undo:
        tokens = self._store.tokens
        held = next((token for token in tokens.values() if token.id == token_id), None)
        return _put(tokens, held.digest, changed(held)) if held else _nothing_to_unmake

    def _put_reply(self, reply: Reply) -> Undo:
        held = self._store.replies.get(reply.request)
        if held is not None and held.created_at + KEPT > reply.created_at:
            raise DuplicateReply
        return _put(self._store.replies, reply.request, reply)

    def _drop_replies(self, before: datetime) -> Undo:
        held = self._store.replies
        self._store.replies = {
            request: reply for request, reply in held.items() if reply.created_at >= before
        }
        return lambda: setattr(self._store, "replies", held)

    def _put_events(self, change: Change) -> Undo:
        held = self._store.history.get(change.ticket.id, ())
        return _put(self._store.history, change.ticket.id, held + change.events)

    def _put_message_id(self, message_id: UUID, ticket_id: UUID) -> Undo:
        if message_id in self._store.message_ids:
            raise DuplicateId
        return _put(self._store.message_ids, message_id, ticket_id)

    def _put_message(self, ticket_id: UUID, message: Message) -> Undo:
        said = self._store.messages
        return _put(said, ticket_id, (*said.get(ticket_id, ()), message))

    def _put_notice(self, notice: Notice) -> Undo:
        if notice.id in self._store.outbox:
            raise DuplicateId
        row = OutboxRow(notice=notice, due_at=self._store.now())
        return _put(self._store.outbox, notice.id, row)

    def _put_directory(self, directory: Directory) -> Undo:
        held = self._store.directory
        if directory.version != held.version + 1:
            raise StaleDirectory
        tickets = self._store.tickets.values()
        if not is_whole(directory) or not all(knows(directory, ticket) for ticket in tickets):
            raise InvalidDirectory(
                "The directory refers to something that is not in it, "
                "or lacks something that tickets refer to"
            )
        self._store.directory = directory
        return lambda: setattr(self._store, "directory", held)

    def _put_token(self, token: Token) -> Undo:
        tokens = self._store.tokens
        if any(token.id == other.id for other in tokens.values()) or token.digest in tokens:
            raise DuplicateId
        return _put(tokens, token.digest, token)


def _nothing_to_unmake() -> None:
    """Nothing was made."""


def _put(table: dict[Key, Value], key: Key, value: Value) -> Undo:
    """Put a value in its place; answers with how to unmake it."""
    if key not in table:
        table[key] = value
        return lambda: _drop(table, key)
    held = table[key]
    table[key] = value
    return partial(table.__setitem__, key, held)


def _drop(table: dict[Key, Value], key: Key) -> None:
    del table[key]
