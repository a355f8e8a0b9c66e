"""Where tickets are summed up: a cell for each month, department and KPI type."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.tally import Tally


@attrs.frozen(order=True)
class Cell:
    """A row of the monthly report, whichever names its department and KPI type have."""

    month: Month
    department_id: UUID
    kpi_type_id: UUID


Sums: TypeAlias = Mapping[Cell, Tally]
"""What the tickets of each cell come to; cells that come to nothing are left out."""


@attrs.frozen(kw_only=True)
class Counted:
    """What a ticket was counted as; with None it counts nowhere."""

    contribution: Contribution | None


def cell_of(contribution: Contribution) -> Cell:
    """The cell in which it is summed up."""
    return Cell(contribution.month, contribution.department_id, contribution.kpi_type_id)


def difference(before: Counted | None, after: Counted | None) -> Sums:
    """What is added to the sums when a ticket counts as `after`, and as `before` no more."""
    if before == after:
        return {}
    added, taken = _sums_of(after), _sums_of(before)
    return less(added, taken) if taken else added


def _sums_of(counted: Counted | None) -> Sums:
    contribution = counted.contribution if counted else None
    return (
        {cell_of(contribution): contribution.tally} if contribution and contribution.tally else {}
    )


def together(parts: Iterable[Sums]) -> Sums:
    """All of them added up."""
    sums: dict[Cell, Tally] = {}
    for part in parts:
        for cell, tally in part.items():
            sums[cell] = sums[cell] + tally if cell in sums else tally
    return {cell: tally for cell, tally in sums.items() if tally}


def less(one: Sums, other: Sums) -> Sums:
    """What the first has more than the other; negative where it has less."""
    return together([one, {cell: -tally for cell, tally in other.items()}])
