"""A desk in PostgreSQL keeps the contracts of the ports."""

from collections.abc import Callable

import pytest

from helpdesk_core.testing.outbox import OutboxContract
from helpdesk_core.testing.unit_of_work import UnitOfWorkContract
from helpdesk_sql import SqlOutbox, SqlStore


@pytest.fixture
def store(empty_postgres: Callable[[], SqlStore]) -> SqlStore:
    return empty_postgres()


class TestUnitOfWork(UnitOfWorkContract):
    """Over the store above."""


class TestOutbox(OutboxContract):
    """Over the outbox of the store above."""

    @pytest.fixture
    def outbox(self, store: SqlStore) -> SqlOutbox:
        return store.outbox
