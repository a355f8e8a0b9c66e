"""What is known of a provider, for a while."""

from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar

Known = TypeVar("Known")

FRESH: Final = 3600.0
"""Seconds for which what a provider publishes is believed without asking again."""

BETWEEN: Final = 30.0
"""Seconds between two times that it is asked before those are over."""


class Remembered(Generic[Known]):
    """One thing that is fetched and then known for a while, from any thread.

    Threads that find nothing fetch each for itself: nobody waits for another's request. `now` is
    in seconds and never goes back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._held: tuple[float, Known] | None = None
        self._asked_early: float | None = None

    def held(self) -> Known | None:
        """What is known and fresh."""
        with self._lock:
            if self._held is None or self._now() - self._held[0] >= FRESH:
                return None
            return self._held[1]

    def get(self, fetch: Callable[[], Known]) -> Known:
        """What is known, else fetched now."""
        held = self.held()
        return self._keep(fetch()) if held is None else held

    def anew(self, fetch: Callable[[], Known]) -> Known | None:
        """Fetched now, though something fresh is known; None when that was done a moment ago."""
        with self._lock:
            if self._asked_early is not None and self._now() - self._asked_early < BETWEEN:
                return None
            self._asked_early = self._now()
        return self._keep(fetch())

    def _keep(self, known: Known) -> Known:
        with self._lock:
            self._held = (self._now(), known)
        return known
