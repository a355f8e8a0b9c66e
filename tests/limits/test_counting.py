"""What is counted, and how long the wait is, over each storage."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from helpdesk_core.limits import Limit
from helpdesk_core.ports import RateLimiter
from helpdesk_limits import StorageLimiter, open_limiter
from helpdesk_limits.memory import MemoryWindows
from helpdesk_memory import MemoryLimiter, MovableClock

NOW = timedelta(0)
MOMENT = timedelta(seconds=0.25)
KEY = ("192.0.2.1",)
AWKWARD_KEYS = [
    ("a", "b"),
    ("a:b",),
    ("a", "", "b"),
    ("a/b",),
    ('a","b',),
    (),
    ("",),
    ("*",),
    ("a\0b",),
    ("a\r\nb",),
    ("\ud800",),
    ("é",),
    ("e\u0301",),
    ("x" * 100_000,),
]


def a_limit(amount: int, *, seconds: float = 3600, name: str = "acts") -> Limit:
    return Limit(
        name=name,
        amount=amount,
        period=timedelta(seconds=seconds),
        sentence="Wait {seconds} seconds.",
        opens_when_down=False,
    )


def pass_time(clock: MovableClock, time: timedelta) -> None:
    clock.set(clock() + time)


def test_as_many_acts_pass_as_the_limit_allows(limiter: RateLimiter) -> None:
    waits = [limiter.hit(a_limit(3), KEY) for _ in range(5)]

    assert [True, True, True, False, False] == [wait == NOW for wait in waits]


def test_the_wait_lasts_until_the_oldest_act_leaves_the_window(
    limiter: RateLimiter, clock: MovableClock
) -> None:
    for _ in range(3):
        limiter.hit(a_limit(3), KEY)
        clock.advance(minutes=10)

    assert timedelta(minutes=30) == limiter.hit(a_limit(3), KEY)


def test_after_the_wait_one_act_passes_and_the_next_waits_for_the_second_oldest(
    limiter: RateLimiter, clock: MovableClock
) -> None:
    for _ in range(2):
        limiter.hit(a_limit(2), KEY)
        clock.advance(minutes=10)
    pass_time(clock, limiter.hit(a_limit(2), KEY) + MOMENT)
    waits = [limiter.hit(a_limit(2), KEY) for _ in range(2)]

    assert [NOW, timedelta(minutes=10) - MOMENT] == waits


def test_a_moment_before_the_wait_is_over_an_act_is_refused(
    limiter: RateLimiter, clock: MovableClock
) -> None:
    limiter.hit(a_limit(1), KEY)
    pass_time(clock, limiter.hit(a_limit(1), KEY) - MOMENT)

    assert MOMENT == limiter.hit(a_limit(1), KEY)


def test_a_refused_act_makes_the_wait_no_longer(limiter: RateLimiter, clock: MovableClock) -> None:
    limiter.hit(a_limit(1), KEY)
    clock.advance(minutes=10)
    waits = {limiter.hit(a_limit(1), KEY) for _ in range(10)}

    assert {timedelta(minutes=50)} == waits


def test_a_limit_of_none_refuses_for_a_whole_period(limiter: RateLimiter) -> None:
    assert timedelta(hours=1) == limiter.hit(a_limit(0), KEY)


def test_a_limit_of_none_tells_whoever_asks_of_a_whole_period(limiter: RateLimiter) -> None:
    assert timedelta(hours=1) == limiter.wait(a_limit(0), KEY)


def test_a_period_counts_in_whole_seconds_rounded_up(limiter: RateLimiter) -> None:
    limiter.hit(a_limit(1, seconds=1.5), KEY)

    assert timedelta(seconds=2) == limiter.hit(a_limit(1, seconds=1.5), KEY)


def test_limits_of_different_names_are_counted_apart(limiter: RateLimiter) -> None:
    limiter.hit(a_limit(1, name="lookups"), KEY)

    assert NOW == limiter.hit(a_limit(1, name="messages"), KEY)


def test_a_clock_set_back_by_a_year_costs_a_period_at_most(
    limiter: RateLimiter, clock: MovableClock
) -> None:
    limiter.hit(a_limit(1), KEY)
    clock.advance(days=-365)

    assert timedelta(hours=1) == limiter.hit(a_limit(1), KEY)


def test_no_text_makes_two_keys_one(limiter: RateLimiter) -> None:
    waits = [limiter.hit(a_limit(1), key) for key in AWKWARD_KEYS]

    assert [NOW] * len(AWKWARD_KEYS) == waits


def test_the_same_key_is_the_same_whatever_text_is_in_it(limiter: RateLimiter) -> None:
    for key in AWKWARD_KEYS:
        limiter.hit(a_limit(1), key)
    waits = [limiter.hit(a_limit(1), key) for key in AWKWARD_KEYS]

    assert [timedelta(hours=1)] * len(AWKWARD_KEYS) == waits


@pytest.fixture
def stored(redis_url: str, prefix: str) -> Callable[[], list[bytes]]:
    """The keys that are in Redis."""

    def keys() -> list[bytes]:
        with Redis.from_url(redis_url) as redis:
            return list(redis.scan_iter(match=f"{prefix}:*", count=1000))

    return keys


def test_a_key_of_any_text_is_stored_short_and_plain(
    redis_url: str, prefix: str, stored: Callable[[], list[bytes]]
) -> None:
    limiter = open_limiter(redis_url, prefix=prefix)
    for key in AWKWARD_KEYS:
        limiter.hit(a_limit(1), key)

    assert len(AWKWARD_KEYS) == len(stored())
    assert all(re.fullmatch(f"{prefix}:acts:[0-9a-f]{{32}}", key.decode()) for key in stored())


def test_redis_forgets_a_key_after_the_period(
    redis_url: str, prefix: str, stored: Callable[[], list[bytes]]
) -> None:
    open_limiter(redis_url, prefix=prefix).hit(a_limit(1), KEY)
    with Redis.from_url(redis_url) as redis:
        (key,) = stored()

        assert 3590 < redis.ttl(key) <= 3600


@given(
    st.lists(
        st.tuples(
            # Binary fractions of a second, so that their sums are exact.
            st.integers(0, 200).map(lambda sixty_fourths: timedelta(seconds=sixty_fourths / 64)),
            st.sampled_from(["a", "b"]),
            st.sampled_from([a_limit(1, seconds=1), a_limit(3, seconds=2, name="others")]),
        ),
        max_size=40,
    )
)
def test_every_answer_is_the_one_of_the_desk_in_memory(
    acts: list[tuple[timedelta, str, Limit]],
) -> None:
    """At any times, by two keys, under two limits."""
    clock = MovableClock(datetime(2026, 5, 22, tzinfo=UTC))
    model = MemoryLimiter(clock)
    windows = MemoryWindows(lambda: clock().timestamp())
    limiter = StorageLimiter(windows, now=lambda: clock().timestamp())

    for time, key, limit in acts:
        pass_time(clock, time)

        assert model.wait(limit, (key,)) == limiter.wait(limit, (key,))
        assert model.hit(limit, (key,)) == limiter.hit(limit, (key,))
