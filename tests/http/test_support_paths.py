"""Every path and method under contract B's roofs that is not its own, in its envelope."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import pytest

from helpdesk_core.errors import Unavailable
from tests.http.conftest import CASE

if TYPE_CHECKING:
    from tests.http.conftest import House

DOORS = (
    "/api/support/case",
    "/api/support/case/status",
    "/api/support/case/escalate",
    "/api/support/case/cancel",
)
JSON = "application/json"


def enveloped(code: str, sentence: str) -> bytes:
    whole = {"success": False, "error": sentence, "code": code, "details": {}}
    return json.dumps(whole, separators=(",", ":")).encode()


NOT_FOUND = enveloped("NOT_FOUND", "There is nothing at this address")
NOT_ALLOWED = enveloped("METHOD_NOT_ALLOWED", "That method is not allowed here")
UNREADABLE = enveloped("BAD_REQUEST", "The request cannot be understood")
UNSUPPORTED = enveloped(
    "UNSUPPORTED_MEDIA_TYPE",
    "Request body must be application/json, in UTF-8 and not compressed",
)
TOO_LARGE = enveloped("TOO_LARGE", "Request body must be 1 MiB or less")
TOO_LONG = enveloped("URI_TOO_LONG", "The address is too long")
FAILED = enveloped("INTERNAL_ERROR", "Something went wrong on our side. Please try again later.")
BUSY = enveloped("UNAVAILABLE", "The service is busy right now. Please try again in a moment.")


@pytest.mark.parametrize(
    "path",
    [
        "/api/support",
        "/api/support/",
        "/api/support/cases",
        "/api/support/case/",
        "/api/support/case/status/",
        "/api/support/case/CW-2025-001",
        "/api/support/case//status",
        "/api/support/./case",
        "/api/support/case%00",
        "/api/support/case/%2e%2e/case",
        "/api/support/CASE",
        "/api/internal",
        "/api/internal/",
        "/api/internal/nothing",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_is_not_found(house: House, method: str, path: str) -> None:
    answer = house.ask(method, path, headers={"X-Person": "agent"})

    assert (404, JSON, NOT_FOUND) == (
        answer.status_code,
        answer.headers["Content-Type"],
        answer.content,
    )


@pytest.mark.parametrize("path", ["/api/supports/case", "/API/support/case", "/api/supportcase"])
def test_a_path_elsewhere_is_answered_in_one_sentence(house: House, path: str) -> None:
    assert {"error": "There is nothing at this address"} == house.ask("POST", path).json


@pytest.mark.parametrize(
    "method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"]
)
@pytest.mark.parametrize("path", DOORS)
def test_a_wrong_method_is_refused(house: House, method: str, path: str) -> None:
    assert ("405 Method Not Allowed", NOT_ALLOWED) == house.hand_over(method, path)


@pytest.mark.parametrize("path", DOORS)
def test_a_refused_method_comes_with_the_allowed_ones(house: House, path: str) -> None:
    assert {"POST", "OPTIONS"} == set(house.ask("GET", path).headers["Allow"].split(", "))


@pytest.mark.parametrize("path", DOORS)
def test_asking_for_the_options_of_a_path_changes_nothing(house: House, path: str) -> None:
    answer = house.ask("OPTIONS", path, body=b"{}")

    assert (200, b"", 0) == (answer.status_code, answer.content, house.tickets)


@pytest.mark.parametrize("path", DOORS)
def test_head_is_refused_without_a_body(house: House, path: str) -> None:
    answer = house.ask("HEAD", path)

    assert (405, b"") == (answer.status_code, answer.content)


@pytest.mark.parametrize("method", ["WEBSOCKET", "get", "FOO", "🙂", ""])
@pytest.mark.parametrize("path", DOORS)
def test_a_method_that_is_none_is_refused_in_the_envelope_too(
    house: House, path: str, method: str
) -> None:
    """The framework refuses it before anything of ours has seen the request."""
    assert ("400 Bad Request", UNREADABLE) == house.hand_over(method, path)


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=utf-16",
        "application/json, text/plain",
        "x" * 10_000,
    ],
)
def test_any_other_kind_of_body_is_refused(house: House, path: str, media_type: str) -> None:
    answered = house.hand_over("POST", path, b"{}", CONTENT_TYPE=media_type)

    assert ("415 Unsupported Media Type", UNSUPPORTED) == answered


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "x"])
@pytest.mark.parametrize("path", DOORS)
def test_a_compressed_body_is_refused_unread(house: House, path: str, coding: str) -> None:
    answered = house.hand_over("POST", path, b"{}", HTTP_CONTENT_ENCODING=coding)

    assert ("415 Unsupported Media Type", UNSUPPORTED) == answered


@pytest.mark.parametrize("path", DOORS)
def test_a_body_of_one_mib_is_read_and_one_byte_more_is_not(house: House, path: str) -> None:
    whole, longer = (
        house.ask("POST", path, body=b"{}".ljust(length), headers={"Content-Type": JSON})
        for length in (1024 * 1024, 1024 * 1024 + 1)
    )

    assert (400, 413, TOO_LARGE) == (whole.status_code, longer.status_code, longer.content)


def test_too_long_an_address_is_refused(house: House) -> None:
    answer = house.post("/api/support/case?" + "a" * 9000, {})

    assert (414, TOO_LONG) == (answer.status_code, answer.content)


@pytest.mark.parametrize(
    ("path", "query"), [("/api/support/case%zz", ""), (DOORS[0], "a=\xff"), (DOORS[0], "a=%ff")]
)
def test_an_address_that_two_readers_read_differently_is_refused(
    house: House, path: str, query: str
) -> None:
    answered = house.hand_over(
        "POST", path, QUERY_STRING=query, REQUEST_URI=f"{path}?{query}", CONTENT_TYPE=JSON
    )

    assert ("400 Bad Request", UNREADABLE) == answered


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "", "image/*"])
@pytest.mark.parametrize("path", [*DOORS, "/api/support/nothing"])
def test_json_is_answered_whatever_was_asked_for(house: House, path: str, accept: str) -> None:
    answer = house.ask("POST", path, headers={"Accept": accept})

    assert (JSON, False) == (answer.headers["Content-Type"], answer.json["success"])


def raising(error: Exception) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize("path", DOORS)
def test_a_store_that_does_not_answer_is_worth_another_try(house: House, path: str) -> None:
    house.rebuild(begin=raising(Unavailable()))
    answer = house.post(path, {**CASE, "caseNumber": "x", "reason": "x"})

    assert (503, "5", BUSY) == (answer.status_code, answer.headers["Retry-After"], answer.content)


@pytest.mark.parametrize("path", DOORS)
def test_what_nobody_foresaw_is_one_friendly_sentence(house: House, path: str) -> None:
    house.rebuild(begin=raising(RuntimeError("SELECT secret FROM /srv/app/db.py")))
    answer = house.post(path, {**CASE, "caseNumber": "x", "reason": "x"})

    assert (500, FAILED) == (answer.status_code, answer.content)
