"""What is kept in memory keeps the contracts of the ports."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.outbox import OutboxContract
from helpdesk_core.testing.rate_limiter import RateLimiterContract
from helpdesk_core.testing.unit_of_work import UnitOfWorkContract
from helpdesk_memory import MemoryLimiter, MemoryOutbox, MemoryStore, MovableClock


class TestUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


class TestOutbox(OutboxContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    @pytest.fixture
    def outbox(self, store: MemoryStore) -> MemoryOutbox:
        return MemoryOutbox(store, new_id=uuid4)


class TestRateLimiter(RateLimiterContract):
    @pytest.fixture
    def clock(self) -> MovableClock:
        return MovableClock(NOW)

    @pytest.fixture
    def limiter(self, clock: MovableClock) -> MemoryLimiter:
        return MemoryLimiter(clock)

    @pytest.fixture
    def pass_time(self, clock: MovableClock) -> Callable[[timedelta], None]:
        return lambda duration: clock.set(clock() + duration)
