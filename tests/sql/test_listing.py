"""Lists lie in their order in an index, and what is much is not counted again and again."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing
from importlib import import_module
from itertools import product
from typing import Any, Final

import attrs
import pytest
import sqlalchemy as sa

from helpdesk_core.queue import (
    Assignee,
    Door,
    Order,
    Place,
    SortKey,
    SortOrder,
    Value,
    Wanted,
)
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.testing.builders import NOW, a_case, a_change, a_ticket, an_id
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.testing.stores import put, stocked
from helpdesk_core.tickets import Status, Ticket
from helpdesk_sql import SqlStore, open_store, upgrade
from helpdesk_sql.databases import Read, Writes
from helpdesk_sql.drawers import CELLS
from helpdesk_sql.kept import Kept, Record
from helpdesk_sql.listing import Lists
from helpdesk_sql.tables import tickets

FILTERS: Final = (
    Wanted(),
    Wanted(status=Status.OPEN),
    Wanted(urgency=Urgency.CRITICAL),
    Wanted(customer_type=CustomerType.FREE),
    Wanted(assignee=Assignee(ACTIVE_AGENT)),
    Wanted(assignee=Assignee(None)),
    Wanted(status=Status.OPEN, assignee=Assignee(ACTIVE_AGENT)),
    Wanted(status=Status.OPEN, urgency=Urgency.LOW, customer_type=CustomerType.FREE),
)
LISTS: Final = tuple(
    (attrs.evolve(wanted, door=door), Order(key, direction))
    for wanted, door, key, direction in product(FILTERS, (None, Door.SUPPORT), SortKey, SortOrder)
)
VALUES: Final[Mapping[SortKey, Value]] = {
    SortKey.CREATED_AT: NOW,
    SortKey.LAST_ACTIVITY: NOW,
    SortKey.URGENCY: 2,
    SortKey.STATUS: 1,
    SortKey.PRIORITY_SCORE: 45,
    SortKey.CASE_NUMBER: "CW-2026-0000000000",
}
ENOUGH: Final = 10_001
DRAWERS: Final = import_module("helpdesk_sql.migrations.versions.0003_queue").VALUES
"""How the migration computes them."""


@attrs.frozen
class Said:
    """A session that notes what it is asked, and finds `held` tickets wherever it counts."""

    held: int = 0
    statements: list[tuple[str, tuple[object, ...]]] = attrs.field(factory=list)

    def read(self, query: Kept, **values: object) -> list[Record]:
        self.statements.append((query.sql, query.parameters(values)))
        most = values["most"]
        assert isinstance(most, int)
        return [{"held": min(self.held, most)}] if "count(*)" in query.sql else []

    def change(self, query: Kept, *then: Kept, **values: object) -> list[Record]:
        raise NotImplementedError(query, then, values)

    def store(self, writes: Writes) -> None:
        raise NotImplementedError(writes)

    def moment(self) -> AbstractContextManager[Read]:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def said() -> Said:
    return Said()


def pages(desk: SqlStore, said: Said) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Every statement that the first page and one behind a place may take, of every list."""
    lists = Lists(desk.engine.dialect)
    for wanted, order in LISTS:
        for after in (None, Place(VALUES[order.key], an_id(1))):
            _ = lists.page(said, wanted, order, after, 0, 21)
    yield from said.statements


def test_no_list_is_sorted_or_scanned_in_sqlite(sqlite_desk: SqlStore, said: Said) -> None:
    """But for the page itself, which is fetched by its ids."""
    with sqlite_desk.engine.connect() as connection:
        bad = []
        for sql, parameters in pages(sqlite_desk, said):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            steps = [str(row[3]) for row in plan]
            sorts = [step for step in steps if step.startswith("USE TEMP B-TREE")]
            scans = [step for step in steps if step.startswith("SCAN tickets")]
            unordered = [step for step in scans if "USING" not in step]
            if unordered or sorts not in ([], ["USE TEMP B-TREE FOR ORDER BY"]):
                bad.append((sql, steps))

    assert [] == bad


def test_no_list_is_sorted_or_scanned_in_postgresql(postgres_desk: SqlStore, said: Said) -> None:
    """But for the page itself, and what is merged of the arms: twenty rows of each."""
    multiply(postgres_desk)
    bad = []
    with postgres_desk.engine.connect() as connection:
        for sql, parameters in pages(postgres_desk, said):
            explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            steps = list(steps_to_tickets(explained.scalar_one()[0]["Plan"]))
            if not {it for _, it in steps} <= {"Index Scan", "Index Only Scan"} or any(
                "Sort" in above for above, _ in steps
            ):
                bad.append((sql, steps))

    assert [] == bad


