"""One reading of the bytes, or none: what is not exactly one request is refused, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.wsgi_server.conftest import Served

GOOD = b"GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""What a smuggler hopes to have answered."""


def get(*lines: bytes, line: bytes = b"GET /bad HTTP/1.1") -> bytes:
    return b"\r\n".join([line, *lines, b"", b""])


def post(*lines: bytes, body: bytes = b"") -> bytes:
    return get(b"Host: x", *lines, line=b"POST /bad HTTP/1.1") + body


def chunked(body: bytes) -> bytes:
    return post(b"Transfer-Encoding: chunked", body=body)


TE = b"Transfer-Encoding: "
CL = b"Content-Length: "
END = b"0\r\n\r\n"

BAD_REQUESTS = {
    "length and coding": post(CL + b"4", TE + b"chunked", body=END),
    "coding and length": post(TE + b"chunked", CL + b"4", body=END),
    "chunked twice": post(TE + b"chunked", TE + b"chunked", body=END),
    "chunked twice in one line": post(TE + b"chunked, chunked", body=END),
    "xchunked": post(TE + b"xchunked", body=END),
    "chunked, identity": post(TE + b"chunked, identity", body=END),
    "gzip, chunked": post(TE + b"gzip, chunked", body=END),
    "identity": post(TE + b"identity", body=END),
    "empty coding": post(TE, body=END),
    "vertical tab before chunked": post(TE + b"\x0bchunked", body=END),
    "NEL before chunked": post(TE + b"\x85chunked", body=END),
    "coding under 1.0": get(TE + b"chunked", line=b"POST /bad HTTP/1.0") + END,
    "length twice, the same": post(CL + b"4", CL + b"4", body=b"abcd"),
    "length twice, different": post(CL + b"4", CL + b"5", body=b"abcde"),
    "length list": post(CL + b"4, 4", body=b"abcd"),
    "length +1": post(CL + b"+1", body=b"a"),
    "length -1": post(CL + b"-1", body=b"a"),
    "length 0x1": post(CL + b"0x1", body=b"a"),
    "length 1_0": post(CL + b"1_0", body=b"a" * 10),
    "length in Arabic digits": post(CL + "\u0661".encode(), body=b"a"),
    "length superscript": post(CL + b"\xb9", body=b"a"),
    "length empty": post(CL, body=b"a"),
    "length 1 a": post(CL + b"1 a", body=b"a"),
    "length of twenty digits": post(CL + b"9" * 20),
    "length of five thousand digits": post(CL + b"9" * 5000),
    "chunk size 0x1": chunked(b"0x1\r\na\r\n" + END),
    "chunk size +1": chunked(b"+1\r\na\r\n" + END),
    "chunk size -1": chunked(b"-1\r\na\r\n" + END),
    "chunk size 1_0": chunked(b"1_0\r\n" + b"a" * 16 + b"\r\n" + END),
    "chunk size empty": chunked(b"\r\n1\r\na\r\n" + END),
    "chunk size after space": chunked(b" 1\r\na\r\n" + END),
    "chunk size before space": chunked(b"1 \r\na\r\n" + END),
    "chunk size of seventeen digits": chunked(b"F" * 17 + b"\r\n"),
    "chunk size line with bare LF": chunked(b"1\na\r\n" + END),
    "chunk size line with LF and CRLF": chunked(b"1\n\r\na\r\n" + END),
    "chunk extension with LF": chunked(b"1;a=\n\r\na\r\n" + END),
    "chunk extension with CR": chunked(b"1;a=\rb\r\na\r\n" + END),
    "chunk extension without end": chunked(b"1;" + b"a" * 300),
    "chunk longer than said": chunked(b"1\r\nab\r\n" + END),
    "chunk ended by LF": chunked(b"1\r\na\n" + END),
    "last chunk ended by LF": chunked(b"0\r\n\n"),
    "trailer": chunked(b"0\r\nX: y\r\n\r\n"),
    "no Host": get(),
    "two Hosts": get(b"Host: a", b"Host: b"),
    "two Hosts, the same": get(b"Host: a", b"host: a"),
    "two Hosts under 1.0": get(b"Host: a", b"Host: b", line=b"GET /bad HTTP/1.0"),
    "empty Host": get(b"Host:"),
    "Host with a path": get(b"Host: x/y"),
    "Host with a user": get(b"Host: u@x"),
    "Host list": get(b"Host: x, y"),
    "version 1.9": get(b"Host: x", line=b"GET /bad HTTP/1.9"),
    "version 2.0": get(b"Host: x", line=b"GET /bad HTTP/2.0"),
    "version 0.9 said": get(b"Host: x", line=b"GET /bad HTTP/0.9"),
    "version 0.9 unsaid": b"GET /bad\r\n\r\n",
    "version 1.10": get(b"Host: x", line=b"GET /bad HTTP/1.10"),
    "version in lower case": get(b"Host: x", line=b"GET /bad http/1.1"),
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS hello": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
    "method in lower case": get(b"Host: x", line=b"get /bad HTTP/1.1"),
    "method with a colon": get(b"Host: x", line=b"GE:T /bad HTTP/1.1"),
    "target missing": get(b"Host: x", line=b"GET HTTP/1.1"),
    "target with a space": get(b"Host: x", line=b"GET /b ad HTTP/1.1"),
    "target with a tab": get(b"Host: x", line=b"GET /b\tad HTTP/1.1"),
    "target with a fragment": get(b"Host: x", line=b"GET /bad#x HTTP/1.1"),
    "target with raw UTF-8": get(b"Host: x", line="GET /b\u00e4d HTTP/1.1".encode()),
    "target with DEL": get(b"Host: x", line=b"GET /bad\x7f HTTP/1.1"),
    "target not from the root": get(b"Host: x", line=b"GET bad HTTP/1.1"),
    "target of another host": get(b"Host: x", line=b"GET http://evil/bad HTTP/1.1"),
    "target of another scheme": get(b"Host: x", line=b"GET file://x/bad HTTP/1.1"),
    "target with a user": get(b"Host: x", line=b"GET http://u@x/bad HTTP/1.1"),
    "target for a tunnel": get(b"Host: x:443", line=b"CONNECT x:443 HTTP/1.1"),
    "target with half a bracket": get(b"Host: x", line=b"GET http://[::1 HTTP/1.1"),
    "target of no IPv6 address": get(b"Host: [1.2]", line=b"GET http://[1.2]/ HTTP/1.1"),
    "two spaces": get(b"Host: x", line=b"GET  /bad HTTP/1.1"),
    "space at the end of the line": get(b"Host: x", line=b"GET /bad HTTP/1.1 "),
    "space at the start": b" " + get(b"Host: x"),
    "two empty lines at the start": b"\r\n\r\n" + get(b"Host: x"),
    "LF at the start": b"\n" + get(b"Host: x"),
    "NUL in the target": get(b"Host: x", line=b"GET /bad\x00 HTTP/1.1"),
    "NUL in a header": get(b"Host: x", b"A: b\x00c"),
    "CR in a header": get(b"Host: x", b"A: b\rc"),
    "LF in a header": get(b"Host: x", b"A: b\nc: d"),
    "CR CR LF": get(b"Host: x", b"A: b\r"),
    "bell in a header": get(b"Host: x", b"A: b\x07"),
    "bare LF throughout": get(b"Host: x").replace(b"\r\n", b"\n"),
    "bare CR throughout": get(b"Host: x").replace(b"\r\n", b"\r"),
    "space before a colon": get(b"Host : x"),
    "space before length's colon": post(b"Content-Length : 4", body=b"abcd"),
    "folded header": get(b"Host: x", b"A: b", b" c"),
    "folded coding": post(b"Transfer-Encoding:", b"\tchunked", body=END),
    "folded first header": get(b" Host: x"),
    "header without a colon": get(b"Host: x", b"A"),
    "header without a name": get(b"Host: x", b": b"),
}


