"""Pages of the queue, and how many tickets there are: as fast at any size.

What is read is said in `arms`. The database merges the arms of a run, each of which an index holds
in the run's order, and reads of each as little as it needs.
"""

# ruff: noqa: S608  # what is pasted together are names and numbers of ours

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from time import monotonic
from typing import Any, Final
from uuid import UUID

import attrs
import sqlalchemy as sa

from helpdesk_core.queue import Assignee, Order, Place, SortKey, SortOrder, Wanted
from helpdesk_sql.arms import UNIQUE, Cells, Run, arms_of, condition_of, runs_of
from helpdesk_sql.databases import Session
from helpdesk_sql.drawers import CELLS
from helpdesk_sql.kept import Kept, Record, keep
from helpdesk_sql.queries import TICKET
from helpdesk_sql.tables import tickets

STATEMENTS: Final = 512
"""Statements that are kept compiled; those used last."""
_FEW: Final = 21
_ANYBODY: Final = Assignee(UUID(int=0))
_ID: Final = tickets.c.id.type
_HELD: Final = sa.column("held", sa.BigInteger())


@attrs.frozen
class Shape:
    """What makes a statement on a run differ from another. No arm gives more than `reach` rows."""

    run: Run
    is_descending: bool
    is_of_agent: bool
    is_behind: bool
    reach: int


class Lists:
    """The lists of one database, for all threads. Statements are made when first asked for."""

    def __init__(self, dialect: sa.Dialect, *, clock: Callable[[], float] = monotonic) -> None:
        self._sure = SurelyMore(clock)
        self._page = lru_cache(STATEMENTS)(lambda shape: _kept_page(shape, dialect))
        self._passed = lru_cache(STATEMENTS)(lambda shape: keep(_passed(shape, dialect), dialect))
        self._count = lru_cache(STATEMENTS)(lambda wanted: keep(_count(wanted), dialect))

    def page(  # noqa: PLR0913, PLR0917  # what the port is asked, and where
        self,
        session: Session,
        wanted: Wanted,
        order: Order,
        after: Place | None,
        skip: int,
        limit: int,
    ) -> list[Record]:
        """At most `limit` rows of the tickets that are wanted, in that order, behind `after`."""
        found: list[Record] = []
        for run, place in _runs_behind(_plain(wanted), order, after):
            values = _values(wanted, place)
            left = limit - len(found)
            shape = Shape(
                run,
                order.direction is SortOrder.DESCENDING,
                is_of_agent="agent_id" in values,
                is_behind=place is not None,
                reach=_reach(skip + left),
            )
            some = session.read(self._page(shape), **values, most=left, skip=skip)
            if skip and not some:
                [passed] = session.read(self._passed(shape), **values, most=skip)
                skip -= passed["held"]
            else:
                skip = 0
            found += some
            if len(found) == limit:
                break
        return found

    def count(self, session: Session, wanted: Wanted, at_most: int) -> int:
        """How many tickets are wanted, or `at_most` when there are more."""
        if self._sure.is_more(wanted, at_most):
            return at_most
        if not _cells(_plain(wanted)):
            return 0
        most = at_most + self._sure.margin(at_most)
        query = self._count(_plain(wanted))
        [record] = session.read(query, **_values(wanted, None), most=most)
        held: int = record["held"]
        self._sure.note(wanted, held)
        return min(held, at_most)


