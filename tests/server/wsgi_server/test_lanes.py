"""What is prompt is answered though everything else waits."""

import threading
from collections.abc import Iterator
from wsgiref.types import WSGIApplication

import pytest

from helpdesk_server.wsgi_server import ServerLimits, WsgiServer
from tests.server.wsgi_server.conftest import PATIENCE, Client, TinyApp, error_body

GATE = b"GET /gate HTTP/1.1\r\nHost: x\r\n\r\n"
PROBE = b"GET /probe?a=b HTTP/1.1\r\nHost: x\r\n\r\n"
OTHER = b"GET /other HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def app() -> TinyApp:
    return TinyApp()


@pytest.fixture
def address(app: TinyApp) -> Iterator[tuple[str, int]]:
    """Where a server listens that has one thread, and is prompt at `/probe`."""
    server = server_of(app)
    ready = threading.Event()
    thread = threading.Thread(target=lambda: server.run(lambda *_: ready.set()))
    thread.start()
    assert ready.wait(PATIENCE)
    yield server.address
    app.gate.set()
    server.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def server_of(app: WSGIApplication) -> WsgiServer:
    return WsgiServer(
        app,
        host="127.0.0.1",
        port=0,
        limits=ServerLimits(threads=1, drain=1.0, linger=0.5),
        error_body=error_body,
        prompt={"/probe"},
    )


@pytest.fixture
def waiting(app: TinyApp, address: tuple[str, int]) -> Iterator[Client]:
    """A client whose request the only thread is working on."""
    client = Client(address)
    client.send(GATE)
    assert app.entered.wait(PATIENCE)
    yield client
    client.close()


@pytest.fixture
def client(address: tuple[str, int]) -> Iterator[Client]:
    client = Client(address)
    yield client
    client.close()


@pytest.mark.usefixtures("waiting")
def test_a_probe_is_answered_while_every_thread_waits(client: Client) -> None:
    client.send(PROBE)

    assert 200 == client.reply().status


@pytest.mark.usefixtures("waiting")
def test_a_probe_is_answered_again_on_the_same_connection(client: Client) -> None:
    statuses = []
    for _ in range(3):
        client.send(PROBE)
        statuses.append(client.reply().status)

    assert [200] * 3 == statuses


@pytest.mark.usefixtures("waiting")
def test_anything_else_waits_its_turn(app: TinyApp, client: Client) -> None:
    client.send(OTHER)
    client.send(PROBE)
    client.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.receive()
    app.gate.set()
    client.socket.settimeout(PATIENCE)

    assert 200 == client.reply().status


def test_requests_of_one_connection_are_answered_in_their_order(
    app: TinyApp, client: Client
) -> None:
    client.send(OTHER + PROBE + OTHER.replace(b"x\r\n", b"x\r\nConnection: close\r\n"))
    statuses = [reply.status for reply in client.replies()]

    assert ([200] * 3, ["GET /other", "GET /probe", "GET /other"]) == (statuses, app.seen)


def test_a_request_that_cannot_be_understood_is_refused_as_ever(client: Client) -> None:
    client.send(b"GET /probe HTTP/1.1\r\nHost : x\r\n\r\n")

    assert [400] == [reply.status for reply in client.replies()]
