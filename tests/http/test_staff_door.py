"""Who gets into the staff's rooms: the holder of a good token or a session, with the right role."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_core.people import Role, User
from helpdesk_core.use_cases.tokens import list_tokens, revoke_token
from helpdesk_http import create_app
from helpdesk_http.health import Counted, Health, Probes
from helpdesk_memory import MemoryFiles
from tests.http.conftest import MONDAY, PEOPLE
from tests.http.staff_house import CASE, CASES, TICKETS, StaffHouse

if TYPE_CHECKING:
    from collections.abc import Callable

STRANGER = (
    b'{"success":false,"error":"Staff authentication is required","code":"UNAUTHORIZED",'
    b'"details":{}}'
)
NO_GOOD = (
    b'{"success":false,"error":"The token is unknown, expired or revoked","code":"UNAUTHORIZED",'
    b'"details":{}}'
)
NO_STAFF = (
    b'{"success":false,"error":"Your role may not read tickets","code":"FORBIDDEN","details":{}}'
)

HOLDERS = {
    "a stranger": (401, STRANGER),
    "an unknown token": (401, NO_GOOD),
    "an expired token": (401, NO_GOOD),
    "a revoked token": (401, NO_GOOD),
    "an inactive agent": (401, NO_GOOD),
    "a customer's token": (403, NO_STAFF),
    "an agent's token of a customer's role": (403, NO_STAFF),
    "an agent": (200, None),
    "management": (200, None),
    "an admin": (200, None),
    "a program": (200, None),
}


@pytest.fixture
def staffed() -> StaffHouse:
    """A desk that takes files."""
    house = StaffHouse()
    house.rebuild(files=MemoryFiles(house.desk.clock))
    return house


def token_of(staffed: StaffHouse, holder: str) -> str:
    """The token of one of the `HOLDERS`, as it is a day after it was made."""
    day = timedelta(hours=24)
    made: dict[str, Callable[[], str]] = {
        "a stranger": lambda: "",
        "an unknown token": lambda: "hd_" + "A" * 43,
        "an expired token": lambda: staffed.token_of("joe@example.com", expires_in=day),
        "a revoked token": lambda: revoked(staffed),
        "an inactive agent": lambda: staffed.token_of("gone@example.com", Role.ADMIN),
        "a customer's token": lambda: staffed.token_of("cora@example.com", Role.CUSTOMER),
        "an agent's token of a customer's role": lambda: staffed.token_of(
            "joe@example.com", Role.CUSTOMER
        ),
        "an agent": lambda: staffed.token_of("joe@example.com"),
        "management": lambda: staffed.token_of("maya@example.com", Role.MANAGEMENT),
        "an admin": lambda: staffed.token_of("ada@example.com", Role.ADMIN),
        "a program": lambda: staffed.token_of("robot@example.com"),
    }
    secret = made[holder]()
    staffed.desk.clock.set(MONDAY + day)
    return secret


def revoked(staffed: StaffHouse) -> str:
    secret = staffed.token_of("joe@example.com")
    revoke_token(staffed.desk.ports, list_tokens(staffed.desk.ports)[-1].id)
    return secret


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_token_opens_the_door_while_it_is_good_and_its_holder_is_staff(
    staffed: StaffHouse, holder: str
) -> None:
    """What it opens besides, `test_every_cell` tells."""
    status, body = HOLDERS[holder]
    answer = staffed.call("GET", CASES, token=token_of(staffed, holder))

    assert (status, "Bearer" if status == 401 else None) == (
        answer.status_code,
        answer.headers.get("WWW-Authenticate"),
    )
    assert body is None or body == answer.content


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "bearer",
        "Bearer ",
        "Bearer  {secret}",
        " Bearer\t{secret}",
        "Bearer\t{secret}",
        "Bearer é",
        "Bearer {secret}é",
        "Bearer \xff\xfe\x00",
        "Bearer hd_",
        "Bearer {secret} {secret}",
        "Bearer {secret},Bearer {secret}",
        "Bearer {secret}, Bearer {secret}",
        "Bearer {secret}=",
        "Bearer {secret}\x00",
        "Bearer {secret}\n",
        'Bearer "{secret}"',
        "Basic amFuZTpzZWNyZXQ=",
        "Basic {secret}",
        "Token {secret}",
        "{secret}",
        "hd_Bearer {secret}",
        "BearerX {secret}",
        "Bearer " + "A" * 10_240,
        "Bearer hd_" + "A" * 10_240,
        "Digest username=jane",
    ],
)
def test_a_malformed_header_is_a_401_in_the_envelope(staffed: StaffHouse, header: str) -> None:
    sent = header.replace("{secret}", staffed.token)
    status, body = staffed.hand_over("GET", CASES, HTTP_AUTHORIZATION=sent)

    assert ("401 Unauthorized", STRANGER) == (status, body)


@pytest.mark.parametrize("known", ["HD_{rest}", "hd_{rest}A", "hd_A{rest}", "hd_{lower}"])
def test_a_token_is_read_to_the_letter(staffed: StaffHouse, known: str) -> None:
    rest = staffed.token_of("joe@example.com").removeprefix("hd_")
    secret = known.replace("{rest}", rest).replace("{lower}", rest.swapcase())

    assert 401 == staffed.call("GET", CASES, token=secret).status_code


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_read_in_any_case(staffed: StaffHouse, scheme: str) -> None:
    header = {"Authorization": f"{scheme} {staffed.token}"}

    assert 200 == staffed.call("GET", CASES, token="", headers=header).status_code


@pytest.mark.parametrize("query", ["token={}", "access_token={}", "authorization=Bearer%20{}"])
def test_a_token_in_the_query_is_not_looked_at(staffed: StaffHouse, query: str) -> None:
    path = f"{CASES}?{query.format(staffed.token)}"

    assert STRANGER == staffed.call("GET", path, token="").content


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "/api/internal", None, {}),
        ("GET", "/api/internal/", None, {}),
        ("GET", "/api/internal/nothing", None, {}),
        ("GET", "/api/internal/support/case/CW-2025-999", None, {}),
        ("GET", f"{TICKETS}/not-an-id", None, {}),
        ("GET", f"{CASES}?status=WRONG&cursor=x", None, {}),
        ("DELETE", CASES, None, {}),
        ("POST", CASES, b"{}", {}),
        ("OPTIONS", CASES, None, {}),
        ("POST", f"{CASE}/update", b"no JSON", {}),
        ("POST", f"{CASE}/update", b"a=b", {"Content-Type": "text/plain"}),
        ("POST", f"{CASE}/update", b"{}", {"Idempotency-Key": "\x01"}),
        ("PUT", f"{CASE}/assign", b"{}", {"If-Match": '"9"'}),
    ],
)
def test_a_stranger_is_told_nothing_else(
    staffed: StaffHouse, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> None:
    staffed.opened()

    assert (401, STRANGER) == (
        (answer := staffed.ask(method, path, body=body, headers=headers)).status_code,
        answer.content,
    )


def test_who_is_no_staff_is_told_nothing_else_either(staffed: StaffHouse) -> None:
    token = staffed.token_of("cora@example.com", Role.CUSTOMER)

    assert {NO_STAFF} == {
        staffed.call("GET", "/api/internal/nothing", token=token).content,
        staffed.call("POST", f"{CASE}/update", "no object", token=token).content,
        staffed.call("GET", f"{TICKETS}/not-an-id", token=token).content,
    }


def test_a_signed_in_member_of_staff_needs_no_token(staffed: StaffHouse) -> None:
    assert 200 == staffed.get(CASES, person="agent").status_code


def test_a_signed_in_customer_is_no_staff(staffed: StaffHouse) -> None:
    assert NO_STAFF == staffed.get(CASES, person="customer").content


def test_a_bad_token_is_not_passed_over_for_a_session(staffed: StaffHouse) -> None:
    headers = {"X-Person": "agent", "Authorization": "Bearer hd_wrong"}

    assert NO_GOOD == staffed.ask("GET", CASES, headers=headers).content


def test_contract_a_knows_sessions_only(staffed: StaffHouse) -> None:
    """A good token signs nobody in there, and a bad one keeps nobody out."""
    ticket_id = staffed.submitted(person="customer")
    messages = f"/api/intake/status/{ticket_id}/messages"
    asked = staffed.call("POST", messages, {"body": "Hello"})
    kept_out = staffed.call("GET", f"/api/intake/status/{ticket_id}", token="wrong")

    assert ({"error": "Sign in to reply to this ticket."}, 401, None) == (
        asked.json,
        asked.status_code,
        asked.headers.get("WWW-Authenticate"),
    )
    assert 200 == kept_out.status_code


def test_a_customer_of_contract_b_is_known_by_the_number_alone(staffed: StaffHouse) -> None:
    number = staffed.opened()
    key = {"caseNumber": number, "email": "john@example.com"}

    assert 200 == staffed.call("POST", "/api/support/case/status", key, token="wrong").status_code


def test_a_token_reads_what_was_counted(staffed: StaffHouse) -> None:
    """A program with a manager's token gets the figures; an agent's may not."""
    staffed.app = create_app(
        staffed.desk.ports,
        probes=Probes(
            health=lambda: Health(at=MONDAY, components={}),
            counted=lambda: Counted(text=b"up 1\n", content_type="text/plain"),
            version="1",
        ),
    )
    staffed.client.app = staffed.app
    manager = staffed.token_of("maya@example.com", Role.MANAGEMENT)

    assert [200, 403, 401] == [
        staffed.call("GET", "/metrics", token=token).status_code
        for token in (manager, staffed.token, "wrong")
    ]


def test_a_request_is_identified_once(staffed: StaffHouse) -> None:
    asked: list[str] = []

    def identify(req: Any) -> User:  # noqa: ANN401  # any request
        asked.append(req.path)
        return PEOPLE["agent"]

    staffed.open(identify=identify)
    staffed.get(CASES)

    assert [CASES] == asked


def test_a_tokens_use_is_written_down(staffed: StaffHouse) -> None:
    staffed.at("2025-01-27T11:00:00+00:00")
    staffed.call("GET", CASES)
    (token,) = list_tokens(staffed.desk.ports)

    assert "2025-01-27T11:00:00+00:00" == str(token.last_used_at).replace(" ", "T")


def test_no_secret_is_kept_or_answered(staffed: StaffHouse) -> None:
    staffed.opened()
    answers = [staffed.call("GET", path).text for path in (CASES, CASE, TICKETS)]

    assert not [
        text for text in [*answers, repr(vars(staffed.desk.store))] if staffed.token in text
    ]