@pytest.mark.parametrize(
    ("after", "piece"),
    [(b"", None), (GOOD, None), (GOOD, 1)],
    ids=["alone", "before a good request", "before a good request, byte by byte"],
)
@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_a_request_that_could_be_read_in_two_ways_gets_one_400_and_a_closed_connection(
    served: Served, name: str, after: bytes, piece: int | None
) -> None:
    served.app.seen.clear()
    client = served.connect()

    client.send(BAD_REQUESTS[name] + after, piece=piece)
    replies = client.replies()

    assert (
        [(400, ["application/json"], ["close"], b'{"error": "400 Bad Request"}')],
        [],
    ) == (
        [(r.status, r.headers["content-type"], r.headers["connection"], r.body) for r in replies],
        served.app.seen,
    )


GOOD_REQUESTS = {
    "the least": (get(b"Host: x"), 0),
    "HTTP/1.0 without a Host": (get(line=b"GET /bad HTTP/1.0"), 0),
    "one empty line before": (b"\r\n" + get(b"Host: x"), 0),
    "absolute target": (get(b"Host: X:80", line=b"GET http://x:80/bad?q=1 HTTP/1.1"), 0),
    "IPv6 host": (get(b"Host: [::1]:8000"), 0),
    "all of the server": (get(b"Host: x", line=b"OPTIONS * HTTP/1.1"), 0),
    "no space after the colon": (post(b"Content-Length:4", body=b"abcd"), 4),
    "space around the value": (post(b"Content-Length: \t4 \t", body=b"abcd"), 4),
    "leading zeros": (post(CL + b"004", body=b"abcd"), 4),
    "chunks": (chunked(b"3\r\nabc\r\n1\r\nd\r\n" + END), 4),
    "chunks in capitals": (post(TE + b"Chunked", body=b"0A\r\n0123456789\r\n" + END), 10),
    "chunk extensions": (chunked(b'1;a=b;c="d e"\r\na\r\n0;z\r\n\r\n'), 1),
    "text beyond ASCII in a header": (get(b"Host: x", b"Authorization: Bearer \xe9"), 0),
    "an underscore in a header": (get(b"Host: x", b"Content_Length: 9"), 0),
}


