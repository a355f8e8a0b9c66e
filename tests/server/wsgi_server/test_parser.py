"""How the bytes are cut into segments changes nothing; no bytes whatever break the parser."""

from itertools import pairwise

import attrs
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_server.wsgi_server.limits import ServerLimits
from helpdesk_server.wsgi_server.parser import StrictParser
from helpdesk_server.wsgi_server.tuning import Tuning

LIMITS = ServerLimits(header_bytes=200, body_bytes=300, spool_bytes=100)
TUNING = Tuning(host="127.0.0.1", port=0, limits=LIMITS, error_body=lambda *_: b"")

HEAD = b"POST /x HTTP/1.1\r\nHost: x\r\n"
PIECES = st.sampled_from(
    [
        HEAD,
        b"\r\n",
        b"\r",
        b"\n",
        b"\x00",
        b" ",
        b"Content-Length: 3\r\n",
        b"Content-Length: 999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Expect: 100-continue\r\n",
        b"Connection: close\r\n",
        b"3\r\nabc\r\n",
        b"12c\r\n",
        b"0\r\n\r\n",
        b"GET /y HTTP/1.0\r\n\r\n",
        b"a" * 150,
    ]
)
STREAMS = st.one_of(
    st.binary(max_size=60),
    st.lists(PIECES, max_size=8).map(b"".join),
    st.lists(PIECES, max_size=8).map(lambda pieces: HEAD + b"".join(pieces)),
)


@attrs.frozen
class Reading:
    """What a parser made of a stream."""

    refused: bool
    completed: bool
    consumed: int
    body: bytes


REFUSED = Reading(refused=True, completed=True, consumed=0, body=b"")


def read(segments: list[bytes]) -> Reading:
    """Feed one parser as a channel does; when it refuses, how far it read does not matter."""
    parser, consumed = StrictParser(TUNING), 0
    for segment in segments:
        rest = segment
        while rest and not parser.completed:
            step = parser.received(rest)
            consumed, rest = consumed + step, rest[step:]
    completed = parser.completed
    body = parser.get_body_stream().read() if completed and not parser.error else b""
    parser.close()
    return REFUSED if parser.error else Reading(False, completed, consumed, body)  # noqa: FBT003


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


PLACES = st.lists(st.integers(min_value=0), max_size=12)


@given(stream=STREAMS, places=PLACES)
@example(stream=HEAD + b"\r\n" + b"next", places=[len(HEAD) + 1])
def test_a_stream_means_the_same_however_it_is_cut(stream: bytes, places: list[int]) -> None:
    in_one = read([stream])
    in_pieces = read(cut(stream, places))
    in_bytes = read([bytes([byte]) for byte in stream])

    assert in_one == in_pieces == in_bytes


@given(stream=STREAMS)
def test_whatever_comes_the_parser_waits_completes_or_refuses_with_a_known_code(
    stream: bytes,
) -> None:
    parser = StrictParser(TUNING)

    parser.received(stream)
    code = parser.error.code if parser.error else None
    parser.close()

    assert code in {None, 400, 413, 417, 431}


@given(stream=STREAMS)
def test_a_refusal_swallows_whatever_came_with_it(stream: bytes) -> None:
    parser = StrictParser(TUNING)

    consumed = parser.received(b"BAD\r\n\r\n" + stream)

    assert len(stream) + 7 == consumed


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=60), max_size=5),
    extension=st.sampled_from([b"", b";a", b';a="b c"']),
    after=st.binary(max_size=20),
    places=PLACES,
)
def test_chunks_join_to_the_body_they_were_cut_from(
    chunks: list[bytes], extension: bytes, after: bytes, places: list[int]
) -> None:
    lines = [b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks]
    request = b"".join([HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *lines, b"0\r\n\r\n"])

    reading = read(cut(request + after, places))

    assert Reading(False, True, len(request), b"".join(chunks)) == reading  # noqa: FBT003
