"""It starts, takes a crowd, and stops without breaking a reply."""

from __future__ import annotations

import logging
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from helpdesk_server.wsgi_server import ServerLimits, WsgiServer

if TYPE_CHECKING:
    from tests.server.wsgi_server.conftest import Client, Serve, Served

GOOD = b"GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
STAY = b"GET /good HTTP/1.1\r\nHost: x\r\n\r\n"
GATE = b"GET /gate HTTP/1.1\r\nHost: x\r\n\r\n"
CROWD = 1200  # past the 1,024 descriptors that select() can watch


def at_the_gate(served: Served) -> Client:
    """A client whose request the app is working on."""
    client = served.connect()
    client.send(GATE)
    assert served.app.entered.wait(2.0)
    return client


def next_descriptor() -> int:
    with socket.socket() as lowest_free:
        return lowest_free.fileno()


def test_a_request_in_flight_gets_its_whole_reply_and_run_returns_true(serve: Serve) -> None:
    served = serve()
    client = at_the_gate(served)

    served.server.stop()
    time.sleep(0.2)
    served.app.gate.set()
    (reply,) = client.replies()

    assert (200, ["close"], "GET /gate", True, [True]) == (
        reply.status,
        reply.headers["connection"],
        served.app.seen[0],
        served.ended(),
        served.outcome,
    )


def test_requests_waiting_for_a_thread_are_in_flight_too(serve: Serve) -> None:
    served = serve(threads=1)
    first = at_the_gate(served)
    waiting = [served.connect() for _ in range(5)]
    for client in waiting:
        client.send(STAY)
    time.sleep(0.1)

    served.server.stop()
    served.app.gate.set()

    assert [[200]] * 6 == [[r.status for r in client.replies()] for client in (first, *waiting)]


def test_a_request_already_sent_when_stop_is_called_is_answered(serve: Serve) -> None:
    served = serve()
    resting = served.connect()
    resting.send(STAY)
    resting.reply()
    clients = [resting, *(served.connect() for _ in range(30))]

    for client in clients:
        client.send(STAY)
    served.server.stop()

    assert [[200]] * 31 == [[r.status for r in client.replies()] for client in clients]


def test_a_body_on_its_way_when_stop_is_called_may_arrive(serve: Serve) -> None:
    served = serve()
    client = served.connect()
    client.send(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
    time.sleep(0.1)

    served.server.stop()
    time.sleep(0.2)
    client.send(b"def")

    assert [6] == [reply.json["length"] for reply in client.replies()]


def test_resting_and_silent_connections_do_not_delay_the_end(serve: Serve) -> None:
    served = serve(drain=3.0, keep_alive=30.0)
    resting = served.connect()
    resting.send(STAY)
    resting.reply()
    silent = served.connect()
    time.sleep(0.05)

    served.server.stop()

    assert (True, [True], b"", b"") == (
        served.ended(within=1.5),
        served.outcome,
        resting.read_to_end(),
        silent.read_to_end(),
    )


def test_a_request_longer_than_the_drain_is_cut_and_run_says_so(serve: Serve) -> None:
    served = serve(drain=0.3)
    client = at_the_gate(served)

    served.server.stop()

    assert (True, [False], b"") == (
        served.ended(within=2.0),
        served.outcome,
        client.read_to_end(),
    )


def test_nobody_is_let_in_while_the_last_request_is_finished(serve: Serve) -> None:
    served = serve()
    at_the_gate(served)
    served.server.stop()
    time.sleep(0.2)

    with pytest.raises(ConnectionRefusedError), socket.socket() as late:
        late.connect(served.address)


def test_stop_may_be_called_twice_and_after_the_end(serve: Serve) -> None:
    served = serve()

    served.server.stop()
    served.server.stop()
    assert served.ended()
    served.server.stop()

    assert [True] == served.outcome


def small_server(host: str = "127.0.0.1", port: int = 0) -> WsgiServer:
    def app(_environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        start("200 OK", [("Content-Length", "4")])
        return [b"done"]

    return WsgiServer(app, host=host, port=port, limits=ServerLimits(), error_body=lambda *_: b"{}")


def test_who_asked_before_stop_is_answered_though_run_had_not_even_begun() -> None:
    server = small_server()
    clients = [socket.create_connection(server.address, timeout=5.0) for _ in range(10)]
    for client in clients:
        client.sendall(STAY)

    server.stop()
    drained = server.run()
    replies = [client.recv(12) for client in clients]
    for client in clients:
        client.close()

    assert (True, [b"HTTP/1.1 200"] * 10) == (drained, replies)


def test_who_has_just_connected_when_stop_is_called_may_still_ask(serve: Serve) -> None:
    served = serve()
    client = served.connect()

    served.server.stop()
    time.sleep(0.02)
    client.send(STAY)

    assert [200] == [reply.status for reply in client.replies()]


def test_a_host_of_several_addresses_is_served_on_its_ipv4_one() -> None:
    server = small_server("localhost")
    server.stop()
    server.run()

    assert server.address[0] == "127.0.0.1"


def test_a_host_without_an_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="Invalid host/port"):
        small_server("no such host")


def test_an_address_in_use_is_an_error_that_leaves_nothing_open(serve: Serve) -> None:
    taken = serve().address
    before = next_descriptor()

    with pytest.raises(OSError, match="in use"):
        small_server(*taken)

    assert before == next_descriptor()


def test_a_crowd_past_the_reach_of_select_neither_kills_nor_blocks(serve: Serve) -> None:
    served = serve(connections=CROWD + 100, threads=1)
    for number in range(CROWD):
        client = served.connect()
        if number % 2:
            client.send(b"GET /half HTTP/1.1\r\nHo")

    (reply,) = served.ask(GOOD)

    assert 200 == reply.status


def test_who_comes_to_a_full_house_waits_until_somebody_leaves(serve: Serve) -> None:
    served = serve(connections=2, header_deadline=0.3)
    served.connect()
    served.connect()
    time.sleep(0.05)

    (reply,) = served.ask(GOOD)

    assert 200 == reply.status


def test_without_descriptors_the_loop_rests_and_those_who_wait_are_served_later(
    serve: Serve,
) -> None:
    served = serve()
    clients = [socket.socket() for _ in range(5)]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_descriptor(), hard))
    try:
        for client in clients:
            client.settimeout(5.0)
            client.connect(served.address)
            client.sendall(GOOD)
        worked = time.process_time()
        time.sleep(0.3)
        worked = time.process_time() - worked
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    replies = [client.recv(12) for client in clients]
    for client in clients:
        client.close()

    assert ([b"HTTP/1.1 200"] * 5, True) == (replies, worked < 0.15)


