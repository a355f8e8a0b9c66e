"""The one writer of a SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from time import sleep

import pytest
import sqlalchemy as sa

from helpdesk_core.errors import DuplicateId, Invalid, Unavailable
from helpdesk_sql.failures import failures_of
from helpdesk_sql.kept import Driver
from helpdesk_sql.sqlite import PRAGMAS, sqlite_engine
from helpdesk_sql.writer import Work, Writer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one table of numbers, each of which refers to one that is there."""
    path = tmp_path / "numbers.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY, of REFERENCES numbers)")
    return path


@pytest.fixture
def statements() -> list[str]:
    """What the writer said to SQLite."""
    return []


@pytest.fixture
def writer(file: Path, statements: list[str]) -> Iterator[Writer]:
    engine = sqlite_engine(sa.make_url(f"sqlite:///{file}"))

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(statements.append)

    sa.event.listen(engine, "connect", listen)
    writer = Writer(engine, failures_of(engine.dialect))
    yield writer
    writer.close()


def insert(number: object) -> Work[int]:
    """Work that writes a number down and answers with its double."""

    def work(_: sa.Connection, driver: Driver) -> int:
        driver.execute("INSERT INTO numbers (n) VALUES (?)", (number,))
        return 2 * int(str(number))

    return work


def dangling(_: sa.Connection, driver: Driver) -> int:
    """Work that only COMMIT finds wrong: its foreign key is checked late."""
    driver.execute("PRAGMA defer_foreign_keys = ON")
    driver.execute("INSERT INTO numbers (n, of) VALUES (7, 77)")
    return 0


def fill(_: sa.Connection, driver: Driver) -> int:
    """Work that takes a megabyte."""
    driver.execute("CREATE TABLE heap (bytes BLOB)")
    driver.execute("INSERT INTO heap VALUES (zeroblob(1000000))")
    return 0


def room_for(pages: int) -> Work[object]:
    """Work that makes the disk as small as that; it speaks for as long as the writer lives."""
    return lambda _, driver: driver.execute(f"PRAGMA max_page_count = {pages}").fetchall()


def stored(file: Path) -> list[int]:
    """The numbers that are in the file, as another process sees them."""
    with closing(sqlite3.connect(file)) as connection:
        return [number for (number,) in connection.execute("SELECT n FROM numbers ORDER BY n")]


def together(writer: Writer, works: Sequence[Work[int]]) -> list[Future[int]]:
    """Have all of them wait behind one that is being written, so that they share a commit."""
    begun, go_on = Event(), Event()

    def slow(_: sa.Connection, __: Driver) -> int:
        begun.set()
        assert go_on.wait(10)
        return 0

    with ThreadPoolExecutor(len(works) + 1) as threads:
        first = threads.submit(writer.run, slow)
        assert begun.wait(10)
        futures = [threads.submit(writer.run, work) for work in works]
        until(lambda: writer.waiting == len(works))
        go_on.set()
    first.result()
    return futures


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        sleep(0.001)


def test_work_is_answered_when_it_is_stored(writer: Writer, file: Path) -> None:
    answer = writer.run(insert(21))

    assert (42, [21]) == (answer, stored(file))


def test_the_write_lock_is_taken_before_the_work_begins(
    writer: Writer, statements: list[str]
) -> None:
    """So that what the work reads is still so when it writes."""
    writer.run(insert(1))

    said = [it for it in statements if not it.startswith("PRAGMA")]

    assert [
        "BEGIN IMMEDIATE",
        "SAVEPOINT job",
        "INSERT INTO numbers (n) VALUES (1)",
        "RELEASE job",
        "COMMIT",
    ] == said


def test_those_who_wait_share_one_commit(writer: Writer, statements: list[str]) -> None:
    futures = together(writer, [insert(number) for number in range(8)])

    assert [0, 2, 4, 6, 8, 10, 12, 14] == [future.result() for future in futures]
    assert 2 == statements.count("COMMIT")


