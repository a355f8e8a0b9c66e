"""What the suites ask of a store, and the few ways in which they speak to one."""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

import pytest
from hypothesis import HealthCheck, settings

from helpdesk_core.notices import Notice
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.tickets import Change

Answer = TypeVar("Answer")


class Store(Protocol):
    """Something that begins units of work, from any thread."""

    def begin(self) -> UnitOfWork:
        """A fresh unit of work."""
        ...


A_FEW_EXAMPLES: Final = settings(
    max_examples=25,
    deadline=None,  # a store may be slow
    # The store lives through all examples, which keep apart by their ids; and each suite is
    # inherited by design.
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
"""How a suite runs a property over a store."""


def put(store: Store, *changes: Change, notices: tuple[Notice, ...] = ()) -> None:
    """Commit the changes in one unit of work, the notices with the last of them."""
    with store.begin() as uow:
        for change in changes[:-1]:
            uow.save(change)
        uow.save(changes[-1], notices)
        uow.commit()


def read(store: Store, ask: Callable[[UnitOfWork], Answer]) -> Answer:
    """What a unit of work of its own answers."""
    with store.begin() as uow:
        return ask(uow)


def stocked(store: Store) -> None:
    """Commit `a_directory()` to an empty store."""
    with store.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()


class OverADesk:
    """A suite over a store with a directory in it."""

    @pytest.fixture
    def desk(self, store: Store) -> Store:
        """The store, with `a_directory()` in it."""
        stocked(store)
        return store
