"""What tickets count for, in memory."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.errors import StaleTicket
from helpdesk_core.kpi.cells import Cell, Counted, Sums, cell_of, difference, together
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.units import Unit, unit_of
from helpdesk_core.ports import CountedTicket
from helpdesk_core.tickets import Event, Ticket
from helpdesk_memory.contents import Contents
from helpdesk_memory.records.gathering import Gathering, Undo, put


class MemoryFigureRecords(Gathering):
    """The figures' part of the unit of work."""

    def counted(self, ticket_id: UUID) -> Counted | None:
        """What the ticket is counted as."""
        with self._store.lock:
            return self._store.counted.get(ticket_id)

    def uncounted(self, *, limit: int) -> tuple[UUID, ...]:
        """At most so many tickets that were not counted yet, by id."""
        with self._store.lock:
            return tuple(sorted(self._store.tickets.keys() - self._store.counted.keys()))[:limit]

    def tickets_behind(
        self, cell: Cell, *, before: UUID | None = None, limit: int
    ) -> tuple[tuple[Ticket, Contribution], ...]:
        """At most so many of the tickets that are summed up in a cell, the greatest id first."""
        with self._store.lock:
            found = [
                (self._store.tickets[ticket_id], counted.contribution)
                for ticket_id, counted in self._store.counted.items()
                if counted.contribution is not None and cell_of(counted.contribution) == cell
            ]
        behind = [it for it in found if before is None or it[0].id < before]
        return tuple(sorted(behind, key=lambda it: it[0].id, reverse=True)[:limit])

    @contextmanager
    def figures(self) -> Iterator["MemoryFigures"]:
        """The figures at this moment."""
        yield MemoryFigures.of(self._store)

    def count(self, ticket: Ticket, before: Counted | None, after: Counted) -> None:
        """Gather that a ticket counts as `after`, and no more as `before`."""
        self._writes.append(lambda: self._put_counted(ticket, before, after))
        self.correct(difference(before, after))

    def correct(self, differences: Sums) -> None:
        """Gather that so much is added to the sums."""
        self._writes.append(lambda: self._put_sums(differences))

    def _put_counted(self, ticket: Ticket, before: Counted | None, after: Counted) -> Undo:
        stored = self._store.tickets.get(ticket.id)
        if stored is None or stored.version != ticket.version:
            raise StaleTicket
        if self._store.counted.get(ticket.id) != before:
            raise StaleTicket
        with ExitStack() as undos:
            undos.callback(put(self._store.counted, ticket.id, after))
            pinned = attrs.evolve(stored, pin=ticket.pin)
            undos.callback(put(self._store.tickets, ticket.id, pinned))
            return undos.pop_all().close

    def _put_sums(self, differences: Sums) -> Undo:
        held = self._store.sums
        self._store.sums = together([held, differences])
        return lambda: setattr(self._store, "sums", held)


@attrs.frozen
class MemoryFigures:
    """Everything that figures are made of, as it was."""

    _tickets: Mapping[UUID, Ticket]
    _history: Mapping[UUID, tuple[Event, ...]]
    _counted: Mapping[UUID, Counted]
    _sums: Sums

    @classmethod
    def of(cls, store: Contents) -> "MemoryFigures":
        """What a store holds now."""
        with store.lock:
            histories = {
                ticket_id: tuple(held.event for held in placed)
                for ticket_id, placed in store.history.items()
            }
            return cls(dict(store.tickets), histories, dict(store.counted), store.sums)

    def sums(self, first: Month, last: Month) -> Sums:
        """What the tickets of each cell come to."""
        return {cell: it for cell, it in self._sums.items() if first <= cell.month <= last}

    def outages(self, since: datetime, until: datetime) -> Mapping[Unit, Sequence[Outage]]:
        """The outages that began before `until` and did not end by `since`."""
        found: defaultdict[Unit, list[Outage]] = defaultdict(list)
        contributions = (it.contribution for it in self._counted.values())
        for it in (contribution for contribution in contributions if contribution is not None):
            for outage in it.outages:
                if outage.began < until and (outage.ended is None or outage.ended > since):
                    found[unit_of(it)].append(outage)
        return found

    def overdue(self, first: Month, last: Month, now: datetime) -> Iterator[CountedTicket]:
        """The tickets counted in those months that are due before `now`."""
        for it in self.tickets():
            contribution = it.counted.contribution if it.counted else None
            is_counted = contribution is not None and first <= contribution.month <= last
            due_at = it.ticket.next_due_at
            if is_counted and due_at is not None and due_at < now:
                yield it

    def is_whole(self) -> bool:
        """True when every ticket was counted."""
        return self._tickets.keys() == self._counted.keys()

    def tickets(self) -> Iterator[CountedTicket]:
        """Every ticket, by id."""
        for ticket_id in sorted(self._tickets):
            yield CountedTicket(
                ticket=self._tickets[ticket_id],
                history=self._history.get(ticket_id, ()),
                counted=self._counted.get(ticket_id),
            )
