"""A desk in memory that holds the directory of `helpdesk_core.testing`."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import settings

from helpdesk_core.errors import Unavailable
from helpdesk_core.limits import Limit
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW, a_directory
from helpdesk_memory import MemoryDesk

# What an example may take is for bench/ to say: a busy machine is no reason to fail.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@attrs.frozen
class CountersAreDown:
    """A store of counters that does not answer."""

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Raise, whatever is to be counted."""
        raise Unavailable

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Raise, whatever is asked about."""
        raise Unavailable


@pytest.fixture
def desk() -> MemoryDesk:
    """A stocked desk whose clock stands at NOW, 2026-05-22T05:05Z."""
    desk = MemoryDesk(NOW)
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()
    return desk


@pytest.fixture
def uncounted(desk: MemoryDesk) -> Ports:
    """The ports of the same desk while nobody can count what callers do."""
    return attrs.evolve(desk.ports, limiter=CountersAreDown())
