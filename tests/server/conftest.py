"""Real processes, and the outside world they talk to."""

import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol
from urllib.parse import urlsplit

import attrs
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

import helpdesk_server.sample

PATIENCE = 60.0  # seconds until a test has failed
SAMPLE_FILE = Path(helpdesk_server.sample.__file__).with_name("directory.toml")


def comes_true(fact: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether it is so before patience ends."""
    deadline = monotonic() + patience
    while not fact() and monotonic() < deadline:
        sleep(0.01)
    return fact()


@attrs.frozen
class Reply:
    """What came back."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # any JSON value
        """The body as what it says."""
        return json.loads(self.body)


class Running:
    """A process of ours, `python -m helpdesk_server`, that was ready when this was made."""

    def __init__(self, words: list[str], environ: Mapping[str, str], *, stderr: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk_server", *words],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**plain_environ(), **environ},
        )
        try:
            self.said = self._said_until("ready")
        except AssertionError:
            self.close()
            raise
        self.address = "".join(re.findall("ready at (http://[^ \n]+)", self.said))

    def _said_until(self, word: str) -> str:
        """What it prints on stdout up to the line that holds the word."""
        assert self.process.stdout
        said = b""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            while word.encode() not in said or not said.endswith(b"\n"):
                assert waiting.select(PATIENCE), said
                piece = os.read(self.process.stdout.fileno(), 65536)
                assert piece, said
                said += piece
        return said.decode()

    def connect(self) -> HTTPConnection:
        """A connection to it."""
        return HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)

    def ask(
        self, method: str, path: str, body: object = None, *, token: str | None = None
    ) -> Reply:
        """Send a request on a connection of its own and read the whole reply.

        The body is sent as JSON, bytes as they are.
        """
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        given = json.dumps(body) if not isinstance(body, bytes | None) else body
        return self.send(method, path, given, headers)

    def send(
        self, method: str, path: str, body: bytes | str | None, headers: Mapping[str, str]
    ) -> Reply:
        """Send exactly this on a connection of its own and read the whole reply."""
        connection = self.connect()
        try:
            connection.request(method, path, body, dict(headers))
            reply = connection.getresponse()
            return Reply(reply.status, reply.read())
        finally:
            connection.close()

    def terminate(self) -> int:
        """Send SIGTERM and wait; answers with the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Take it away between two instructions."""
        self.process.kill()
        _ = self.process.wait(PATIENCE)

    def close(self) -> None:
        """End it, whatever state it is in."""
        if self.process.poll() is None:
            self.kill()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()


def plain_environ() -> dict[str, str]:
    """The environment of this process without settings of a desk."""
    return {name: it for name, it in os.environ.items() if not name.startswith("HELPDESK_")}


class Start(Protocol):
    """Starts a command with these settings (without their prefix), on a free port."""

    def __call__(self, *words: str, stderr: int = ..., **settings: str) -> Running: ...


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/desk.sqlite3"


@pytest.fixture
def start(database: str) -> Iterator[Start]:
    running: list[Running] = []

    def begin(*words: str, stderr: int = subprocess.DEVNULL, **settings: str) -> Running:
        given = {"DATABASE_URL": database, "PORT": "0", **settings}
        environ = {f"HELPDESK_{name}": it for name, it in given.items()}
        running.append(Running(list(words), environ, stderr=stderr))
        return running[-1]

    yield begin
    for each in running:
        each.close()


class MailSink(Message):
    """Keeps the mails it is sent."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.mails: list[EmailMessage] = []

    def handle_message(self, message: Any) -> None:  # noqa: ANN401  # aiosmtpd's shape
        self.mails.append(message)


@attrs.frozen
class MailServer:
    """A mail server that takes everything."""

    url: str
    sink: MailSink


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    sink = MailSink()
    port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailServer(f"smtp://127.0.0.1:{port}", sink)
    controller.stop()


@pytest.fixture
def hanging_mail_server() -> Iterator[str]:
    """The address of a mail server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"smtp://127.0.0.1:{silent.getsockname()[1]}"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
