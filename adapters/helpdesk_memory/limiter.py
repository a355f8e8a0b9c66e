"""Limits counted in this process, by any clock."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from helpdesk_core.limits import Limit


class MemoryLimiter:
    """A moving window of instants for each limit and key; it forgets nothing but what is past."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._acts: dict[tuple[str, ...], deque[datetime]] = {}
        self._lock = Lock()

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act; zero when it is allowed, else how long to wait."""
        with self._lock:
            wait = self._wait(limit, key)
            if wait == timedelta(0):
                self._acts[limit.name, *key].append(self._now())
            return wait

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long the next act would have to wait; nothing is counted."""
        with self._lock:
            return self._wait(limit, key)

    def _wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        now = self._now()
        acts = self._acts.setdefault((limit.name, *key), deque())
        while acts and acts[0] + limit.period <= now:
            acts.popleft()
        return acts[0] + limit.period - now if len(acts) >= limit.amount else timedelta(0)
