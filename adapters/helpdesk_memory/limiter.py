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
            now = self._now()
            acts = self._acts.setdefault((limit.name, *key), deque())
            while acts and acts[0] + limit.period <= now:
                acts.popleft()
            if len(acts) >= limit.amount:
                return acts[0] + limit.period - now
            acts.append(now)
            return timedelta(0)