class SurelyMore:
    """Remembers for a few seconds which lists are so long that they need not be counted again.

    Counting ten thousand tickets is as dear as all the rest of a page. A list that is longer by two
    thousand than what was asked is believed to be longer still five seconds later.
    """

    MARGIN: Final = 2_000
    SECONDS: Final = 5.0
    LEAST: Final = 10_000
    """Fewer are always counted."""
    LISTS: Final = 1_000
    """As many are remembered."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: dict[Wanted, tuple[int, float]] = {}

    def margin(self, at_most: int) -> int:
        """How many to count besides."""
        return self.MARGIN if at_most >= self.LEAST else 0

    def is_more(self, wanted: Wanted, at_most: int) -> bool:
        """True when there are surely as many."""
        held, until = self._seen.get(wanted, (0, 0.0))
        return held >= max(at_most, self.LEAST) + self.MARGIN and self._clock() < until

    def note(self, wanted: Wanted, held: int) -> None:
        """So many were counted just now."""
        if held >= self.LEAST + self.MARGIN:
            if len(self._seen) >= self.LISTS:
                self._seen.clear()
            self._seen[wanted] = held, self._clock() + self.SECONDS


def _values(wanted: Wanted, place: Place | None) -> Mapping[str, object]:
    """What a statement on these tickets is told."""
    agent_id = wanted.assignee.agent_id if wanted.assignee else None
    agent = {} if agent_id is None else {"agent_id": agent_id}
    return agent if place is None else agent | {"value": place.value, "id": place.id}


def _plain(wanted: Wanted) -> Wanted:
    """The same for every agent: what statements are made of."""
    is_of_agent = wanted.assignee is not None and wanted.assignee.agent_id is not None
    return attrs.evolve(wanted, assignee=_ANYBODY) if is_of_agent else wanted


@lru_cache(STATEMENTS)
def _runs(wanted: Wanted, key: SortKey) -> tuple[Run, ...]:
    return runs_of(key, _cells(wanted))


@lru_cache(STATEMENTS)
def _cells(wanted: Wanted) -> Cells:
    return frozenset(cell for cell in CELLS if cell.fits(wanted))


def _runs_behind(
    wanted: Wanted, order: Order, after: Place | None
) -> Iterator[tuple[Run, Place | None]]:
    """The runs of an order that are not all before the place; with it where it lies in the run."""
    is_descending = order.direction is SortOrder.DESCENDING
    runs = _runs(wanted, order.key)
    for run in reversed(runs) if is_descending else runs:
        is_at_value = after is not None and run.value == after.value
        if after is not None and is_at_value is (run.column is None):
            yield run, after
        elif after is None or is_descending is _is_less(run, after):
            yield run, None


def _is_less(run: Run, after: Place) -> bool:
    """True when all of a run is less than a place that does not lie in it."""
    value: Any = run.value
    return bool(run.column is None and value < after.value)


def _reach(rows: int) -> int:
    """So many rows or some more, so that few statements do for all pages."""
    reach = _FEW
    while reach < rows:
        reach = 101 if reach == _FEW else reach * 10
    return reach


def _kept_page(shape: Shape, dialect: sa.Dialect) -> Kept:
    return keep(_page(shape, dialect), dialect, tail="case_number")


def _page(shape: Shape, dialect: sa.Dialect) -> sa.TextualSelect:
    columns = ", ".join(f"tickets.{column.key}" for column in TICKET)
    sql = (
        f"SELECT {columns} FROM ({_merged(shape, dialect)} LIMIT :most OFFSET :skip) AS page"
        f" JOIN tickets ON tickets.id = page.id ORDER BY {_order(shape, 'page.value', 'page.id')}"
    )
    return _text(sql, shape.run).columns(*TICKET)


def _passed(shape: Shape, dialect: sa.Dialect) -> sa.TextualSelect:
    """Counts the rows of a run, up to as many as are asked for."""
    sql = f"SELECT count(*) AS held FROM ({_merged(shape, dialect)} LIMIT :most) AS passed"
    return _text(sql, shape.run).columns(_HELD)


def _count(wanted: Wanted) -> sa.TextualSelect:
    condition = condition_of(_cells(wanted), is_of_agent=wanted.assignee == _ANYBODY)
    fitting = f"SELECT 1 FROM tickets WHERE {condition} LIMIT :most"
    return _text(f"SELECT count(*) AS held FROM ({fitting}) AS fitting").columns(_HELD)


def _merged(shape: Shape, dialect: sa.Dialect) -> str:
    """The ids of a run, and their values where these differ, in order."""
    arms = " UNION ALL ".join(
        _arm(condition, shape, is_bounded=dialect.name == "postgresql")
        for condition in arms_of(shape.run, is_of_agent=shape.is_of_agent)
    )
    return f"SELECT * FROM ({arms}) AS merged ORDER BY {_order(shape, 'value', 'id')}"


def _arm(condition: str, shape: Shape, *, is_bounded: bool) -> str:
    column = shape.run.column
    chosen = f"{column} AS value, id" if column else "id"
    arm = f"SELECT {chosen} FROM tickets WHERE {condition}{_behind(shape)}"
    # SQLite merges what lies in order, and would not see the order of what is bounded. PostgreSQL
    # sorts whole arms, unless it is told how little is wanted of each.
    order = _order(shape, column or "", "id")
    return f"({arm} ORDER BY {order} LIMIT {shape.reach})" if is_bounded else arm


def _behind(shape: Shape) -> str:
    if not shape.is_behind:
        return ""
    column, beyond = shape.run.column, "<" if shape.is_descending else ">"
    return f" AND ({column}, id) {beyond} (:value, :id)" if column else f" AND id {beyond} :id"


def _order(shape: Shape, value: str, ticket_id: str) -> str:
    column = shape.run.column
    terms = (value,) if column == UNIQUE else (value, ticket_id) if column else (ticket_id,)
    return ", ".join(f"{term} DESC" if shape.is_descending else term for term in terms)


def _text(sql: str, run: Run | None = None) -> sa.TextClause:
    """A statement and the types of its parameters."""
    types = {"agent_id": _ID, "id": _ID, "most": sa.BigInteger(), "skip": sa.BigInteger()}
    if run is not None and run.column:
        types["value"] = tickets.c[run.column].type
    binds = [sa.bindparam(name, type_=kind) for name, kind in types.items() if f":{name}" in sql]
    return sa.text(sql).bindparams(*binds)
