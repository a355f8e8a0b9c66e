"""The figures of one moment, from rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.kpi.cells import Sums
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.units import Unit
from helpdesk_core.ports import CountedTicket
from helpdesk_core.tickets import Event, Ticket
from helpdesk_sql.counting import (
    COUNTED,
    cell_and_tally,
    counted_of,
    month_number,
    outages_of,
)
from helpdesk_sql.databases import Read
from helpdesk_sql.kept import Record
from helpdesk_sql.queries.figures import FigureQueries
from helpdesk_sql.rows import event_of, ticket_of
from helpdesk_sql.types import read_id

PAGE: Final = 500
"""Tickets that are read at a time."""

_LEAST: Final = UUID(int=0)


def taken_apart(record: Record) -> tuple[Ticket, Record]:
    """The ticket in a row, and the columns of what it is counted as. The record is used up."""
    counted = {name: record.pop(name) for name in COUNTED}
    return ticket_of(record), counted


@attrs.frozen
class SqlFigures:
    """Reads what is asked; everything in one transaction."""

    _read: Read
    _queries: FigureQueries

    def sums(self, first: Month, last: Month) -> Sums:
        """What the tickets of each cell come to."""
        found = self._read(self._queries.sums, first=month_number(first), last=month_number(last))
        return {cell: tally for cell, tally in map(cell_and_tally, found) if tally}

    def outages(self, since: datetime, until: datetime) -> Mapping[Unit, Sequence[Outage]]:
        """The outages that began before `until` and did not end by `since`."""
        by_key: defaultdict[tuple[Any, Any], list[Outage]] = defaultdict(list)
        for record in self._read(self._queries.outages, since=since, until=until):
            # The database's own bytes or ids: there are thousands, and few units.
            key = record["department_id"], record["kpi_type_id"]
            by_key[key] += outages_of(record["outage_began"], record["outage_ended"])
        return {
            Unit(read_id(department_id), read_id(kpi_type_id)): outages
            for (department_id, kpi_type_id), outages in by_key.items()
        }

    def overdue(self, first: Month, last: Month, now: datetime) -> Iterator[CountedTicket]:
        """The tickets counted in those months that are due before `now`."""
        months = {"first": month_number(first), "last": month_number(last)}
        for record in self._read(self._queries.overdue, **months, now=now):
            yield from self._with_histories([taken_apart(record)])

    def is_whole(self) -> bool:
        """True when every ticket was counted."""
        return not self._read(self._queries.uncounted, most=1)

    def tickets(self) -> Iterator[CountedTicket]:
        """Every ticket, by id."""
        from_id: UUID | None = _LEAST
        while from_id is not None:
            found = self._read(self._queries.tickets, from_id=from_id, most=PAGE)
            page = [taken_apart(record) for record in found]
            yield from self._with_histories(page)
            is_last = len(page) < PAGE
            from_id = None if is_last else UUID(int=page[-1][0].id.int + 1)

    def _with_histories(self, page: Sequence[tuple[Ticket, Record]]) -> Iterator[CountedTicket]:
        """The tickets of a page by id, each with what happened to it."""
        if not page:
            return
        happened: defaultdict[UUID, list[Event]] = defaultdict(list)
        ends = {"from_id": page[0][0].id, "to_id": page[-1][0].id}
        for record in self._read(self._queries.histories, **ends):
            happened[record.pop("ticket_id")].append(event_of(record))
        for ticket, counted in page:
            yield CountedTicket(
                ticket=ticket,
                history=tuple(happened[ticket.id]),
                counted=counted_of(counted, ticket),
            )
