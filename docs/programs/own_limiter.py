"""A limiter of one's own: the acts of each key, in a dictionary, under a lock."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from helpdesk_core import Limit


class DictionaryLimiter:
    """Counts in this process alone."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._acts: defaultdict[tuple[str, ...], list[datetime]] = defaultdict(list)
        self._lock = Lock()

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act; zero when it is allowed, else how long to wait."""
        with self._lock:
            wait = self._wait(limit, key)
            if not wait:
                self._acts[(limit.name, *key)].append(self._now())
            return wait

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long the next act would have to wait; nothing is counted."""
        with self._lock:
            return self._wait(limit, key)

    def _wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        now = self._now()
        acts = self._acts[(limit.name, *key)]
        acts[:] = [act for act in acts if act + limit.period > now]
        return acts[0] + limit.period - now if len(acts) >= limit.amount else timedelta(0)
