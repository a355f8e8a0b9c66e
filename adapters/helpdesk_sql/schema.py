"""The schema of a database: which revision it is at, and how it is brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from helpdesk_sql.failures import StoreError, failures_of
from helpdesk_sql.sqlite import sqlite_engine
from helpdesk_sql.urls import is_sqlite, read_url, told_to_the_operator

VERSION_TABLE: Final = "helpdesk_schema"
"""Of our own name, so that an embedder's alembic in the same database is left alone."""

_LOCK: Final = 0x68_65_6C_70  # any number that all of us take
_BEGIN: Final = {
    "sqlite": (
        "PRAGMA busy_timeout = 60000",
        # A table that is rebuilt is away for a moment; what refers to it is checked at the end.
        "PRAGMA foreign_keys = OFF",
        "BEGIN IMMEDIATE",
    ),
    "postgresql": ("BEGIN", f"SELECT pg_advisory_xact_lock({_LOCK})"),
}


def head_revision() -> str:
    """The newest revision that this program knows."""
    head = _scripts().get_current_head()
    if head is None:
        raise StoreError("The migrations are missing from this installation")
    return head


def current_revision(url: str) -> str | None:
    """The revision of a database; None when it holds no desk yet. Raises StoreError."""
    with _connection(read_url(url)) as connection:
        return revision_of(connection)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of the database behind a connection."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def upgrade(url: str) -> None:
    """Bring a database up to date: all the way or, on failure, not at all.

    Several processes may do it at once: one does it, and the others find it done. Raises StoreError
    when the database cannot be reached, or is newer than this program.
    """
    with _connection(read_url(url)) as connection:
        if revision_of(connection) != head_revision():
            with _alone(connection):
                _refuse_unknown(revision_of(connection))
                command.upgrade(alembic_config(connection), "head")


def require_head(revision: str | None) -> None:
    """Raise StoreError unless the revision is the one that this program is written for."""
    head = head_revision()
    if revision is None:
        raise StoreError("The database holds no desk yet; run `helpdesk migrate`")
    _refuse_unknown(revision)
    if revision != head:
        raise StoreError(
            f"The database is at revision {revision}, and this program needs {head}; "
            "run `helpdesk migrate`"
        )


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """What alembic's commands are given to work on our migrations, over a connection."""
    config = Config()
    config.set_main_option("script_location", "helpdesk_sql:migrations")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _refuse_unknown(revision: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The database is at revision {revision}, which this program does not know; "
            "a newer one has been here, so run that"
        )


@contextmanager
def _connection(url: sa.URL) -> Iterator[sa.Connection]:
    engine = _engine(url)
    with told_to_the_operator(url, failures_of(engine.dialect)), engine.connect() as connection:
        yield connection


def _engine(url: sa.URL) -> sa.Engine:
    if is_sqlite(url):
        return sqlite_engine(url)
    return sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")


@contextmanager
def _alone(connection: sa.Connection) -> Iterator[None]:
    """A transaction that no other upgrade runs beside. Closing the connection undoes it."""
    for statement in _BEGIN[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    yield
    if (
        connection.dialect.name == "sqlite"
        and connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    ):
        raise StoreError("The migration would leave rows that refer to nothing; nothing was done")
    connection.exec_driver_sql("COMMIT")
