"""Proving the figures on a live desk: everything is counted again, and what differs is mended."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias

import attrs

from helpdesk_core.kpi.cells import Cell, Counted, Sums, difference, less
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.tally import NOTHING, Tally
from helpdesk_core.ports import CountedTicket, Ports
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.counting import count_uncounted, recounted
from helpdesk_core.use_cases.retrying import until_fresh

Tell: TypeAlias = Callable[[int], object]
"""Is told how many tickets were looked at, after each."""

EVERY_MONTH: Final = Month(1, 1), Month(9998, 12)


@attrs.frozen(kw_only=True)
class Miscounted:
    """A ticket that is counted as something else than it counts for."""

    ticket: Ticket
    kept: Counted
    found: Counted


@attrs.frozen(kw_only=True)
class Recount:
    """What came of counting everything again, as the desk was at one moment.

    So many `tickets` were looked at, and `uncounted` of them were not counted yet. `off` is, by
    cell, what the sums have more than what all tickets are counted as comes to.
    """

    tickets: int
    uncounted: int
    miscounted: tuple[Miscounted, ...]
    off: Sums

    @property
    def is_right(self) -> bool:
        """True when every figure is what it must be."""
        return not (self.uncounted or self.miscounted or self.off)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells whose figures are not what they must be, in order."""
        wrong = (difference(it.kept, it.found) for it in self.miscounted)
        return tuple(sorted(frozenset(self.off).union(*wrong)))


def check_figures(ports: Ports, *, tell: Tell = lambda _: None) -> Recount:
    """Count every ticket again from its history, and compare; nothing is written.

    All is looked at as it was at one moment, so that others may write meanwhile. Raises
    Unavailable.
    """
    with ports.begin() as uow:
        directory, now = uow.directory(), ports.now()
        with uow.figures() as figures:
            recount = _Recounting(figures.sums(*EVERY_MONTH), now)
            for held in figures.tickets():
                recount.look_at(held, recounted(ports, uow, directory, held, now))
                _ = tell(recount.tickets)
    return recount.done()


def rebuild_figures(ports: Ports, *, tell: Tell = lambda _: None) -> Recount:
    """Count what was not counted yet, then check everything and mend what differs.

    What was found is answered. Others may write meanwhile, and stopping it harms nothing. Raises
    Unavailable.
    """
    while count_uncounted(ports):
        pass
    recount = check_figures(ports, tell=tell)
    for miscounted in recount.miscounted:
        until_fresh(partial(_mend, ports, miscounted))
    with ports.begin() as uow:
        uow.correct(less({}, recount.off))
        uow.commit()
    return recount


def _mend(ports: Ports, miscounted: Miscounted) -> None:
    """Count the ticket as what was found, unless a change has counted it since."""
    ticket = miscounted.ticket
    with ports.begin() as uow:
        if (ticket, miscounted.kept) == (uow.ticket(ticket.id), uow.counted(ticket.id)):
            uow.count(ticket, miscounted.kept, miscounted.found)
            uow.commit()


class _Recounting:
    """What was found so far."""

    def __init__(self, sums: Sums, now: datetime) -> None:
        self._now = now
        self.tickets = 0
        self._uncounted = 0
        self._miscounted: list[Miscounted] = []
        self._held = sums
        self._added: dict[Cell, Tally] = {}

    def look_at(self, it: CountedTicket, found: Counted) -> None:
        """A ticket, and what it counts for."""
        self.tickets += 1
        if it.counted is None:
            self._uncounted += 1
            return
        for cell, tally in difference(None, it.counted).items():
            self._added[cell] = self._added.get(cell, NOTHING) + tally
        if found != it.counted and not self._is_due(it.ticket):
            self._miscounted.append(Miscounted(ticket=it.ticket, kept=it.counted, found=found))

    def _is_due(self, ticket: Ticket) -> bool:
        """True when whoever reads a report counts the ticket anew."""
        return ticket.next_due_at is not None and ticket.next_due_at < self._now

    def done(self) -> Recount:
        """All that was found."""
        return Recount(
            tickets=self.tickets,
            uncounted=self._uncounted,
            miscounted=tuple(self._miscounted),
            off=less(self._held, self._added),
        )
