"""What tickets count for, in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from helpdesk_core.errors import StaleTicket
from helpdesk_core.kpi.cells import Cell, Counted, Sums, difference
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.tally import NOTHING
from helpdesk_core.tickets import Ticket
from helpdesk_sql.counting import (
    SLOTS,
    contributing,
    counted_columns,
    counted_of,
    month_number,
    slot_of,
    sum_columns,
)
from helpdesk_sql.databases import RowWrite, Write
from helpdesk_sql.kept import Record
from helpdesk_sql.moments import SqlFigures, taken_apart
from helpdesk_sql.records.gathering import Gathering

GREATEST: UUID = UUID(int=(1 << 128) - 1)
"""No ticket has a greater id."""


class SqlFigureRecords(Gathering):
    """The figures' part of the unit of work."""

    def uncounted(self, *, limit: int) -> tuple[UUID, ...]:
        """At most so many tickets that were not counted yet, by id."""
        found = self._session.read(self._queries.figures.uncounted, most=limit)
        return tuple(record["id"] for record in found)

    def counted(self, ticket_id: UUID) -> Counted | None:
        """What the ticket is counted as, when it was read last in this unit of work, or now."""
        if ticket_id not in self._held:
            found = self._session.read(self._queries.tickets.ticket, id=ticket_id)
            if not found:
                return None
            _ = self._hold(found[0])
        held = self._held[ticket_id]
        return counted_of(held.counted, held.ticket)

    def tickets_behind(
        self, cell: Cell, *, before: UUID | None = None, limit: int
    ) -> tuple[tuple[Ticket, Contribution], ...]:
        """At most so many of the tickets that are summed up in a cell, the greatest id first."""
        found = self._session.read(
            self._queries.figures.behind,
            month=month_number(cell.month),
            department_id=cell.department_id,
            kpi_type_id=cell.kpi_type_id,
            before=before or GREATEST,
            most=limit,
        )
        return tuple(contributing(*taken_apart(record)) for record in found)

    @contextmanager
    def figures(self) -> Iterator[SqlFigures]:
        """The figures at the moment of the first question."""
        with self._session.moment() as read:
            yield SqlFigures(read, self._queries.figures)

    def count(self, ticket: Ticket, before: Counted | None, after: Counted) -> None:
        """Gather that a ticket counts as `after`, and no more as `before`."""
        held, kept = counted_columns(before), counted_columns(after)
        saved = self._saved.get(ticket.id)
        if saved is not None and saved.ticket.version == ticket.version:
            saved.count(held, kept)
        else:
            self._gather(self._count_write(ticket, held, kept))
        self._add(difference(before, after), slot_of(ticket.id, self._slots))

    def correct(self, differences: Sums) -> None:
        """Gather that so much is added to the sums."""
        self._add(differences, 0)

    @property
    def _slots(self) -> int:
        return SLOTS[self._queries.dialect.name]

    def _add(self, differences: Sums, slot: int) -> None:
        for cell, tally in differences.items():
            place = cell, slot
            self._sums[place] = self._sums.get(place, NOTHING) + tally

    def _count_write(self, ticket: Ticket, held: Record, kept: Record) -> RowWrite:
        query = self._queries.figures.count
        of_ticket = {"held_id": ticket.id, "held_version": ticket.version}
        guard = {f"held_{name}": value for name, value in held.items()}
        return RowWrite(
            query, query.parameters(kept | guard | of_ticket | {"pin": ticket.pin}), StaleTicket
        )

    def _sum_writes(self) -> Iterator[Write]:
        """What is added to the sums, always in the same order, so that nobody waits in a ring."""
        sums = sorted((place, tally) for place, tally in self._sums.items() if tally)
        for (cell, slot), tally in sums:
            columns = sum_columns(cell, slot, tally)
            query = self._queries.figures.add(frozenset(columns))
            # What joins is written in any order.
            yield RowWrite(query, query.parameters(columns), joins=len(sums) == 1)
