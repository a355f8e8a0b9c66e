"""The listening socket: whom it lets in, and whom it shows out."""

import threading
from collections.abc import Collection
from socket import AF_INET, socket
from time import monotonic
from typing import cast
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from helpdesk_server.wsgi_server.channel import Channel
from helpdesk_server.wsgi_server.tuning import Tuning

PAUSE = 0.1
"""Seconds without accepting after the system refused; those who wait stay in the backlog."""

Address = tuple[int, int, int | None, tuple[str, int]]


class Listener(TcpWSGIServer):
    """Accepts connections on one address and keeps their clocks.

    All but `pull_trigger` run on the loop's thread. Raises `OSError` when the address is taken.
    """

    channel_class = Channel
    adj: Tuning

    draining = False
    resume_at = 0.0

    def __init__(
        self,
        app: WSGIApplication,
        tuning: Tuning,
        dispatcher: ThreadedTaskDispatcher,
        sockets: dict[int, socket],
    ) -> None:
        self._wakeable = True
        self._wake_lock = threading.RLock()  # a signal handler may interrupt its holder
        super().__init__(
            app, map=sockets, dispatcher=dispatcher, adj=tuning, sockinfo=first_address(tuning)
        )

    @property
    def channels(self) -> Collection[Channel]:
        """The open connections: a view, so copy it before closing one."""
        return cast("dict[int, Channel]", self.active_channels).values()

    def bind_server_socket(self) -> None:
        """Bind, or leave nothing open."""
        try:
            super().bind_server_socket()
        except OSError:
            self.close()
            raise

    def readable(self) -> bool:
        """Whether to accept now."""
        return super().readable() and monotonic() >= self.resume_at

    def accept(self) -> tuple[socket, object] | None:
        """Accept one connection, if one waits and there is a descriptor for it."""
        try:
            return super().accept()
        except OSError:
            # The backlog stays readable: without a pause the loop would spin on it.
            self.resume_at = monotonic() + PAUSE
            return None

    def handle_accept(self) -> None:
        """Let in all who wait while there is room: one a round makes a flood quadratic."""
        before = -1
        while before < len(self.channels) < self.adj.limits.connections:
            before = len(self.channels)
            super().handle_accept()

    def maintenance(self, now: float) -> None:
        """Leave the clocks to `sweep`: waitress looks at wall time, which may jump."""

    def sweep(self) -> None:
        """Close the connections whose time is up, and the idle ones while draining."""
        now = monotonic()
        for channel in tuple(self.channels):
            if channel.overdue(now) or (self.draining and channel.idle(now)):
                # Not `will_close`, which waits until a client that does not read can be sent to.
                channel.handle_close()

    def drain(self) -> None:
        """Let in those who have connected already, then nobody; let every reply be a last one."""
        self.handle_accept()
        wasyncore.dispatcher.close(self)
        self.draining = True
        for channel in self.channels:
            channel.draining = True

    def pull_trigger(self) -> None:
        """Wake the loop; from any thread or signal handler, and after the close too.

        Waitress would write its byte to a descriptor that may be another file's by then.
        """
        with self._wake_lock:
            if self._wakeable:
                super().pull_trigger()

    def close(self) -> None:
        """Close the listening socket and the means to wake the loop."""
        with self._wake_lock:
            self._wakeable = False
            super().close()


def first_address(tuning: Tuning) -> Address:
    """Return the first address of the host, an IPv4 one before any other."""
    return min(cast("list[Address]", tuning.listen), key=lambda found: found[0] != AF_INET)
