"""A desk in a SQLite file."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import sleep

import attrs
import pytest
import sqlalchemy as sa

from helpdesk_core.errors import Unavailable
from helpdesk_core.testing.builders import a_change, a_directory, an_id
from helpdesk_core.testing.stores import put, read
from helpdesk_core.tickets import Ticket
from helpdesk_sql import SqlStore, StoreError, open_store, upgrade
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.sqlite import PRAGMAS, SqliteDatabase
from helpdesk_sql.tables import tickets


@pytest.fixture
def statements() -> list[str]:
    """What `database` says to SQLite, settings left out."""
    return []


@pytest.fixture
def database(sqlite_desk: SqlStore, statements: list[str]) -> Iterator[SqliteDatabase]:
    """A second look at the desk's file."""

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(
            lambda said: None if said.startswith("PRAGMA") else statements.append(said)
        )

    with closing(SqliteDatabase(sqlite_desk.engine.url)) as opened:
        sa.event.listen(opened.engine, "connect", listen)
        yield opened


def raw(desk: SqlStore) -> sqlite3.Connection:
    """The desk's file as a program without us opens it."""
    return sqlite3.connect(str(desk.engine.url.database), isolation_level=None)


def a_ticket_of(desk: SqlStore) -> Ticket | None:
    return read(desk, lambda uow: uow.ticket(an_id(1000)))


def test_every_connection_has_the_settings_that_durability_needs(sqlite_desk: SqlStore) -> None:
    assert {
        "busy_timeout": "2000",
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "trusted_schema": "0",
        "cell_size_check": "1",
        "wal_autocheckpoint": "4000",
        "journal_size_limit": "67108864",
        "secure_delete": "1",
    } == sqlite_desk.facts().settings


def test_a_setting_that_sqlite_does_not_take_keeps_the_desk_shut(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "synchronous", ("NORMAL", 2))

    with pytest.raises(StoreError, match="SQLite does not take synchronous = NORMAL: it stays 1"):
        upgrade(sqlite_url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://localhost/desk", "names mysql; use sqlite or postgresql"),
        ("desk.db", "cannot be read"),
        ("sqlite:////nowhere/at/all/desk.db", "unable to open database file"),
    ],
)
def test_a_url_that_leads_to_no_desk_is_refused_in_a_sentence(url: str, reason: str) -> None:
    with pytest.raises(StoreError, match=reason):
        open_store(url)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana, " * 100)

    with pytest.raises(StoreError, match="file is not a database"):
        open_store(f"sqlite:///{tmp_path / 'letter.txt'}")


def test_a_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    """Turning a file to WAL does not wait by itself."""
    file = tmp_path / "fresh.db"
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as threads,
    ):
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE theirs (n)")
        upgraded = threads.submit(upgrade, f"sqlite:///{file}")
        sleep(0.05)
        other.execute("COMMIT")

    assert None is upgraded.result()


def test_a_lone_read_opens_no_transaction(database: SqliteDatabase, statements: list[str]) -> None:
    database.session().read(database.queries.directory_version)

    assert ["SELECT directory_state.version \nFROM directory_state"] == statements


def test_whoever_reads_cannot_write(database: SqliteDatabase) -> None:
    delete = keep(sa.delete(tickets), database.engine.dialect)

    with pytest.raises(Unavailable):
        database.session().read(delete)


def test_a_look_at_an_empty_outbox_takes_no_turn_at_writing(sqlite_desk: SqlStore) -> None:
    with closing(raw(sqlite_desk)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert 0 == len(sqlite_desk.outbox.claim(limit=1, lease=timedelta(minutes=1)))


def test_reads_go_on_while_another_process_writes(sqlite_desk: SqlStore) -> None:
    put(sqlite_desk, a_change())
    with closing(raw(sqlite_desk)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE tickets SET version = 99")

        assert a_change().ticket == a_ticket_of(sqlite_desk)


def test_a_desk_that_cannot_be_written_says_so_and_stores_nothing(
    sqlite_desk: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "busy_timeout", ("20", 20))
    desk = open_store(sqlite_desk.engine.url.render_as_string())
    with closing(raw(desk)) as other, closing(desk):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            put(desk, a_change())
        other.execute("COMMIT")

        assert None is a_ticket_of(desk)


def test_what_another_process_changes_in_the_directory_is_seen_at_once(
    sqlite_desk: SqlStore,
) -> None:
    other = open_store(sqlite_desk.engine.url.render_as_string())
    changed = attrs.evolve(a_directory(), version=2, agents={})
    with closing(other), other.begin() as uow:
        assert a_directory() == uow.directory()
        with sqlite_desk.begin() as theirs:
            theirs.save_directory(changed)
            theirs.commit()

        assert changed == uow.directory()


def test_a_directory_that_has_not_changed_is_not_read_again(sqlite_desk: SqlStore) -> None:
    first = read(sqlite_desk, lambda uow: uow.directory())

    assert first is read(sqlite_desk, lambda uow: uow.directory())


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("tickets_by_email", "ix_tickets_submitter_email_key_submitted_at_id"),
        ("tickets_by_name", "ix_tickets_submitter_name_key_submitted_at_id"),
        ("messages", "ix_messages_ticket_id_created_at_id"),
    ],
)
def test_what_is_asked_for_in_an_order_lies_in_that_order(
    database: SqliteDatabase, query: str, index: str
) -> None:
    kept: Kept = getattr(database.queries.tickets, query)
    with database.engine.connect() as connection:
        nothing = (None,) * kept.sql.count("?")
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {kept.sql}", nothing).all())

    assert (True, False) == (f"INDEX {index}" in plan, "TEMP B-TREE" in plan)


def test_ids_and_instants_are_kept_short_and_in_order(sqlite_desk: SqlStore) -> None:
    put(sqlite_desk, a_change())
    with closing(raw(sqlite_desk)) as other:
        kept = other.execute("SELECT id, submitted_at FROM tickets").fetchone()

    ticket = a_change().ticket
    assert (ticket.id.bytes, round(ticket.submitted_at.timestamp() * 1_000_000)) == kept


def test_a_store_that_was_closed_opens_again_when_it_is_asked(
    sqlite_desk: SqlStore,
) -> None:
    put(sqlite_desk, a_change())
    sqlite_desk.close()

    assert a_change().ticket == a_ticket_of(sqlite_desk)
