"""Empty desks to prove the contracts over.

A store is opened once a session and emptied for each test: opening one compiles all its statements.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest
import sqlalchemy as sa

from helpdesk_core.directory import Directory
from helpdesk_sql import SqlStore, open_store, upgrade
from helpdesk_sql.tables import directory_state, metadata


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'desk.db'}"
    upgrade(url)
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture(scope="session")
def postgres_store(postgres_url: str) -> Iterator[SqlStore]:
    upgrade(postgres_url)
    with closing(open_store(postgres_url)) as store:
        yield store


@pytest.fixture
def empty_sqlite(sqlite_store: SqlStore) -> Callable[[], SqlStore]:
    """Answers with an empty desk in SQLite, the same at each call."""
    return partial(emptied, sqlite_store)


@pytest.fixture
def empty_postgres(postgres_store: SqlStore) -> Callable[[], SqlStore]:
    """Answers with an empty desk in PostgreSQL, the same at each call."""
    return partial(emptied, postgres_store)


def emptied(store: SqlStore) -> SqlStore:
    """The store without any row but the one that says that there is no directory."""
    with store.engine.connect() as connection:
        _ = connection.exec_driver_sql("BEGIN")
        for table in reversed(metadata.sorted_tables):
            if table is not directory_state:
                _ = connection.execute(sa.delete(table))
        _ = connection.execute(sa.update(directory_state).values(version=0))
        _ = connection.exec_driver_sql("COMMIT")
    store.policies.forget()
    with store.begin() as uow:  # The store keeps the directory it last read, by its version.
        assert Directory() == uow.directory()
    return store
