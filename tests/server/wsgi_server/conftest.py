"""A tiny app behind a real server on loopback, and clients that speak in bytes."""

import json
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from email.parser import BytesHeaderParser
from typing import BinaryIO, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

import attrs
import pytest

from helpdesk_server.wsgi_server import ServerLimits, WsgiServer

PATIENCE = 5.0
"""Seconds that a client waits for what must come."""

BODY = 1024 * 1024
LONG_BODY = 10 * BODY
FILE_SIZE = 64 * BODY

BIG_BLOCK = b"b" * 65536
BIG_BLOCKS = 400  # 25 MiB: more than waitress takes off a thread's hands


class TinyApp:
    """Answers a few paths, and remembers which requests reached it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.files: list[BinaryIO] = []
        self.entered = threading.Event()
        self.gate = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.seen.append(f"{environ['REQUEST_METHOD']} {path}")
        body: bytes = environ["wsgi.input"].read()
        if path == "/fails":
            raise RuntimeError("a secret of the app")
        if path == "/fails-on-disk":
            raise OSError("a secret of the disk")
        if path == "/big":
            start("200 OK", [("Content-Length", str(BIG_BLOCKS * len(BIG_BLOCK)))])
            return (BIG_BLOCK for _ in range(BIG_BLOCKS))
        if path == "/file":
            file = tempfile.TemporaryFile()  # noqa: SIM115  # the server closes it
            file.truncate(FILE_SIZE)
            self.files.append(file)
            start("200 OK", [("Content-Length", str(FILE_SIZE))])
            wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file, 65536)
            return wrapped
        if path == "/gate":
            self.entered.set()
            self.gate.wait(PATIENCE)
        reply = {
            "length": len(body),
            "body": body[:64].decode("latin-1"),
            "peer": environ["REMOTE_ADDR"],
            "forwarded": environ.get("HTTP_X_FORWARDED_FOR"),
            "authorization": environ.get("HTTP_AUTHORIZATION"),
        }
        text = json.dumps(reply).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
        return [text]


@attrs.frozen
class Reply:
    """One response as it came over the wire."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.body)
        return value


def read_replies(raw: bytes) -> list[Reply]:
    """Split what a connection said into its responses; fails on anything else."""
    replies = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        status = re.fullmatch(rb"HTTP/1\.[01] ([0-9]{3}) [^\r\n]+", line)
        assert status, raw[:200]
        headers: dict[str, list[str]] = {}
        for name, value in BytesHeaderParser().parsebytes(fields).items():
            headers.setdefault(name.lower(), []).append(value)
        length = int(headers.get("content-length", ["0"])[0])
        replies.append(Reply(int(status[1]), headers, rest[:length]))
        raw = rest[length:]
    return replies


class Client:
    """One connection. A server that has hung up is no error, only the end of what it says."""

    def __init__(self, address: tuple[str, int], receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        self._unread = b""
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes, *, piece: int | None = None) -> bool:
        """Send all, in pieces when told; return whether the connection held."""
        step = piece or max(len(data), 1)
        try:
            for at in range(0, len(data), step):
                self.socket.sendall(data[at : at + step])
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def receive(self, most: int = 65536) -> bytes:
        """Return the next bytes, b"" at the end; `TimeoutError` when nothing comes."""
        try:
            return self.socket.recv(most)
        except ConnectionResetError:
            return b""

    def read_to_end(self) -> bytes:
        """Return all that still comes until the server hangs up."""
        return b"".join(iter(self.receive, b""))

    def replies(self) -> list[Reply]:
        """Return every response until the server hangs up."""
        return read_replies(self.read_to_end())

    def reply(self) -> Reply:
        """Return the next response of a connection that stays open."""
        while True:
            head, blank, _ = self._unread.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: ([0-9]+)", head)
            whole = len(head) + len(blank) + int(length[1] if length else 0)
            if blank and len(self._unread) >= whole:
                (reply,) = read_replies(self._unread[:whole])
                self._unread = self._unread[whole:]
                return reply
            if not (piece := self.receive()):
                raise EOFError(self._unread)
            self._unread += piece

    def close(self) -> None:
        self.socket.close()


class Served:
    """A server at work on a thread of its own."""

    def __init__(
        self, limits: ServerLimits, longest: Callable[[str, str], int] | None = None
    ) -> None:
        self.app = TinyApp()
        self.server = WsgiServer(
            self.app,
            host="127.0.0.1",
            port=0,
            limits=limits,
            error_body=error_body,
            longest_body=longest,
        )
        self.address = self.server.address
        self.outcome: list[bool] = []
        self._clients: list[Client] = []
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: self.outcome.append(self.server.run(lambda *_: ready.set()))
        )
        self._thread.start()
        assert ready.wait(PATIENCE)

    def connect(self, receive_buffer: int | None = None) -> Client:
        client = Client(self.address, receive_buffer)
        self._clients.append(client)
        return client

    def ask(self, request: bytes) -> list[Reply]:
        """Send one request on a connection of its own; return all that comes back."""
        client = self.connect()
        client.send(request)
        return client.replies()

    def ended(self, within: float = PATIENCE) -> bool:
        """Whether `run()` returns in time."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def close(self) -> None:
        """End everything; the test has failed if the server does not."""
        self.app.gate.set()
        for client in self._clients:
            client.close()
        self.server.stop()
        assert self.ended()


class Serve(Protocol):
    """Starts a server with these limits, all else at their defaults."""

    def __call__(self, **limits: float) -> Served: ...


def error_body(status: int, reason: str, path: str) -> bytes:
    where = {"path": path} if path.startswith("/upload") else {}
    return json.dumps({"error": f"{status} {reason}", **where}).encode()


def longest_body(method: str, path: str) -> int:
    """Long files are taken at one path, by one method."""
    return LONG_BODY if (method, path) == ("POST", "/upload it") else BODY


def limits_of(values: dict[str, float]) -> ServerLimits:
    make: Callable[..., ServerLimits] = ServerLimits
    return make(**values)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """One server with the default limits for a whole module."""
    server = Served(ServerLimits())
    yield server
    server.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Served] = []

    def start(**limits: float) -> Served:
        given = limits_of({"linger": 0.5, "drain": 3.0, **limits})
        running.append(Served(given, longest_body))
        return running[-1]

    yield start
    for served in running:
        served.close()
