"""A connection that can be cut from outside."""

import smtplib
import socket
import ssl
from contextlib import suppress
from threading import Lock
from typing import Final

from helpdesk_smtp.settings import SmtpSettings, Tls

CONNECTING_SHARE: Final = 1 / 4
"""Of the deadline, for each address of the server: one that is silent leaves time for the next."""

BACKSTOP: Final = 2
"""Deadlines until a socket gives up by itself; long before, whoever waits has cut the line."""


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


class Wire(smtplib.SMTP):
    """A connection to the mail server, on a lifeline, behind the server's first word."""

    def __init__(
        self, settings: SmtpSettings, context: ssl.SSLContext | None, lifeline: Lifeline
    ) -> None:
        self._implicit = context if settings.tls is Tls.IMPLICIT else None
        self._lifeline = lifeline
        super().__init__(
            settings.host,
            settings.port,
            local_hostname=settings.greeting_name,
            timeout=settings.deadline,
        )

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), timeout * CONNECTING_SHARE)
        try:
            self._lifeline.hold(connection)
            connection.settimeout(timeout * BACKSTOP)
            if self._implicit is not None:
                return self._implicit.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise
        return connection
