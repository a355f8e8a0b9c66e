"""Tickets, and what belongs to them, in SQL."""

from uuid import UUID

from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.queue import Order, Place, Wanted
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_sql.kept import Kept
from helpdesk_sql.listing import Lists
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.records.ticket_write import TicketWrite
from helpdesk_sql.rows import (
    columns_of,
    event_columns,
    event_of,
    message_of,
    notice_columns,
    ticket_of,
)


class SqlTickets(Gathering):
    """The tickets' part of the unit of work."""

    _lists: Lists

    def ticket(self, ticket_id: UUID) -> Ticket | None:
        """The ticket of that id, or None."""
        found = self._session.read(self._queries.tickets.ticket, id=ticket_id)
        return self._hold(found[0]) if found else None

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        """Everything said on the ticket; oldest first, ties by id."""
        said = self._session.read(self._queries.tickets.messages, ticket_id=ticket_id)
        return tuple(message_of(record) for record in said)

    def history(self, ticket_id: UUID) -> tuple[Event, ...]:
        """Everything that happened to the ticket, in the order in which it was stored."""
        happened = self._session.read(self._queries.tickets.history, ticket_id=ticket_id)
        return tuple(event_of(record) for record in happened)

    def tickets_by_email(self, email: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's address; newest first, ties by id."""
        return self._tickets(self._queries.tickets.tickets_by_email, email, limit)

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's whole name; newest first, ties by id."""
        return self._tickets(self._queries.tickets.tickets_by_name, name, limit)

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket of the case with that number, or None."""
        found = self._session.read(self._queries.tickets.ticket_by_number, case_number=number)
        return self._hold(found[0]) if found else None

    def tickets_in_order(
        self, wanted: Wanted, order: Order, *, after: Place | None = None, skip: int = 0, limit: int
    ) -> tuple[Ticket, ...]:
        """At most `limit` of the tickets that are wanted, in that order, behind `after`."""
        found = self._lists.page(self._session, wanted, order, after, skip, limit)
        return tuple(ticket_of(record) for record in found)

    def count_tickets(self, wanted: Wanted, *, at_most: int) -> int:
        """How many tickets are wanted, or `at_most` when there are more."""
        return self._lists.count(self._session, wanted, at_most)

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, message and file, and the notices it calls for."""
        ticket = change.ticket
        written = TicketWrite(self._queries.tickets, ticket, self._held.get(ticket.id))
        self._saved[ticket.id] = written
        self._gather(written)
        for position, event in enumerate(change.events):
            place = {"ticket_id": ticket.id, "version": ticket.version, "position": position}
            self._insert(self._queries.tickets.insert_event, place | event_columns(event))
        of_ticket = {"ticket_id": ticket.id}
        if change.message is not None:
            self._insert(
                self._queries.tickets.insert_message, of_ticket | columns_of(change.message)
            )
        if change.attachment is not None:
            self._insert(
                self._queries.files.insert_attachment, of_ticket | columns_of(change.attachment)
            )
        for notice in notices:
            self._insert(self._queries.insert_notice, notice_columns(notice))

    def _tickets(self, query: Kept, text: str, limit: int) -> tuple[Ticket, ...]:
        found = self._session.read(query, key=fold(text), most=limit)
        return tuple(Ticket(**record) for record in found)
