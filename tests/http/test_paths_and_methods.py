"""Every path and method that is not the contract's, in the contract's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.http.conftest import House

ROUTES = {
    "/api/intake": {"POST"},
    "/api/intake/options": {"GET", "HEAD"},
    "/api/intake/lookup": {"GET", "HEAD"},
    "/api/intake/status": {"GET", "HEAD"},
    "/api/intake/status/": {"GET", "HEAD"},
    "/api/intake/status/x": {"GET", "HEAD"},
    "/api/intake/status/x/messages": {"POST"},
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
UNKNOWN = (
    "/api",
    "/api/",
    "/api/intake/",
    "/api/intake/options/",
    "/api/intake/lookup/",
    "/api/intake/nothing",
    "/api/intake/status/x/",
    "/api/intake/status/x/messages/",
    "/api/intake/status/x/messages/y",
    "//api/intake/options",
    "/api//intake/options",
    "/api/./intake/options",
    "/api/intake/../intake/options",
    "/api/intake/%2e%2e/options",
    "/api/intake/options%00",
    "/api/intake/options%ff",
    "/API/INTAKE/OPTIONS",
    "/api/intake/options;x",
    "/%EF%BC%8Fapi",
    "/.env",
)


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_an_unknown_path_is_not_found(house: House, method: str, path: str) -> None:
    answer = house.ask(method, path)

    assert (404, "application/json", {"error": "There is nothing at this address"}) == (
        answer.status_code,
        answer.headers["Content-Type"],
        answer.json,
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for path, allowed in ROUTES.items()
        for method in (*METHODS, "TRACE", "CONNECT", "PROPFIND")
        if method not in {*allowed, "HEAD"}
    ],
)
def test_a_wrong_method_is_told_the_right_ones(house: House, method: str, path: str) -> None:
    answered = house.hand_over(method, path.replace("/x", "/00000000-0000-0000-0000-000000000001"))

    assert ("405 Method Not Allowed", b'{"error":"That method is not allowed here"}') == answered


@pytest.mark.parametrize(("path", "allowed"), ROUTES.items())
def test_a_refused_method_comes_with_the_allowed_ones(
    house: House, path: str, allowed: set[str]
) -> None:
    answer = house.ask("DELETE", path)

    assert {*allowed, "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("method", ["WEBSOCKET", "get", "FOO", "🙂", ""])
def test_a_method_that_is_none_is_refused(house: House, method: str) -> None:
    answered = house.hand_over(method, "/api/intake/options")

    assert ("400 Bad Request", b'{"error":"The request cannot be understood"}') == answered


@pytest.mark.parametrize("method", ["WEBSOCKET", "FOO"])
def test_a_method_that_is_none_is_noted_without_its_word_and_with_an_id(
    house: House, method: str
) -> None:
    house.open(new_request_id=lambda: "made-anew")
    house.hand_over(method, "/api/intake/options")

    assert [("other", "made-anew")] == [
        (noted["method"], noted["request_id"]) for noted in house.noted
    ]


def test_two_slashes_are_not_one_even_where_the_server_thinks_so(house: House) -> None:
    answer = house.hand_over("GET", "/api/intake/options", REQUEST_URI="//api/intake/options")

    assert "404 Not Found" == answer[0]


@pytest.mark.parametrize("path", ROUTES)
def test_asking_for_the_options_of_a_path_changes_nothing(house: House, path: str) -> None:
    answer = house.ask("OPTIONS", path, body=b"{}")

    assert (200, b"", ROUTES[path], 0) == (
        answer.status_code,
        answer.content,
        set(answer.headers["Allow"].split(", ")),
        house.tickets,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/intake/options",
        "/api/intake/lookup?q=sandy",
        "/api/intake/lookup",
        "/api/intake/status/00000000-0000-0000-0000-000000000001",
        "/api/intake/status/x",
        "/api/intake/status",
    ],
)
def test_head_is_get_without_the_body(house: House, path: str) -> None:
    house.submit()
    head, get = (
        house.ask(method, path, headers={"X-Request-ID": "1"}) for method in ("HEAD", "GET")
    )

    assert (get.status, dict(get.headers), b"") == (head.status, dict(head.headers), head.content)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "", "x", "image/*"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/api/intake", 405),
        ("POST", "/api/intake", 415),
        ("GET", "/api/intake/status/x", 404),
        ("GET", "/api/intake/options", 200),
    ],
)
def test_json_is_answered_whatever_was_asked_for(
    house: House, method: str, path: str, status: int, accept: str
) -> None:
    answer = house.ask(method, path, headers={"Accept": accept})

    assert (status, "application/json", True) == (
        answer.status_code,
        answer.headers["Content-Type"],
        isinstance(answer.json, dict),
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/intake/lookup?q=" + "a" * (8192 - 21), 200),
        ("/api/intake/lookup?q=" + "a" * (8193 - 21), 414),
        ("/api/intake/status/" + "a" * (8193 - 19), 414),
        ("/" + "a" * 100_000, 414),
    ],
    ids=["at the bound", "query", "path", "unknown"],
)
def test_an_address_of_8192_characters_is_taken_and_a_longer_one_is_not(
    house: House, path: str, status: int
) -> None:
    before, _, query = path.partition("?")
    answer = house.hand_over("GET", before, QUERY_STRING=query, REQUEST_URI=path)

    assert str(status) == answer[0][:3]


def test_too_long_an_address_is_refused_in_one_sentence(house: House) -> None:
    answer = house.get("/" + "a" * 9000)

    assert (414, {"error": "The address is too long"}) == (answer.status_code, answer.json)


def test_the_length_of_an_address_is_that_of_what_was_sent(house: House) -> None:
    sent = "/api/intake/lookup?q=a" + "%61" * 3000
    answer = house.hand_over("GET", "/api/intake/lookup", QUERY_STRING="q=a", REQUEST_URI=sent)

    assert "414" == answer[0][:3]


@pytest.mark.parametrize("sent", ["/api/intake/status/%", "/api/intake/status/%zz", "/%f"])
def test_a_path_with_a_stray_percent_sign_is_refused(house: House, sent: str) -> None:
    answer = house.hand_over("GET", sent, REQUEST_URI=sent)

    assert "400 Bad Request" == answer[0]


def test_an_encoded_percent_sign_is_none_astray(house: House) -> None:
    answer = house.hand_over("GET", "/api/intake/status/%", REQUEST_URI="/api/intake/status/%25")

    assert "404 Not Found" == answer[0]


@pytest.mark.parametrize("query", ["q=\xff", "q=é", "\x00=\xff"])
def test_a_query_that_is_not_ascii_is_refused(house: House, query: str) -> None:
    answer = house.hand_over("GET", "/api/intake/lookup", QUERY_STRING=query)

    assert "400 Bad Request" == answer[0]
