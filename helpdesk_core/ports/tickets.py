"""How tickets, and what belongs to them, are read and stored."""

from typing import Protocol
from uuid import UUID

from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.queue import Order, Place, Wanted
from helpdesk_core.tickets import Change, Event, Ticket


class TicketRecords(Protocol):
    """The tickets' part of a unit of work."""

    def ticket(self, ticket_id: UUID) -> Ticket | None:
        """The ticket of that id, or None."""
        ...

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        """Everything said on the ticket, notes among staff too; oldest first, ties by id."""
        ...

    def history(self, ticket_id: UUID) -> tuple[Event, ...]:
        """Everything that happened to the ticket, in the order in which it was stored."""
        ...

    def tickets_by_email(self, email: str, *, limit: int) -> tuple[Ticket, ...]:
        """Intake tickets of a submitter's address, compared by `text.fold`.

        No cases. Newest first, ties by id.
        """
        ...

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Intake tickets of a submitter's whole name, compared by `text.fold`; no cases.

        Newest first means the latest `submitted_at` first; of equal ones the greater id first.
        """
        ...

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket of the case with that number, as `case_numbers.read_number` has it, or None.

        Numbers of different prefixes are different numbers.
        """
        ...

    def tickets_in_order(
        self, wanted: Wanted, order: Order, *, after: Place | None = None, skip: int = 0, limit: int
    ) -> tuple[Ticket, ...]:
        """At most `limit` of the tickets that are wanted, in that order; see `queue.place_in`.

        Those up to and with the place `after` are left out, and so are the next `skip`. No ticket
        needs to stand at `after`.
        """
        ...

    def count_tickets(self, wanted: Wanted, *, at_most: int) -> int:
        """How many tickets are wanted, or `at_most` when there are more."""
        ...

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, message and file, and the notices it calls for.

        Changes are stored in the order in which they were gathered, so that several of one ticket
        may go together. `commit` raises DuplicateId when a new ticket's, message's, file's or
        notice's id or a new case's number is taken, StaleTicket when the stored version is not the
        one before the change's, and StaleDirectory when the stored directory lacks the ticket's
        department, KPI type or assignee.
        """
        ...
