"""What every answer carries, and what is noted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpdesk_http import create_app

if TYPE_CHECKING:
    from falcon.testing import Result

    from tests.http.conftest import House, SupportHouse

ASKED = {
    "found": ("GET", "/api/intake/options", 200),
    "made": ("POST", "/api/intake", 415),
    "refused": ("GET", "/api/intake/status", 400),
    "missing": ("GET", "/nothing", 404),
    "wrong method": ("PUT", "/api/intake", 405),
    "too long": ("GET", "/" + "a" * 9000, 414),
    "options": ("OPTIONS", "/api/intake", 200),
    "head": ("HEAD", "/api/intake/options", 200),
    "no case": ("POST", "/api/support/case", 415),
    "no number": ("POST", "/api/support/case/status", 415),
    "no urgency": ("POST", "/api/support/case/escalate", 415),
    "no reason": ("POST", "/api/support/case/cancel", 415),
    "no door": ("GET", "/api/support/nothing", 404),
    "staff only": ("GET", "/api/internal/support/cases", 401),
    "staff's notifications": ("GET", "/api/internal/notifications/status", 401),
    "staff's retries": ("POST", "/api/internal/notifications/x/retry", 401),
    "wrong method for a case": ("GET", "/api/support/case", 405),
    "options of a case": ("OPTIONS", "/api/support/case", 200),
}

GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


def ask(house: House, name: str, **headers: str) -> Result:
    method, path, _ = ASKED[name]
    return house.ask(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("name", ASKED)
def test_every_answer_carries_the_same_guards(house: House, name: str) -> None:
    headers = ask(house, name).headers

    assert GUARDS == {name: headers.get(name) for name in GUARDS}


@pytest.mark.parametrize("name", ASKED)
def test_no_answer_names_its_server(house: House, name: str) -> None:
    assert None is ask(house, name).headers.get("Server")


@pytest.mark.parametrize("name", [name for name in ASKED if name not in {"found", "head"}])
def test_nobody_keeps_an_answer_but_the_options(house: House, name: str) -> None:
    assert "no-store" == ask(house, name).headers["Cache-Control"]


def test_a_ticket_is_kept_by_nobody(house: House) -> None:
    ticket_id = house.submitted()

    assert "no-store" == house.get(f"/api/intake/status/{ticket_id}").headers["Cache-Control"]


@pytest.mark.parametrize("what", ["status", "escalate", "cancel"])
def test_a_case_is_kept_by_nobody(support: SupportHouse, what: str) -> None:
    support.opened()
    answer = support.knock(what)

    assert (200, "no-store", GUARDS) == (
        answer.status_code,
        answer.headers["Cache-Control"],
        {name: answer.headers.get(name) for name in GUARDS},
    )


def test_an_answer_that_is_given_again_carries_the_guards_and_an_id_of_its_own(
    support: SupportHouse,
) -> None:
    first, again = (support.open_case(idempotency_key="k") for _ in range(2))
    is_the_same = first.headers["X-Request-ID"] == again.headers["X-Request-ID"]

    assert ("no-store", GUARDS, False) == (
        again.headers["Cache-Control"],
        {name: again.headers.get(name) for name in GUARDS},
        is_the_same,
    )


@pytest.mark.parametrize("given", ["r", "0123456789abcdef", "A.b_c:d-9", "x" * 64])
@pytest.mark.parametrize("name", ASKED)
def test_a_safe_request_id_is_kept(house: House, name: str, given: str) -> None:
    assert given == ask(house, name, X_Request_ID=given).headers["X-Request-ID"]


@pytest.mark.parametrize(
    "given", ["", " ", "x" * 65, "a b", "a\tb", "<script>", 'a"b', "é", "a,b", "{a}", "a/b"]
)
def test_any_other_request_id_is_made_anew(house: House, given: str) -> None:
    house.open(new_request_id=lambda: "made-anew")

    assert "made-anew" == ask(house, "found", X_Request_ID=given).headers["X-Request-ID"]


def test_every_request_has_an_id_of_its_own(house: House) -> None:
    ids = {ask(house, "found").headers["X-Request-ID"] for _ in range(50)}

    assert 50 == len(ids)


def test_a_request_id_that_was_made_is_safe_itself(house: House) -> None:
    made = ask(house, "found").headers["X-Request-ID"]

    assert made == ask(house, "found", X_Request_ID=made).headers["X-Request-ID"]


@pytest.mark.parametrize("name", ASKED)
def test_each_answer_is_noted_once_with_its_status(house: House, name: str) -> None:
    ask(house, name)

    assert [ASKED[name][2]] == [noted["status"] for noted in house.noted]


def test_what_is_noted_of_an_answer_holds_nothing_that_its_client_chose(house: House) -> None:
    ticket_id = house.submitted()
    house.noted.clear()
    house.get(f"/api/intake/status/{ticket_id}?token=secret", x_request_id="r1")
    (noted,) = house.noted
    duration = noted.pop("duration")

    assert {
        "method": "GET",
        "route": "/api/intake/status/{ticket_id}",
        "status": 200,
        "request_id": "r1",
    } == noted
    assert isinstance(duration, float)
    assert 0 < duration < 60


def test_what_is_noted_of_a_case_holds_no_number(support: SupportHouse) -> None:
    support.opened()
    support.noted.clear()
    support.knock("status")
    (noted,) = support.noted

    assert ("/api/support/case/status", False) == (noted["route"], "CW-2025" in str(noted))


def test_a_path_without_a_route_is_not_noted(house: House) -> None:
    ask(house, "missing")

    assert [None] == [noted["route"] for noted in house.noted]


def test_a_failure_is_noted_too(house: House) -> None:
    def broken() -> object:
        raise RuntimeError

    house.rebuild(begin=broken)
    house.get("/api/intake/options")

    assert [500] == [noted["status"] for noted in house.noted]


def test_nobody_needs_to_listen(house: House) -> None:
    house.client.app = create_app(house.desk.ports)

    assert 200 == house.get("/api/intake/options").status_code


def test_without_a_sign_in_nobody_is_signed_in(house: House) -> None:
    house.client.app = create_app(house.desk.ports)
    answer = house.post("/api/intake/status/x/messages", {"body": "Hello"}, person="customer")

    assert 401 == answer.status_code
