"""PostgreSQL by psycopg 3: pooled connections in autocommit, and few round trips.

A round trip costs as much as a flush, and each statement some sixty microseconds in the driver. So
a lone read is one round trip, without BEGIN, and what a call inserts is one statement, a
transaction of its own.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar, cast

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

from helpdesk_sql.databases import Read, RowWrite, Writes
from helpdesk_sql.failures import failures_of, is_contended, refusal_of
from helpdesk_sql.kept import Cursor, Driver, Kept, Record
from helpdesk_sql.queries import queries_for

POOL_WAIT: Final = 2.0
"""Seconds to wait for a connection when all are in use."""

ANSWER_WAIT: Final = 8.0
"""Seconds to wait for an answer: longer than the server's own timeouts, for when it hangs."""

ATTEMPTS: Final = 5
"""Times a transaction is run that loses to another one."""

TOGETHER: Final = 64
"""Writes in one statement; planning one of very many takes longer than sending several."""

_JITTER: Final = 0.02  # seconds between attempts, at most, times their number

_SETTINGS: Final = {
    "statement_timeout": "5s",
    "lock_timeout": "4s",
    "idle_in_transaction_session_timeout": "10s",
    "synchronous_commit": "on",
    "timezone": "UTC",
}
_CONNECT: Final = {
    "connect_timeout": 3,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
    "application_name": "helpdesk",
}

Answer = TypeVar("Answer")
_Statement: TypeAlias = Sequence[RowWrite]
"""One write, or several that join."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection on which no answer is waited for without end, even when the server hangs.

    A server that is stopped keeps none of its own timeouts. The connection is then closed.
    """

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """Wait for an answer. Raises OperationalError when it takes too long."""
        try:
            return super().wait(gen, interval, timeout or ANSWER_WAIT)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001  # what `wait` is documented to raise
            self.pgconn.finish()
            raise


def postgresql_engine(url: sa.URL, *, pool_size: int) -> sa.Engine:
    """An engine of at most so many connections, in autocommit, found alive when they are taken."""
    engine = sa.create_engine(
        driven_by_psycopg(url),
        isolation_level="AUTOCOMMIT",
        paramstyle="format",
        connect_args={name: value for name, value in _CONNECT.items() if name not in url.query},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT,
        pool_use_lifo=True,
        pool_reset_on_return=None,
    )
    sa.event.listen(engine, "do_connect", _connect)
    sa.event.listen(engine, "checkout", _see_that_it_lives)
    return engine


def driven_by_psycopg(url: sa.URL) -> sa.URL:
    """The URL with the driver that we use."""
    return url.set(drivername="postgresql+psycopg")


