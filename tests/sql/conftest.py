"""Desks in SQL, with the suites' directory in them."""

from collections.abc import Iterator

import pytest

from helpdesk_core.testing.stores import stocked
from helpdesk_sql import SqlStore, open_store, upgrade


@pytest.fixture
def sqlite_desk(sqlite_url: str) -> Iterator[SqlStore]:
    upgrade(sqlite_url)
    store = open_store(sqlite_url)
    stocked(store)
    yield store
    store.close()


@pytest.fixture
def postgres_desk(fresh_postgres_url: str) -> Iterator[SqlStore]:
    upgrade(fresh_postgres_url)
    store = open_store(fresh_postgres_url, pool_size=2)
    stocked(store)
    yield store
    store.close()


@pytest.fixture(params=["sqlite_url", "fresh_postgres_url"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """An empty database, of the one kind and of the other."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture(params=["sqlite_desk", "postgres_desk"])
def desk(request: pytest.FixtureRequest) -> SqlStore:
    """A desk, in the one database and in the other."""
    store: SqlStore = request.getfixturevalue(request.param)
    return store
