"""Tickets, and what belongs to them, in memory."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import attrs

from helpdesk_core.errors import DuplicateId, StaleDirectory, StaleTicket
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.queue import Order, Place, SortOrder, Wanted, place_in
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_core.visibility import is_at_intake_door
from helpdesk_memory.contents import OutboxRow, PlacedEvent
from helpdesk_memory.records.files import MemoryAttachments
from helpdesk_memory.records.gathering import Undo, nothing_to_unmake, put
from helpdesk_memory.references import knows


class MemoryTickets(MemoryAttachments):
    """The tickets' part of the unit of work."""

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
            return tuple(held.event for held in self._store.history.get(ticket_id, ()))

    def tickets_by_email(self, email: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's address; newest first, ties by id."""
        wanted = fold(email)
        return self._newest(lambda ticket: fold(ticket.submitter_email) == wanted, limit)

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's whole name; newest first, ties by id."""
        wanted = fold(name)
        return self._newest(lambda ticket: fold(ticket.submitter_name) == wanted, limit)

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

    def _newest(self, wanted: Callable[[Ticket], bool], limit: int) -> tuple[Ticket, ...]:
        with self._store.lock:
            tickets = self._store.tickets.values()
            found = [it for it in tickets if is_at_intake_door(it) and wanted(it)]
        found.sort(key=lambda ticket: (ticket.submitted_at, ticket.id), reverse=True)
        return tuple(found[:limit])

    def _wanted(self, wanted: Wanted) -> list[Ticket]:
        with self._store.lock:
            return [ticket for ticket in self._store.tickets.values() if wanted.fits(ticket)]

    def _put_ticket(self, ticket: Ticket) -> Undo:
        held = self._store.tickets.get(ticket.id)
        if ticket.version == 1 and held is not None:
            raise DuplicateId
        if ticket.version != 1 and (held is None or held.version != ticket.version - 1):
            raise StaleTicket
        if not knows(self._store.directory, ticket):
            raise StaleDirectory
        return put(self._store.tickets, ticket.id, ticket)

    def _put_number(self, ticket: Ticket) -> Undo:
        number = ticket.case.number if ticket.case else None
        if number is None or self._store.numbers.get(number) == ticket.id:
            return nothing_to_unmake
        if number in self._store.numbers:
            raise DuplicateId
        return put(self._store.numbers, number, ticket.id)

    def _put_events(self, change: Change) -> Undo:
        ticket = change.ticket
        held = self._store.history.get(ticket.id, ())
        placed = tuple(
            PlacedEvent(version=ticket.version, position=position, event=event)
            for position, event in enumerate(change.events)
        )
        return put(self._store.history, ticket.id, held + placed)

    def _put_message_id(self, message_id: UUID, ticket_id: UUID) -> Undo:
        if message_id in self._store.message_ids:
            raise DuplicateId
        return put(self._store.message_ids, message_id, ticket_id)

    def _put_message(self, ticket_id: UUID, message: Message) -> Undo:
        said = self._store.messages
        return put(said, ticket_id, (*said.get(ticket_id, ()), message))

    def _put_notice(self, notice: Notice) -> Undo:
        if notice.id in self._store.outbox:
            raise DuplicateId
        row = OutboxRow(notice=notice, due_at=self._store.now())
        return put(self._store.outbox, notice.id, row)
