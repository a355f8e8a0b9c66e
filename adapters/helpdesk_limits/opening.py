"""From a storage's address to a limiter."""

from time import monotonic, time
from typing import Any, Final

from limits.errors import ConfigurationError
from limits.storage import RedisStorage

from helpdesk_limits.limiter import StorageLimiter
from helpdesk_limits.memory import MemoryWindows

PREFIX: Final = "helpdesk"
"""What every key in Redis begins with, before a colon."""

CONNECTING: Final = 0.5
"""Seconds that a connection to Redis may take."""

ANSWERING: Final = 0.5
"""Seconds that Redis may take to answer."""

_REDIS: Final = frozenset({"redis", "rediss", "redis+unix"})


def open_limiter(storage_url: str, *, prefix: str = PREFIX) -> StorageLimiter:
    """The limiter whose counters are at `memory://`, `redis://…`, `rediss://…` or `redis+unix://…`.

    In memory they are this process's own, and gone when it ends. In Redis (or Valkey) all processes
    with the same `prefix` share them; each takes its own clock for the time, so the clocks must
    agree. Nothing connects yet. Raises ValueError, which never repeats the address: it may hold a
    password.
    """
    scheme, _, _ = storage_url.partition("://")
    if storage_url == "memory://":
        return StorageLimiter(MemoryWindows(monotonic), now=monotonic)
    if scheme in _REDIS:
        return StorageLimiter(_redis(storage_url, prefix), now=time)
    raise ValueError(
        "a storage of limits begins with memory://, redis://, rediss:// or redis+unix://"
    )


def _redis(url: str, prefix: str) -> RedisStorage:
    try:
        return RedisStorage(url, key_prefix=prefix, wrap_exceptions=True, **_redis_options())
    except ConfigurationError as error:
        raise ValueError("limits in Redis need the extra helpdesk-core[redis]") from error
    except ValueError:
        raise ValueError("the address of Redis cannot be understood") from None


def _redis_options() -> dict[str, Any]:
    """Short waits, and no second try: left to itself the client makes ten, ever further apart.

    A kept connection that was closed meanwhile is replaced before it is used.
    """
    try:
        from redis.backoff import NoBackoff  # noqa: PLC0415  # an extra
        from redis.retry import Retry  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError("redis is not installed") from error
    return {
        "socket_connect_timeout": CONNECTING,
        "socket_timeout": ANSWERING,
        "retry": Retry(NoBackoff(), 0),
    }
