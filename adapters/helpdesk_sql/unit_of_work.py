"""The unit of work over a SQL database."""

from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from helpdesk_core.attachments import Attachment
from helpdesk_core.directory import Directory
from helpdesk_core.errors import DuplicateReply, HelpdeskError, StaleTicket
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.queue import Order, Place, Wanted
from helpdesk_core.replies import KEPT, Reply, RequestKey
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_core.tokens import Token
from helpdesk_sql.databases import RowWrite, Session, Write
from helpdesk_sql.directories import DirectoryWrite
from helpdesk_sql.kept import Kept, Record
from helpdesk_sql.listing import Lists
from helpdesk_sql.queries import AMONG, Queries
from helpdesk_sql.rows import (
    changed_columns,
    columns_of,
    message_of,
    notice_columns,
    reply_columns,
    reply_of,
    ticket_columns,
    ticket_of,
)
from helpdesk_sql.snapshots import DirectorySnapshots


class SqlUnitOfWork:
    """Reads as it is asked; gathers what is saved as plain data and stores it at `commit`."""

    def __init__(
        self, session: Session, queries: Queries, lists: Lists, snapshots: DirectorySnapshots
    ) -> None:
        self._session = session
        self._queries = queries
        self._lists = lists
        self._snapshots = snapshots
        self._writes: list[Write] = []
        self._held: dict[UUID, Ticket] = {}

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
        self._session.close()

    def directory(self) -> Directory:
        """The directory as it is now."""
        [state] = self._session.read(self._queries.directory_version)
        if not self._snapshots.is_at(state["version"]):
            # Whoever kept one connection while taking another could wait for itself.
            self._session.close()
        return self._snapshots.at(state["version"])

    def ticket(self, ticket_id: UUID) -> Ticket | None:
        """The ticket of that id, or None."""
        found = self._session.read(self._queries.ticket, id=ticket_id)
        return self._remembered(found)

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        """Everything said on the ticket; oldest first, ties by id."""
        said = self._session.read(self._queries.messages, ticket_id=ticket_id)
        return tuple(message_of(record) for record in said)

    def history(self, ticket_id: UUID) -> tuple[Event, ...]:
        """Everything that happened to the ticket, in the order in which it was stored."""
        happened = self._session.read(self._queries.history, ticket_id=ticket_id)
        return tuple(Event(**record) for record in happened)

    def tickets_by_email(self, email: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's address; newest first, ties by id."""
        return self._tickets(self._queries.tickets_by_email, email, limit)

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's whole name; newest first, ties by id."""
        return self._tickets(self._queries.tickets_by_name, name, limit)

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket of the case with that number, or None."""
        found = self._session.read(self._queries.ticket_by_number, case_number=number)
        return self._remembered(found)

    def tickets_in_order(
        self, wanted: Wanted, order: Order, *, after: Place | None = None, skip: int = 0, limit: int
    ) -> tuple[Ticket, ...]:
        """At most `limit` of the tickets that are wanted, in that order, behind `after`."""
        found = self._lists.page(self._session, wanted, order, after, skip, limit)
        return tuple(ticket_of(record) for record in found)

    def count_tickets(self, wanted: Wanted, *, at_most: int) -> int:
        """How many tickets are wanted, or `at_most` when there are more."""
        return self._lists.count(self._session, wanted, at_most)

    def attachments(self, ticket_id: UUID) -> tuple[Attachment, ...]:
        """The files of the ticket; oldest first, ties by id."""
        found = self._session.read(self._queries.attachments, ticket_id=ticket_id)
        return tuple(Attachment(**record) for record in found)

    def attachment_ids(self, among: tuple[UUID, ...]) -> frozenset[UUID]:
        """Those of the ids under which a ticket has a file that is not removed."""
        found: set[UUID] = set()
        for start in range(0, len(among), AMONG):
            some = among[start : start + AMONG]
            wanted = {f"id_{number}": some[number % len(some)] for number in range(AMONG)}
            records = self._session.read(self._queries.attachment_ids, **wanted)
            found |= {record["id"] for record in records}
        return frozenset(found)

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that digest, or None."""
        found = self._session.read(self._queries.token, digest=digest)
        return Token(**found[0]) if found else None

    def tokens(self) -> tuple[Token, ...]:
        """Every token; oldest first, ties by id."""
        return tuple(Token(**record) for record in self._session.read(self._queries.tokens))

    def reply(self, request: RequestKey) -> Reply | None:
        """What was answered to the first request of that key, or None."""
        found = self._session.read(self._queries.reply, caller=request.caller, key=request.key)
        return reply_of(found[0]) if found else None

    def next_number(self, series: str) -> int:
        """The next number of a series, taken at once and for good.

        When the connection is lost meanwhile the number may be taken, and nobody has it.
        """
        [taken] = self._session.change(self._queries.next_number, name=series)
        number: int = taken["last"]
        return number

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, message and file, and the notices it calls for."""
        ticket = change.ticket
        self._writes.append(self._ticket_write(ticket))
        for position, event in enumerate(change.events):
            place = {"ticket_id": ticket.id, "version": ticket.version, "position": position}
            self._insert(self._queries.insert_event, place | columns_of(event))
        of_ticket = {"ticket_id": ticket.id}
        if change.message is not None:
            self._insert(self._queries.insert_message, of_ticket | columns_of(change.message))
        if change.attachment is not None:
            self._insert(self._queries.insert_attachment, of_ticket | columns_of(change.attachment))
        for notice in notices:
            self._insert(self._queries.insert_notice, notice_columns(notice))

    def let_files_go(self, before: datetime, *, at: datetime) -> None:
        """Gather that outlived files are kept no longer, the oldest thousand of them."""
        self._write(self._queries.let_files_go, {"before": before, "at": at})

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose version is one more than the stored one's.

        Besides what the port says, `commit` raises InvalidDirectory when the directory refers to
        something that is not in it, or lacks something that a ticket refers to.
        """
        self._writes.append(DirectoryWrite(directory))

    def save_token(self, token: Token) -> None:
        """Gather a new token."""
        self._insert(self._queries.insert_token, columns_of(token))

    def touch_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token was used; an unknown id is passed over."""
        self._write(self._queries.touch_token, {"held_id": token_id, "at": at})

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token is good no more; of several times the first stands."""
        self._write(self._queries.revoke_token, {"held_id": token_id, "at": at})

    def save_reply(self, reply: Reply) -> None:
        """Gather an answer, in the place of one that is older than it is kept."""
        outlived = {"outlived_at": reply.created_at - KEPT}
        self._write(self._queries.save_reply, reply_columns(reply) | outlived, DuplicateReply)

    def replace_reply(self, reply: Reply) -> None:
        """Gather an answer in the place of what was kept under its key, if anything was."""
        self._write(self._queries.replace_reply, reply_columns(reply))

    def forget_replies(self, before: datetime) -> None:
        """Gather that answers made before that instant are forgotten, the oldest thousand of them.

        Whoever came back after a long rest would else wait for all the others' to be deleted.
        """
        self._write(self._queries.forget_replies, {"before": before})

    def commit(self) -> None:
        """Store what was gathered: durably, all of it or nothing.

        Raises StaleDirectory also for a ticket whose department, KPI type or assignee was taken out
        of the directory meanwhile.
        """
        writes = tuple(self._writes)
        self._writes.clear()
        if writes:
            self._session.store(writes)

    def _remembered(self, found: list[Record]) -> Ticket | None:
        """The ticket that was found; a change of it need then not write the whole of it."""
        ticket = ticket_of(found[0]) if found else None
        if ticket is not None:
            self._held[ticket.id] = ticket
        return ticket

    def _ticket_write(self, ticket: Ticket) -> RowWrite:
        queries, columns, is_case = self._queries, ticket_columns(ticket), ticket.case is not None
        if ticket.version == 1:
            query = queries.insert_case if is_case else queries.insert_ticket
            return RowWrite(query, query.parameters(columns), joins=True)
        held = self._held.get(ticket.id)
        if held is not None and held.version == ticket.version - 1:
            columns = changed_columns(held, ticket)
            query = queries.update_some(frozenset(columns))
        else:
            query = queries.update_case if is_case else queries.update_ticket
        of_ticket = {"held_id": ticket.id, "held_version": ticket.version - 1}
        return RowWrite(query, query.parameters(columns | of_ticket), StaleTicket)

    def _insert(self, query: Kept, columns: Record) -> None:
        self._writes.append(RowWrite(query, query.parameters(columns), joins=True))

    def _write(
        self, query: Kept, values: Record, refusal: type[HelpdeskError] | None = None
    ) -> None:
        self._writes.append(RowWrite(query, query.parameters(values), refusal))

    def _tickets(self, query: Kept, text: str, limit: int) -> tuple[Ticket, ...]:
        found = self._session.read(query, key=fold(text), most=limit)
        return tuple(Ticket(**record) for record in found)
