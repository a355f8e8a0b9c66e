"""How refusals and failures leave the house."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import attrs
import falcon
import pytest

from helpdesk_core.errors import (
    DuplicateId,
    DuplicateReply,
    Forbidden,
    HelpdeskError,
    Invalid,
    InvalidDirectory,
    InvalidTransition,
    KeyInUse,
    KeyReused,
    NotAsExpected,
    NotFound,
    NotSignedIn,
    ProviderUnavailable,
    SignInRefused,
    SignInSpent,
    StaleDirectory,
    StaleTicket,
    TooLarge,
    TooMany,
    Unavailable,
)
from helpdesk_http import StandardLog, error_body
from helpdesk_http.errors import STATUS, status_of

if TYPE_CHECKING:
    from tests.http.conftest import House

FRIENDLY = {"error": "Something went wrong on our side. Please try again later."}
TELLTALE = re.compile(
    r"Traceback|File \"|sqlalchemy|psycopg|sqlite3|site-packages|\.py\b|SELECT |0x[0-9a-f]{8}"
    r"|waitress|falcon|cattrs|attrs|secret",
    re.IGNORECASE,
)

MADE: dict[type[HelpdeskError], HelpdeskError] = {
    Invalid: Invalid("Said"),
    InvalidDirectory: InvalidDirectory("Said"),
    NotSignedIn: NotSignedIn("Said"),
    SignInRefused: SignInRefused(reason="not said"),
    SignInSpent: SignInSpent(),
    Forbidden: Forbidden("Said"),
    NotFound: NotFound("Said"),
    InvalidTransition: InvalidTransition("Said"),
    StaleTicket: StaleTicket(),
    StaleDirectory: StaleDirectory(),
    NotAsExpected: NotAsExpected(),
    DuplicateId: DuplicateId(),
    DuplicateReply: DuplicateReply(),
    KeyInUse: KeyInUse(),
    KeyReused: KeyReused(),
    TooLarge: TooLarge("Said"),
    TooMany: TooMany("Wait {seconds}", timedelta(seconds=3)),
    Unavailable: Unavailable(),
    ProviderUnavailable: ProviderUnavailable(reason="not said"),
}


def kinds_of(error: type[HelpdeskError]) -> list[type[HelpdeskError]]:
    """The subclasses of an error, theirs too."""
    return [kind for child in error.__subclasses__() for kind in (child, *kinds_of(child))]


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize("kind", kinds_of(HelpdeskError))
def test_every_refusal_has_a_status(kind: type[HelpdeskError]) -> None:
    assert any(kin in STATUS for kin in kind.__mro__)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("Said"), 400),
        (InvalidDirectory("Said"), 400),
        (NotSignedIn("Said"), 401),
        (Forbidden("Said"), 403),
        (NotFound("Said"), 404),
        (InvalidTransition("Said"), 409),
        (TooLarge("Said"), 413),
        (HelpdeskError("Said"), 400),
    ],
)
def test_a_refusal_is_answered_with_its_own_sentence(
    house: House, error: HelpdeskError, status: int
) -> None:
    house.rebuild(begin=raising(error))
    answer = house.get("/api/intake/options")

    assert (status, {"error": "Said"}) == (answer.status_code, answer.json)


@pytest.mark.parametrize("error", [StaleTicket, StaleDirectory, DuplicateId])
def test_who_came_too_late_is_in_conflict(error: type[HelpdeskError]) -> None:
    assert 409 == status_of(error)


def test_every_kind_of_refusal_is_answered_and_none_fails(house: House) -> None:
    statuses = {}
    for kind in kinds_of(HelpdeskError):
        house.rebuild(begin=raising(MADE[kind]))
        statuses[kind] = house.get("/api/intake/options").status_code

    assert {kind: status_of(kind) for kind in statuses} == statuses


def test_a_wait_is_rounded_up_and_never_nothing(house: House) -> None:
    waits = []
    for milliseconds in (1, 1000, 1001):
        house.rebuild(
            begin=raising(TooMany("Wait {seconds}.", timedelta(milliseconds=milliseconds)))
        )
        answer = house.get("/api/intake/options")
        waits.append((answer.status_code, answer.headers["Retry-After"], answer.json["error"]))

    assert [(429, "1", "Wait 1."), (429, "1", "Wait 1."), (429, "2", "Wait 2.")] == waits


def test_a_store_that_does_not_answer_is_worth_another_try(house: House) -> None:
    house.rebuild(begin=raising(Unavailable()))
    answer = house.get("/api/intake/options")

    assert (
        503,
        "5",
        {"error": "The service is busy right now. Please try again in a moment."},
    ) == (answer.status_code, answer.headers["Retry-After"], answer.json)


def test_a_key_in_use_is_worth_another_try(house: House) -> None:
    house.rebuild(begin=raising(KeyInUse()))
    answer = house.get("/api/intake/options")

    assert (409, "5") == (answer.status_code, answer.headers["Retry-After"])


def test_the_operator_is_told_why_something_did_not_answer(house: House) -> None:
    error = Unavailable()
    house.rebuild(begin=raising(error))
    house.get("/api/intake/options", x_request_id="r1")

    assert [
        (
            "unavailable",
            {
                "exc_info": error,
                "request_id": "r1",
                "method": "GET",
                "route": "/api/intake/options",
            },
        )
    ] == house.log.warnings


CAUSES = (
    RuntimeError("SELECT secret FROM /srv/app/db.py"),
    ValueError("\ud800\x00"),
    KeyError("secret"),
    RecursionError("secret"),
    MemoryError(),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "secret"),
    OSError(28, "No space left on secret"),
    OverflowError("secret"),
    StopIteration("secret"),
)


@pytest.mark.parametrize("cause", CAUSES, ids=repr)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/intake/options"),
        ("GET", "/api/intake/lookup?q=x"),
        ("GET", "/api/intake/status/00000000-0000-0000-0000-000000000001"),
        ("POST", "/api/intake"),
        ("POST", "/api/intake/status/00000000-0000-0000-0000-000000000001/messages"),
    ],
)
def test_what_nobody_foresaw_is_one_friendly_sentence(
    house: House, method: str, path: str, cause: Exception
) -> None:
    house.rebuild(begin=raising(cause))
    answer = house.ask(
        method,
        path,
        body=b"{}",
        headers={"Content-Type": "application/json", "X-Person": "customer"},
    )

    assert (500, FRIENDLY, None) == (
        answer.status_code,
        answer.json,
        TELLTALE.search(f"{answer.text}{answer.headers}"),
    )


def test_a_sign_in_that_fails_is_no_different(house: House) -> None:
    house.open(identify=raising(RuntimeError("secret")))

    assert FRIENDLY == house.get("/api/intake/status/x").json


def test_an_answer_that_cannot_be_written_is_no_different(house: House) -> None:
    """Rendered by the framework it would be an empty 500."""
    house.open(date_format=float("nan"))

    assert FRIENDLY == house.get("/api/intake/options").json


def test_the_cause_is_in_the_log_with_the_requests_id(house: House) -> None:
    cause = CAUSES[0]
    house.rebuild(begin=raising(cause))
    answer = house.get("/api/intake/status/00000000-0000-0000-0000-000000000001")

    assert [
        (
            "request failed",
            {
                "exc_info": cause,
                "request_id": answer.headers["X-Request-ID"],
                "method": "GET",
                "route": "/api/intake/status/{ticket_id}",
            },
        )
    ] == house.log.errors


def test_a_refusal_is_no_news_for_the_log(house: House) -> None:
    house.get("/api/intake/status/x")
    house.submit(deptId="")
    house.get("/nothing")

    assert ([], []) == (house.log.warnings, house.log.errors)


def test_a_failure_after_part_of_the_answer_leaves_nothing_of_it(house: House) -> None:
    first = house.get("/api/intake/options").headers["ETag"]
    house.rebuild(begin=raising(RuntimeError("secret")))
    answer = house.get("/api/intake/options", if_none_match=first)

    assert (None, "no-store") == (answer.headers.get("ETag"), answer.headers["Cache-Control"])


def test_without_a_log_of_ones_own_failures_go_to_the_standard_librarys(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.open(ports=attrs.evolve(house.desk.ports, begin=raising(CAUSES[0])), log=None)
    house.get("/api/intake/options", x_request_id="r1")
    (record,) = caplog.records

    assert (
        "helpdesk_http",
        logging.ERROR,
        "request failed request_id=r1 method=GET route=/api/intake/options",
        True,
    ) == (record.name, record.levelno, record.getMessage(), record.exc_info is not None)


def test_a_warning_goes_there_too_and_needs_no_cause(caplog: pytest.LogCaptureFixture) -> None:
    StandardLog("desk").warning("odd", request_id="r1")
    (record,) = caplog.records

    assert ("desk", logging.WARNING, "odd request_id=r1", None) == (
        record.name,
        record.levelno,
        record.getMessage(),
        record.exc_info,
    )


class Failing:
    """A resource that answers nothing but errors."""

    def on_get(self, _req: falcon.Request, _resp: falcon.Response) -> None:
        raise NotFound("Ticket not found", number="unknown")

    def on_put(self, _req: falcon.Request, _resp: falcon.Response) -> None:
        raise RuntimeError("secret")


ENVELOPED = [
    (
        "GET",
        {
            "success": False,
            "error": "Ticket not found",
            "code": "NOT_FOUND",
            "details": {"number": "unknown"},
        },
    ),
    (
        "POST",
        {
            "success": False,
            "error": "That method is not allowed here",
            "code": "METHOD_NOT_ALLOWED",
            "details": {},
        },
    ),
    ("PUT", {"success": False, **FRIENDLY, "code": "INTERNAL_ERROR", "details": {}}),
]


@pytest.mark.parametrize("room", ["support", "internal"])
@pytest.mark.parametrize(("method", "body"), ENVELOPED)
def test_contract_bs_rooms_answer_every_error_in_its_envelope(
    house: House, room: str, method: str, body: dict[str, object]
) -> None:
    house.app.add_route(f"/api/{room}/failing", Failing())
    answer = house.ask(method, f"/api/{room}/failing", headers={"X-Person": "agent"})

    assert list(body.items()) == list(answer.json.items())


@pytest.mark.parametrize(("method", "body"), ENVELOPED)
def test_every_other_room_answers_an_error_in_one_sentence(
    house: House, method: str, body: dict[str, object]
) -> None:
    house.app.add_route("/elsewhere", Failing())

    assert {"error": body["error"]} == house.ask(method, "/elsewhere").json


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "The request cannot be understood"),
        (413, "Request body must be 1 MiB or less"),
        (431, "Request Header Fields Too Large"),
        (500, "Something went wrong on our side. Please try again later."),
    ],
)
def test_the_servers_own_replies_speak_as_the_contract_does(status: int, sentence: str) -> None:
    body = error_body(status, "Request Header Fields Too Large")

    assert {"error": sentence} == json.loads(body)
