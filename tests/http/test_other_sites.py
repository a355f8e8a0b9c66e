"""What other sites make a browser do: no write that carries a cookie has an effect."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.http.conftest import GOOD, House
from tests.http.staff_house import JOE, TICKETS, StaffHouse

if TYPE_CHECKING:
    from falcon.testing import Result

FROM_ELSEWHERE = "This request was made by another site"
COOKIE = "__Host-helpdesk-session=" + "s" * 43
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://falconframework.org"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "https://falconframework.org.evil.example"},
    {"Origin": "https://falconframework.org:444"},
    {"Origin": "ftp://falconframework.org"},
]
"""The framework's test client asks falconframework.org."""
OWN = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://falconframework.org"},
    {"Origin": "http://falconframework.org"},
    {"Origin": "HTTPS://FalconFramework.org"},
    {},
]
DOORS = [
    ("POST", "/api/intake", GOOD),
    ("POST", "/api/intake/status/x/messages", {"body": "Hello"}),
    ("POST", "/api/support/case", {}),
    ("POST", "/api/internal/tickets/x/close", {}),
    ("PUT", "/api/internal/tickets/x/assign", {"staffId": str(JOE)}),
    ("POST", "/api/internal/tickets/x/attachments?name=x", {}),
    ("DELETE", "/auth/sessions", None),
    ("DELETE", "/auth/sessions/x", None),
    ("DELETE", "/api/internal/sessions/x", None),
    ("POST", "/auth/sign-out", {}),
    ("POST", "/auth/links", {}),
    ("POST", "/nowhere", {}),
]


def send(house: House, method: str, path: str, document: object, headers: dict[str, str]) -> Result:
    body = None if document is None else json.dumps(document).encode()
    kind = {} if document is None else {"Content-Type": "application/json"}
    return house.ask(method, path, body=body, headers={**kind, **headers})


@pytest.mark.parametrize(("door", "foreign"), list(product(DOORS, FOREIGN)))
def test_a_write_with_a_cookie_from_elsewhere_is_refused_at_every_door(
    house: House, door: tuple[str, str, object], foreign: dict[str, str]
) -> None:
    answer = send(house, *door, {"Cookie": COOKIE, **foreign})

    assert (403, FROM_ELSEWHERE, 0) == (
        answer.status_code,
        answer.json["error"],
        house.tickets,
    )


@pytest.mark.parametrize(("door", "own"), list(product(DOORS, OWN)))
def test_one_from_here_is_not(
    house: House, door: tuple[str, str, object], own: dict[str, str]
) -> None:
    answer = send(house, *door, {"Cookie": COOKIE, **own})

    assert FROM_ELSEWHERE not in answer.text


@pytest.mark.parametrize("own", OWN)
def test_a_submission_from_here_is_taken(house: House, own: dict[str, str]) -> None:
    assert 201 == send(house, "POST", "/api/intake", GOOD, {"Cookie": COOKIE, **own}).status_code


@pytest.mark.parametrize("foreign", FOREIGN)
def test_where_people_sign_in_a_write_needs_no_cookie_to_be_refused(
    house: House, foreign: dict[str, str]
) -> None:
    """Nobody is signed in as somebody else by another site."""
    assert 403 == send(house, "POST", "/auth/links", {}, foreign).status_code


@pytest.mark.parametrize("foreign", FOREIGN)
def test_without_a_cookie_a_write_is_a_strangers_wherever_it_comes_from(
    house: House, foreign: dict[str, str]
) -> None:
    assert 201 == send(house, "POST", "/api/intake", GOOD, foreign).status_code


@pytest.mark.parametrize("foreign", FOREIGN)
def test_reading_is_not_refused(house: House, foreign: dict[str, str]) -> None:
    """No other site learns what is read: no answer allows it to."""
    answer = house.ask("GET", "/api/intake/options", headers={"Cookie": COOKIE, **foreign})

    assert (200, None) == (
        answer.status_code,
        answer.headers.get("Access-Control-Allow-Origin"),
    )


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_bearer_token_is_no_browsers(foreign: dict[str, str]) -> None:
    house = StaffHouse()
    ticket = f"{TICKETS}/{house.held(house.opened()).id}"
    answer = house.call("POST", f"{ticket}/close", {}, headers={"Cookie": COOKIE, **foreign})

    assert 200 == answer.status_code


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_bearer_token_where_none_is_looked_at_opens_nothing(
    house: House, foreign: dict[str, str]
) -> None:
    headers = {"Cookie": COOKIE, "Authorization": "Bearer hd_x", **foreign}

    assert 403 == send(house, "POST", "/api/intake", GOOD, headers).status_code


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_a_form_is_no_json(house: House, kind: str) -> None:
    """What a page can send elsewhere without asking is not taken where JSON is."""
    headers = {"Cookie": COOKIE, **({"Content-Type": kind} if kind else {})}
    answer = house.ask("POST", "/api/intake", body=json.dumps(GOOD).encode(), headers=headers)

    assert (415, 0) == (answer.status_code, house.tickets)


def test_the_public_address_is_here_whatever_the_host_is_called() -> None:
    house = House()
    house.open(public_url="https://desk.example.com/")
    headers = {"Cookie": COOKIE, "Origin": "https://desk.example.com"}

    assert 201 == send(house, "POST", "/api/intake", GOOD, headers).status_code
