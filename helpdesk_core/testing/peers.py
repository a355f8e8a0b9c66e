"""Servers on loopback that do as they are told, good or bad: what a channel has to live with."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from itertools import chain, repeat
from typing import Final, TypeAlias

import attrs

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 5.0
"""Seconds until a server gives a silent client up."""
DRIP: Final = 0.02
"""Seconds between two bytes of a server that drips."""


class Misdeed(Enum):
    """What a server may do instead of answering."""

    HANG = "hang"
    CLOSE = "close"
    RESET = "reset"


@attrs.frozen
class Drip:
    """An answer that comes byte by byte, and after it the same byte for ever."""

    start: bytes
    forever: bytes


@attrs.frozen
class Flood:
    """An answer, and after it the same bytes for ever, as fast as they are taken."""

    start: bytes
    forever: bytes


Act: TypeAlias = bytes | Misdeed | Drip | Flood
"""What comes after a request."""


class ScriptedPeer:
    """Reads one request of each connection, and does what `act` says.

    `is_whole` tells whether the bytes that came so far are a request. `requests` are those that
    came whole, and `connections` how many came at all. With `secured` it speaks TLS.
    `before_reading` is done in place of reading a request, when there is one; `before_securing`
    before TLS is spoken.
    """

    def __init__(
        self,
        is_whole: Callable[[bytes], bool],
        act: Act,
        *,
        secured: ssl.SSLContext | None = None,
        before_reading: Act | None = None,
        before_securing: Act | None = None,
    ) -> None:
        self.act = act
        self.requests: list[bytes] = []
        self.connections = 0
        self._is_whole = is_whole
        self._secured = secured
        self._before_reading = before_reading
        self._before_securing = before_securing
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def close(self) -> None:
        """Listen no more, and end every connection."""
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._threads.append(threading.Thread(target=self._serve, args=[connection]))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        with connection, suppress(OSError):
            if self._before_securing is not None:
                self._do(connection, self._before_securing)
            with self._spoken(connection) as line:
                if self._before_reading is not None:
                    self._do(line, self._before_reading)
                elif request := self._request(line):
                    act = self.act
                    self.requests.append(request)
                    self._do(line, act)

    def _spoken(self, connection: socket.socket) -> socket.socket:
        if self._secured is None:
            return connection
        return self._secured.wrap_socket(connection, server_side=True)

    def _request(self, line: socket.socket) -> bytes:
        """The request, or nothing when the client went before it was whole."""
        request = b""
        while not self._is_whole(request):
            more = line.recv(65536)
            if not more:
                return b""
            request += more
        return request

    def _do(self, line: socket.socket, act: Act) -> None:
        if isinstance(act, bytes):
            line.sendall(act)
        elif isinstance(act, Drip):
            for byte in chain(act.start, repeat(act.forever[0])):
                line.sendall(bytes([byte]))
                if self._over.wait(DRIP):
                    return
        elif isinstance(act, Flood):
            for chunk in chain([act.start], repeat(act.forever)):
                line.sendall(chunk)
                if self._over.is_set():
                    return
        else:
            self._misdo(line, act)

    def _misdo(self, line: socket.socket, misdeed: Misdeed) -> None:
        if misdeed is Misdeed.HANG:
            line.settimeout(DRIP)
            while not self._over.is_set():
                with suppress(TimeoutError):
                    if not line.recv(65536):
                        return
        elif misdeed is Misdeed.RESET:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionAbortedError


def is_http(request: bytes) -> bool:
    """Whether the bytes are a whole request of HTTP/1.1, its body as long as it says."""
    head, ends, body = request.partition(b"\r\n\r\n")
    return bool(ends) and len(body) >= _length(head.split(b"\r\n"))


def is_line(request: bytes) -> bool:
    """Whether the bytes are a whole line."""
    return request.endswith(b"\n")


@contextmanager
def a_crowd(make: Callable[[], ScriptedPeer], size: int) -> Iterator[Sequence[ScriptedPeer]]:
    """So many servers, closed at the end."""
    peers = [make() for _ in range(size)]
    try:
        yield peers
    finally:
        for peer in peers:
            peer.close()


def _length(lines: Sequence[bytes]) -> int:
    lengths = [line.partition(b":")[2] for line in lines if line.lower().startswith(b"content-len")]
    return int(lengths[0]) if lengths else 0
