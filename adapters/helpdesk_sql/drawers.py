"""Where a ticket lies in the queue's indexes: in a lane, which lies in a bay and in a hall.

An index for each filter and each sort would be thirty, and each makes a new ticket dearer. So
everything that a list may ask of a ticket, but for whose it is, is one small number, its lane. Any
filter is then some lanes, and within a lane tickets lie in order. Bays and halls are groups of
lanes, so that the lists that are asked for most need look into few drawers.
"""

from itertools import product
from typing import Final

import attrs

from helpdesk_core.queue import STATUS_RANKS, Door, Wanted
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.tickets import Status, Ticket
from helpdesk_sql.kept import Record

_URGENCIES: Final = len(Urgency) + 1
_TIERS: Final = len(CustomerType) + 1
_TIER_RANKS: Final = {tier: rank for rank, tier in enumerate(CustomerType, start=1)}


@attrs.frozen
class Cell:
    """What lists tell tickets apart by; only a case has an urgency and a customer type.

    The numbers of its drawers are stored. Another word at the end of its enumeration, or between
    the others, calls for a migration that computes them anew.
    """

    status: Status | None
    urgency: Urgency | None
    customer_type: CustomerType | None
    is_held: bool

    @property
    def door(self) -> Door:
        """Which way its tickets came."""
        return Door.SUPPORT if self.urgency else Door.INTAKE

    @property
    def status_rank(self) -> int:
        """Where its tickets stand in a list by status."""
        return STATUS_RANKS[self.status] if self.status else 0

    @property
    def urgency_rank(self) -> int:
        """Where its tickets stand in a list by urgency."""
        return self.urgency.rank if self.urgency else 0

    @property
    def lane(self) -> int:
        """The number of its own."""
        tier = _TIER_RANKS[self.customer_type] if self.customer_type else 0
        return (
            (self.status_rank * _URGENCIES + self.urgency_rank) * _TIERS + tier
        ) * 2 + self._held

    @property
    def bay(self) -> int:
        """The number that it shares with those of its door and status."""
        return self.status_rank * 2 + self._door

    @property
    def hall(self) -> int:
        """The number that it shares with those of its door that somebody has, or nobody."""
        return self._door * 2 + self._held

    @property
    def _door(self) -> int:
        return int(self.door is Door.SUPPORT)

    @property
    def _held(self) -> int:
        return int(self.is_held)

    def fits(self, wanted: Wanted) -> bool:
        """True when its tickets are wanted, or when those of a wanted agent are among them."""
        return (
            (wanted.door is None or wanted.door is self.door)
            and (wanted.status is None or wanted.status is self.status)
            and (wanted.urgency is None or wanted.urgency is self.urgency)
            and (wanted.customer_type is None or wanted.customer_type is self.customer_type)
            and (wanted.assignee is None or self.is_held is (wanted.assignee.agent_id is not None))
        )


_KINDS: Final = ((None, None), *product(Urgency, CustomerType))

CELLS: Final = tuple(
    Cell(status, urgency, tier, is_held)
    for status, (urgency, tier), is_held in product((None, *Status), _KINDS, (False, True))
)
"""All that there are."""

_DRAWERS: Final = {cell: {"lane": cell.lane, "bay": cell.bay, "hall": cell.hall} for cell in CELLS}


def cell_of(ticket: Ticket) -> Cell:
    """The cell in which a ticket is."""
    urgency, tier = (
        (ticket.case.urgency, ticket.case.customer_type) if ticket.case else (None, None)
    )
    return Cell(ticket.status, urgency, tier, ticket.assigned_to is not None)


def drawer_columns(ticket: Ticket) -> Record:
    """The numbers of the drawers in which a ticket lies."""
    return _DRAWERS[cell_of(ticket)]
