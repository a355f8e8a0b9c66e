"""Signing in at a running desk: the demo's links, and what is said when nobody can."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.server.conftest import Start
from tests.server.visitor import Visitor

LINK = re.compile(r"^  (\w+), (\S+@\S+): (http://\S+/auth/link\?key=\S+)$", re.MULTILINE)


def test_each_link_of_the_demo_signs_in_whom_it_says(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    links = LINK.findall(demo.said)
    found = {}
    for who, email, link in links:
        visitor = Visitor(demo)
        page = visitor.press(visitor.open(link), "/auth/link")
        assert "You are signed in" in page
        found[who] = (email, visitor.ask("/auth/session")["user"])

    assert {
        "customer": "customer",
        "agent": "agent",
        "manager": "management",
        "admin": "admin",
    } == {who: user["role"] for who, (_, user) in found.items()}
    assert all(email == user["email"] for email, user in found.values())


def test_the_demos_customer_may_write_on_their_ticket_and_staff_see_the_queue(
    start: Start,
) -> None:
    demo = start("demo", DATABASE_URL="")
    visitors = {}
    for who, _, link in LINK.findall(demo.said):
        visitors[who] = Visitor(demo)
        visitors[who].press(visitors[who].open(link), "/auth/link")
    found = visitors["customer"].ask("/api/intake/lookup?q=sandy%40example.com")["tickets"]
    statuses = [visitors["customer"].ask(f"/api/intake/status/{it['id']}") for it in found]
    (ticket, *_) = (status for status in statuses if status["canMessage"])
    said = visitors["customer"].open(
        f"{demo.address}/api/intake/status/{ticket['id']}/messages",
        b'{"body": "Any news?"}',
        "application/json",
    )

    assert "Sandy Rachman" == json.loads(said)["message"]["authorName"]
    assert visitors["agent"].ask("/api/internal/tickets")["tickets"]
    assert visitors["admin"].ask("/api/internal/sessions")["sessions"]


def test_a_link_signs_in_once(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    link = LINK.findall(demo.said)[0][2]
    first, second = Visitor(demo), Visitor(demo)
    pages = [visitor.open(link) for visitor in (first, second)]
    first.press(pages[0], "/auth/link")

    with pytest.raises(OSError, match="403"):
        second.press(pages[1], "/auth/link")


@pytest.mark.parametrize(
    ("settings", "is_said"),
    [
        ({}, True),
        ({"SMTP_URL": "smtp://mail.example.com"}, False),
        ({"OIDC_ISSUER": "https://idp.example.com", "OIDC_CLIENT_ID": "desk"}, False),
    ],
)
def test_serving_says_when_nobody_can_sign_in(
    start: Start,
    settings: dict[str, str],
    is_said: bool,  # noqa: FBT001  # a case of the table
) -> None:
    server = start("serve", stderr=subprocess.PIPE, **settings)
    server.terminate()
    assert server.process.stderr

    assert is_said == (b"nobody can sign in by themselves" in server.process.stderr.read())


def test_serving_says_that_no_browser_keeps_a_session_without_tls(start: Start) -> None:
    server = start("serve", stderr=subprocess.PIPE, PUBLIC_URL="http://desk.example.com")
    server.terminate()
    assert server.process.stderr

    assert b"no browser keeps a session without TLS" in server.process.stderr.read()
