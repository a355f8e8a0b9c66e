"""A connection that can be cut from outside, and kept for another mail."""

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

GOODBYE: Final = 1.0
"""Most seconds that the server is waited for when all is said."""

_WELL: Final = 250


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
        """Hold this connection, and none before it.

        Raises ConnectionAbortedError when the line has been cut.
        """
        with self._lock:
            self._drop()
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

    def let_go(self) -> bool:
        """Hold it no longer; True when it was never cut."""
        with self._lock:
            self._drop()
            return not self._is_cut

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class Wire(smtplib.SMTP):
    """A connection to the mail server, on a lifeline, behind the server's first word.

    `mails` counts what was begun on it.
    """

    def __init__(
        self, settings: SmtpSettings, context: ssl.SSLContext | None, lifeline: Lifeline
    ) -> None:
        self._implicit = context if settings.tls is Tls.IMPLICIT else None
        self._lifeline = lifeline
        self._bare: socket.socket | None = None
        self._deadline = settings.deadline
        self.mails = 0
        super().__init__(
            settings.host,
            settings.port,
            local_hostname=settings.greeting_name,
            timeout=settings.deadline,
        )

    def is_good_still(self, lifeline: Lifeline) -> bool:
        """Put it on another lifeline, and ask whether the server is there and begins anew.

        It is not good when the server said something that nobody asked for: whatever it says next
        may be the answer to something else. Raises ConnectionAbortedError when that line has been
        cut, OSError or SMTPException when nobody is there.
        """
        if self.sock is None or self._bare is None:
            return False
        lifeline.hold(self._bare)
        if self._has_more_to_say(self.sock):
            return False
        self.sock.settimeout(self._deadline * CONNECTING_SHARE)
        code, _ = self.rset()
        if self.sock is not None:
            self.sock.settimeout(self._deadline * BACKSTOP)
        return code == _WELL

    def hang_up(self) -> None:
        """Say goodbye when there is still somebody to say it to. Never raises."""
        with suppress(Exception):
            if self.sock is not None:
                self.sock.settimeout(GOODBYE)
                self.quit()
        self.close()

    def close(self) -> None:
        """Close the connection without a word."""
        with suppress(Exception):
            super().close()
        if self._bare is not None:
            self._bare.close()

    def _has_more_to_say(self, connection: socket.socket) -> bool:
        connection.settimeout(0)
        try:
            return self.file is not None and bool(self.file.peek(1))
        except ssl.SSLWantReadError:
            return False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), timeout * CONNECTING_SHARE)
        try:
            self._lifeline.hold(connection)
            self._bare = connection.dup()
            connection.settimeout(timeout * BACKSTOP)
            if self._implicit is not None:
                return self._implicit.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            if self._bare is not None:
                self._bare.close()
            raise
        return connection
