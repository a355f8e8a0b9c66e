"""The contract of a rate limiter."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import attrs
import pytest

from helpdesk_core.limits import Limit
from helpdesk_core.ports import RateLimiter
from helpdesk_core.testing.races import at_once

THREE_A_MINUTE: Final = Limit(
    name="three", amount=3, period=timedelta(minutes=1), sentence="{seconds}", opens_when_down=True
)
KEY: Final = ("192.0.2.1",)
ALLOWED: Final = timedelta(0)
A_MOMENT: Final = timedelta(milliseconds=1)
"""Off the edge of a window: whether that belongs to it is the limiter's own affair."""
TOLERANCE: Final = timedelta(seconds=1)
"""By how much a wait may be rounded up."""


class RateLimiterContract:
    """What `ports.RateLimiter` promises, as tests.

    Subclass it under a name that pytest collects, and give the subclass two fixtures:

    `limiter`: a limiter for each test that has counted nothing, callable from fifty threads at
    once.
    `pass_time`: a callable that makes a `timedelta` of up to a minute pass for that limiter. Move
    its clock rather than sleep.
    """

    def test_as_many_acts_are_allowed_as_the_limit_says(self, limiter: RateLimiter) -> None:
        assert [True, True, True, False, False] == [_is_allowed(limiter) for _ in range(5)]

    def test_every_key_is_counted_apart(self, limiter: RateLimiter) -> None:
        """Keys are whole: their parts are never run together."""
        keys = [("a",), ("b",), ("a", "b"), ("ab",), ("a", ""), ("a/b",), ("a:b",), ("A",), ("é",)]
        for key in keys:
            _fill(limiter, key=key)

        refused = [_is_allowed(limiter, key=key) for key in keys]
        assert [False] * len(keys) == refused

    def test_what_one_key_does_costs_no_other(self, limiter: RateLimiter) -> None:
        _fill(limiter, key=("a", "b"))

        others = [("a",), ("b",), ("ab",), ("a/b",), ("a:b",), ("a", "b", ""), ("b", "a")]
        assert [True] * len(others) == [_is_allowed(limiter, key=key) for key in others]

    def test_every_limit_is_counted_apart(self, limiter: RateLimiter) -> None:
        """Two limits of the same amount and period are told apart by their names."""
        _fill(limiter)

        assert _is_allowed(limiter, attrs.evolve(THREE_A_MINUTE, name="other"))

    def test_the_wait_is_true(
        self, limiter: RateLimiter, pass_time: Callable[[timedelta], None]
    ) -> None:
        """After it the act is allowed; it is rounded up by less than a second."""
        _fill(limiter)
        pass_time(timedelta(seconds=20))
        wait = limiter.hit(THREE_A_MINUTE, KEY)

        assert timedelta(seconds=39) < wait <= timedelta(seconds=40) + TOLERANCE
        pass_time(wait + A_MOMENT)
        assert _is_allowed(limiter)

    def test_nothing_is_allowed_before_the_wait_is_over(
        self, limiter: RateLimiter, pass_time: Callable[[timedelta], None]
    ) -> None:
        _fill(limiter)
        wait = limiter.hit(THREE_A_MINUTE, KEY)
        pass_time(wait - 2 * TOLERANCE)

        assert not _is_allowed(limiter)

    def test_the_window_moves(
        self, limiter: RateLimiter, pass_time: Callable[[timedelta], None]
    ) -> None:
        """It has no edge at which the count begins anew: in any period the limit holds."""
        allowed = []
        for _ in range(12):
            allowed.append(_is_allowed(limiter))
            pass_time(timedelta(seconds=15) + A_MOMENT)

        assert [True, True, True, False] * 3 == allowed

    def test_acts_come_free_one_by_one(
        self, limiter: RateLimiter, pass_time: Callable[[timedelta], None]
    ) -> None:
        for _ in range(3):
            assert _is_allowed(limiter)
            pass_time(timedelta(seconds=15))
        pass_time(timedelta(seconds=16))

        assert [True, False] == [_is_allowed(limiter) for _ in range(2)]

    def test_refused_acts_are_not_counted(
        self, limiter: RateLimiter, pass_time: Callable[[timedelta], None]
    ) -> None:
        """Whoever keeps knocking does not wait longer for it."""
        _fill(limiter)
        for _ in range(5):
            pass_time(timedelta(seconds=10))
            _ = limiter.hit(THREE_A_MINUTE, KEY)
        pass_time(timedelta(seconds=11))

        assert [True, True, True, False] == [_is_allowed(limiter) for _ in range(4)]

    def test_whoever_only_asks_is_not_counted(self, limiter: RateLimiter) -> None:
        asked = [limiter.wait(THREE_A_MINUTE, KEY) for _ in range(5)]

        assert [ALLOWED] * 5 == asked
        _fill(limiter)

    def test_asking_tells_the_wait_that_an_act_would_have(self, limiter: RateLimiter) -> None:
        _fill(limiter)
        asked, refused = limiter.wait(THREE_A_MINUTE, KEY), limiter.hit(THREE_A_MINUTE, KEY)

        assert abs(asked - refused) <= TOLERANCE
        assert asked > ALLOWED

    def test_whoever_asks_hears_of_the_limit_and_the_key_in_question_only(
        self, limiter: RateLimiter
    ) -> None:
        _fill(limiter)
        other = attrs.evolve(THREE_A_MINUTE, name="other")

        assert ALLOWED == limiter.wait(THREE_A_MINUTE, ("another",)) == limiter.wait(other, KEY)

    def test_after_the_wait_whoever_asks_need_not_wait(
        self, limiter: RateLimiter, pass_time: Callable[[timedelta], None]
    ) -> None:
        _fill(limiter)
        pass_time(limiter.wait(THREE_A_MINUTE, KEY) + A_MOMENT)

        assert ALLOWED == limiter.wait(THREE_A_MINUTE, KEY)

    @pytest.mark.parametrize("key", [("",), ("\u0000",), ("💥",), ("2001:db8::/64", "x" * 500)])
    def test_any_text_is_a_key(self, limiter: RateLimiter, key: tuple[str, ...]) -> None:
        _fill(limiter, key=key)

        assert not _is_allowed(limiter, key=key)

    def test_of_fifty_at_once_only_the_last_free_act_is_allowed(self, limiter: RateLimiter) -> None:
        ten = attrs.evolve(THREE_A_MINUTE, amount=10)
        for _ in range(9):
            assert _is_allowed(limiter, ten)

        outcomes = at_once([partial(limiter.hit, ten, KEY)] * 50)
        assert 1 == outcomes.count(ALLOWED)


def _is_allowed(
    limiter: RateLimiter, limit: Limit = THREE_A_MINUTE, *, key: tuple[str, ...] = KEY
) -> bool:
    return limiter.hit(limit, key) == ALLOWED


def _fill(limiter: RateLimiter, *, key: tuple[str, ...] = KEY) -> None:
    for _ in range(THREE_A_MINUTE.amount):
        assert _is_allowed(limiter, key=key)
