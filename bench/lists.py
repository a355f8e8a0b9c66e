"""The staff's lists at a thousand and at a million tickets, in process: `python bench/lists.py`.

Each list is asked for through its use case, with its total, and its CPU is measured: ours, and on
PostgreSQL the server's besides. HELPDESK_BENCH_POSTGRES_URL is the address of a PostgreSQL server
and of a database on it; two more are made beside it, and dropped in the end.
"""

import argparse
import os
import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from itertools import product
from pathlib import Path
from statistics import median
from typing import Final

import attrs
import psycopg
import sqlalchemy as sa
from desk import ports_of
from desk_data import directory_document
from load import cpu_seconds
from queue_data import BUSY, NEW, fill_queue

from helpdesk_core.people import Caller, Role, User
from helpdesk_core.ports import Ports
from helpdesk_core.queue import Assignee, Door, Order, Place, SortKey, SortOrder, Wanted, place_in
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.counting import count_uncounted
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.listing import Query, list_tickets
from helpdesk_sql import SqlStore, open_store, upgrade
from helpdesk_sql.queries import queries_for

POSTGRES: Final = "HELPDESK_BENCH_POSTGRES_URL"
SIZES: Final = (1_000, 1_000_000)
PAGE: Final = 20
COUNTED: Final = 20_000
"""Desks of so many tickets and fewer are counted, as those are that write; lists count nothing."""
ORDERS: Final = tuple(Order(*it) for it in product(SortKey, SortOrder))
FILTERS: Final[Mapping[str, Wanted]] = {
    "none": Wanted(),
    "status OPEN": Wanted(status=Status.OPEN),
    "status CLOSED": Wanted(status=Status.CLOSED),
    "urgency CRITICAL": Wanted(urgency=Urgency.CRITICAL),
    "customerType ENTERPRISE": Wanted(customer_type=CustomerType.ENTERPRISE),
    "assignedTo who has a third": Wanted(assignee=Assignee(BUSY)),
    "assignedTo who has five": Wanted(assignee=Assignee(NEW)),
    "assignedTo nobody": Wanted(assignee=Assignee(None)),
}
COMBINED: Final[Mapping[str, Wanted]] = {
    "OPEN, nobody's": Wanted(status=Status.OPEN, assignee=Assignee(None)),
    "IN_PROGRESS, who has a third": Wanted(status=Status.IN_PROGRESS, assignee=Assignee(BUSY)),
    "CRITICAL, who has a third": Wanted(urgency=Urgency.CRITICAL, assignee=Assignee(BUSY)),
    "OPEN, CRITICAL, ENTERPRISE": Wanted(
        status=Status.OPEN, urgency=Urgency.CRITICAL, customer_type=CustomerType.ENTERPRISE
    ),
}
STAFF: Final = Caller(user=User(id=BUSY, name="Agent", email="a@example.com", role=Role.AGENT))


@attrs.frozen
class Desk:
    """A desk of one size, and how much CPU it has used so far, its database's included."""

    ports: Ports
    engine: sa.Engine
    cpu: Callable[[], float]


def cost(desk: Desk, query: Query, times: int) -> float:
    """Microseconds of CPU for one list."""
    began = desk.cpu()
    for _ in range(times):
        _ = list_tickets(desk.ports, query, STAFF)
    return 1e6 * (desk.cpu() - began) / times


def compared(ours: tuple[Desk, Query], base: tuple[Desk, Query], run: "Run") -> tuple[float, float]:
    """What ours costs, and how many times the base's: medians over rounds side by side."""
    found = []
    for number in range(run.rounds + 1):
        there, here = cost(*base, run.times), cost(*ours, run.times)
        if number:  # the first round prepares statements
            found.append((here, here / there))
    return median(it[0] for it in found), median(it[1] for it in found)


@attrs.frozen(kw_only=True)
class Run:
    """How often."""

    times: int
    rounds: int


