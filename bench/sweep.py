"""The sweep at a million open tickets, in process: `python bench/sweep.py`.

Every ticket is open and pinned, and none is due. The sweep that `helpdesk serve` runs is timed;
then with a few tickets that are due; and beside it a scan of all open tickets, which is what
finding them takes without the index. HELPDESK_BENCH_POSTGRES_URL is the address of a PostgreSQL
server and of a database on it; another is made beside it, and dropped in the end.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import psycopg
import sqlalchemy as sa
from desk import ports_of
from desk_data import department_id, directory_document, kpi_type_id

from helpdesk_core.intake import RawIntake
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.sweeping import sweep_ticket, tickets_to_sweep
from helpdesk_sql import SqlStore, open_store, upgrade
from helpdesk_sql.tables import tickets

POSTGRES: Final = "HELPDESK_BENCH_POSTGRES_URL"
NAME: Final = "helpdesk_bench_sweep"
_AHEAD: Final = timedelta(days=4000)


def fill(store: SqlStore, size: int) -> None:
    """Multiply one submission: so many open tickets, pinned, due in ten years one by one.

    The indexes are built when all are there.
    """
    ports = ports_of(store.begin)
    raw = RawIntake(
        dept_id=str(department_id(0)),
        kpi_type_id=str(kpi_type_id(0)),
        ticket_date="2026-10-01",
        description="The printer on the second floor hums. " * 5,
        created_by_name="Ana",
        created_by_email="ana@example.com",
    )
    _ = submit_ticket(ports, raw)
    # An engine without our limits on waiting: so many rows take longer than any answer.
    patient = sa.create_engine(store.engine.url, isolation_level="AUTOCOMMIT")
    with patient.connect() as connection:
        set_due(connection, ports.now() + _AHEAD)
        indexes = sorted(tickets.indexes, key=lambda index: str(index.name))
        for index in indexes:
            index.drop(connection)
        connection.exec_driver_sql(multiplied(connection.dialect.name, size))
        for index in indexes:
            index.create(connection)
        connection.exec_driver_sql(_ANALYZE[connection.dialect.name])
    patient.dispose()


def multiplied(dialect: str, size: int) -> str:
    """The statement that makes so many of one ticket."""
    new_id, second = _WORDS[dialect]
    anew = {"id": new_id, "next_due_at": f"next_due_at + n * {second}"}
    names = [column.key for column in tickets.c]
    columns, values = ", ".join(names), ", ".join(anew.get(name, name) for name in names)
    numbers = f"SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {size - 1}"  # noqa: S608
    return (
        f"WITH RECURSIVE series (n) AS ({numbers}) "  # noqa: S608  # names of ours
        f"INSERT INTO tickets ({columns}) SELECT {values} FROM tickets, series"
    )


_WORDS: Final = {
    "sqlite": ("randomblob(16)", "1000000"),
    "postgresql": ("gen_random_uuid()", "interval '1 second'"),
}
"""How a database makes an id, and what it adds for a second."""
_ANALYZE: Final = {"sqlite": "ANALYZE", "postgresql": "VACUUM ANALYZE tickets"}


def timed(act: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Milliseconds: the median of the rounds, and the slowest."""
    found = []
    for _ in range(rounds):
        began = perf_counter()
        _ = act()
        found.append(1000 * (perf_counter() - began))
    return median(found), max(found)


def measured(store: SqlStore, size: int, rounds: int, due: int) -> Iterator[str]:
    """Nothing is due; a scan; then a few are."""
    ports = ports_of(store.begin)
    assert list(tickets_to_sweep(ports)) == []
    yield f"| {size:,} open, nothing due | " + _told(
        timed(lambda: list(tickets_to_sweep(ports)), rounds)
    )
    with store.engine.connect() as connection:
        yield "| the same by looking at every open ticket | " + _told(
            timed(lambda: connection.execute(_scan()).all(), max(3, rounds // 40))
        )
    make_due(store, due)
    ids = list(tickets_to_sweep(ports))
    yield f"| a portion of the {len(ids)} that are due | " + _told(
        timed(lambda: next(tickets_to_sweep(ports)), rounds)
    )
    each = timed(lambda: sweep_ticket(ports, ids.pop()), len(ids))
    yield "| sweeping one of them, durably | " + _told(each)


def _told(found: tuple[float, float]) -> str:
    return f"{found[0]:.2f} | {found[1]:.2f} |"


def _scan() -> sa.Select[tuple[object]]:
    # Adding nothing keeps the index out of it on either database.
    due = sa.func.coalesce(tickets.c.next_due_at, sa.null())
    return sa.select(tickets.c.id).where(
        tickets.c.status == Status.OPEN,
        due < sa.literal(datetime(2026, 1, 1, tzinfo=UTC), tickets.c.next_due_at.type),
    )


def make_due(store: SqlStore, number: int) -> None:
    """Let the first tickets be due long ago."""
    with store.engine.connect() as connection:
        some = sa.select(tickets.c.id).order_by(tickets.c.next_due_at).limit(number)
        set_due(connection, datetime(2026, 1, 1, tzinfo=UTC), tickets.c.id.in_(some))


def set_due(connection: sa.Connection, at: datetime, *which: sa.ColumnElement[bool]) -> None:
    """Let tickets be due at an instant; all of them unless it is said which."""
    _ = connection.execute(sa.update(tickets).where(*which).values(next_due_at=at))


@contextmanager
def opened(url: str, size: int) -> Iterator[SqlStore]:
    """A desk of so many open tickets in an empty database."""
    upgrade(url)
    with closing(open_store(url, pool_size=2)) as store:
        _ = load_directory(ports_of(store.begin), directory_document())
        fill(store, size)
        yield store


@contextmanager
def sqlite_url() -> Iterator[str]:
    """A new file."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'sweep.sqlite3'}"


@contextmanager
def postgres_url() -> Iterator[str]:
    """A new database beside the one that was named; dropped in the end."""
    named = sa.make_url(os.environ[POSTGRES])
    plain = named.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)".encode())
        server.execute(f"CREATE DATABASE {NAME}".encode())
        try:
            yield named.set(database=NAME).render_as_string(hide_password=False)
        finally:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)".encode())


def main() -> None:
    """Print a table of milliseconds for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--due", type=int, default=100)
    chosen = parser.parse_args()
    kinds = {"SQLite": sqlite_url} | (
        {"PostgreSQL": postgres_url} if POSTGRES in os.environ else {}
    )
    for name, place in kinds.items():
        print(f"\n{name}\n\n| | ms, median | ms, slowest |\n|---|---|---|", flush=True)
        with place() as url, opened(url, chosen.tickets) as store:
            for line in measured(store, chosen.tickets, chosen.rounds, chosen.due):
                print(line, flush=True)


if __name__ == "__main__":
    main()
