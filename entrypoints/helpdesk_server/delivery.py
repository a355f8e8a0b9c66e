"""The threads that empty the outbox."""

from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic
from typing import Final, Protocol

from helpdesk_core.errors import Unavailable

LONGEST_PAUSE: Final = 30.0
"""Seconds between two looks at an outbox that does not answer."""


class Log(Protocol):
    """Takes what an operator should know of; never raises, never blocks."""

    def warning(self, event: str, /) -> object:
        """Something is wrong that may mend itself."""
        ...

    def exception(self, event: str, /) -> object:
        """Something went wrong that never should; the exception being handled says what."""
        ...


class DeliveryThreads:
    """Calls `deliver_one` on a few threads, again and again while there is something to deliver.

    It answers True when there was a notice. When there was none, a thread rests until `nudge`, for
    `poll` seconds at most. With several threads, a receiver that hangs holds up one of them only.
    The threads never keep the process alive: what one was delivering when the process ends is
    delivered again when its lease has run out.
    """

    def __init__(
        self,
        deliver_one: Callable[[], bool],
        *,
        log: Log,
        threads: int = 2,
        poll: float = 1.0,
    ) -> None:
        self._deliver_one = deliver_one
        self._log = log
        self._poll = poll
        self._changed = Condition()
        self._nudges = 0
        self._stopping = False
        self._threads = [
            Thread(target=self._work, name=f"delivery-{number}", daemon=True)
            for number in range(1, threads + 1)
        ]

    def start(self) -> None:
        """Begin; a second time is an error."""
        for thread in self._threads:
            thread.start()

    def is_at_work(self) -> bool:
        """True while every thread runs."""
        return all(thread.is_alive() for thread in self._threads)

    def nudge(self) -> None:
        """There may be something to deliver now. Returns at once; may come from any thread."""
        with self._changed:
            self._nudges += 1
            self._changed.notify()

    def stop(self, *, within: float) -> bool:
        """Finish what is being delivered and end; False when that took longer than `within`.

        Seconds; who is late is left behind. May be called without a start, and twice.
        """
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        deadline = monotonic() + within
        running = [thread for thread in self._threads if thread.is_alive()]
        for thread in running:
            thread.join(max(0.0, deadline - monotonic()))
        return not any(thread.is_alive() for thread in running)

    def _work(self) -> None:
        pause = self._poll
        while not self._stopping:
            seen = self._nudges
            try:
                found = self._deliver_one()
            except Exception as error:  # noqa: BLE001  # whatever fails, the next notice is due too
                self._complain(error)
                self._rest(None, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = self._poll
                if not found:
                    self._rest(seen, self._poll)

    def _rest(self, seen: int | None, seconds: float) -> None:
        """Wait for the end, or a nudge that came after `seen` were counted; None: for no nudge."""
        with self._changed:
            _ = self._changed.wait_for(
                lambda: self._stopping or seen not in (None, self._nudges), seconds
            )

    def _complain(self, error: Exception) -> None:
        if isinstance(error, Unavailable):
            self._log.warning("the outbox does not answer")
        else:
            self._log.exception("a delivery broke off")
