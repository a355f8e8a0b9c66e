"""A connection that can be cut from outside."""

import socket
from contextlib import suppress
from threading import Lock


class Lifeline:
    """Holds a connection from outside: once cut, nothing more is said or heard on it.

    A socket's own time-out begins anew with every byte, so a peer that drips is never late. The
    line is a second handle on the same connection, so it holds whatever TLS makes of the first.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._handle: socket.socket | None = None
        self._is_cut = False

    def hold(self, connection: socket.socket) -> None:
        """Hold the connection. Raises ConnectionAbortedError when the line has been cut."""
        with self._lock:
            if self._is_cut:
                raise ConnectionAbortedError("the deadline has passed")
            self._handle = connection.dup()

    def cut(self) -> None:
        """End the connection, now or as soon as there is one."""
        with self._lock:
            self._is_cut = True
            if self._handle is not None:
                with suppress(OSError):  # the peer may have been faster
                    self._handle.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Hold it no longer."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None
