"""What a desk does now and then by itself."""

import random
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

import attrs

from helpdesk_core.errors import Unavailable
from helpdesk_server.delivery import Log

EVERY: Final = 3600.0
"""Seconds between two rounds of one process."""


@attrs.frozen(kw_only=True)
class Chore:
    """What is done: the thread's name, and what the log says when it cannot be or breaks off."""

    name: str
    unavailable: str
    broken: str


TIDYING: Final = Chore(
    name="housekeeping", unavailable="the desk cannot be tidied now", broken="tidying broke off"
)


class Housekeeping:
    """Calls `sweep` every so many seconds on a thread of its own, until it is stopped.

    The first round comes after any part of that time, so that processes which were started
    together do not work together. The thread never keeps the process alive. `stopping` is set when
    it is stopped, for a round that would rather break off.
    """

    def __init__(
        self,
        sweep: Callable[[], int],
        *,
        log: Log,
        every: float = EVERY,
        chore: Chore = TIDYING,
        stopping: Event | None = None,
    ) -> None:
        self._sweep = sweep
        self._chore = chore
        self._log = log
        self._every = every
        self._stopping = stopping or Event()
        self._thread = Thread(target=self._work, name=chore.name, daemon=True)

    def start(self) -> None:
        """Begin; a second time is an error."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no other round. Returns at once; may be called without a start, and twice."""
        self._stopping.set()

    def is_at_work(self) -> bool:
        """True from the start until the last round is over."""
        return self._thread.is_alive()

    def _work(self) -> None:
        pause = random.uniform(0, self._every)  # noqa: S311  # no secret
        while not self._stopping.wait(pause):
            self._round()
            pause = self._every

    def _round(self) -> None:
        try:
            _ = self._sweep()
        except Unavailable:
            self._log.warning(self._chore.unavailable)
        except Exception:  # noqa: BLE001  # whatever fails, the next round is due too
            self._log.exception(self._chore.broken)
