"""Mail servers on loopback: one that keeps what it takes, and one that misbehaves by script."""

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import cycle
from typing import Any, Literal, Protocol

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from helpdesk_core.notices import Notice
from helpdesk_core.plain_text import quoted
from helpdesk_core.ports import Letter
from helpdesk_smtp import SmtpNotifier, SmtpSettings, Tls

PATIENCE = 5.0
"""Seconds that a test waits for what must come."""
DRIP = 0.02
"""Seconds between two bytes of a server that drips."""

USER, PASSWORD = "desk", "sesame-open"

Misdeed = Literal["hang", "drip", "reset", "close"]
Script = Mapping[str, bytes | Misdeed]
"""What is said after each command; `""` is the banner, `.` the end of the message."""

POLITE: Script = {
    "": b"220 scripted\r\n",
    "EHLO": b"250-scripted\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n",
    "STARTTLS": b"220 go ahead\r\n",
    "AUTH": b"235 welcome\r\n",
    "DATA": b"354 go ahead\r\n",
    "QUIT": b"221 bye\r\n",
}
"""Any other command is answered 250."""


class Sink:
    """A real mail server on a thread of its own. `mails` is what it took, `sessions` how."""

    def __init__(self, implicit: ssl.SSLContext | None = None, **options: Any) -> None:  # noqa: ANN401  # aiosmtpd's
        self.mails: list[Envelope] = []
        self.sessions: list[Session] = []
        self._transports: list[Any] = []
        # Named TCP, so that asyncio sends at once; it would wait 40 ms for the peer else.
        self._listener = socket.socket(proto=socket.IPPROTO_TCP)
        self._listener.bind(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(
                lambda: SMTP(self, hostname="sink", loop=self._loop, **options),
                sock=self._listener,
                ssl=implicit,
            )
        )
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # theirs
        self.mails.append(envelope)
        self.sessions.append(session)
        self._transports.append(server.transport)
        return "250 taken"

    def hang_up(self, done: threading.Event) -> None:
        """Close every connection, and say when it is done."""

        def close_all() -> None:
            for transport in self._transports:
                transport.close()
            self._loop.call_soon(done.set)

        self._loop.call_soon_threadsafe(close_all)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _stop(self) -> None:
        """Close once every connection has ended: its client has gone already."""
        self._server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
        await asyncio.sleep(0)  # closed transports say goodbye


class ScriptedServer:
    """Follows a script, whatever sense it makes. `heard` is every line that was said to it.

    `connections` counts those that were opened.
    """

    def __init__(self, script: Script) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self._script: Script = {**POLITE, **script}
        self._misbehaving: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def from_now_on(self, script: Script, *, connections: int | None = None) -> None:
        """Follow another script: on the connections of now alone, when there are so many."""
        self._script = {**POLITE, **script}
        self._misbehaving = connections

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):  # it may be closed already
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
                if self._misbehaving is not None and self.connections > self._misbehaving:
                    self._script = POLITE
                self._threads.append(threading.Thread(target=self._serve, args=[connection]))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        with connection, suppress(OSError), connection.makefile("rb") as lines:
            self._say(connection, self._script[""])
            in_message = False
            for line in lines:
                self.heard.append(line)
                if in_message and line != b".\r\n":
                    continue
                command = line[:8].decode("latin-1").split()[0].upper()
                self._say(connection, self._script.get(command, b"250 well\r\n"))
                in_message = command == "DATA" and self._script["DATA"] == POLITE["DATA"]

    def _say(self, connection: socket.socket, reply: bytes | Misdeed) -> None:
        if isinstance(reply, bytes):
            connection.sendall(reply)
        elif reply == "hang":
            while connection.recv(65536):
                pass
        elif reply == "drip":
            for byte in cycle(b"250-a word\r\n"):
                connection.sendall(bytes([byte]))
                self._over.wait(DRIP)
        else:
            if reply == "reset":
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            raise ConnectionAbortedError


class Serve(Protocol):
    """Starts a server that follows a script."""

    def __call__(self, script: Script) -> ScriptedServer: ...


class StartSink(Protocol):
    """Starts a mail server with these options of aiosmtpd's."""

    def __call__(self, **options: Any) -> Sink: ...  # noqa: ANN401  # aiosmtpd's


class Secured(Protocol):
    """Starts a mail server with the authority's certificate for those names; trustme's options."""

    def __call__(self, tls: Tls, *names: str, **options: Any) -> Sink: ...  # noqa: ANN401  # trustme's


class MakeSettings(Protocol):
    """The settings for a server on that port of this machine."""

    def __call__(self, port: int, tls: Tls = Tls.NONE, **fields: Any) -> SmtpSettings: ...  # noqa: ANN401  # any field


class MakeNotifier(Protocol):
    """The channel to a server; its connections end with the test, before the server."""

    def __call__(self, settings: SmtpSettings, **options: Any) -> SmtpNotifier: ...  # noqa: ANN401  # any option


def in_few_words(notice: Notice) -> Letter:
    """A letter that says what happened, and quotes the notice's text."""
    said = quoted(notice.facts.get("text", ""))
    return Letter(
        subject=f"It was {notice.kind.value}", text=f"Hello,\n\n{said}\n", html="<p>Hello</p>\n"
    )


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[ScriptedServer] = []

    def start(script: Script) -> ScriptedServer:
        running.append(ScriptedServer(script))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def start_sink() -> Iterator[StartSink]:
    running: list[Sink] = []

    def start(**options: Any) -> Sink:  # noqa: ANN401  # aiosmtpd's
        running.append(Sink(**options))
        return running[-1]

    yield start
    for sink in running:
        sink.close()


@pytest.fixture
def sink(start_sink: StartSink) -> Sink:
    return start_sink()


@pytest.fixture
def settings_for() -> MakeSettings:
    def make(port: int, tls: Tls = Tls.NONE, **fields: Any) -> SmtpSettings:  # noqa: ANN401  # any field
        whole = {
            "host": "localhost",
            "sender": "desk@example.com",
            "public_url": "https://desk.example.com",
            "deadline": PATIENCE,
            **fields,
        }
        return SmtpSettings(port=port, tls=tls, **whole)

    return make


@pytest.fixture
def notifier_for(
    serve: Serve,  # noqa: ARG001  # its servers end after the connections do
    start_sink: StartSink,  # noqa: ARG001  # likewise
) -> Iterator[MakeNotifier]:
    running: list[SmtpNotifier] = []

    def make(settings: SmtpSettings, **options: Any) -> SmtpNotifier:  # noqa: ANN401  # any option
        running.append(SmtpNotifier(settings, **{"write": in_few_words, **options}))
        return running[-1]

    yield make
    for notifier in running:
        notifier.close()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a client that trusts the authority, and nobody else."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def secured(start_sink: StartSink, authority: trustme.CA) -> Secured:
    def start(tls: Tls, *names: str, **options: Any) -> Sink:  # noqa: ANN401  # trustme's
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*names, **options).configure_cert(context)
        if tls is Tls.IMPLICIT:
            return start_sink(implicit=context)
        return start_sink(tls_context=context, require_starttls=True)

    return start


@pytest.fixture
def guarded(start_sink: StartSink) -> Sink:
    """A mail server that takes mail from one user, who knows the password."""

    def check(*details: object) -> AuthResult:
        known = details[-1] == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    return start_sink(authenticator=check, auth_required=True, auth_require_tls=False)