class PostgresDatabase:
    """One database, for all threads of a process."""

    def __init__(self, url: sa.URL, *, pool_size: int) -> None:
        self.engine = postgresql_engine(url, pool_size=pool_size)
        self.queries = queries_for(self.engine.dialect)
        self._failures = failures_of(self.engine.dialect)

    def session(self) -> "PostgresSession":
        """A way to the database for one call."""
        return PostgresSession(self.engine, self._failures)

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """A connection that sees one moment of the database."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield connection
                connection.exec_driver_sql("COMMIT")
        except self._failures as error:
            raise refusal_of(error) from error

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()


class PostgresSession:
    """Holds one connection from the first statement to the end of the call."""

    def __init__(self, engine: sa.Engine, failures: tuple[type[Exception], ...]) -> None:
        self._engine = engine
        self._failures = failures
        self._handle: sa.PoolProxiedConnection | None = None

    def read(self, query: Kept, **values: object) -> list[Record]:
        """The rows as they are committed now."""
        parameters = query.parameters(values)
        rows = self._run(lambda: self._driver().execute(query.sql, parameters).fetchall())
        return query.records(rows)

    @contextmanager
    def moment(self) -> Iterator[Read]:
        """A way to read that sees the moment of its first question."""

        def read(query: Kept, **values: object) -> list[Record]:
            return query.records(driver.execute(query.sql, query.parameters(values)).fetchall())

        try:
            driver = self._driver()
            with _rolled_back_when_it_fails(driver):
                driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield read
                driver.execute("COMMIT")
        except self._failures as error:
            self._drop_if_broken(error)
            raise refusal_of(error) from error

    def change(self, query: Kept, *then: Kept, **values: object) -> list[Record]:
        """Run writing statements as a durable transaction, in one round trip; the first's rows."""
        if not then:
            return self.read(query, **values)
        statements = [(it.sql, it.parameters(values)) for it in (query, *then)]
        return query.records(self._run(lambda: _run_all(self._driver(), statements)))

    def store(self, writes: Writes) -> None:
        """Store all of it durably, or nothing.

        When the connection is lost while COMMIT is under way, nobody can tell whether it was
        stored; that is Unavailable too.
        """
        rows = [write for write in writes if isinstance(write, RowWrite)]
        if len(rows) == len(writes):
            self._run(lambda: _store_rows(self._driver(), rows))
        else:
            self.close()
            self._run(lambda: self._store_by_core(writes))

    def close(self) -> None:
        """Give the connection back."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()

    def _driver(self) -> BoundedConnection:
        if self._handle is None:
            self._handle = self._engine.raw_connection()
        return cast("BoundedConnection", self._handle.driver_connection)

    def _run(self, transaction: Callable[[], Answer]) -> Answer:
        """Run it, and again when it lost to another one."""
        attempt = 1
        while True:
            try:
                return transaction()
            except self._failures as error:
                self._drop_if_broken(error)
                if attempt == ATTEMPTS or not is_contended(error):
                    raise refusal_of(error) from error
            time.sleep(random.uniform(0, _JITTER * attempt))  # noqa: S311  # no secret
            attempt += 1

    def _store_by_core(self, writes: Writes) -> None:
        with self._engine.connect() as connection:
            driver = cast("BoundedConnection", connection.connection.driver_connection)
            with _rolled_back_when_it_fails(driver):
                driver.execute("BEGIN")
                for write in writes:
                    write.apply(connection, cast("Driver", driver))
                driver.execute("COMMIT")

    def _drop_if_broken(self, error: Exception) -> None:
        if self._handle is not None and not _is_idle(self._driver()):
            self._handle.invalidate(error)
            self._handle = None


def _run_all(
    driver: BoundedConnection, statements: Sequence[tuple[str, tuple[object, ...]]]
) -> list[Any]:
    with _rolled_back_when_it_fails(driver), driver.pipeline():
        driver.execute("BEGIN")
        first, *_ = [driver.execute(*statement) for statement in statements]
        driver.execute("COMMIT")
    return first.fetchall()


def _store_rows(driver: BoundedConnection, writes: Sequence[RowWrite]) -> None:
    """Write in one round trip; in one more for each write that may be refused."""
    statements = _statements(writes)
    if len(statements) == 1 and statements[0][-1].refusal is None:
        _ = _send(driver, statements[0])
        return
    trips = _trips(statements)
    with _rolled_back_when_it_fails(driver):
        for number, trip in enumerate(trips, start=1):
            with driver.pipeline():
                if number == 1:
                    driver.execute("BEGIN")
                cursors = [_send(driver, statement) for statement in trip]
                if number == len(trips):
                    driver.execute("COMMIT")
            for statement, cursor in zip(trip, cursors, strict=True):
                statement[-1].check(cursor.rowcount)


def _statements(writes: Sequence[RowWrite]) -> list[_Statement]:
    """The writes in their order, those in one statement that join and follow each other."""
    statements: list[_Statement] = []
    for joins, following in groupby(writes, key=attrgetter("joins")):
        some = list(following)
        most = TOGETHER if joins else 1
        statements.extend(some[start : start + most] for start in range(0, len(some), most))
    return statements


def _trips(statements: Sequence[_Statement]) -> list[list[_Statement]]:
    """What is sent together: each write that may be refused is the last before an answer."""
    trips: list[list[_Statement]] = [[]]
    for statement in statements:
        trips[-1].append(statement)
        if statement[-1].refusal is not None:
            trips.append([])
    return trips


def _send(driver: BoundedConnection, statement: _Statement) -> Cursor:
    if len(statement) == 1:
        return driver.execute(statement[0].query.sql, statement[0].parameters)
    together = _together(tuple(write.query.sql for write in statement))
    return driver.execute(together, [value for write in statement for value in write.parameters])


@lru_cache
def _together(statements: tuple[str, ...]) -> str:
    """One statement that inserts what these do. Foreign keys are checked at its end."""
    parts = ", ".join(f"part_{number} AS ({sql})" for number, sql in enumerate(statements))
    return f"WITH {parts} SELECT"


@contextmanager
def _rolled_back_when_it_fails(driver: BoundedConnection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):
            driver.rollback()
        raise


def _is_idle(driver: BoundedConnection) -> bool:
    return driver.info.transaction_status == TransactionStatus.IDLE


def _connect(
    dialect: sa.Dialect,  # noqa: ARG001
    record: object,  # noqa: ARG001
    arguments: Sequence[Any],
    options: Mapping[str, Any],
) -> BoundedConnection:
    connection = BoundedConnection.connect(*arguments, **options, autocommit=True)
    for name, value in _SETTINGS.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    return connection


def _see_that_it_lives(connection: BoundedConnection, record: object, handle: object) -> None:  # noqa: ARG001
    """Notice what a server said while nobody listened, such as its farewell, without a round trip.

    The first look reads the words, the second finds the end behind them.
    """
    try:
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError as error:
        raise sa.exc.DisconnectionError from error
