"""A customer and an agent, each in a browser: what one says reaches the other."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_core.ports import Claim
from tests.http.a_browser import ABrowser
from tests.http.conftest import GOOD, House

if TYPE_CHECKING:
    from falcon.testing import Result

AGENT = "sandy.rachman@example.com"
CUSTOMER = "cora@example.com"


class Chat:
    """One ticket, its agent, and a browser of each side."""

    def __init__(self, house: House, *, is_signed_in: bool) -> None:
        self.house = house
        self.customer, self.agent = ABrowser(house), ABrowser(house)
        if is_signed_in:
            self.customer.sign_in(CUSTOMER)
        self.agent.sign_in(AGENT)
        document = {**GOOD, "createdByEmail": CUSTOMER, "userId": _AGENT_ID}
        self.ticket_id = self.send(self.customer, "POST", "/api/intake", document).json["id"]
        self.status = f"/api/intake/status/{self.ticket_id}"
        _ = self.told()

    def send(self, browser: ABrowser, method: str, path: str, document: object) -> Result:
        body = json.dumps(document).encode()
        return browser.ask(
            method, path, body, content_type="application/json", sec_fetch_site="same-origin"
        )

    def ask(self, text: str) -> Result:
        return self.send(self.customer, "POST", f"{self.status}/messages", {"body": text})

    def reply(self, text: str) -> Result:
        path = f"/api/internal/tickets/{self.ticket_id}/reply"
        return self.send(self.agent, "POST", path, {"message": text})

    def step(self, name: str) -> Result:
        path = f"/api/internal/tickets/{self.ticket_id}/{name}"
        return self.send(self.agent, "POST", path, {})

    def shown(self) -> Any:  # noqa: ANN401  # any JSON
        return self.customer.get(self.status, accept="application/json").json

    def told(self) -> list[tuple[str, str]]:
        """Who was told what since this was asked last: address and text."""
        claims = self.house.desk.outbox.claim(limit=100, lease=timedelta(hours=1))
        return [_sent(self.house, claim) for claim in claims]


_AGENT_ID = "55555555-5555-4555-8555-555555555555"


def _sent(house: House, claim: Claim) -> tuple[str, str]:
    assert house.desk.outbox.sent(claim)
    return claim.notice.recipient, claim.notice.facts["text"]


@pytest.fixture
def chat(house: House) -> Chat:
    """Of a signed-in customer."""
    return Chat(house, is_signed_in=True)


@pytest.fixture
def anonymous(house: House) -> Chat:
    """Of somebody who submitted without a sign-in."""
    return Chat(house, is_signed_in=False)


def test_what_the_customer_says_reaches_the_agent(chat: Chat) -> None:
    said = chat.ask("Any news?")

    assert (201, [(AGENT, "Any news?")]) == (said.status_code, chat.told())


def test_what_the_agent_says_is_shown_to_the_customer_who_is_told(chat: Chat) -> None:
    replied = chat.reply("We are at it")
    (message,) = chat.shown()["messages"]

    assert (200, "AGENT", "We are at it", [(CUSTOMER, "We are at it")]) == (
        replied.status_code,
        message["authorType"],
        message["body"],
        chat.told(),
    )


def test_who_submitted_without_a_sign_in_is_mailed_the_text(anonymous: Chat) -> None:
    anonymous.reply("We are at it")

    assert [(CUSTOMER, "We are at it")] == anonymous.told()


def test_who_submitted_without_a_sign_in_may_not_write_even_signed_in(anonymous: Chat) -> None:
    anonymous.customer.sign_in(CUSTOMER)

    assert 403 == anonymous.ask("It is me").status_code


def test_a_message_on_a_closed_ticket_reaches_the_agent_and_does_not_reopen_it(chat: Chat) -> None:
    chat.step("close")
    _ = chat.told()
    said = chat.ask("It hums again")

    assert (201, "CLOSED", [(AGENT, "It hums again")]) == (
        said.status_code,
        chat.shown()["status"],
        chat.told(),
    )


def test_a_name_in_the_body_is_nobody_s(chat: Chat) -> None:
    document = {"body": "Hello", "authorName": "The boss", "authorEmail": "boss@example.com"}
    said = chat.send(chat.customer, "POST", f"{chat.status}/messages", document)

    assert CUSTOMER == said.json["message"]["authorEmail"]


def test_a_page_that_follows_the_ticket_is_told_of_a_reply_at_its_next_look(chat: Chat) -> None:
    first = chat.customer.get(chat.status, accept="application/json")
    held = chat.customer.get(chat.status, if_none_match=first.headers["ETag"])
    chat.reply("We are at it")
    newer = chat.customer.get(chat.status, if_none_match=first.headers["ETag"])

    assert (304, 200) == (held.status_code, newer.status_code)
