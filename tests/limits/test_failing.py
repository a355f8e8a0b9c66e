"""What a storage that fails costs, and what a wrong address is told."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic

import pytest
from limits.errors import StorageError
from redis import Redis

from helpdesk_core.errors import Unavailable
from helpdesk_core.limits import LOOKUPS
from helpdesk_limits import StorageLimiter, open_limiter
from helpdesk_memory import MovableClock
from helpdesk_outward import Circuit

KEY = ("192.0.2.1",)


class FailingWindows:
    """A storage elsewhere, which fails when told, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = True

    def acquire_entry(self, key: str, limit: int, expiry: int) -> bool:
        self.asked += 1
        if self.fails:
            raise StorageError(ConnectionError("refused"))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        self.asked += 1
        raise StorageError(ConnectionError("refused"))


@pytest.fixture
def windows() -> FailingWindows:
    return FailingWindows()


@pytest.fixture
def limiter(windows: FailingWindows, seconds: Callable[[], float]) -> StorageLimiter:
    return StorageLimiter(windows, now=seconds, circuit=Circuit(pause=2, now=seconds))


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """Takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def hits(limiter: StorageLimiter, times: int) -> int:
    """How many of so many acts are Unavailable."""
    failed = 0
    for _ in range(times):
        try:
            limiter.hit(LOOKUPS, KEY)
        except Unavailable:
            failed += 1
    return failed


def test_a_storage_that_fails_makes_the_counters_unavailable(limiter: StorageLimiter) -> None:
    with pytest.raises(Unavailable):
        limiter.hit(LOOKUPS, KEY)


def test_a_storage_that_has_just_failed_is_not_asked_again(
    limiter: StorageLimiter, windows: FailingWindows
) -> None:
    assert 10 == hits(limiter, 10)
    assert 1 == windows.asked


def test_whoever_asks_of_a_storage_that_fails_is_told_and_no_act_is_tried_after(
    limiter: StorageLimiter, windows: FailingWindows
) -> None:
    with pytest.raises(Unavailable):
        limiter.wait(LOOKUPS, KEY)

    assert (3, 1) == (hits(limiter, 3), windows.asked)


def test_after_a_pause_one_caller_asks_again(
    limiter: StorageLimiter, windows: FailingWindows, clock: MovableClock
) -> None:
    hits(limiter, 10)
    clock.advance(minutes=1)
    hits(limiter, 10)

    assert 2 == windows.asked


def test_a_storage_that_is_back_counts_again(
    limiter: StorageLimiter, windows: FailingWindows, clock: MovableClock
) -> None:
    hits(limiter, 1)
    windows.fails = False
    clock.advance(minutes=1)

    assert 0 == hits(limiter, 10)


def test_while_one_caller_tries_the_others_are_told_at_once(clock: MovableClock) -> None:
    circuit = Circuit(pause=2, now=lambda: clock().timestamp())
    circuit.failed()
    clock.advance(minutes=1)

    assert [True, False, False] == [circuit.lets_through() for _ in range(3)]


def test_operators_are_told_once_that_limits_fail_and_once_that_they_are_back(
    limiter: StorageLimiter,
    windows: FailingWindows,
    clock: MovableClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(3):
        hits(limiter, 10)
        clock.advance(minutes=1)
    windows.fails = False
    hits(limiter, 10)

    assert [
        "Limits are not counted, the storage fails: refused",
        "Limits are counted again",
    ] == caplog.messages


def test_a_redis_that_refuses_connections_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert 1 == hits(open_limiter(f"redis://127.0.0.1:{port}"), 1)


def test_a_redis_that_never_answers_costs_one_short_wait(silent_server: socket.socket) -> None:
    limiter = open_limiter(f"redis://127.0.0.1:{silent_server.getsockname()[1]}")
    started = monotonic()
    failed = hits(limiter, 100)

    assert 100 == failed
    assert monotonic() - started < 2  # one wait, and no hundred


def test_a_redis_that_refuses_a_password_is_unavailable(redis_url: str) -> None:
    address = redis_url.rpartition("@")[2].removeprefix("redis://")

    assert 1 == hits(open_limiter(f"redis://nobody:wrong@{address}"), 1)


def test_a_connection_that_redis_closed_meanwhile_costs_nothing(
    redis_url: str, prefix: str
) -> None:
    named = f"{redis_url}{'&' if '?' in redis_url else '?'}client_name={prefix}"
    limiter = open_limiter(named, prefix=prefix)
    hits(limiter, 1)
    with Redis.from_url(redis_url) as redis:
        (client,) = [client for client in redis.client_list() if client["name"] == prefix]
        redis.client_kill_filter(client["id"])

    assert timedelta(0) == limiter.hit(LOOKUPS, KEY)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory",
        "memory://secret",
        "memcached://secret",
        "http://secret",
        "redis:secret",
        "redis://:secret@[::1",
        "redis://:secret@localhost:port",
        "redis://:secret@localhost:99999999",
        "redis://\u2100:secret@localhost",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"redis|Redis") as refused:
        open_limiter(url)

    assert "secret" not in str(refused.value)