def multiply(desk: SqlStore) -> None:
    """Put ten thousand tickets into a desk, of every kind as many, and let it be known."""
    put(desk, *map(a_change, one_of_each_cell()))
    anew = {
        "id": "gen_random_uuid()",
        "case_number": "case_number || '-' || n",
        "submitted_at": "submitted_at + n * interval '1 hour'",
        "last_activity_at": "last_activity_at + n * interval '1 hour'",
    }
    columns = ", ".join(tickets.c.keys())
    values = ", ".join(anew.get(name, name) for name in tickets.c.keys())  # noqa: SIM118
    with desk.engine.connect() as connection:
        _ = connection.exec_driver_sql(
            f"INSERT INTO tickets ({columns}) SELECT {values} FROM tickets, generate_series(1, 50) AS n"  # noqa: E501, S608
        )
        _ = connection.exec_driver_sql("VACUUM ANALYZE tickets")


def steps_to_tickets(step: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Each step that reads tickets, and the step that it is read for."""
    if "Relation Name" in step:
        yield above, step["Node Type"]
    for below in step.get("Plans", ()):
        yield from steps_to_tickets(below, step["Node Type"])


def test_a_filter_that_nothing_can_fit_asks_nothing(sqlite_desk: SqlStore, said: Said) -> None:
    lists = Lists(sqlite_desk.engine.dialect)
    wanted = Wanted(door=Door.INTAKE, urgency=Urgency.LOW)

    assert ([], 0) == (
        lists.page(said, wanted, Order(), None, 0, 21),
        lists.count(said, wanted, ENOUGH),
    )
    assert [] == said.statements


def counted(lists: Lists, said: Said, wanted: Wanted = FILTERS[1], at_most: int = ENOUGH) -> int:
    """How many statements a count takes."""
    before = len(said.statements)
    _ = lists.count(said, wanted, at_most)
    return len(said.statements) - before


def test_what_is_much_is_counted_again_after_five_seconds(sqlite_desk: SqlStore) -> None:
    now = [0.0]
    lists = Lists(sqlite_desk.engine.dialect, clock=lambda: now[0])
    said = Said(held=20_000)
    taken = []
    for moment in (0.0, 4.9, 5.0, 9.9):
        now[0] = moment
        taken.append(counted(lists, said))

    assert [1, 0, 1, 0] == taken


@pytest.mark.parametrize("held", [0, 9_999, 10_001, 12_000])
def test_what_is_not_much_is_counted_each_time(sqlite_desk: SqlStore, held: int) -> None:
    """Nobody is told that there are more when a few have gone."""
    lists = Lists(sqlite_desk.engine.dialect)
    said = Said(held=held)

    assert [1, 1] == [counted(lists, said) for _ in range(2)]


def test_what_is_much_of_one_agent_s_is_not_thought_of_another(sqlite_desk: SqlStore) -> None:
    lists = Lists(sqlite_desk.engine.dialect)
    said = Said(held=20_000)
    agents = [Wanted(assignee=Assignee(an_id(number))) for number in (1, 2)]

    assert [1, 1, 0, 0] == [counted(lists, said, wanted) for wanted in agents * 2]


def test_a_small_bound_is_counted_exactly_each_time(sqlite_desk: SqlStore) -> None:
    lists = Lists(sqlite_desk.engine.dialect)
    said = Said(held=20_000)

    assert [5, 5] == [lists.count(said, Wanted(), 5) for _ in range(2)]
    assert [(5,), (5,)] == [parameters for _, parameters in said.statements]


def test_every_cell_has_a_lane_of_its_own() -> None:
    assert len(CELLS) == len({cell.lane for cell in CELLS})


@pytest.mark.parametrize("column", ["hall", "bay", "lane"])
def test_an_upgrade_says_of_every_ticket_where_it_lies(empty_url: str, column: str) -> None:
    """The very numbers that are written with a new ticket."""
    upgrade(empty_url)
    with closing(open_store(empty_url)) as desk:
        stocked(desk)
        put(desk, *map(a_change, one_of_each_cell()))
        with desk.engine.connect() as connection:
            written = connection.execute(sa.select(tickets.c.id, tickets.c[column])).all()
            _ = connection.exec_driver_sql("UPDATE tickets SET hall = -1, bay = -1, lane = -1")
            _ = connection.exec_driver_sql(f"UPDATE tickets SET {DRAWERS}")  # noqa: S608
            computed = connection.execute(sa.select(tickets.c.id, tickets.c[column])).all()

    assert sorted(written) == sorted(computed)


def one_of_each_cell() -> list[Ticket]:
    """A ticket in every cell, of an active agent where somebody has it."""
    return [
        a_ticket(
            number,
            status=cell.status,
            assigned_to=ACTIVE_AGENT if cell.is_held else None,
            case=cell.urgency
            and cell.customer_type
            and a_case(number, urgency=cell.urgency, customer_type=cell.customer_type),
        )
        for number, cell in enumerate(CELLS, start=1000)
    ]
