"""The server's life: listen, serve, drain, end."""

import logging
import signal
import threading
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from socket import socket
from time import monotonic
from wsgiref.types import WSGIApplication

from waitress import wasyncore

from helpdesk_server.wsgi_server.lanes import Lanes
from helpdesk_server.wsgi_server.limits import ServerLimits
from helpdesk_server.wsgi_server.listener import Listener
from helpdesk_server.wsgi_server.tuning import ErrorBody, LongestBody, Tuning

DRAIN_TICK = 0.05  # seconds


class WsgiServer:
    """Serves one WSGI app on one address until it is told to stop. It runs once.

    The socket is bound and listening when the constructor returns; what connects before
    `run()` waits. Port 0 takes a free one. A host name with several addresses is served on
    one of them, IPv4 first.

    `error_body` turns status, reason phrase and path into the JSON body of every reply that is
    not the app's own: 400, 413, 417, 431 and 503 for requests the app never sees, 500 when it
    raises. `longest_body` says how many bytes a body may have at a path; without it, everywhere
    as many as the limits say. Requests for the `prompt` paths never wait for the others: they have
    threads of their own.

    Raises `ValueError` for a host that does not resolve, `OSError` for an address in use.
    """

    def __init__(  # noqa: PLR0913  # an app, an address, and what bounds and words its replies
        self,
        app: WSGIApplication,
        *,
        host: str,
        port: int,
        limits: ServerLimits,
        error_body: ErrorBody,
        longest_body: LongestBody | None = None,
        prompt: Container[str] = (),
    ) -> None:
        self._limits = limits
        self._tick = limits.tick
        self._stopping = False
        self._sockets: dict[int, socket] = {}
        self._workers = Lanes(prompt)
        tuning = Tuning(
            host=host,
            port=port,
            limits=limits,
            error_body=error_body,
            longest_body=longest_body,
        )
        self._listener = Listener(app, tuning, self._workers, self._sockets)
        true_host, true_port = self._listener.getsockname()
        self.address = (true_host, int(true_port))

    def run(self, ready: Callable[[str, int], None] | None = None) -> bool:
        """Serve until `stop()`, then drain; `ready` is told the true host and port at the start.

        On the main thread SIGTERM and SIGINT call `stop()` meanwhile. Returns within the drain
        limit: True when every request in flight had its reply, False when some were cut.
        """
        # Waitress reports every queued request, lost client and full house: a logger that
        # blocks would freeze the loop.
        for name in ("waitress", "waitress.queue"):
            logging.getLogger(name).setLevel(logging.ERROR)
        with stopped_by_signals(self.stop):
            try:
                self._workers.set_thread_count(self._limits.threads)
                if ready is not None:
                    ready(*self.address)
                self._serve()
            finally:
                drained = self._drain()
        return drained

    @property
    def is_stopping(self) -> bool:
        """True from `stop()` on."""
        return self._stopping

    def stop(self) -> None:
        """Ask `run()` to end; returns at once, may be called from anywhere and repeatedly."""
        self._stopping = True
        self._listener.pull_trigger()

    def _serve(self) -> None:
        due = monotonic()
        while not self._stopping:
            self._turn(self._tick)
            if monotonic() >= due:
                due = monotonic() + self._tick
                self._listener.sweep()

    def _drain(self) -> bool:
        deadline = monotonic() + self._limits.drain
        self._listener.drain()
        while self._listener.channels and monotonic() < deadline:
            self._turn(min(DRAIN_TICK, self._tick))
            self._listener.sweep()
        return self._end(deadline)

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._sockets, count=1)

    def _end(self, deadline: float) -> bool:
        """Cut who is left, wait for the threads as long as the deadline allows, close."""
        cut = tuple(self._listener.channels)
        self._workers.shutdown(timeout=0)
        for channel in cut:
            channel.handle_close()
        with self._workers.lock:
            ended = self._workers.thread_exit_cv.wait_for(
                lambda: not self._workers.threads, deadline - monotonic()
            )
        self._listener.close()
        return ended and not cut


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Let SIGTERM and SIGINT call `stop` inside the block; off the main thread do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
