"""Keyed requests over real databases, from the threads of two servers at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from ipaddress import IPv4Address
from itertools import cycle
from secrets import randbits
from typing import TypeAlias

import pytest
from falcon.testing import TestClient

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.ids import uuid7
from helpdesk_core.ports import Ports
from helpdesk_http import create_app
from helpdesk_memory import MemoryLimiter
from helpdesk_sql import SqlStore, open_store, upgrade
from tests.http.conftest import CASE

Servers: TypeAlias = tuple[TestClient, TestClient]


def present() -> datetime:
    return datetime.now(UTC)


def ports_of(store: SqlStore) -> Ports:
    return Ports(
        begin=store.begin,
        now=present,
        new_id=lambda: uuid7(present(), randbits(74)),
        limiter=MemoryLimiter(present),
        courier=NoMailServer(),
    )


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('once') / 'desk.db'}"


@pytest.fixture(scope="module", params=["sqlite_file", "postgres_url"])
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Two apps over stores of their own on one database, as two processes have them."""
    url: str = request.getfixturevalue(request.param)
    upgrade(url)
    with ExitStack() as stores:
        apps = (
            create_app(ports_of(stores.enter_context(closing(open_store(url, pool_size=4)))))
            for _ in range(2)
        )
        first, second = map(TestClient, apps)
        yield first, second


@pytest.fixture
def peer() -> str:
    """The address of a client whom nobody has seen before."""
    return str(IPv4Address(randbits(32)))


def sender(
    servers: Servers, peer: str, path: str, document: object, key: str
) -> Callable[[int], bytes]:
    """Sends the request to one server and the other in turn; answers with status and body."""
    turns = cycle(servers)

    def send(_: int) -> bytes:
        answer = next(turns).simulate_post(
            path, json=document, headers={"Idempotency-Key": key}, remote_addr=peer
        )
        return answer.status.encode() + answer.content

    return send


def fifty(servers: Servers, peer: str, path: str, document: object, key: str = "k") -> set[bytes]:
    """The different answers to fifty requests at once."""
    with ThreadPoolExecutor(50) as threads:
        return set(threads.map(sender(servers, peer, path, document, key), range(50)))


def opening(server: TestClient, peer: str, **changes: object) -> bytes:
    """The answer of one server to the opening of a case, always under the same key."""
    send = sender((server, server), peer, "/api/support/case", {**CASE, **changes}, "k")
    return send(0)


def test_of_fifty_at_once_at_two_servers_all_are_answered_with_one_case(
    servers: Servers, peer: str
) -> None:
    answers = fifty(servers, peer, "/api/support/case", dict(CASE))

    assert (1, {b"200 OK"}) == (len(answers), {answer.partition(b"{")[0] for answer in answers})


@pytest.mark.parametrize("what", ["status", "escalate", "cancel"])
def test_a_case_is_followed_escalated_and_cancelled_once_at_two_servers(
    servers: Servers, peer: str, what: str
) -> None:
    number = json.loads(opening(servers[0], peer).removeprefix(b"200 OK"))["caseNumber"]
    document = {"caseNumber": number, "reason": "Enough"}
    answers = fifty(servers, peer, f"/api/support/case/{what}", document, key=what)

    assert (1, {b"200 OK"}) == (len(answers), {answer.partition(b"{")[0] for answer in answers})


def test_what_one_server_answered_the_other_answers_again(servers: Servers, peer: str) -> None:
    here, there = (opening(server, peer) for server in servers)

    assert here == there


def test_a_key_that_one_server_saw_the_other_refuses_for_another_request(
    servers: Servers, peer: str
) -> None:
    _ = opening(servers[0], peer)

    assert opening(servers[1], peer, subject="Else").startswith(b"422 ")
