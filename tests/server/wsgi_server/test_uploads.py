"""Long bodies, where they are taken, and files on their way out."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from tests.server.wsgi_server.conftest import BODY, FILE_SIZE, LONG_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.wsgi_server.conftest import Client, Reply, Serve, Served

UPLOAD = b"POST /upload%20it?name=a"
REFUSED = b'{"error": "413 Request Entity Too Large", "path": "/upload it"}'
FULL = b'{"error": "503 Service Unavailable", "path": "/upload it"}'


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve()


def head(start: bytes, *lines: bytes, length: int | None = None) -> bytes:
    extra = () if length is None else (b"Content-Length: %d" % length,)
    return b"\r\n".join([start + b" HTTP/1.1", b"Host: x", *lines, *extra, b"", b""])


def upload(length: int) -> bytes:
    return head(UPLOAD, b"Connection: close", length=length) + b"a" * length


def upload_in_chunks(*sizes: int) -> bytes:
    chunks = b"".join(b"%x\r\n%s\r\n" % (size, b"a" * size) for size in sizes)
    return head(UPLOAD, b"Connection: close", b"Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"


def told(replies: list[Reply]) -> list[tuple[int, bytes]]:
    return [(reply.status, reply.body) for reply in replies]


@pytest.mark.parametrize("sizes", [(LONG_BODY,), (LONG_BODY - 1, 1), (BODY,) * 10])
def test_a_long_body_of_exactly_its_limit_reaches_the_app_whole(
    served: Served, sizes: tuple[int, ...]
) -> None:
    for request in (upload(sum(sizes)), upload_in_chunks(*sizes)):
        (reply,) = served.ask(request)

        assert (200, LONG_BODY) == (reply.status, reply.json["length"])


@pytest.mark.parametrize(
    "request_",
    [
        head(UPLOAD, length=LONG_BODY + 1),
        head(UPLOAD, b"Expect: 100-continue", length=LONG_BODY + 1),
        head(UPLOAD, length=100 * BODY),
        head(UPLOAD, b"Transfer-Encoding: chunked") + b"%x\r\n" % (LONG_BODY + 1),
    ],
    ids=["length", "expecting", "much", "chunk"],
)
def test_one_byte_more_is_refused_in_the_shape_of_its_path_before_it_is_sent(
    served: Served, request_: bytes
) -> None:
    assert ([(413, REFUSED)], []) == (told(served.ask(request_)), served.app.seen)


@pytest.mark.parametrize("start", [b"POST /upload", b"PUT /upload%20it", b"POST /", b"POST /x"])
def test_elsewhere_and_otherwise_bodies_are_as_short_as_ever(served: Served, start: bytes) -> None:
    (reply,) = served.ask(head(start, length=BODY + 1))
    (other,) = served.ask(head(start, b"Connection: close", length=BODY) + b"a" * BODY)

    assert (413, 200) == (reply.status, other.status)


@pytest.mark.parametrize("start", [b"POST /x", UPLOAD])
def test_chunks_of_a_byte_each_are_refused_long_before_the_limit(
    serve: Serve, start: bytes
) -> None:
    """Their framing is work as well, and five times as long."""
    served = serve(body_bytes=100_000)
    client = served.connect()
    client.send(head(start, b"Transfer-Encoding: chunked"))
    client.send(b"1\r\na\r\n" * 50_000)

    assert b"HTTP/1.1 413" == client.receive(12)


def test_a_long_body_may_come_in_chunks_of_a_hundred_bytes(served: Served) -> None:
    (reply,) = served.ask(upload_in_chunks(*[100] * 40_000))

    assert (200, 4_000_000) == (reply.status, reply.json["length"])


def keep_sending(client: Client, piece: bytes, *, seconds: float) -> bool:
    """Send the piece twenty times a second; False when the server hung up meanwhile."""
    end = monotonic() + seconds
    while monotonic() < end:
        if not client.send(piece):
            return False
        sleep(0.05)
    return True


def test_a_slow_honest_upload_may_take_longer_than_the_deadline(serve: Serve) -> None:
    served = serve(body_deadline=1.0, long_body_rate=5_000)  # it sends ten times as much
    client = served.connect()
    client.send(head(UPLOAD, b"Connection: close", length=100_000))

    began, held = monotonic(), True
    for _ in range(40):
        held = held and client.send(b"a" * 2500)
        sleep(0.05)
    (reply,) = client.replies()

    assert (True, 200, 100_000) == (held, reply.status, reply.json["length"])
    assert monotonic() - began > 2.0


def test_an_upload_that_drips_is_cut(serve: Serve) -> None:
    served = serve(body_deadline=0.5, long_body_rate=20_000)
    client = served.connect()
    client.send(head(UPLOAD, length=LONG_BODY))

    assert not keep_sending(client, b"a", seconds=3)
    assert [] == served.app.seen


def test_no_other_body_gains_time_by_its_bytes(serve: Serve) -> None:
    served = serve(body_deadline=0.5, long_body_rate=20_000)
    client = served.connect()
    client.send(head(b"POST /x", length=BODY))

    assert not keep_sending(client, b"a" * 2500, seconds=3)


def test_without_room_in_the_spool_a_body_is_refused_before_it_is_read(serve: Serve) -> None:
    served = serve(spool_room=3 * BODY, body_deadline=60)
    holder = served.connect()
    holder.send(head(UPLOAD, length=2 * BODY) + b"a")
    assert comes_in(served)

    refused = served.ask(head(UPLOAD, b"Expect: 100-continue", length=2 * BODY))
    chunked = served.ask(upload_in_chunks(BODY, BODY // 2))
    (short,) = served.ask(upload(60_000))
    (fitting,) = served.ask(upload(BODY))

    assert ([(503, FULL)], [(503, FULL)], 200, 200) == (
        told(refused),
        told(chunked),
        short.status,
        fitting.status,
    )


def comes_in(served: Served) -> bool:
    """Whether what a client sent before was read: connections are read in turn."""
    (reply,) = served.ask(head(b"GET /x", b"Connection: close"))
    return reply.status == 200


def test_room_comes_back_from_clients_that_go_away_and_from_refused_requests(
    serve: Serve,
) -> None:
    served = serve(spool_room=3 * BODY, linger=0.1)
    for _ in range(5):
        client = served.connect()
        client.send(head(UPLOAD, length=2 * BODY) + b"a" * BODY)
        assert comes_in(served)
        client.close()
        assert comes_in(served)
    for _ in range(5):
        _ = served.ask(
            head(UPLOAD, b"Transfer-Encoding: chunked") + b"%x\r\n" % BODY + b"a" * BODY + b"!!"
        )
    replies = [served.ask(upload(3 * BODY)) for _ in range(5)]

    assert [200] * 5 == [reply.status for (reply,) in replies]


@contextmanager
def longest_file(size: int) -> Iterator[None]:
    """Let the system refuse to write more than so many bytes to a file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_gets_full_meanwhile_is_503_and_the_server_lives(serve: Serve) -> None:
    served = serve(spool_room=4 * BODY)
    with longest_file(BODY):
        for _ in range(3):
            client = served.connect()
            client.send(head(UPLOAD, length=3 * BODY) + b"a" * (BODY + 100_000))
            assert [(503, FULL)] == told(client.replies())
        (small,) = served.ask(upload(60_000))
    (reply,) = served.ask(upload(3 * BODY))

    assert (200, 200) == (small.status, reply.status)


