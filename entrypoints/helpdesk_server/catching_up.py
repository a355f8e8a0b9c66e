"""Counting, beside all other work, the tickets of before there were figures."""

import random
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Final

from helpdesk_core.errors import Unavailable
from helpdesk_server.delivery import Log

LATEST_START: Final = 10.0
"""Seconds after which a process begins at the latest; any part of them, so that few begin at once.
"""
AGAIN: Final = 60.0
"""Seconds until the next attempt when the store does not answer."""


class CatchingUp:
    """Calls `count` until it answers that nothing is left, on a thread of its own.

    It rests as long as it works, so that it never takes more than half of a core. Stopping it, even
    by killing the process, loses nothing: whoever starts next goes on. The thread never keeps the
    process alive.
    """

    def __init__(
        self, count: Callable[[], int], *, log: Log, latest_start: float = LATEST_START
    ) -> None:
        self._count = count
        self._log = log
        self._latest_start = latest_start
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="counting", daemon=True)

    def start(self) -> None:
        """Begin; a second time is an error."""
        self._thread.start()

    def stop(self) -> None:
        """Count no more. Returns at once; may be called without a start, and twice."""
        self._stopping.set()

    def is_at_work(self) -> bool:
        """True from the start until nothing is left, or it was stopped."""
        return self._thread.is_alive()

    def _work(self) -> None:
        pause: float | None = random.uniform(0, self._latest_start)  # noqa: S311  # no secret
        while pause is not None and not self._stopping.wait(pause):
            pause = self._some()

    def _some(self) -> float | None:
        """Count some; answers with how long to rest, None when nothing is left."""
        began = monotonic()
        try:
            counted = self._count()
        except Unavailable:
            self._log.warning("tickets cannot be counted now")
            return AGAIN
        except Exception:  # noqa: BLE001  # whatever fails, it is tried again
            self._log.exception("counting tickets broke off")
            return AGAIN
        return monotonic() - began if counted else None
