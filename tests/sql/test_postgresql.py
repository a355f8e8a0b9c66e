"""A desk in PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest
import sqlalchemy as sa

from helpdesk_core.errors import Invalid, StaleTicket, Unavailable
from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_message,
    a_notice,
    a_reply,
    a_ticket,
    an_event,
    an_id,
)
from helpdesk_core.testing.stores import put, read
from helpdesk_core.tickets import Change
from helpdesk_sql import SqlStore, StoreError, open_store
from helpdesk_sql.kept import Driver
from helpdesk_sql.postgresql import PostgresDatabase


@pytest.fixture
def one_connection(postgres_desk: SqlStore) -> Iterator[SqlStore]:
    """The desk by way of a single connection."""
    with closing(open_store(url_of(postgres_desk), pool_size=1)) as store:
        yield store


@pytest.fixture
def database(postgres_desk: SqlStore) -> Iterator[PostgresDatabase]:
    """The database behind the desk."""
    with closing(PostgresDatabase(postgres_desk.engine.url, pool_size=1)) as opened:
        yield opened


def url_of(desk: SqlStore) -> str:
    return desk.engine.url.render_as_string(hide_password=False)


def driver_of(desk: SqlStore) -> psycopg.Connection[Any]:
    """The desk's one connection; it is back in the pool."""
    handle = desk.engine.raw_connection()
    driver = handle.driver_connection
    handle.close()
    assert isinstance(driver, psycopg.Connection)
    return driver


def terminate_all(desk: SqlStore) -> None:
    """End every other connection to the desk's database, as a server that restarts does."""
    with psycopg.connect(url_of(desk).replace("+psycopg", "")) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@attrs.define
class LosesAtFirst:
    """A write that loses to another transaction, so many times."""

    code: str
    times: int
    runs: int = 0

    def apply(self, connection: sa.Connection, driver: Driver) -> None:
        self.runs += 1
        if self.runs <= self.times:
            driver.execute(f"DO $$ BEGIN RAISE SQLSTATE '{self.code}'; END $$")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5s"),
        ("lock_timeout", "4s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("synchronous_commit", "on"),
        ("timezone", "UTC"),
        ("application_name", "helpdesk"),
    ],
)
def test_every_connection_has_its_settings(
    postgres_desk: SqlStore, setting: str, value: str
) -> None:
    with postgres_desk.engine.connect() as connection:
        held = connection.exec_driver_sql(f"SHOW {setting}").scalar_one()

    assert value == held


@pytest.mark.parametrize(
    ("change", "trips"),
    [
        (a_change(a_ticket(), an_event(), an_event(), message=a_message()), 1),
        (a_change(a_ticket(1, version=2), an_event(), message=a_message()), 2),
    ],
    ids=["a new ticket", "a change"],
)
def test_round_trips_are_few(
    one_connection: SqlStore, tmp_path: Path, change: Change, trips: int
) -> None:
    put(one_connection, a_change(a_ticket(1)))
    pgconn = driver_of(one_connection).pgconn
    with (tmp_path / "trace").open("wb") as trace:
        pgconn.trace(trace.fileno())
        put(one_connection, change)
        pgconn.untrace()

    assert trips == (tmp_path / "trace").read_text().count("ReadyForQuery")


def test_a_new_ticket_with_a_kept_answer_is_two_round_trips(
    one_connection: SqlStore, tmp_path: Path
) -> None:
    pgconn = driver_of(one_connection).pgconn
    with (tmp_path / "trace").open("wb") as trace, one_connection.begin() as uow:
        uow.save(a_change(message=a_message()), (a_notice(),))
        uow.forget_replies(NOW)
        uow.save_reply(a_reply())
        pgconn.trace(trace.fileno())
        uow.commit()
        pgconn.untrace()

    assert 2 == (tmp_path / "trace").read_text().count("ReadyForQuery")


