"""One request over one connection, on a thread of its own."""

import io
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from functools import cache, partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final, TypeAlias

import attrs

from helpdesk_outward.addresses import Reach, Resolve, resolved
from helpdesk_outward.answers import NO_ANSWER_YET, Answer, Silence
from helpdesk_outward.lifeline import Lifeline
from helpdesk_outward.targets import Target

LONGEST_RESPONSE: Final = 64 * 1024
"""Bytes that are read of an answer, its head included; and of a body that is asked for besides."""

EXCERPT: Final = 2048
"""Bytes of a body that says why not, at most; what comes with the first read."""

CONNECTING_SHARE: Final = 1 / 4
"""Of the deadline, for each address of a host: one that is silent leaves time for the next."""

BACKSTOP: Final = 2
"""Deadlines until a socket gives up by itself; long before, whoever waits has cut the line."""

Dial: TypeAlias = Callable[[str, int, float], socket.socket]
"""A connection to that address and port, within so many seconds. Raises OSError."""


@attrs.frozen(kw_only=True)
class Request:
    """What is asked of a target. Header values are printable ASCII.

    `longest_body` is how many bytes the answer's body may have where the body is what is asked
    for; longer, or broken off, it is no answer. Where it is 0 the status is the answer.
    """

    target: Target
    method: str = "POST"
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes | None = attrs.field(repr=False)
    longest_body: int = 0


@attrs.frozen(kw_only=True)
class Means:
    """What a request is made with; see `Outward`."""

    reach: Reach
    deadline: float
    trust: ssl.SSLContext | None
    resolve: Resolve
    dial: Dial


class Stage(Enum):
    """How far an exchange has come; the value is how a reason begins."""

    RESOLVING = "looking up the host"
    CONNECTING = "connecting"
    SECURING = "securing the connection"
    ASKING = "sending the request"
    LISTENING = "waiting for the answer"


class Exchange:
    """Speaks with the server. `outcome` is what came of it so far.

    `run` and whoever waits for it are on different threads; `cut` is for the one who waits.
    """

    def __init__(self, request: Request, means: Means) -> None:
        self._request = request
        self._means = means
        self._lifeline = Lifeline()
        self._stage = Stage.RESOLVING
        self.outcome: Answer | Silence = NO_ANSWER_YET

    def run(self) -> None:
        """Ask, and listen. Never raises."""
        try:
            with self._connection() as connection:
                self._ask(connection)
        except Exception as error:  # noqa: BLE001  # whatever goes wrong, nothing was answered
            if self.outcome is NO_ANSWER_YET:
                self.outcome = self._silence(_told(error))
        finally:
            self._lifeline.let_go()

    def cut(self) -> Answer | Silence:
        """End it now, and say what came of it."""
        outcome = self.outcome
        late = self._silence(f"no end within {self._means.deadline:g} seconds")
        self._lifeline.cut()
        return late if outcome is NO_ANSWER_YET else outcome

    def _connection(self) -> socket.socket:
        """A connection to the first address that takes one, secured when that was asked for."""
        target, means = self._request.target, self._means
        addresses = resolved(target.host, target.port, means.resolve, means.reach)
        self._stage = Stage.CONNECTING
        connection = self._dialled(addresses)
        try:
            self._lifeline.hold(connection)
            connection.settimeout(means.deadline * BACKSTOP)
            if not target.is_secure:
                return connection
            self._stage = Stage.SECURING
            trust = means.trust or by_the_systems_authorities()
            return trust.wrap_socket(connection, server_hostname=target.host)
        except BaseException:
            connection.close()
            raise

    def _dialled(self, addresses: tuple[str, ...]) -> socket.socket:
        share = self._means.deadline * CONNECTING_SHARE
        *others, last = addresses
        for address in others:
            with suppress(OSError):
                return self._means.dial(address, self._request.target.port, share)
        return self._means.dial(last, self._request.target.port, share)

    def _ask(self, connection: socket.socket) -> None:
        request = self._request
        http = HTTPConnection(request.target.host, request.target.port)
        http.auto_open = 0  # it has its connection, and dials nobody
        longest = LONGEST_RESPONSE + request.longest_body
        http.response_class = partial(_CappedResponse, longest)  # type: ignore[assignment]  # only called
        http.sock = connection
        self._stage = Stage.ASKING
        http.request(request.method, request.target.path, request.body, self._headers())
        self._stage = Stage.LISTENING
        with http.getresponse() as response:
            self._hear(response)

    def _headers(self) -> Mapping[str, str]:
        ours = {
            "Host": self._request.target.authority,
            "Connection": "close",
            "Accept-Encoding": "identity",
        }
        return {**self._request.headers, **ours}

    def _hear(self, response: HTTPResponse) -> None:
        """The status is the answer; of a body that says why not, as much as is there at once."""
        answer = Answer(status=response.status, retry_after=response.headers["Retry-After"])
        if self._request.longest_body:
            body = _whole(response, self._request.longest_body)
            self.outcome = attrs.evolve(answer, body=body)
            return
        self.outcome = answer
        if answer.status not in range(200, 300):
            excerpt = response.read1(EXCERPT).decode("utf-8", "replace")
            self.outcome = attrs.evolve(answer, excerpt=excerpt)

    def _silence(self, what: str) -> Silence:
        return Silence(f"{self._stage.value}: {what}")


class _Capped(io.RawIOBase):
    """As much of a stream as anybody reads. Raises when it goes on."""

    def __init__(self, raw: io.RawIOBase, longest: int) -> None:
        self._raw = raw
        self._left = longest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # any buffer
        if self._left == 0:
            raise HTTPException("the answer does not end")
        count = self._raw.readinto(memoryview(buffer)[: self._left])
        self._left -= count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _CappedResponse(HTTPResponse):
    def __init__(self, longest: int, sock: socket.socket, *args: Any, **options: Any) -> None:  # noqa: ANN401  # theirs
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Capped(self.fp.detach(), longest))


def _whole(response: HTTPResponse, longest: int) -> bytes:
    """The body, when it is no longer and comes to its end."""
    body = response.read(longest + 1)
    if len(body) > longest:
        raise OSError(f"the answer is longer than {longest} bytes")
    if response.length:
        raise OSError("the answer breaks off")
    return body


@cache
def by_the_systems_authorities() -> ssl.SSLContext:
    """Trust in whom this machine trusts; read once, when TLS is first spoken."""
    return ssl.create_default_context()


def _told(error: Exception) -> str:
    """What an operator may read of it."""
    if isinstance(error, OSError):
        return str(error.strerror or error)
    if isinstance(error, HTTPException):
        return f"the answer is no HTTP that is understood ({type(error).__name__})"
    return type(error).__name__
