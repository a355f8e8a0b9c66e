"""A desk in memory that holds the directory of `helpdesk_core.testing`."""

import pytest

from helpdesk_core.testing.builders import NOW, a_directory
from helpdesk_memory import MemoryDesk


@pytest.fixture
def desk() -> MemoryDesk:
    """A stocked desk whose clock stands at NOW, 2026-05-22T05:05Z."""
    desk = MemoryDesk(NOW)
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()
    return desk
