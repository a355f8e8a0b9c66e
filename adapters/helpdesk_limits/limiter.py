"""The desk's limits, counted by a storage of the `limits` library."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from logging import getLogger
from math import ceil
from typing import Final, Protocol

from limits.errors import StorageError

from helpdesk_core.errors import Unavailable
from helpdesk_core.limits import Limit
from helpdesk_outward import Circuit

PAUSE: Final = 2.0
"""Seconds for which a storage that failed is not asked again."""

_ATTEMPTS: Final = 3
_AT_ONCE: Final = timedelta(0)

_log = getLogger(__name__)


class MovingWindows(Protocol):
    """What the limiter needs of a storage; `limits.storage.MovingWindowSupport` has it.

    `expiry` is the window's length in whole seconds. Both raise StorageError.
    """

    def acquire_entry(self, key: str, limit: int, expiry: int) -> bool:
        """Count one act unless `limit` are in the window, in one step."""
        ...

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest act in the window was, and how many there are."""
        ...


class StorageLimiter:
    """Counts acts in a moving window, as exactly as its storage does.

    A period counts in whole seconds, rounded up. `now` is the storage's own clock, in seconds.
    After a failure the storage is left alone for a moment, so that not each request pays for it.
    """

    def __init__(
        self, windows: MovingWindows, *, now: Callable[[], float], circuit: Circuit | None = None
    ) -> None:
        self._windows = windows
        self._now = now
        self._circuit = circuit or Circuit(pause=PAUSE)

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act under the key; zero when it is allowed, else how long to wait.

        Raises Unavailable when the counters cannot be reached, or could not a moment ago.
        """
        return self._asked(self._count, limit, key)

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long the next act would have to wait; nothing is counted. Raises as `hit`."""
        return self._asked(self._peek, limit, key)

    def _asked(
        self, ask: Callable[[Limit, str], timedelta], limit: Limit, key: tuple[str, ...]
    ) -> timedelta:
        if not self._circuit.lets_through():
            raise Unavailable
        try:
            wait = ask(limit, _stored_key(limit, key))
        except StorageError as error:
            if self._circuit.failed():
                _log.warning("Limits are not counted, the storage fails: %s", error)
            raise Unavailable from error
        if self._circuit.succeeded():
            _log.warning("Limits are counted again")
        return wait

    def _count(self, limit: Limit, key: str) -> timedelta:
        # Between the refusal and the question when the window opens, it may have opened: then the
        # answer would be about the act after, so the act is tried again.
        for _ in range(_ATTEMPTS):
            if self._windows.acquire_entry(key, limit.amount, _whole_seconds(limit)):
                return _AT_ONCE
            wait = self._peek(limit, key)
            if wait > _AT_ONCE:
                return wait
        return timedelta.resolution

    def _peek(self, limit: Limit, key: str) -> timedelta:
        period = _whole_seconds(limit)
        oldest, count = self._windows.get_moving_window(key, limit.amount, period)
        if count < limit.amount:
            return _AT_ONCE
        wait = timedelta(seconds=min(oldest + period - self._now(), period))
        return max(wait, _AT_ONCE)


def _whole_seconds(limit: Limit) -> int:
    return ceil(limit.period.total_seconds())


def _stored_key(limit: Limit, key: tuple[str, ...]) -> str:
    """Distinct for distinct keys, short and plain whatever text is in them (blake2b, 128 bits)."""
    parts = json.dumps([limit.name, *key]).encode()
    return f"{limit.name}:{blake2b(parts, digest_size=16).hexdigest()}"