def test_what_is_refused_is_undone_alone(writer: Writer, file: Path) -> None:
    def half(connection: sa.Connection, driver: Driver) -> int:
        insert(3)(connection, driver)
        return insert(1)(connection, driver)

    futures = together(writer, [insert(1), half, insert(2)])

    assert isinstance(futures[1].exception(), DuplicateId)
    assert ([2, 4], [1, 2]) == ([futures[0].result(), futures[2].result()], stored(file))


@pytest.mark.parametrize("value", ["\ud800", 2**63], ids=["lone surrogate", "too great"])
def test_what_no_column_can_hold_is_invalid_and_concerns_nobody_else(
    writer: Writer, file: Path, value: object
) -> None:
    futures = together(writer, [insert(1), insert(value), insert(2)])

    assert isinstance(futures[1].exception(), Invalid)
    assert [1, 2] == stored(file)


def test_work_that_breaks_is_told_to_its_caller_alone(writer: Writer, file: Path) -> None:
    def broken(_: sa.Connection, driver: Driver) -> int:
        driver.execute("INSERT INTO numbers (n) VALUES (9)")
        raise ZeroDivisionError

    futures = together(writer, [insert(1), broken, insert(2)])

    assert isinstance(futures[1].exception(), ZeroDivisionError)
    assert [1, 2] == stored(file)


def test_a_commit_that_fails_is_nobody_s(writer: Writer, file: Path) -> None:
    futures = together(writer, [insert(1), dangling, insert(2)])

    assert [Unavailable] * 3 == [type(future.exception()) for future in futures]
    assert [] == stored(file)


def test_a_refusal_does_not_stand_when_the_commit_fails(writer: Writer) -> None:
    """It may have come of a neighbour that is not stored now."""
    futures = together(writer, [insert(1), insert(1), dangling])

    assert isinstance(futures[1].exception(), Unavailable)


def test_after_a_commit_that_failed_the_next_one_succeeds(writer: Writer, file: Path) -> None:
    with pytest.raises(Unavailable):
        writer.run(dangling)
    writer.run(insert(1))

    assert [1] == stored(file)


def test_a_full_disk_is_unavailable_to_all_and_nothing_of_it_is_stored(
    writer: Writer, file: Path
) -> None:
    writer.run(room_for(pages=20))
    futures = together(writer, [insert(1), fill, insert(2)])

    assert [Unavailable] * 3 == [type(future.exception()) for future in futures]
    assert [] == stored(file)


def test_once_there_is_room_again_writing_goes_on(writer: Writer, file: Path) -> None:
    writer.run(room_for(pages=20))
    with pytest.raises(Unavailable):
        writer.run(fill)
    writer.run(room_for(pages=10000))
    writer.run(fill)
    writer.run(insert(1))

    assert [1] == stored(file)


def test_another_process_that_writes_is_waited_for(writer: Writer, file: Path) -> None:
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as threads,
    ):
        other.execute("BEGIN IMMEDIATE")
        future = threads.submit(writer.run, insert(1))
        sleep(0.05)
        other.execute("COMMIT")

    assert 2 == future.result()


def test_another_process_that_writes_for_too_long_is_unavailable(
    writer: Writer, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "busy_timeout", ("20", 20))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Unavailable):
            writer.run(insert(1))


def test_nobody_learns_the_driver_s_words(writer: Writer) -> None:
    with pytest.raises(Unavailable) as refused:
        writer.run(lambda _, driver: driver.execute("SELECT * FROM secrets"))

    assert "The service is busy right now. Please try again in a moment." == str(refused.value)
    assert isinstance(refused.value.__cause__, sqlite3.OperationalError)


def test_whoever_comes_after_the_end_finds_it_open_again(writer: Writer, file: Path) -> None:
    writer.run(insert(1))
    writer.close()
    writer.run(insert(2))

    assert [1, 2] == stored(file)
