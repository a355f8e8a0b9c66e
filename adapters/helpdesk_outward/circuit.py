"""Sparing callers the wait for somebody who has just failed."""

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Circuit:
    """Closed while all is well; open for `pause` seconds after a failure.

    When the pause is over one caller is let through to try, and the others wait for what it finds.
    `now` is in seconds; it never goes back.
    """

    def __init__(self, *, pause: float, now: Callable[[], float] = monotonic) -> None:
        self._pause = pause
        self._now = now
        self._lock = Lock()
        self._open_until: float | None = None

    def lets_through(self) -> bool:
        """True when the caller may ask, and is to report what came of it."""
        with self._lock:
            if self._open_until is None:
                return True
            if self._now() < self._open_until:
                return False
            self._open_until = self._now() + self._pause
            return True

    def failed(self) -> bool:
        """Open it. True when it was closed before."""
        with self._lock:
            was_closed = self._open_until is None
            self._open_until = self._now() + self._pause
            return was_closed

    def succeeded(self) -> bool:
        """Close it. True when it was open before."""
        with self._lock:
            was_open = self._open_until is not None
            self._open_until = None
            return was_open