def test_no_request_is_logged_however_many_wait_or_are_refused(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    served = serve(threads=1, connections=4)

    for _ in range(10):
        clients = [served.connect() for _ in range(6)]
        for client in clients:
            client.send(b"BAD\r\n\r\n")
            client.send(STAY * 3)
            client.close()
    served.ask(GOOD)

    assert [] == caplog.records


PROGRAM = """
import signal, sys, time
from helpdesk_server.wsgi_server import ServerLimits, WsgiServer

def app(environ, start):
    print("entered", flush=True)
    time.sleep(0.2)
    start("200 OK", [("Content-Length", "4")])
    return [b"done"]

server = WsgiServer(app, host="127.0.0.1", port=0, limits=ServerLimits(),
                    error_body=lambda status, reason: b"{}")
before = signal.getsignal(signal.SIGTERM)
drained = server.run(lambda host, port: print(port, flush=True))
print(drained, signal.getsignal(signal.SIGTERM) == before, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_in_flight_finish_and_the_process_exit_0(
    number: signal.Signals,
) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=5.0) as client:
            client.sendall(GATE)
            entered = process.stdout.readline()
            process.send_signal(number)
            with client.makefile("rb") as whole:
                reply = whole.read()
        said = process.stdout.read()

    assert (b"entered\n", b"200 OK", b"done", b"True True\n", 0) == (
        entered,
        reply[9:15],
        reply[-4:],
        said,
        process.returncode,
    )


def test_off_the_main_thread_signals_are_left_alone(serve: Serve) -> None:
    before = signal.getsignal(signal.SIGTERM)

    serve()

    assert before == signal.getsignal(signal.SIGTERM)


def test_replies_never_break_however_often_stop_comes_in_their_midst(serve: Serve) -> None:
    broken: list[bytes] = []

    def keep_asking(client: Client) -> None:
        while client.send(STAY):
            head = client.receive()
            while head and b"\r\n\r\n" not in head:
                head += client.receive()
            if not head:
                return  # hung up before it took the request
            body = head.partition(b"\r\n\r\n")[2]
            while not body.endswith(b"}"):
                more = client.receive()
                if not more:
                    broken.append(head)
                    return
                body += more

    for _ in range(5):
        served = serve(threads=2)
        threads = [threading.Thread(target=keep_asking, args=[served.connect()]) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        served.server.stop()
        for thread in threads:
            thread.join(5.0)
        assert served.ended()

    assert [] == broken
