"""A running desk and an OpenID Connect provider: customers, staff, and what a provider does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_server.sample import directory_document
from helpdesk_sql import open_store, upgrade
from tests.oidc.hostile import CLIENT_ID, CLIENT_SECRET, Hostile
from tests.server.conftest import Running, Start
from tests.server.visitor import Visitor

UNFIT: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"aud": "another"},
    {"iss": "https://idp.example.com"},
    {"exp": 1},
    {"email_verified": "true"},
    {"email_verified": False},
    {"sub": ...},
]
"""What is laid over an honest provider's claims."""
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def provider() -> Iterator[Hostile]:
    server = Hostile()
    yield server
    server.close()


@pytest.fixture
def desk(start: Start, provider: Hostile, database: str) -> Running:
    """A desk with the sample's directory, whose people the provider knows."""
    upgrade(database)
    with closing(open_store(database)) as store:
        _ = load_directory(ports_over(store), directory_document())
    return start(
        "serve",
        THREADS="4",
        OIDC_ISSUER=provider.issuer,
        OIDC_CLIENT_ID=CLIENT_ID,
        OIDC_CLIENT_SECRET=CLIENT_SECRET,
        OIDC_ALLOW_PRIVATE="yes",
    )


def sign_in(visitor: Visitor, desk: Running, provider: Hostile, **claims: Any) -> str:  # noqa: ANN401  # any claim
    """Go to the provider and come back as whom the claims say; the page that is shown."""
    sent = parse_qs(urlsplit(visitor.depart()).query)
    provider.nonce, provider.claims = sent["nonce"][0], claims
    back = f"{desk.address}/auth/callback?code=a-code&state={sent['state'][0]}"
    return visitor.open(back)


def refusal(asked: Callable[[], object]) -> tuple[int, str]:
    """The status and the page of a refusal."""
    with pytest.raises(HTTPError) as refused:
        asked()
    with refused.value:
        return refused.value.code, refused.value.read().decode()


def test_a_customer_signs_in_submits_as_themselves_and_chats_with_the_agent(
    desk: Running, provider: Hostile
) -> None:
    customer, agent = Visitor(desk), Visitor(desk)
    sign_in(customer, desk, provider)
    sign_in(agent, desk, provider, sub="2", email="ani@example.com")
    options = customer.ask("/api/intake/options")
    department = options["departments"][0]
    ticket_id = customer.tell(
        "/api/intake",
        {
            "deptId": department["id"],
            "kpiTypeId": options["kpiTypesByDept"][department["id"]][0]["id"],
            "ticketDate": "2026-05-22",
            "description": "The printer hums",
            "createdByEmail": "forged@example.com",
        },
    )["id"]
    customer.tell(f"/api/intake/status/{ticket_id}/messages", {"body": "Any news?"})
    agent.tell(f"/api/internal/tickets/{ticket_id}/reply", {"message": "We are at it"})
    status = customer.ask(f"/api/intake/status/{ticket_id}")

    assert ("ann@example.org", True, ["Ann Example", "Ani Wijaya"]) == (
        status["submittedByEmail"],
        status["canMessage"],
        [message["authorName"] for message in status["messages"]],
    )


def test_staff_sign_in_by_the_same_door_and_get_their_role(
    desk: Running, provider: Hostile
) -> None:
    roles = {}
    for subject, name in enumerate(("ani", "manager", "admin", "nobody")):
        visitor = Visitor(desk)
        email = f"{name}@example.com"
        sign_in(visitor, desk, provider, sub=str(subject), email=email)
        roles[name] = visitor.ask("/auth/session")["user"]["role"]

    assert {
        "ani": "agent",
        "manager": "management",
        "admin": "admin",
        "nobody": "customer",
    } == roles


def test_whom_nobody_vouches_for_is_shown_a_page_and_has_no_session(
    desk: Running, provider: Hostile
) -> None:
    told = []
    for claims in UNFIT:
        visitor = Visitor(desk)
        status, page = refusal(partial(sign_in, visitor, desk, provider, **claims))
        is_signed_in = visitor.ask("/auth/session")["signedIn"]
        told.append((status, "That did not work" in page, is_signed_in))

    assert [(403, True, False)] * len(UNFIT) == told


@pytest.mark.parametrize(
    "page", [(500, b"out of order"), (200, b"x" * 10_000_000)], ids=["down", "too much"]
)
def test_a_provider_that_is_down_or_lies_is_a_clear_page(
    desk: Running, provider: Hostile, page: tuple[int, bytes]
) -> None:
    provider.pages[DISCOVERY] = page
    status, shown = refusal(Visitor(desk).depart)

    assert (503, True) == (status, "The sign-in service does not answer right now" in shown)


def test_a_provider_that_hangs_keeps_nobody_else_waiting(desk: Running, provider: Hostile) -> None:
    def hang() -> tuple[int, bytes]:
        time.sleep(4)
        return 500, b""

    provider.pages[DISCOVERY] = hang
    with ThreadPoolExecutor(8) as browsers:
        waiting = [browsers.submit(refusal, Visitor(desk).depart) for _ in range(8)]
        time.sleep(0.5)
        begun = time.monotonic()
        Visitor(desk).ask("/api/intake/options")
        _ = Visitor(desk).open(f"{desk.address}/auth/sign-in")
        took = time.monotonic() - begun
        told = {each.result()[0] for each in waiting}

    assert took < 3
    assert {503} == told
