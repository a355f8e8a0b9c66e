"""What every topic of the unit of work over SQL does alike: read, and gather writes."""

from uuid import UUID

from helpdesk_core.errors import HelpdeskError
from helpdesk_core.kpi.cells import Cell
from helpdesk_core.kpi.tally import Tally
from helpdesk_core.tickets import Ticket
from helpdesk_sql.databases import RowWrite, Session, Write
from helpdesk_sql.kept import Kept, Record
from helpdesk_sql.moments import taken_apart
from helpdesk_sql.queries import Queries
from helpdesk_sql.records.ticket_write import Held, TicketWrite


class Gathering:
    """One call's way to the database, and the writes that were gathered as plain data."""

    def __init__(self, session: Session, queries: Queries) -> None:
        self._session = session
        self._queries = queries
        self._writes: list[Write | TicketWrite] = []
        self._held: dict[UUID, Held] = {}
        self._saved: dict[UUID, TicketWrite] = {}
        self._sums: dict[tuple[Cell, int], Tally] = {}

    def _gather(self, write: Write | TicketWrite) -> None:
        self._writes.append(write)

    def _hold(self, record: Record) -> Ticket:
        """The ticket in a row, held: a change of it need then not write the whole of it."""
        ticket, counted = taken_apart(record)
        self._held[ticket.id] = Held(ticket, counted)
        return ticket

    def _insert(self, query: Kept, columns: Record) -> None:
        self._gather(RowWrite(query, query.parameters(columns), joins=True))

    def _write(
        self, query: Kept, values: Record, refusal: type[HelpdeskError] | None = None
    ) -> None:
        self._gather(RowWrite(query, query.parameters(values), refusal))
