"""Whatever people do in whatever order, a session is good when the plain model says so."""

from collections.abc import Callable

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from helpdesk_core.testing.account_machine import account_machine
from helpdesk_memory import MemoryStore, MemoryUnitOfWork
from helpdesk_sql import SqlStore


def test_accounts_in_memory_are_as_in_the_model() -> None:
    run_state_machine_as_test(
        account_machine(MemoryStore), settings=settings(max_examples=100, deadline=None)
    )


def test_accounts_in_sqlite_are_as_in_the_model(empty_sqlite: Callable[[], SqlStore]) -> None:
    run_state_machine_as_test(
        account_machine(empty_sqlite), settings=settings(max_examples=15, deadline=None)
    )


def test_accounts_in_postgresql_are_as_in_the_model(
    empty_postgres: Callable[[], SqlStore],
) -> None:
    run_state_machine_as_test(
        account_machine(empty_postgres), settings=settings(max_examples=8, deadline=None)
    )


class EndsNothing(MemoryUnitOfWork):
    """A unit of work with a fault."""

    def end_sessions_of(self, person_id: object, *, but: object = None) -> None:
        """Nothing comes of it."""


class ForgetsToForget(MemoryUnitOfWork):
    """Another one."""

    def forget_person(self, person_id: object) -> None:
        """Nothing comes of it."""


class IsNeverSeen(MemoryUnitOfWork):
    """Another one."""

    def touch_session(self, session_id: object, at: object) -> None:
        """Nothing comes of it."""


class FaultyStore(MemoryStore):
    def __init__(self, fault: type[MemoryUnitOfWork]) -> None:
        super().__init__()
        self._fault = fault

    def begin(self) -> MemoryUnitOfWork:
        return self._fault(self)


@pytest.mark.parametrize("fault", [EndsNothing, ForgetsToForget, IsNeverSeen])
def test_a_store_with_a_fault_is_found_out(fault: type[MemoryUnitOfWork]) -> None:
    search = settings(max_examples=500, deadline=None, database=None, phases=[Phase.generate])

    # A session whose person is gone is found out too, in its own way.
    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(account_machine(lambda: FaultyStore(fault)), settings=search)
