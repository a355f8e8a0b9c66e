"""Between what tickets count for and the columns that keep it.

`counted_in` is the month in which a ticket counts, as a number; 0 where it counts nowhere, NULL
where it was not counted yet. `counted_as` is its tally: the six counts and then the figures, as
decimal numbers with a space between. An outage that is not over ends at the end of time, so that
one index finds those that concern a span.
"""

from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from helpdesk_core.kpi.cells import Cell, Counted
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.tally import Sum, Tally
from helpdesk_core.tickets import Ticket
from helpdesk_sql.claiming import END_OF_TIME
from helpdesk_sql.kept import Record
from helpdesk_sql.tables.figures import COUNTS, SUMS

COUNTED: Final = ("counted_in", "counted_as", "outage_began", "outage_ended")
"""The columns of a ticket that keep what it counts for."""

NOT_COUNTED: Final[Record] = dict.fromkeys(COUNTED)
"""Of a ticket that was not counted yet."""

SLOTS: Final = {"sqlite": 1, "postgresql": 8}
"""So many rows of a cell; only one writer at a time is on one."""

_YEAR: Final = 12
_COUNTS: Final = attrgetter(*COUNTS)


def month_number(month: Month) -> int:
    """The months since the year 0."""
    return month.year * _YEAR + month.month - 1


def month_of(number: int) -> Month:
    """The month of that number."""
    return Month(number // _YEAR, number % _YEAR + 1)


def counted_columns(counted: Counted | None) -> Record:
    """What a ticket counts for, in columns."""
    if counted is None:
        return NOT_COUNTED
    contribution = counted.contribution
    if contribution is None:
        return NOT_COUNTED | {"counted_in": 0}
    began, ended = _span(contribution.outages)
    return {
        "counted_in": month_number(contribution.month),
        "counted_as": _text_of(contribution.tally),
        "outage_began": began,
        "outage_ended": ended,
    }


def counted_of(record: Record, ticket: Ticket) -> Counted | None:
    """What a ticket is counted as, from its columns."""
    if record["counted_in"] is None:
        return None
    if not record["counted_in"]:
        return Counted(contribution=None)
    _, contribution = contributing(ticket, record)
    return Counted(contribution=contribution)


def contributing(ticket: Ticket, record: Record) -> tuple[Ticket, Contribution]:
    """A ticket, and what it counts for where it counts somewhere, from its columns."""
    if ticket.department_id is None or ticket.kpi_type_id is None:
        raise ValueError(f"ticket {ticket.id} is of no row of the report")
    return ticket, Contribution(
        month=month_of(record["counted_in"]),
        department_id=ticket.department_id,
        kpi_type_id=ticket.kpi_type_id,
        tally=_tally_of(record["counted_as"]),
        outages=outages_of(record["outage_began"], record["outage_ended"]),
    )


def outages_of(began: Any, ended: Any) -> tuple[Outage, ...]:  # noqa: ANN401  # of a row
    """The outage of a ticket, from its columns."""
    if began is None:
        return ()
    return (Outage(began, None if ended == END_OF_TIME else ended),)


def sum_columns(cell: Cell, slot: int, tally: Tally) -> Record:
    """What is added to a row of the sums; columns to which nothing is added are left out."""
    added = zip((*COUNTS, *SUMS), _numbers(tally), strict=False)
    return {
        "month": month_number(cell.month),
        "department_id": cell.department_id,
        "kpi_type_id": cell.kpi_type_id,
        "slot": slot,
        **{name: number for name, number in added if number},
    }


def cell_and_tally(record: Record) -> tuple[Cell, Tally]:
    """A cell, and what all its rows come to together."""
    cell = Cell(month_of(record["month"]), record["department_id"], record["kpi_type_id"])
    return cell, _tally([record[name] for name in (*COUNTS, *SUMS)])


def slot_of(ticket_id: UUID, slots: int) -> int:
    """The slot in which a ticket is summed up, the same whenever it is."""
    return ticket_id.int % slots


def _span(outages: Iterable[Outage]) -> tuple[Any, Any]:
    for outage in outages:
        return outage.began, outage.ended or END_OF_TIME
    return None, None


def _numbers(tally: Tally) -> list[int]:
    numbers = [*_COUNTS(tally)]
    for figure in tally.figures:
        numbers += (figure.total, figure.count)
    return numbers


def _text_of(tally: Tally) -> str:
    return " ".join(map(str, _numbers(tally)))


def _tally_of(text: str) -> Tally:
    return _tally([int(number) for number in text.split(" ")])


def _tally(numbers: list[int]) -> Tally:
    counts, figures = numbers[: len(COUNTS)], numbers[len(COUNTS) :]
    sums = tuple(Sum(*pair) for pair in list(pairwise(figures))[::2])
    return Tally(**dict(zip(COUNTS, counts, strict=True)), figures=sums)
