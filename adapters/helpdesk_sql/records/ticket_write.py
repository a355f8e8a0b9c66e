"""A ticket that is to be stored, with what it is counted as where that was said."""

import attrs

from helpdesk_core.errors import StaleTicket
from helpdesk_core.tickets import Ticket
from helpdesk_sql.counting import NOT_COUNTED
from helpdesk_sql.databases import RowWrite
from helpdesk_sql.kept import Record
from helpdesk_sql.queries.tickets import TicketQueries
from helpdesk_sql.rows import changed_columns, ticket_columns


@attrs.frozen
class Held:
    """A ticket as it was read, and the columns of what it is counted as."""

    ticket: Ticket
    counted: Record


@attrs.define
class TicketWrite:
    """One ticket, which was `held` before where it was read; written when all is known of it."""

    _queries: TicketQueries
    ticket: Ticket
    _held: Held | None
    _counted: tuple[Record, Record] | None = None

    def count(self, before: Record, after: Record) -> None:
        """What it is counted as changes too."""
        self._counted = before, after

    def made(self) -> RowWrite:
        """The statement, with its values."""
        before, after = self._counted or (NOT_COUNTED, NOT_COUNTED)
        if self.ticket.version == 1:
            is_case = self.ticket.case is not None
            query = self._queries.insert_case if is_case else self._queries.insert_ticket
            columns = ticket_columns(self.ticket) | after
            return RowWrite(query, query.parameters(columns), joins=True)
        columns = self._changed() | {k: v for k, v in after.items() if v != before[k]}
        update = self._queries.update if self._counted is None else self._queries.update_counted
        query, held = update(frozenset(columns)), {f"held_{k}": v for k, v in before.items()}
        of_ticket = {"held_id": self.ticket.id, "held_version": self.ticket.version - 1}
        return RowWrite(query, query.parameters(columns | held | of_ticket), StaleTicket)

    def _changed(self) -> Record:
        held = self._held.ticket if self._held is not None else None
        if held is not None and held.version == self.ticket.version - 1:
            return changed_columns(held, self.ticket)
        return ticket_columns(self.ticket)
