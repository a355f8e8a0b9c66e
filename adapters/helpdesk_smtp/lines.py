"""Connections that wait for the next mail."""

from threading import Lock, Timer
from time import monotonic
from typing import Final

from helpdesk_smtp.wire import Wire

MOST_MAILS: Final = 100
"""Mails over one connection; servers often take no more."""


class Lines:
    """Connections that were spoken over to the end, open for `idle` seconds. Threads share it.

    Of those that wait the one that waited least is taken, so that the others may end.
    """

    def __init__(self, idle: float) -> None:
        self._idle = idle
        self._lock = Lock()
        self._waiting: list[tuple[float, Wire]] = []
        self._sweep: Timer | None = None
        self._is_closed = False

    def take(self) -> Wire | None:
        """A connection for whoever asks alone, or None when none waits."""
        with self._lock:
            if not self._waiting:
                return None
            since, wire = self._waiting.pop()
            if monotonic() - since < self._idle:
                return wire
            self._waiting.append((since, wire))
            return None

    def keep(self, wire: Wire) -> None:
        """Let the connection wait for another mail, or end it when it has had enough."""
        with self._lock:
            if not self._is_closed and wire.mails < MOST_MAILS and self._idle > 0:
                self._waiting.append((monotonic(), wire))
                self._sweep_later(self._idle)
                return
        wire.hang_up()

    def close(self) -> None:
        """End every connection that waits, and let none wait from now on."""
        with self._lock:
            self._is_closed = True
            ended, self._waiting = [wire for _, wire in self._waiting], []
            if self._sweep is not None:
                self._sweep.cancel()
        for wire in ended:
            wire.hang_up()

    def _sweep_later(self, seconds: float) -> None:
        if self._sweep is None:
            self._sweep = Timer(seconds, self._end_the_idle)
            self._sweep.name, self._sweep.daemon = "mail lines", True
            self._sweep.start()

    def _end_the_idle(self) -> None:
        with self._lock:
            self._sweep = None
            now = monotonic()
            ended = [wire for since, wire in self._waiting if now - since >= self._idle]
            self._waiting = [(since, wire) for since, wire in self._waiting if wire not in ended]
            if self._waiting:
                self._sweep_later(self._waiting[0][0] + self._idle - now)
        for wire in ended:
            wire.hang_up()
