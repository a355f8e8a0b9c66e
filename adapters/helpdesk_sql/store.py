"""A desk in a SQL database."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_sql.databases import Database
from helpdesk_sql.failures import StoreError, failures_of
from helpdesk_sql.kept import keep
from helpdesk_sql.listing import Lists
from helpdesk_sql.outbox import SqlOutbox
from helpdesk_sql.policies import SeenPolicies
from helpdesk_sql.schema import VERSION_TABLE, head_revision, require_head, revision_of
from helpdesk_sql.snapshots import DirectorySnapshots
from helpdesk_sql.sqlite import SqliteDatabase, read_pragmas
from helpdesk_sql.tables import outbox
from helpdesk_sql.unit_of_work import SqlUnitOfWork
from helpdesk_sql.urls import is_sqlite, read_url, told_to_the_operator

POOL_SIZE: Final = 16
"""Connections to PostgreSQL: for each thread that serves, and each that delivers."""

_SOUND_SQLITE: Final = (3, 51, 3)


@attrs.frozen(kw_only=True)
class StoreFacts:
    """What an operator may want to know of a store.

    `settings` are what the database itself says of its durability; `warnings` are sentences.
    """

    dialect: str
    version: str
    settings: Mapping[str, str]
    current_revision: str | None
    head_revision: str
    warnings: tuple[str, ...]


class SqlStore:
    """Everything a desk keeps, in one database; for all threads of a process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lists = Lists(database.engine.dialect)
        self._snapshots = DirectorySnapshots(database)
        self.policies = SeenPolicies()
        self.outbox = SqlOutbox(database)
        self._read_revision = keep(_revisions(), database.engine.dialect)
        self._write_nothing = keep(_write_nothing(), database.engine.dialect)

    @property
    def engine(self) -> sa.Engine:
        """For whoever wants to look at the database with SQLAlchemy; in autocommit."""
        return self._database.engine

    def begin(self) -> SqlUnitOfWork:
        """A fresh unit of work over this store."""
        database = self._database
        return SqlUnitOfWork(
            database.session(), database.queries, self._lists, self._snapshots, self.policies
        )

    def facts(self) -> StoreFacts:
        """What there is to know of the database now. Raises Unavailable."""
        with self._database.snapshot() as connection:
            sqlite = connection.dialect.name == "sqlite"
            read = _sqlite_facts if sqlite else _postgresql_facts
            version, settings, warnings = read(connection)
            return StoreFacts(
                dialect=connection.dialect.name,
                version=version,
                settings=settings,
                current_revision=revision_of(connection),
                head_revision=head_revision(),
                warnings=warnings,
            )

    def pulse(self) -> str | None:
        """See that the database answers and takes writes; the revision that it is at now.

        Nothing is changed. Raises Unavailable, after as long as any other call may take.
        """
        with closing(self._database.session()) as session:
            _ = session.change(self._write_nothing)
            found = session.read(self._read_revision)
        return str(found[0]["version_num"]) if found else None

    def empty_log(self) -> bool:
        """Let what was overwritten be in no file of SQLite any more; PostgreSQL vacuums by itself.

        False while somebody reads what is older. Raises Unavailable.
        """
        database = self._database
        return database.empty_log() if isinstance(database, SqliteDatabase) else True

    def close(self) -> None:
        """Close the connections. Close a store when no call is under way any more."""
        self._database.close()


def open_store(url: str, *, pool_size: int = POOL_SIZE) -> SqlStore:
    """Open the desk in a database.

    `pool_size` bounds the connections to PostgreSQL; a call that gets none within two seconds is
    Unavailable. Raises StoreError when the database cannot be reached, does not take the settings
    that durability needs, or is not at this program's revision.
    """
    parsed = read_url(url)
    database = _database(parsed, pool_size)
    try:
        with (
            told_to_the_operator(parsed, failures_of(database.engine.dialect)),
            database.engine.connect() as connection,
        ):
            require_head(revision_of(connection))
    except StoreError:
        database.close()
        raise
    return SqlStore(database)


def _database(url: sa.URL, pool_size: int) -> Database:
    if is_sqlite(url):
        return SqliteDatabase(url)
    try:
        from helpdesk_sql.postgresql import PostgresDatabase  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise StoreError("PostgreSQL needs the extra: install helpdesk-core[postgres]") from error
    return PostgresDatabase(url, pool_size=pool_size)


def _revisions() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(sa.table(VERSION_TABLE, sa.column("version_num", sa.Text)).c.version_num)


def _write_nothing() -> sa.Update:
    """Goes all the way of a write, and meets no row: no notice is without an id."""
    unchanged = {"reason": outbox.c.reason}
    return sa.update(outbox).where(outbox.c.id.is_(None)).values(unchanged).returning(outbox.c.id)


_Facts = tuple[str, Mapping[str, str], tuple[str, ...]]


def _sqlite_facts(connection: sa.Connection) -> _Facts:
    version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    settings = {name: str(value) for name, value in read_pragmas(connection).items()}
    sound = tuple(int(part) for part in version.split(".")) >= _SOUND_SQLITE
    warning = (
        f"SQLite {version} has a rare fault that can damage a file which several processes write; "
        "3.51.3 has not. Keep to one process, and keep backups"
    )
    return version, settings, () if sound else (warning,)


def _postgresql_facts(connection: sa.Connection) -> _Facts:
    shown = ("fsync", "full_page_writes", "synchronous_commit", "server_encoding")
    settings = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in shown}
    version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    warnings = tuple(
        f"PostgreSQL runs with {name} off: what was acknowledged is lost when the machine stops"
        for name in ("fsync", "full_page_writes")
        if settings[name] == "off"
    )
    return version, settings, warnings
