"""Notices drained per second: `python bench/drain.py [--notices 1000] [--rounds 3]`.

Nothing is delivered anywhere (an instant sink): what is measured is the claim of one notice and the
record that it was sent, each durable, as `helpdesk serve` and `helpdesk worker` do. Workers are
processes. One worker and four take turns on a desk of their own, and the ratio is between the two
of one round. HELPDESK_BENCH_POSTGRES_URL is the address of a PostgreSQL server and of a database on
it; another one is made beside it, and dropped in the end.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

import attrs
import psycopg
import sqlalchemy as sa

from helpdesk_core.errors import Unavailable
from helpdesk_core.ports import NoticeState
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.stores import put, stocked
from helpdesk_sql import open_store, upgrade
from helpdesk_sql.rows import notice_columns
from helpdesk_sql.tables import outbox

Answer = TypeVar("Answer")

POSTGRES: Final = "HELPDESK_BENCH_POSTGRES_URL"
DATABASE: Final = "helpdesk_bench_drain"
LEASE: Final = timedelta(minutes=1)
WORKERS: Final = (1, 4)
PER_TICKET: Final = 5
"""Notices of each ticket, all to one recipient: a line."""


@attrs.frozen(kw_only=True)
class Run:
    """How much, how often."""

    notices: int
    rounds: int


def prepare(url: str, tickets: int) -> None:
    """A desk with tickets and nothing in the outbox."""
    upgrade(url)
    with closing(open_store(url)) as store:
        stocked(store)
        put(store, *(a_change(a_ticket(1000 + number)) for number in range(tickets)))


def queue(url: str, amount: int) -> None:
    """Empty the outbox, and put so many notices into it."""
    queued = {"state": NoticeState.QUEUED, "attempts": 0, "reason": "", "is_behind": False}
    notices = [
        a_notice(1_000_000 + number, ticket_id=an_id(1000 + number // PER_TICKET))
        for number in range(amount)
    ]
    rows = [notice_columns(it) | queued | {"due_at": it.created_at} for it in notices]
    with closing(open_store(url)) as store, store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(sa.delete(outbox))
        connection.execute(sa.insert(outbox), rows)
        connection.exec_driver_sql("COMMIT")


def work(url: str) -> int:
    """Drain until there is nothing; how many notices that were."""
    drained = 0
    with closing(open_store(url, pool_size=1)) as store:
        its = store.outbox
        while claims := answered(lambda: its.claim(limit=1, lease=LEASE)):
            drained += sum(answered(partial(its.sent, claim)) for claim in claims)
    return drained


def answered(ask: Callable[[], Answer]) -> Answer:
    """The answer; who had to wait too long for the other writers asks again."""
    while True:
        try:
            return ask()
        except Unavailable:
            time.sleep(0.01)


def rate(url: str, workers: int, amount: int) -> float:
    """Notices per second with so many workers."""
    queue(url, amount)
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawning) as pool:
        _ = list(pool.map(time.sleep, [0.2] * workers))  # each process is there
        began = time.perf_counter()
        drained = sum(pool.map(work, [url] * workers))
        took = time.perf_counter() - began
    assert drained == amount, f"{drained} of {amount} were drained"
    return amount / took


def lines(name: str, url: str, run: Run) -> Iterator[str]:
    """The rows of the table of one database."""
    prepare(url, run.notices // PER_TICKET + 1)
    found = [[rate(url, workers, run.notices) for workers in WORKERS] for _ in range(run.rounds)]
    for place, workers in enumerate(WORKERS):
        rates = median(rates[place] for rates in found)
        ratio = median(rates[place] / rates[0] for rates in found)
        yield f"| {name} | {workers} | {rates:.0f} | {ratio:.2f} |"


@contextmanager
def urls() -> Iterator[Mapping[str, str]]:
    """A new SQLite file, and where a server was named a new database on it; gone in the end."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        sqlite = {"SQLite": f"sqlite:///{Path(folder) / 'drain.sqlite3'}"}
        if POSTGRES not in os.environ:
            yield sqlite
            return
        named = sa.make_url(os.environ[POSTGRES])
        plain = named.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE}".encode())
            server.execute(f"CREATE DATABASE {DATABASE}".encode())
            try:
                own = named.set(database=DATABASE).render_as_string(hide_password=False)
                yield sqlite | {"PostgreSQL": own}
            finally:
                server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)".encode())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    run = Run(notices=chosen.notices, rounds=chosen.rounds)
    print("| store | workers | notices/s | ratio to one worker |", "|---|---|---|---|", sep="\n")
    with urls() as stores:
        for name, url in stores.items():
            for line in lines(name, url, run):
                print(line, flush=True)


if __name__ == "__main__":
    main()