def sorts(small: Desk, large: Desk, filters: Mapping[str, Wanted], run: Run) -> Iterator[str]:
    """Every filter and sort at a million tickets, against the same at a thousand."""
    yield "| filter | list | CPU us, least-most | ratio, median | ratio, worst (its sort) |"
    yield "|---|---|---|---|---|"
    for (name, wanted), door in product(filters.items(), (None, Door.SUPPORT)):
        fitting = attrs.evolve(wanted, door=door)
        found = {}
        for order in ORDERS:
            query = Query(wanted=fitting, order=order, page=1, limit=PAGE)
            found[order] = compared((large, query), (small, query), run)
        costs = [it[0] for it in found.values()]
        worst = max(found, key=lambda order: found[order][1])
        middle = median(it[1] for it in found.values())
        yield (
            f"| {name} | {'cases' if door else 'all'} | {min(costs):.0f}-{max(costs):.0f} "
            f"| {middle:.2f} | {found[worst][1]:.2f} ({_named(worst)}) |"
        )


def depths(large: Desk, run: Run) -> Iterator[str]:
    """A page by cursor from the middle of a million, against the first."""
    yield "| filter | ratio, median | ratio, worst (its sort) |"
    yield "|---|---|---|"
    for name, wanted in FILTERS.items():
        found = {}
        for order in ORDERS:
            fitting = attrs.evolve(wanted, door=Door.SUPPORT)
            first = Query(wanted=fitting, order=order, page=1, limit=PAGE)
            deep = attrs.evolve(first, after=middle_of(large, first))
            found[order] = compared((large, deep), (large, first), run)[1]
        worst = max(found, key=lambda order: found[order])
        yield f"| {name} | {median(found.values()):.2f} | {found[worst]:.2f} ({_named(worst)}) |"


def middle_of(desk: Desk, query: Query) -> Place | None:
    """A place ten thousand tickets down the list, or as far as there are any."""
    with desk.ports.begin() as uow:
        for skip in (10_000, 1_000, 100, 10, 2):
            found = uow.tickets_in_order(query.wanted, query.order, skip=skip, limit=1)
            if found:
                return place_in(query.order.key, found[0])
    return None


def _named(order: Order) -> str:
    return f"{order.key.value} {order.direction.value}"


@contextmanager
def opened(url: str, size: int) -> Iterator[Desk]:
    """A desk of that size in an empty database."""
    upgrade(url)
    with closing(open_store(url, pool_size=1)) as store:
        ports = ports_of(store.begin)
        _ = load_directory(ports, directory_document())
        # An engine without our limits on waiting: an index takes longer to build than any answer.
        patient = sa.create_engine(store.engine.url, isolation_level="AUTOCOMMIT")
        fill_queue(patient, queries_for(store.engine.dialect).tickets.insert_case, size)
        if size <= COUNTED:
            while count_uncounted(ports):
                pass
        yield Desk(ports, store.engine, cpu_of(store))


def cpu_of(store: SqlStore) -> Callable[[], float]:
    """Seconds of CPU: this process's, and where there is one the database server's for it."""
    if store.engine.dialect.name == "sqlite":
        return _own_cpu
    with store.engine.connect() as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    return lambda: _own_cpu() + cpu_seconds((pid,))


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def sqlite_urls() -> Iterator[list[str]]:
    """A new file for each size."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        yield [f"sqlite:///{Path(folder) / str(size)}.sqlite3" for size in SIZES]


@contextmanager
def postgres_urls() -> Iterator[list[str]]:
    """A new database for each size, beside the one that was named; dropped in the end."""
    named = sa.make_url(os.environ[POSTGRES])
    names = [f"helpdesk_bench_lists_{size}" for size in SIZES]
    plain = named.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as server:
        for name in names:
            server.execute(f"DROP DATABASE IF EXISTS {name}".encode())
            server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield [named.set(database=it).render_as_string(hide_password=False) for it in names]
        finally:
            for name in names:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def main() -> None:
    """Print the tables of each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    run = Run(times=chosen.times, rounds=chosen.rounds)
    kinds = {"SQLite": sqlite_urls} | (
        {"PostgreSQL": postgres_urls} if POSTGRES in os.environ else {}
    )
    for name, urls in kinds.items():
        with ExitStack() as stack:
            places = stack.enter_context(urls())
            small, large = (
                stack.enter_context(opened(url, size))
                for url, size in zip(places, SIZES, strict=True)
            )
            for title, lines in (
                ("each filter and sort", sorts(small, large, FILTERS, run)),
                ("several filters", sorts(small, large, COMBINED, run)),
                ("by cursor", depths(large, run)),
            ):
                print(f"\n{name}, {title}\n", flush=True)
                for line in lines:
                    print(line, flush=True)


if __name__ == "__main__":
    main()
