"""How what tickets count for is kept with them, summed up, and read at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

import attrs

from helpdesk_core.kpi.cells import Cell, Counted, Sums
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.units import Unit
from helpdesk_core.tickets import Event, Ticket


@attrs.frozen(kw_only=True)
class CountedTicket:
    """A ticket with all that happened to it, and what it was counted as; None: not yet."""

    ticket: Ticket
    history: tuple[Event, ...]
    counted: Counted | None


class Figures(Protocol):
    """Everything that figures are made of, as it was at one moment, whatever is written meanwhile.

    Every method may raise Unavailable.
    """

    def sums(self, first: Month, last: Month) -> Sums:
        """What the tickets of each cell come to, in the months from the first to the last."""
        ...

    def outages(self, since: datetime, until: datetime) -> Mapping[Unit, Sequence[Outage]]:
        """The outages of counted tickets that began before `until` and did not end by `since`.

        Each unit's in any order; units without any are left out.
        """
        ...

    def overdue(self, first: Month, last: Month, now: datetime) -> Iterator[CountedTicket]:
        """The tickets counted in those months whose `next_due_at` is before `now`, in any order.

        Time has passed since they were counted, and what they count for may have changed with it.
        """
        ...

    def is_whole(self) -> bool:
        """True when every ticket was counted."""
        ...

    def tickets(self) -> Iterator[CountedTicket]:
        """Every ticket, by id."""
        ...


class FigureRecords(Protocol):
    """The part of a unit of work that is about figures."""

    def counted(self, ticket_id: UUID) -> Counted | None:
        """What the ticket is counted as; None where it was not counted yet, or there is none."""
        ...

    def uncounted(self, *, limit: int) -> tuple[UUID, ...]:
        """At most so many tickets that were not counted yet, in any order."""
        ...

    def tickets_behind(
        self, cell: Cell, *, before: UUID | None = None, limit: int
    ) -> tuple[tuple[Ticket, Contribution], ...]:
        """At most so many of the tickets that are summed up in a cell, the greatest id first.

        With `before`, those of lesser ids alone.
        """
        ...

    def figures(self) -> AbstractContextManager[Figures]:
        """The figures at the moment of the first question, until the block ends."""
        ...

    def count(self, ticket: Ticket, before: Counted | None, after: Counted) -> None:
        """Gather that a ticket counts as `after`, and no more as `before`, which it was until now.

        The sums follow. The ticket is in the version that was saved before in this unit of work, or
        that is stored. A contribution is of its department and KPI type, and has an outage at most.
        `commit` raises StaleTicket when the ticket is in another version, or counted as anything
        but `before`. Its `pin` is stored too.
        """
        ...

    def correct(self, differences: Sums) -> None:
        """Gather that so much is added to the sums, whatever tickets count for."""
        ...
