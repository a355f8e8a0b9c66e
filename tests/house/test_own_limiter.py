"""The limiter of the how-to fulfils the contract."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from own_limiter import DictionaryLimiter

from helpdesk_core.testing.rate_limiter import RateLimiterContract
from helpdesk_memory import MovableClock


class TestDictionaryLimiter(RateLimiterContract):
    @pytest.fixture
    def clock(self) -> MovableClock:
        return MovableClock(datetime(2026, 5, 22, tzinfo=UTC))

    @pytest.fixture
    def limiter(self, clock: MovableClock) -> DictionaryLimiter:
        return DictionaryLimiter(clock)

    @pytest.fixture
    def pass_time(self, clock: MovableClock) -> Callable[[timedelta], None]:
        return lambda span: clock.set(clock() + span)
