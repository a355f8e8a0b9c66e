"""How much one request may bring, and who says so when it brings more."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import attrs
import pytest

from helpdesk_server.wsgi_server import ServerLimits

if TYPE_CHECKING:
    from tests.server.wsgi_server.conftest import Serve, Served

BODY = 1024 * 1024
HEAD = 16 * 1024


def post(*lines: bytes, length: int | None = None) -> bytes:
    extra = () if length is None else (b"Content-Length: %d" % length,)
    return b"\r\n".join([b"POST /x HTTP/1.1", b"Host: x", *lines, *extra, b"", b""])


def chunked(*sizes: int) -> bytes:
    chunks = b"".join(b"%x\r\n%s\r\n" % (size, b"a" * size) for size in sizes)
    return post(b"Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"


def head_of(size: int) -> bytes:
    """A whole request of that many bytes, all of them headers."""
    start = b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: "
    return start + b"a" * (size - len(start) - 4) + b"\r\n\r\n"


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(ServerLimits)])
def test_no_limit_may_be_zero(name: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}' must be > 0"):
        attrs.evolve(ServerLimits(), **{name: 0})


@pytest.mark.parametrize(
    "request_",
    [
        post(b"Connection: close", length=BODY) + b"a" * BODY,
        chunked(BODY).replace(b"Host: x", b"Host: x\r\nConnection: close"),
        chunked(BODY - 1, 1).replace(b"Host: x", b"Host: x\r\nConnection: close"),
    ],
    ids=["length", "chunk", "chunks"],
)
def test_a_body_of_exactly_the_limit_reaches_the_app_whole(served: Served, request_: bytes) -> None:
    (reply,) = served.ask(request_)

    assert (200, BODY) == (reply.status, reply.json["length"])


@pytest.mark.parametrize(
    "request_",
    [
        post(length=BODY + 1) + b"a" * (BODY + 1),
        chunked(BODY + 1),
        chunked(BODY, 1),
        post(length=100 * BODY),
        post(b"Expect: 100-continue", length=100 * BODY),
        post(b"Transfer-Encoding: chunked", b"Expect: 100-continue") + b"ffffffff\r\n",
    ],
    ids=["length", "chunk", "chunks", "announced", "expecting", "announced chunk"],
)
def test_a_body_beyond_the_limit_is_refused_in_shape_and_the_app_never_sees_it(
    served: Served, request_: bytes
) -> None:
    served.app.seen.clear()

    replies = served.ask(request_)
    (reply,) = [reply for reply in replies if reply.status != 100]

    assert (
        (413, ["application/json"], ["close"], b'{"error": "413 Request Entity Too Large"}'),
        [],
    ) == (
        (reply.status, reply.headers["content-type"], reply.headers["connection"], reply.body),
        served.app.seen,
    )


def test_a_body_too_large_by_its_length_is_refused_instead_of_invited(served: Served) -> None:
    replies = served.ask(post(b"Expect: 100-continue", length=BODY + 1))

    assert [413] == [reply.status for reply in replies]


def test_an_upload_without_end_is_cut_long_before_its_end_and_the_refusal_arrives(
    served: Served,
) -> None:
    client = served.connect()

    client.send(post(length=100 * BODY))
    sent = 0
    while sent < 100 * BODY and client.send(b"a" * 65536):
        sent += 65536
    received = client.receive(12)

    # What fits into the kernel's buffers on both sides counts as sent.
    assert (True, b"HTTP/1.1 413") == (sent < 50 * BODY, received)


def test_expecting_100_is_answered_with_100_and_then_with_the_reply(served: Served) -> None:
    client = served.connect()

    client.send(post(b"Expect: 100-continue", b"Connection: close", length=3))
    first = client.receive()
    client.send(b"abc")
    (reply,) = client.replies()

    assert (b"HTTP/1.1 100 Continue\r\n\r\n", 3) == (first, reply.json["length"])


def test_expecting_100_without_a_body_gets_the_reply_at_once(served: Served) -> None:
    replies = served.ask(post(b"Expect: 100-continue", b"Connection: close"))

    assert [200] == [reply.status for reply in replies]


def test_any_other_expectation_is_417(served: Served) -> None:
    replies = served.ask(post(b"Expect: miracles", length=3) + b"abc")

    assert [(417, b'{"error": "417 Expectation Failed"}')] == [(r.status, r.body) for r in replies]


@pytest.mark.parametrize("piece", [None, 1000], ids=["whole", "in pieces"])
@pytest.mark.parametrize(("size", "status"), [(HEAD, 200), (HEAD + 1, 431)])
def test_headers_of_exactly_the_limit_are_taken_and_one_byte_more_is_431(
    served: Served, size: int, status: int, piece: int | None
) -> None:
    client = served.connect()

    client.send(head_of(size), piece=piece)
    replies = client.replies()

    assert [status] == [reply.status for reply in replies]


def test_headers_without_end_are_refused_at_the_limit(served: Served) -> None:
    (reply,) = served.ask(head_of(HEAD + 100)[:-4])

    assert (431, b'{"error": "431 Request Header Fields Too Large"}') == (
        reply.status,
        reply.body,
    )


def test_a_body_that_cannot_be_spooled_is_503_and_the_server_lives(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(spool_bytes=1000)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere at all")

    (refusal,) = served.ask(post(length=20_000) + b"a" * 20_000)
    (reply,) = served.ask(post(b"Connection: close", length=999) + b"a" * 999)

    assert ((503, b'{"error": "503 Service Unavailable"}'), 200) == (
        (refusal.status, refusal.body),
        reply.status,
    )


@pytest.mark.parametrize("path", [b"/fails", b"/fails-on-disk"])
def test_an_app_that_raises_is_a_500_in_shape_that_tells_nothing(
    served: Served, path: bytes
) -> None:
    (reply,) = served.ask(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)

    assert (500, ["application/json"], ["close"], b'{"error": "500 Internal Server Error"}') == (
        reply.status,
        reply.headers["content-type"],
        reply.headers["connection"],
        reply.body,
    )


def test_remote_addr_is_the_peer_and_forwarded_headers_pass_untouched(served: Served) -> None:
    (reply,) = served.ask(
        b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"X-Forwarded-For: 6.6.6.6, <script>\r\nForwarded: for=6.6.6.6\r\n\r\n"
    )

    assert ("127.0.0.1", "6.6.6.6, <script>") == (reply.json["peer"], reply.json["forwarded"])


def test_the_server_does_not_name_itself(served: Served) -> None:
    (reply,) = served.ask(b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert "server" not in reply.headers
