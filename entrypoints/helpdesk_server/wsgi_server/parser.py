"""One request's bytes, read so strictly that no proxy in front can have read them otherwise."""

import re
from contextlib import suppress
from time import monotonic

from waitress.buffers import OverflowableBuffer
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, RequestEntityTooLarge
from waitress.utilities import Error as ErrorReply

from helpdesk_server.wsgi_server.chunks import StrictChunks
from helpdesk_server.wsgi_server.limits import KIB
from helpdesk_server.wsgi_server.tuning import Tuning

START = re.compile(rb"(?:\r\n)?(?:[!-~]|\Z)|\r\Z")
"""How a request may begin: at most one empty line (RFC 9112, 2.2), then visible ASCII."""

REQUEST_LINE = re.compile(
    rb"(?P<method>[!#$%&'*+.^_`|~0-9A-Z-]+) "
    rb"(?:/[!\"$-~]*|\*|[Hh][Tt][Tt][Pp][Ss]?://(?P<authority>[!\"$-.0->@-~]+)(?:[/?][!\"$-~]*)?)"
    rb" HTTP/(?P<version>1\.[01])\r\n"
)
FRAMING = re.compile(rb"(?i)\n(host|content-length|transfer-encoding):[ \t]*([^\r]*)")
HOST = re.compile(rb"(?:[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
FRAMING_ROOM = 64 * KIB
"""Bytes of framing that a chunked body may have beyond its share."""
LENGTH = re.compile(rb"[0-9]{1,15}")


class ExpectationFailed(ErrorReply):
    """The request expects something other than 100-continue."""

    code = 417
    reason = "Expectation Failed"


class ServiceUnavailable(ErrorReply):
    """There is no room to keep the body until the app can have it."""

    code = 503
    reason = "Service Unavailable"


class StrictParser(HTTPRequestParser):
    """Reads one request, or refuses it once and swallows whatever follows.

    `error` is 400 for bytes that are not exactly one HTTP/1.0 or 1.1 request, 413 and 431
    beyond the limits, 417 for an unknown expectation, 503 when a body cannot be spooled.
    """

    adj: Tuning
    path = "/"  # waitress logs it even of a request that was refused before it had one
    method = b""
    longest = 0  # bytes that the body may have
    spooled = 0  # bytes of the spool that are taken for the body

    def __init__(self, adj: Tuning) -> None:
        super().__init__(adj)
        self.since = monotonic()  # when the headers, then the body, began

    @property
    def allowance(self) -> float:
        """Seconds from `since` within which the present part has to be complete."""
        limits = self.adj.limits
        if not self.headers_finished:
            return limits.header_deadline
        if self.longest <= limits.body_bytes:
            return limits.body_deadline
        return limits.body_deadline + self.body_bytes_received / limits.long_body_rate

    def received(self, data: bytes) -> int:
        """Take what belongs to this request; return how many bytes that was."""
        in_headers = not self.headers_finished
        consumed = self._received_or_refused(data)
        if in_headers and self.headers_finished:
            self.since = monotonic()
        if self.error is None and self.chunked:
            self._measure_chunks()
        if self.error:
            self.completed = True
            consumed = len(data)
        if self.completed:
            # Waitress would send its 100 and forget that the request was complete.
            self.expect_continue = False
        return consumed

    def _received_or_refused(self, data: bytes) -> int:
        try:
            if not self.headers_finished:
                self._check_bytes(data)
            return super().received(data)
        except (ParsingError, ValueError) as malformed:  # ValueError: from urlsplit
            self.error = BadRequest(str(malformed))
        except OSError as full:
            self.error = ServiceUnavailable(str(full))
        return len(data)

    def _check_bytes(self, data: bytes) -> None:
        """Refuse stray line ends as they come: of bare ones no end of the headers is made."""
        if not START.match((self.header_plus[:3] + data)[:3]):
            raise ParsingError("no request begins like this")
        head = self.header_plus[-3:] + data
        end = head.find(b"\r\n\r\n")
        if has_stray(head if end < 0 else head[: end + 4]):
            raise ParsingError("stray CR or LF")

    def parse_header(self, header_plus: bytes) -> None:
        """Check request line and framing, let waitress parse, then apply our limits."""
        line = REQUEST_LINE.match(header_plus)
        if line is None:
            raise ParsingError("malformed request line")
        fields = framing_fields(header_plus)
        check_host(fields.get(b"host", []), line["authority"], line["version"])
        check_framing(fields, line["version"])
        self.method = line["method"]
        super().parse_header(header_plus)
        self._apply_limits()
        if closes(self.headers.get("CONNECTION", "")):
            self.close_after_reply()

    def _apply_limits(self) -> None:
        self.longest = self.adj.longest_body(self.method.decode(), self.path)
        if self.chunked:
            spool = OverflowableBuffer(self.adj.limits.spool_bytes)
            self.body_rcv = StrictChunks(spool, self.longest)
        if self.content_length > self.longest:
            self.error = RequestEntityTooLarge("body beyond the limit")
        elif self.version == "1.1" and not self.expect_continue and "EXPECT" in self.headers:
            self.error = ExpectationFailed("unknown expectation")
        else:
            self._take_room(self.content_length)

    def _measure_chunks(self) -> None:
        """Bound a chunked body's framing too: reading chunks of a byte each is much work.

        A short body may be cut as small as its sender likes; a long one is framed in an eighth.
        """
        if self.body_rcv is None:
            return
        size = len(self.body_rcv)
        most = max(2 * self.adj.limits.body_bytes, size + size // 8) + FRAMING_ROOM
        if self.body_bytes_received > most:
            self.error = RequestEntityTooLarge("chunks beyond the limit")
        else:
            self._take_room(size)

    def _take_room(self, size: int) -> None:
        """Take room in the spool for a body of that size, unless it stays in memory."""
        more = size - self.spooled
        if size <= self.adj.limits.spool_bytes or more <= 0:
            return
        if self.adj.spool.take(more):
            self.spooled = size
        else:
            self.error = ServiceUnavailable("the spool is full")

    def close(self) -> None:
        """Let go of the body. A full disk, told of before, fails the close as well."""
        taken, self.spooled = self.spooled, 0
        self.adj.spool.give_back(taken)
        with suppress(OSError):
            super().close()

    def close_after_reply(self) -> None:
        """Make waitress close the connection: it heeds no list of options, only this word."""
        self.headers = {**self.headers, "CONNECTION": "close"}


def has_stray(head: bytes) -> bool:
    """Whether some CR has no LF or some LF no CR.

    The other half of a pair that is cut at either end has been looked at, or will be.
    """
    inside = head.removeprefix(b"\n").removesuffix(b"\r")
    pairs = inside.count(b"\r\n")
    return not inside.count(b"\r") == pairs == inside.count(b"\n")


def framing_fields(head: bytes) -> dict[bytes, list[bytes]]:
    """Return the values of the fields that frame, by lower-cased name; refuse folded lines."""
    if b"\r\n " in head or b"\r\n\t" in head:
        raise ParsingError("folded header line")
    fields: dict[bytes, list[bytes]] = {}
    for name, value in FRAMING.findall(head):
        fields.setdefault(name.lower(), []).append(value.rstrip(b" \t"))
    return fields


def check_host(hosts: list[bytes], authority: bytes | None, version: bytes) -> None:
    """Refuse all but one well-formed Host that agrees with the target; HTTP/1.0 may have none."""
    if len(hosts) > 1 or (not hosts and version == b"1.1"):
        raise ParsingError("not exactly one Host")
    if any(not HOST.fullmatch(host) for host in hosts):
        raise ParsingError("malformed Host")
    if authority is not None and [authority.lower()] != [host.lower() for host in hosts]:
        raise ParsingError("Host is not the target's")


def check_framing(fields: dict[bytes, list[bytes]], version: bytes) -> None:
    """Refuse a request whose end two readers could place differently (RFC 9112, 6.3)."""
    lengths = fields.get(b"content-length", [])
    codings = [coding.lower() for coding in fields.get(b"transfer-encoding", [])]
    if len(lengths) > 1 or any(not LENGTH.fullmatch(length) for length in lengths):
        raise ParsingError("malformed Content-Length")
    if codings and (lengths or codings != [b"chunked"] or version != b"1.1"):
        raise ParsingError("unacceptable Transfer-Encoding")


def closes(connection: str) -> bool:
    """Whether this Connection header, be it a list, asks for a close."""
    return "close" in {option.strip(" \t") for option in connection.lower().split(",")}
