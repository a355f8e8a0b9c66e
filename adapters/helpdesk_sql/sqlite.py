"""SQLite: many readers, and one writer that commits together what waits.

Each connection is in the driver's autocommit mode, so that nothing begins a transaction behind our
back: a reader needs none, and the writer says BEGIN IMMEDIATE.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Final, cast

import attrs
import sqlalchemy as sa

from helpdesk_sql.databases import Read, Writes
from helpdesk_sql.failures import StoreError, failures_of, refusal_of
from helpdesk_sql.kept import Driver, Kept, Record
from helpdesk_sql.queries import queries_for
from helpdesk_sql.writer import Writer

WRITER_WAIT: Final = 2000
"""Milliseconds to wait for another process that writes."""

_PAUSE: Final = 0.01  # seconds between two attempts at what does not wait by itself

PRAGMAS: Final[Mapping[str, tuple[str, object]]] = {
    "busy_timeout": (str(WRITER_WAIT), WRITER_WAIT),
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
    "wal_autocheckpoint": ("4000", 4000),  # pages that many commits touch are copied once
    "journal_size_limit": (str(64 * 1024 * 1024), 64 * 1024 * 1024),
    "secure_delete": ("ON", 1),  # whoever is erased is in no empty place of the file either
}
"""What each connection is told, and what it must then say. First to wait, since the next may."""


def sqlite_engine(url: sa.URL) -> sa.Engine:
    """An engine whose connections are in autocommit and set as they must be."""
    engine = sa.create_engine(
        url,
        poolclass=sa.NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _set_up)
    return engine


def read_pragmas(connection: sa.Connection) -> Mapping[str, object]:
    """What a connection says of each setting."""
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}


class SqliteDatabase:
    """One database file, for all threads of a process."""

    def __init__(self, url: sa.URL) -> None:
        self.engine = sqlite_engine(url)
        self.queries = queries_for(self.engine.dialect)
        self._failures = failures_of(self.engine.dialect)
        self._readers = Readers(self.engine)
        self._writer = Writer(self.engine, self._failures)

    def session(self) -> "SqliteSession":
        """A way to the database for one call."""
        return SqliteSession(self._readers, self._writer, self._failures)

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """A connection that sees one moment of the database."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield connection
                connection.exec_driver_sql("COMMIT")
        except self._failures as error:
            raise refusal_of(error) from error

    def empty_log(self) -> bool:
        """Bring the log into the file, and cut it to nothing; False while somebody needs it."""
        try:
            with self.engine.connect() as connection:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        except self._failures as error:
            raise refusal_of(error) from error
        return not busy

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._writer.close()
        self._readers.close()


@attrs.frozen
class SqliteSession:
    """Holds nothing between two statements."""

    _readers: "Readers"
    _writer: Writer
    _failures: tuple[type[Exception], ...]

    def read(self, query: Kept, **values: object) -> list[Record]:
        """The rows as they are committed now."""
        parameters = query.parameters(values)
        try:
            reader = self._readers.take()
            rows = reader.driver.execute(query.sql, parameters).fetchall()
        except self._failures as error:
            raise refusal_of(error) from error
        self._readers.give_back(reader)
        return query.records(rows)

    @contextmanager
    def moment(self) -> Iterator[Read]:
        """A way to read that sees the moment of its first question."""

        def read(query: Kept, **values: object) -> list[Record]:
            rows = reader.driver.execute(query.sql, query.parameters(values)).fetchall()
            return query.records(rows)

        try:
            reader = self._readers.take()
            reader.driver.execute("BEGIN")
            yield read
            reader.driver.execute("COMMIT")
        except self._failures as error:
            raise refusal_of(error) from error
        self._readers.give_back(reader)

    def change(self, query: Kept, *then: Kept, **values: object) -> list[Record]:
        """Run writing statements as a durable transaction; the first's rows."""
        statements = [(it.sql, it.parameters(values)) for it in (query, *then)]
        return query.records(self._writer.run(lambda _, driver: _run_all(statements, driver)))

    def store(self, writes: Writes) -> None:
        """Store all of it durably, or nothing."""
        self._writer.run(lambda connection, driver: _apply(writes, connection, driver))

    def close(self) -> None:
        """Nothing is left to do."""


class Readers:
    """Connections that only read: as many as threads ever read at once."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._idle: deque[Reader] = deque()

    def take(self) -> "Reader":
        """One that nobody else uses; the one that was used last where there is any."""
        try:
            return self._idle.pop()
        except IndexError:
            return Reader(self._engine.raw_connection())

    def give_back(self, reader: "Reader") -> None:
        """It works, and may be used again. One that failed is not given back, and closes."""
        self._idle.append(reader)

    def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            self._idle.pop().close()


class Reader:
    """A connection that only reads. The pool's handle is kept with it, so that it stays open."""

    def __init__(self, handle: sa.PoolProxiedConnection) -> None:
        self._handle = handle
        self.driver = cast("Driver", handle.driver_connection)
        self.driver.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Close it."""
        self._handle.close()


def _apply(writes: Writes, connection: sa.Connection, driver: Driver) -> None:
    for write in writes:
        write.apply(connection, driver)


def _run_all(
    statements: Sequence[tuple[str, tuple[object, ...]]], driver: Driver
) -> list[Sequence[object]]:
    rows, *_ = [driver.execute(*statement).fetchall() for statement in statements]
    return rows


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    for name, (setting, expected) in PRAGMAS.items():
        _tell(connection, f"PRAGMA {name} = {setting}")
        held = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if held != expected:
            raise StoreError(f"SQLite does not take {name} = {setting}: it stays {held}")


def _tell(connection: sqlite3.Connection, pragma: str) -> None:
    # Turning a file to WAL for the first time does not wait for others, whatever busy_timeout says.
    end = monotonic() + WRITER_WAIT / 1000
    while True:
        try:
            connection.execute(pragma)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or monotonic() > end:
                raise
            sleep(_PAUSE)
        else:
            return
