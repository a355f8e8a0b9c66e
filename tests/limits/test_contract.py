"""The limiter keeps the contract of its port, over each storage."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk_core.testing.rate_limiter import RateLimiterContract
from helpdesk_memory import MovableClock


class TestStorageLimiter(RateLimiterContract):
    @pytest.fixture
    def pass_time(self, clock: MovableClock) -> Callable[[timedelta], None]:
        return lambda duration: clock.set(clock() + duration)