def test_files_to_clients_that_do_not_read_hold_no_thread(serve: Serve) -> None:
    served = serve(threads=2)
    readers = [served.connect(receive_buffer=4096) for _ in range(8)]
    for reader in readers:
        reader.send(head(b"GET /file"))
    began = monotonic()
    replies = [served.ask(head(b"GET /x", b"Connection: close")) for _ in range(10)]

    assert [200] * 10 == [reply.status for (reply,) in replies]
    assert monotonic() - began < 3


def test_a_file_is_closed_when_its_client_stops_reading_or_goes_away(serve: Serve) -> None:
    served = serve(threads=2, stalled_reader=0.3)
    stalled, gone = served.connect(receive_buffer=4096), served.connect(receive_buffer=4096)
    for reader in (stalled, gone):
        reader.send(head(b"GET /file"))
        assert reader.receive(10)
    gone.close()

    assert closed(served, 2)


def test_a_file_is_sent_whole_and_closed(served: Served) -> None:
    client = served.connect()
    client.send(head(b"GET /file", b"Connection: close"))
    (reply,) = client.replies()

    assert (200, FILE_SIZE) == (reply.status, len(reply.body))
    assert closed(served, 1)


def closed(served: Served, files: int) -> bool:
    """Whether so many files were opened and all are closed before long."""
    end = monotonic() + 3
    while monotonic() < end and not all(each.closed for each in served.app.files):
        sleep(0.02)
    return [True] * files == [each.closed for each in served.app.files]
