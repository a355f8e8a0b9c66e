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
            now = self._now()
            acts = self._acts[(limit.name, *key)]
            acts[:] = [act for act in acts if act + limit.period > now]
            if len(acts) >= limit.amount:
                return acts[0] + limit.period - now
            acts.append(now)
            return timedelta(0)
