"""Real processes at the other door: what was acknowledged survives, and no number comes twice."""

import json
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from helpdesk_core.people import Role
from helpdesk_core.ports import NoticeState
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.tokens import create_token
from helpdesk_server.sample import directory_document
from helpdesk_server.settings import from_environ
from helpdesk_server.wiring import plug
from helpdesk_sql import open_store, upgrade
from tests.server.conftest import PATIENCE, Running, Start, comes_true
from tests.server.test_processes import a_submission

CASE = {
    "name": "Maya Lestari",
    "email": "maya@bakery.example",
    "subject": "The till does not print",
    "message": "Since nine o'clock the till at the door prints no receipts.",
}
CREATORS = 64


@pytest.fixture
def token(database: str) -> str:
    """The secret of an admin's token, on a desk that holds the sample directory."""
    upgrade(database)
    desk = plug(from_environ({"HELPDESK_DATABASE_URL": database}))
    load_directory(desk.ports, directory_document())
    secret = create_token(
        desk.ports, email="admin@example.com", role=Role.ADMIN, random=secrets.token_bytes(32)
    )
    desk.close()
    return secret


def open_case(server: Running) -> str:
    """The number of a new case."""
    reply = server.ask("POST", "/api/support/case", CASE)
    assert 200 == reply.status, reply
    number: str = reply.json["caseNumber"]
    return number


def test_a_case_that_was_acknowledged_survives_a_kill(start: Start) -> None:
    first = start("serve")
    number = open_case(first)
    first.kill()

    second = start("serve")
    followed = second.ask("POST", "/api/support/case/status", {"caseNumber": number})

    assert (200, "OPEN") == (followed.status, followed.json["case"]["status"])


def test_a_token_that_was_revoked_closes_the_door_of_every_process(
    start: Start, database: str, token: str
) -> None:
    servers = [start("serve") for _ in range(2)]
    before = [each.ask("GET", "/api/internal/tickets", token=token).status for each in servers]
    store = open_store(database)
    with store.begin() as uow:
        uow.revoke_token(uow.tokens()[0].id, datetime.now(UTC))
        uow.commit()
    store.close()
    after = [each.ask("GET", "/api/internal/tickets", token=token).status for each in servers]

    assert ([200, 200], [401, 401]) == (before, after)


def counting(start: Start, database: str) -> Running:
    """A server whose case numbers count, behind a proxy on this machine."""
    return start(
        "serve",
        DATABASE_URL=database,
        CASE_NUMBERS="sequential",
        TRUSTED_PROXY="127.0.0.1",
    )


def create_from(server: Running, customer: int) -> tuple[int, str]:
    """Open a case from an address of its own: status, and the number if there is one."""
    headers = {"Content-Type": "application/json", "X-Forwarded-For": f"198.51.100.{customer}"}
    reply = server.send("POST", "/api/support/case", json.dumps(CASE), headers)
    return reply.status, reply.json.get("caseNumber", "")


@pytest.mark.parametrize("kind", ["database", "fresh_postgres_url"])
def test_no_number_comes_twice_from_two_processes_with_sixty_four_creators(
    start: Start, request: pytest.FixtureRequest, kind: str
) -> None:
    url: str = request.getfixturevalue(kind)
    upgrade(url)
    servers = [counting(start, url) for _ in range(2)]

    with ThreadPoolExecutor(CREATORS) as pool:
        made = list(
            pool.map(lambda customer: create_from(servers[customer % 2], customer), range(CREATORS))
        )

    year = datetime.now(UTC).year
    assert {200} == {status for status, _ in made}
    assert {f"CW-{year}-{count:03}" for count in range(1, CREATORS + 1)} == {it for _, it in made}


def test_no_number_comes_again_after_a_kill(start: Start, database: str) -> None:
    first = counting(start, database)
    before = [open_case(first) for _ in range(2)]
    first.kill()

    after = open_case(counting(start, database))

    assert ["001", "002", "003"] == [number[-3:] for number in (*before, after)]


def queued(database: str) -> int:
    store = open_store(database)
    try:
        return store.outbox.counts()[NoticeState.QUEUED]
    finally:
        store.close()


@pytest.mark.usefixtures("token")
def test_sigterm_makes_a_server_unready_while_the_request_in_flight_finishes(
    start: Start, database: str, hanging_mail_server: str
) -> None:
    server = start("serve", SMTP_URL=hanging_mail_server, MAIL_WAIT="3")
    address = urlsplit(server.address)
    body = a_submission(server)
    ready = server.ask("GET", "/ready")
    with (
        ThreadPoolExecutor() as pool,
        socket.create_connection((address.hostname, address.port), PATIENCE) as probe,
    ):
        answer = pool.submit(server.ask, "POST", "/api/intake", body)
        probe.sendall(b"GET /ready HTTP/1.1\r\nHost: x\r\n")
        assert comes_true(lambda: queued(database) == 1)
        server.process.terminate()
        assert comes_true(lambda: not listens(address.hostname, address.port))
        probe.sendall(b"\r\n")
        said = probe.makefile("rb").read()

    assert (200, True) == (ready.status, ready.json["ready"])
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b'{"ready":false,"reasons":["the server is stopping"],"queues":{' in said
    assert (201, 0) == (answer.result().status, server.process.wait(PATIENCE))


def listens(host: str | None, port: int | None) -> bool:
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True
