"""Every phase of a connection ends, and nobody's slowness is anybody else's."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.server.wsgi_server.conftest import Client, Serve, Served

GOOD = b"GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
STAY = b"GET /good HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"POST /slow HTTP/1.1\r\nHost: x\r\nA: "
DRIP = 0.02  # seconds between two bytes of a slow client


def statuses(served: Served) -> list[int]:
    return [reply.status for reply in served.ask(GOOD)]


def hung_up(client: Client, within: float = 0.0) -> bool:
    """Whether the server has closed the connection without another byte."""
    client.socket.settimeout(within)
    try:
        return client.socket.recv(1) == b""
    except (BlockingIOError, TimeoutError):
        return False
    except ConnectionResetError:
        return True


def drip(clients: list[Client], served: Served, seconds: float) -> list[list[int]]:
    """Send a byte from each client again and again; meanwhile ask properly, and say how it went."""
    answers, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        for client in clients:
            client.send(b"a")
        answers.append(statuses(served))
        time.sleep(DRIP)
    return answers


def test_headers_that_trickle_in_are_cut_by_their_age_while_others_are_served(serve: Serve) -> None:
    served = serve(header_deadline=0.2, threads=1)
    slow = [served.connect() for _ in range(20)]
    for client in slow:
        client.send(HALF)

    answers = drip(slow, served, 0.4)

    assert ([[200]], [True] * 20) == (
        [answer for answer in ([200], *answers) if answer != [200]] or [[200]],
        [hung_up(client, 1.0) for client in slow],
    )


def test_headers_that_arrive_just_in_time_are_served(serve: Serve) -> None:
    client = serve(header_deadline=0.5, body_deadline=0.05).connect()

    client.send(GOOD[:30])
    time.sleep(0.2)
    client.send(GOOD[30:])

    assert [200] == [reply.status for reply in client.replies()]


def test_a_connection_that_never_speaks_is_cut_like_one_that_speaks_slowly(serve: Serve) -> None:
    client = serve(header_deadline=0.1).connect()

    assert hung_up(client, 2.0)


def test_a_body_that_trickles_in_is_cut_by_its_age_and_never_reaches_the_app(serve: Serve) -> None:
    served = serve(body_deadline=0.2, threads=1)
    slow = [served.connect() for _ in range(20)]
    for client in slow:
        client.send(b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")

    answers = drip(slow, served, 0.4)

    assert ({(200,)}, [True] * 20, {"GET /good"}) == (
        {tuple(answer) for answer in answers},
        [hung_up(client, 1.0) for client in slow],
        set(served.app.seen),
    )


def test_a_body_shorter_than_its_length_is_cut_with_its_spool(serve: Serve) -> None:
    client = serve(body_deadline=0.1, spool_bytes=100).connect()

    client.send(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n" + b"a" * 20_000)

    # A spool file left open would be reported by the garbage collector and fail the run.
    assert hung_up(client, 2.0)


def test_a_body_has_its_own_time_however_long_the_headers_took(serve: Serve) -> None:
    client = serve(header_deadline=0.4, body_deadline=0.4).connect()
    head = b"POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"

    client.send(head[:20])
    time.sleep(0.25)
    client.send(head[20:])
    time.sleep(0.25)
    client.send(b"abc")

    assert [200] == [reply.status for reply in client.replies()]


def test_a_connection_may_rest_between_requests_but_not_for_ever(serve: Serve) -> None:
    client = serve(keep_alive=0.4, header_deadline=0.1).connect()

    client.send(STAY)
    client.reply()
    time.sleep(0.2)
    client.send(STAY)
    second = client.reply()

    assert (200, False, True) == (second.status, hung_up(client), hung_up(client, 2.0))


def test_the_app_may_take_longer_than_every_deadline(serve: Serve) -> None:
    served = serve(header_deadline=0.05, body_deadline=0.05, stalled_reader=0.05, keep_alive=0.05)
    client = served.connect()

    client.send(b"GET /gate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert served.app.entered.wait(2.0)
    time.sleep(0.3)
    served.app.gate.set()

    assert [200] == [reply.status for reply in client.replies()]


def test_a_pipelined_request_waits_without_growing_old(serve: Serve) -> None:
    served = serve(header_deadline=0.2)
    client = served.connect()

    client.send(b"GET /gate HTTP/1.1\r\nHost: x\r\n\r\n" + GOOD[:20])
    assert served.app.entered.wait(2.0)
    time.sleep(0.4)
    served.app.gate.set()
    first = client.reply()
    time.sleep(0.1)
    client.send(GOOD[20:])

    assert (200, [200]) == (first.status, [reply.status for reply in client.replies()])


def test_a_reader_who_stops_reading_is_cut_and_its_thread_serves_others(serve: Serve) -> None:
    served = serve(threads=1, stalled_reader=0.2)
    stalled = served.connect(receive_buffer=4096)

    stalled.send(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    stalled.receive(1)

    assert ([200], ["GET /big", "GET /good"]) == (statuses(served), served.app.seen)


def test_a_reader_who_is_slow_but_reads_gets_everything(serve: Serve) -> None:
    client = serve(stalled_reader=0.3).connect(receive_buffer=128 * 1024)

    client.send(b"GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    received = 0
    for part in range(1, 7):
        time.sleep(0.1)
        while received < part * 200_000:
            received += len(client.receive())
    received += len(client.read_to_end())

    assert received > 400 * 65536


def test_urgent_data_ends_the_connection_instead_of_keeping_the_loop_awake(serve: Serve) -> None:
    client = serve().connect()

    client.socket.send(b"!", socket.MSG_OOB)

    assert hung_up(client, 2.0)


def test_a_client_still_sending_is_heard_out_and_not_reset_over_the_last_reply(
    serve: Serve,
) -> None:
    client = serve(linger=2.0).connect()

    client.send(b"BAD\r\n\r\n")
    held = []
    for _ in range(5):
        time.sleep(0.02)
        held.append(client.send(b"a" * 1000))

    assert ([True] * 5, [400]) == (held, [reply.status for reply in client.replies()])


def test_a_client_who_does_not_hang_up_after_the_last_reply_is_hung_up_on(serve: Serve) -> None:
    client = serve(linger=0.1).connect()

    client.send(GOOD)
    client.read_to_end()
    time.sleep(0.25)
    client.send(b"a")
    time.sleep(0.02)

    assert not client.send(b"a")
