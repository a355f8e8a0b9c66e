"""Where tickets are summed up: a cell for each month, department and KPI type."""

from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.tally import NOTHING, Tally


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
    sums: dict[Cell, Tally] = {}
    for counted, sign in ((before, -1), (after, 1)):
        if counted is not None and counted.contribution is not None:
            cell, tally = cell_of(counted.contribution), counted.contribution.tally
            sums[cell] = sums.get(cell, NOTHING) + (tally if sign > 0 else -tally)
    return {cell: tally for cell, tally in sums.items() if tally}


def added(one: Sums, other: Sums) -> Sums:
    """Both together."""
    cells = one.keys() | other.keys()
    sums = {cell: one.get(cell, NOTHING) + other.get(cell, NOTHING) for cell in cells}
    return {cell: tally for cell, tally in sums.items() if tally}


def less(one: Sums, other: Sums) -> Sums:
    """What the first has more than the other; negative where it has less."""
    return added(one, {cell: -tally for cell, tally in other.items()})