@pytest.mark.parametrize("piece", [None, 1], ids=["whole", "byte by byte"])
@pytest.mark.parametrize("name", GOOD_REQUESTS)
def test_a_request_to_the_letter_is_answered_and_so_is_the_next_on_its_connection(
    served: Served, name: str, piece: int | None
) -> None:
    request, length = GOOD_REQUESTS[name]
    client = served.connect()

    # HTTP/1.0 closes after a reply unless it is asked not to.
    client.send(request.replace(b"/1.0\r\n", b"/1.0\r\nConnection: keep-alive\r\n"), piece=piece)
    first = client.reply()
    client.send(GOOD)
    (second,) = client.replies()

    assert (200, length, 200) == (first.status, first.json["length"], second.status)


def test_what_follows_a_body_shorter_than_sent_is_no_request(served: Served) -> None:
    served.app.seen.clear()
    client = served.connect()

    client.send(post(CL + b"5", body=b'{"caseNumber":"CW-2025-001"}') + GOOD)
    replies = client.replies()

    assert ([200, 400], ["POST /bad"]) == ([r.status for r in replies], served.app.seen)


def test_pipelined_requests_are_answered_in_order_until_one_closes(served: Served) -> None:
    served.app.seen.clear()
    client = served.connect()

    client.send(
        get(b"Host: x", line=b"GET /one HTTP/1.1")
        + get(b"Host: x", b"Connection: x, Close", line=b"GET /two HTTP/1.1")
        + GOOD
    )
    replies = client.replies()

    assert ([200, 200], ["GET /one", "GET /two"]) == (
        [r.status for r in replies],
        served.app.seen,
    )


def test_a_refusal_closes_even_a_connection_that_asked_to_stay(served: Served) -> None:
    (reply,) = served.ask(
        get(b"Connection: keep-alive", CL + b"9999999", line=b"POST /bad HTTP/1.0")
    )

    assert (413, ["close"]) == (reply.status, reply.headers["connection"])


def test_a_refusal_of_head_has_no_body(served: Served) -> None:
    client = served.connect()

    client.send(get(b"Host: x", b"Expect: miracles", line=b"HEAD /bad HTTP/1.1"))
    raw = client.read_to_end()

    assert (b"HTTP/1.1 417", True) == (raw[:12], raw.endswith(b"\r\n\r\n"))
