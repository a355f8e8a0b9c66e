"""The monthly report and the dashboard at a million tickets, in process: `python bench/reports.py`.

The tickets lie in twenty-four months, one in eight tells of an outage, and some are late and were
not swept yet. Each figure is asked for through its use case; milliseconds on the wall and of CPU,
ours and on PostgreSQL the server's besides. HELPDESK_BENCH_POSTGRES_URL as in `lists.py`.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Final

import attrs
import sqlalchemy as sa
from desk import ports_of
from desk_data import department_id, directory_document, kpi_type_id
from lists import POSTGRES, Desk, cpu_of, postgres_urls, sqlite_urls
from queue_data import fill_queue, ticket

from helpdesk_core.kpi.cells import Cell, Counted, cell_of
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.tally import NOTHING, POINTS, Sum, Tally
from helpdesk_core.people import OPERATOR
from helpdesk_core.ports import Ports
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.behind_figures import RawRow, tickets_behind
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.figures import RawFigures, read_dashboard, read_monthly
from helpdesk_sql import SqlStore, open_store, upgrade
from helpdesk_sql.counting import SLOTS, slot_of, sum_columns
from helpdesk_sql.queries import queries_for
from helpdesk_sql.tables import tallies

DAYS: Final = 24 * 30
OVERDUE: Final = 50
"""Tickets that are late and were not swept."""
A_MINUTE: Final = timedelta(minutes=1)


class Past:
    """Makes tickets of the past two years, and keeps what they come to."""

    def __init__(self, ports: Ports) -> None:
        self._now = ports.now()
        self.sums: dict[tuple[Cell, int], Tally] = {}

    def made(self, number: int, size: int) -> Ticket:
        """One of so many, all of the intake desk."""
        at = self._now - timedelta(days=DAYS) * ((size - number) / size)
        is_late = size - number <= OVERDUE
        return attrs.evolve(
            ticket(number, size),
            case=None,
            department_id=department_id(number),
            kpi_type_id=kpi_type_id(number // 10),
            ticket_date=at,
            submitted_at=at,
            next_due_at=self._now - A_MINUTE if is_late else None,
        )

    def counted(self, slots: int) -> Callable[[Ticket], Counted]:
        """What each of them counts for."""

        def count(made: Ticket) -> Counted:
            contribution = _contribution(made)
            place = cell_of(contribution), slot_of(made.id, slots)
            self.sums[place] = self.sums.get(place, NOTHING) + contribution.tally
            return Counted(contribution=contribution)

        return count


def _contribution(made: Ticket) -> Contribution:
    assert made.department_id is not None
    assert made.kpi_type_id is not None
    is_kept = made.id.int % 16 > 0
    outage = Outage(made.submitted_at, made.submitted_at + A_MINUTE * (made.id.int % 90 + 1))
    return Contribution(
        month=Month.of(made.ticket_date, "Asia/Jakarta"),
        department_id=made.department_id,
        kpi_type_id=made.kpi_type_id,
        tally=Tally(
            tickets=1,
            scored=1,
            passed=int(is_kept),
            points=100 * POINTS if is_kept else 50 * POINTS,
            figures=(Sum(300_000, 1), Sum(5_400_000, 1)),
        ),
        outages=(outage,) if made.submitted_at.microsecond % 8 == 0 else (),
    )


@contextmanager
def opened(url: str, size: int) -> Iterator[tuple[Desk, SqlStore]]:
    """A desk of so many counted tickets."""
    upgrade(url)
    with closing(open_store(url, pool_size=2)) as store:
        ports = ports_of(store.begin)
        _ = load_directory(ports, _directory())
        patient = sa.create_engine(store.engine.url, isolation_level="AUTOCOMMIT")
        dialect, past = store.engine.dialect, Past(ports)
        insert = queries_for(dialect).tickets.insert_case
        fill_queue(patient, insert, size, past.made, past.counted(SLOTS[dialect.name]))
        with patient.connect() as connection:
            for (cell, slot), tally in past.sums.items():
                _ = connection.execute(sa.insert(tallies).values(sum_columns(cell, slot, tally)))
            _ = connection.exec_driver_sql("ANALYZE")
        yield Desk(ports, store.engine, cpu_of(store)), store


def _directory() -> dict[str, object]:
    """As the desk's, with a service whose uptime is calculated."""
    held: dict[str, object] = directory_document()
    departments = [f"d{number}" for number in range(10)]
    uptime = {
        "key": "uptime",
        "name": "Uptime",
        "group": "availability",
        "rule": "uptime",
        "departments": departments,
    }
    kpi_types: list[object] = [*held["kpiTypes"], uptime]  # type: ignore[misc]
    groups = [
        {"key": "service", "name": "Service", "contributesToUptime": True},
        {"key": "availability", "name": "Availability"},
    ]
    return held | {"kpiGroups": groups, "kpiTypes": kpi_types}


def questions(month: str) -> dict[str, Callable[[Desk], object]]:
    """What is asked."""
    row = RawRow(month=month, department="d3", kpi_type="k3")
    return {
        "monthly report": lambda desk: read_monthly(desk.ports, RawFigures(month=month), OPERATOR),
        "one department": lambda desk: read_monthly(
            desk.ports, RawFigures(month=month, department="d3"), OPERATOR
        ),
        "dashboard, six months": lambda desk: read_dashboard(desk.ports, OPERATOR),
        "tickets behind a row": lambda desk: tickets_behind(desk.ports, row, OPERATOR),
    }


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    chosen = parser.parse_args()
    kinds = {"SQLite": sqlite_urls}
    if POSTGRES in os.environ:
        kinds["PostgreSQL"] = postgres_urls
    for name, urls in kinds.items():
        with ExitStack() as stack:
            url = stack.enter_context(urls())[1]
            desk, _ = stack.enter_context(opened(url, chosen.size))
            month = str(Month.of(desk.ports.now(), "UTC").plus(-1))
            print(f"\n{name}, {chosen.size:,} tickets\n")
            print("| what | ms, median | ms, least | CPU ms |\n|---|---|---|---|")
            for title, ask in questions(month).items():
                _ = ask(desk)
                walls, used = [], desk.cpu()
                for _ in range(chosen.times):
                    began = perf_counter()
                    _ = ask(desk)
                    walls.append(1e3 * (perf_counter() - began))
                cpu = 1e3 * (desk.cpu() - used) / chosen.times
                print(
                    f"| {title} | {median(walls):.1f} | {min(walls):.1f} | {cpu:.1f} |", flush=True
                )


if __name__ == "__main__":
    main()
