"""Which parts of which index make a list: the runs of an order, and the arms of a run.

A run is a stretch of an order that one statement reads: tickets that follow each other by a column,
or tickets that are equal under the sort key and follow each other by id. An arm is a condition
under which an index holds a run's tickets in the run's very order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias

import attrs

from helpdesk_core.queue import SortKey, Value
from helpdesk_sql.drawers import CELLS, Cell

Cells: TypeAlias = frozenset[Cell]
Kind: TypeAlias = Literal["hall", "bay", "lane"]

_ALL: Final = frozenset(CELLS)
_CASES: Final = frozenset(cell for cell in CELLS if cell.urgency)

UNIQUE: Final = "case_number"
"""The column that tells two tickets apart by itself."""
_IN_HALLS: Final = ("submitted_at", "last_activity_at", "priority_score")
_BY_LANE: Final = (None, "priority_score")
"""What an agent's tickets follow each other by within a lane; a score says much of the lane."""
_OF_CASES: Final = ("priority_score", UNIQUE)
"""Columns that only a case has; their indexes hold nothing else."""


@attrs.frozen
class Run:
    """Tickets of some cells that follow each other: by the column, else all of one value, by id.

    With a column, `value` is less than any in it, and what a ticket outside the run may have.
    """

    cells: Cells
    column: str | None
    value: Value | None = None


def runs_of(key: SortKey, cells: Cells) -> tuple[Run, ...]:
    """The runs of an ascending order, none of them without cells."""
    return tuple(run for run in _runs(key, cells) if run.cells)


def _runs(key: SortKey, cells: Cells) -> Iterable[Run]:
    match key:
        case SortKey.CREATED_AT:
            return [Run(cells, "submitted_at")]
        case SortKey.LAST_ACTIVITY:
            return [Run(cells, "last_activity_at")]
        case SortKey.URGENCY:
            return _runs_of_one_value(cells, lambda cell: cell.urgency_rank)
        case SortKey.STATUS:
            return _runs_of_one_value(cells, lambda cell: cell.status_rank)
        case SortKey.PRIORITY_SCORE:
            return [Run(cells - _CASES, None, -1), Run(cells & _CASES, "priority_score", -1)]
        case SortKey.CASE_NUMBER:
            return [Run(cells - _CASES, None, ""), Run(cells & _CASES, UNIQUE, "")]


def _runs_of_one_value(cells: Cells, rank_of: Callable[[Cell], int]) -> Iterable[Run]:
    by_rank: defaultdict[int, set[Cell]] = defaultdict(set)
    for cell in cells:
        by_rank[rank_of(cell)].add(cell)
    return [Run(frozenset(by_rank[rank]), None, rank) for rank in sorted(by_rank)]


def arms_of(run: Run, *, is_of_agent: bool) -> tuple[str, ...]:
    """The conditions of a run's arms; no ticket meets two of them."""
    if is_of_agent:
        return tuple(f"assigned_to = :agent_id AND {arm}" for arm in _arms_of_agent(run))
    if run.column == UNIQUE and run.cells == _CASES:
        return (f"{UNIQUE} IS NOT NULL",)
    in_halls = run.column in _IN_HALLS and _is_whole("hall", run.cells)
    kind: Kind = "hall" if in_halls else "lane"
    return tuple(f"{kind} = {code}{_of_cases(run)}" for code in _codes(kind, run.cells))


def condition_of(cells: Cells, *, is_of_agent: bool) -> str:
    """The condition under which a ticket is in one of the cells."""
    kinds: tuple[Kind, ...] = ("bay", "lane") if is_of_agent else ("hall", "lane")
    whole = next(kind for kind in kinds if _is_whole(kind, cells))
    among = f"{whole} IN ({_listed(whole, cells)})"
    return f"assigned_to = :agent_id AND {among}" if is_of_agent else among


def _arms_of_agent(run: Run) -> Iterable[str]:
    if run.column in _BY_LANE:
        return [f"lane = {code}{_of_cases(run)}" for code in _codes("lane", run.cells)]
    return [
        f"bay = {code}{_within_bay(code, run.cells)}{_of_cases(run)}"
        for code in _codes("bay", run.cells)
    ]


def _within_bay(bay: int, cells: Cells) -> str:
    """What is left out of a bay; its indexes know each ticket's lane."""
    some = frozenset(cell for cell in cells if cell.bay == bay)
    return "" if _is_whole("bay", some) else f" AND lane IN ({_listed('lane', some)})"


def _of_cases(run: Run) -> str:
    return f" AND {UNIQUE} IS NOT NULL" if run.column in _OF_CASES else ""


def _is_whole(kind: Kind, cells: Cells) -> bool:
    """True when the drawers of these cells hold no ticket of another cell, whoever has it."""
    codes = _codes(kind, cells)
    held = {cell.is_held for cell in cells}
    return cells == {it for it in CELLS if _code(kind, it) in codes and it.is_held in held}


def _codes(kind: Kind, cells: Iterable[Cell]) -> list[int]:
    return sorted({_code(kind, cell) for cell in cells})


def _listed(kind: Kind, cells: Iterable[Cell]) -> str:
    return ", ".join(map(str, _codes(kind, cells)))


def _code(kind: Kind, cell: Cell) -> int:
    match kind:
        case "hall":
            return cell.hall
        case "bay":
            return cell.bay
        case "lane":
            return cell.lane