def test_a_read_is_one_round_trip(one_connection: SqlStore, tmp_path: Path) -> None:
    pgconn = driver_of(one_connection).pgconn
    with (tmp_path / "trace").open("wb") as trace:
        pgconn.trace(trace.fileno())
        read(one_connection, lambda uow: uow.ticket(an_id(1000)))
        pgconn.untrace()

    assert 1 == (tmp_path / "trace").read_text().count("ReadyForQuery")


def test_connections_that_the_server_ended_are_replaced_unnoticed(postgres_desk: SqlStore) -> None:
    put(postgres_desk, a_change())
    terminate_all(postgres_desk)
    put(postgres_desk, a_change(a_ticket(1001)))

    assert None is not read(postgres_desk, lambda uow: uow.ticket(an_id(1001)))


def test_a_connection_that_ends_within_a_call_is_unavailable_and_the_next_call_is_served(
    one_connection: SqlStore,
) -> None:
    with one_connection.begin() as uow:
        uow.ticket(an_id(1000))
        terminate_all(one_connection)
        with pytest.raises(Unavailable):
            uow.ticket(an_id(1000))

    put(one_connection, a_change())

    assert None is not read(one_connection, lambda uow: uow.ticket(an_id(1000)))


def test_whoever_gets_no_connection_in_time_is_told_so(
    postgres_desk: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_sql.postgresql.POOL_WAIT", 0.02)
    with closing(open_store(url_of(postgres_desk), pool_size=1)) as desk, desk.begin() as first:
        first.ticket(an_id(1000))

        with desk.begin() as second, pytest.raises(Unavailable):
            second.ticket(an_id(1000))


def test_a_call_gives_its_connection_back(
    postgres_desk: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_sql.postgresql.POOL_WAIT", 0.02)
    with closing(open_store(url_of(postgres_desk), pool_size=1)) as desk:
        put(desk, a_change())

        assert a_ticket() == read(desk, lambda uow: uow.ticket(an_id(1000)))


def test_an_answer_that_does_not_come_is_not_waited_for(
    postgres_desk: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that hangs keeps none of its own timeouts."""
    monkeypatch.setattr("helpdesk_sql.postgresql.ANSWER_WAIT", 0.05)
    handle = postgres_desk.engine.raw_connection()
    driver = handle.driver_connection
    assert isinstance(driver, psycopg.Connection)

    with pytest.raises(psycopg.OperationalError):
        driver.execute("SELECT pg_sleep(2)")
    assert driver.closed
    handle.invalidate()


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_transaction_that_loses_is_run_again(database: PostgresDatabase, code: str) -> None:
    write = LosesAtFirst(code=code, times=2)
    with closing(database.session()) as session:
        session.store([write])

    assert 3 == write.runs


def test_a_transaction_that_loses_again_and_again_is_unavailable(
    database: PostgresDatabase,
) -> None:
    write = LosesAtFirst(code="40001", times=9)
    with closing(database.session()) as session, pytest.raises(Unavailable):
        session.store([write])

    assert 5 == write.runs


def test_a_transaction_that_is_refused_is_run_once(database: PostgresDatabase) -> None:
    write = LosesAtFirst(code="P0001", times=9)
    with closing(database.session()) as session, pytest.raises(Unavailable):
        session.store([write])

    assert 1 == write.runs


def test_a_refused_change_leaves_its_connection_fit_for_use(one_connection: SqlStore) -> None:
    put(one_connection, a_change())
    with one_connection.begin() as uow:
        uow.save(a_change(a_ticket(version=7)), (a_notice(),))
        with pytest.raises(StaleTicket):
            uow.commit()

        assert a_ticket() == uow.ticket(an_id(1000))


def test_what_no_column_can_hold_is_invalid(postgres_desk: SqlStore) -> None:
    """The core lets neither through; whoever goes round it is told in a sentence."""
    for text in ("\x00", "\ud800"):
        with pytest.raises(Invalid, match="A value cannot be stored"):
            put(postgres_desk, a_change(a_ticket(description=text)))


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("postgresql://ana:secret@127.0.0.1:1/desk")

    assert "postgresql+psycopg://ana:***@127.0.0.1:1/desk cannot be used" in str(refused.value)
    assert "secret" not in str(refused.value)
