"""The unit of work over a SQL database."""

from types import TracebackType
from typing import Self
from uuid import UUID

from helpdesk_core.directory import Directory
from helpdesk_core.errors import StaleTicket
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_core.tokens import Token
from helpdesk_sql.databases import RowWrite, Session, Write
from helpdesk_sql.directories import DirectoryWrite
from helpdesk_sql.kept import Kept, Record
from helpdesk_sql.queries import Queries
from helpdesk_sql.rows import columns_of, ticket_columns
from helpdesk_sql.snapshots import DirectorySnapshots


class SqlUnitOfWork:
    """Reads as it is asked; gathers what is saved as plain data and stores it at `commit`."""

    def __init__(self, session: Session, queries: Queries, snapshots: DirectorySnapshots) -> None:
        self._session = session
        self._queries = queries
        self._snapshots = snapshots
        self._writes: list[Write] = []

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
        return Ticket(**found[0]) if found else None

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        """Everything said on the ticket; oldest first, ties by id."""
        said = self._session.read(self._queries.messages, ticket_id=ticket_id)
        return tuple(Message(**record) for record in said)

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

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that digest, or None."""
        found = self._session.read(self._queries.token, digest=digest)
        return Token(**found[0]) if found else None

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, its message and the notices it calls for."""
        ticket = change.ticket
        self._writes.append(self._ticket_write(ticket_columns(ticket)))
        for position, event in enumerate(change.events):
            place = {"ticket_id": ticket.id, "version": ticket.version, "position": position}
            self._insert(self._queries.insert_event, place | columns_of(event))
        if change.message is not None:
            of_ticket = {"ticket_id": ticket.id}
            self._insert(self._queries.insert_message, of_ticket | columns_of(change.message))
        for notice in notices:
            self._insert(self._queries.insert_notice, columns_of(notice))

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose version is one more than the stored one's.

        Besides what the port says, `commit` raises InvalidDirectory when the directory refers to
        something that is not in it, or lacks something that a ticket refers to.
        """
        self._writes.append(DirectoryWrite(directory))

    def save_token(self, token: Token) -> None:
        """Gather a new token."""
        self._insert(self._queries.insert_token, columns_of(token))

    def commit(self) -> None:
        """Store what was gathered: durably, all of it or nothing.

        Raises StaleDirectory also for a ticket whose department, KPI type or assignee was taken out
        of the directory meanwhile.
        """
        writes = tuple(self._writes)
        self._writes.clear()
        if writes:
            self._session.store(writes)

    def _ticket_write(self, columns: Record) -> RowWrite:
        if columns["version"] == 1:
            query = self._queries.insert_ticket
            return RowWrite(query, query.parameters(columns))
        query = self._queries.update_ticket
        held = {"held_id": columns["id"], "held_version": columns["version"] - 1}
        return RowWrite(query, query.parameters(columns | held), StaleTicket)

    def _insert(self, query: Kept, columns: Record) -> None:
        self._writes.append(RowWrite(query, query.parameters(columns)))

    def _tickets(self, query: Kept, text: str, limit: int) -> tuple[Ticket, ...]:
        found = self._session.read(query, key=fold(text), most=limit)
        return tuple(Ticket(**record) for record in found)
