"""A case's number is its customer's key, at every door that takes one."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.http.conftest import SupportHouse

DOORS = ("status", "escalate", "cancel")
UNKNOWN = b'{"success":false,"error":"Case not found","code":"NOT_FOUND","details":{}}'

every_door = pytest.mark.parametrize("what", DOORS)


@every_door
@pytest.mark.parametrize(
    "number",
    [
        "CW-2025-0000000002",
        "cw-2025-0000000002",
        "Cw-2025-OoOo000002",
        "  CW-2025-0000000002\n",
    ],
)
def test_a_number_is_read_without_regard_to_case_and_look_alikes(
    random_support: SupportHouse, what: str, number: str
) -> None:
    random_support.opened()

    assert 200 == random_support.knock(what, number).status_code


@every_door
@pytest.mark.parametrize("body", ["IIIIIIIII1", "lLlLlLlLlL", "iiiiiiiiii", "1111111111"])
def test_i_and_l_are_read_as_one(random_support: SupportHouse, what: str, body: str) -> None:
    ones = 0b00001_00001_00001_00001_00001_00001_00001_00001_00001_00001
    random_support.rebuild(random=lambda amount: ones.to_bytes(amount, "big"))
    random_support.opened()

    assert "CW-2025-1111111111" == random_support.knock(what, f"CW-2025-{body}").json.get(
        "caseNumber", "CW-2025-1111111111"
    )


@every_door
@pytest.mark.parametrize(
    "number",
    [
        "CW-2025-002",
        "CW-2025-0001",
        "CW-2025-1",
        "CW-2025-01",
        "CW-2024-001",
        "XX-2025-001",
        "CW-2025-001 OR 1=1",
        "CW-2025-001\x00",
        "CW-2025-001%00",
        "CW-2025-00%",
        "CW\u20102025\u2010001",
        "\uff23\uff37-2025-001",
        "2025-001",
        "001",
        "x",
        "-",
        "\ud800",
        "9" * 10_000,
    ],
)
def test_any_other_text_is_an_unknown_number_in_the_same_bytes(
    support: SupportHouse, what: str, number: str
) -> None:
    support.opened()
    answer = support.knock(what, number)

    assert ("404 Not Found", UNKNOWN) == (answer.status, answer.content)


@every_door
@pytest.mark.parametrize("number", [..., None, "", " \t", 0, 1.5, True, [], {}, ["CW-2025-001"]])
def test_what_is_no_text_is_no_number(support: SupportHouse, what: str, number: object) -> None:
    support.opened()
    answer = support.knock(what, number)

    assert (
        400,
        (
            b'{"success":false,"error":"Validation failed","code":"VALIDATION_ERROR",'
            b'"details":{"caseNumber":"Case number is required"}}'
        ),
    ) == (answer.status_code, answer.content)


@every_door
@pytest.mark.parametrize("email", [..., None, "", " ", 0, True, [], {}])
def test_where_numbers_count_the_address_is_wanted(
    support: SupportHouse, what: str, email: object
) -> None:
    support.opened()
    answer = support.knock(what, email=email)

    assert (400, {"email": "Email is required"}) == (answer.status_code, answer.json["details"])


@every_door
@pytest.mark.parametrize("email", [..., None, "", " "])
def test_a_number_that_nobody_guesses_needs_no_address(
    random_support: SupportHouse, what: str, email: object
) -> None:
    number = random_support.opened()

    assert 200 == random_support.knock(what, number, email=email).status_code


@every_door
@pytest.mark.parametrize("email", [0, True, [], {}])
def test_an_address_that_is_no_text_is_never_passed_over(
    random_support: SupportHouse, what: str, email: object
) -> None:
    number = random_support.opened()

    assert 400 == random_support.knock(what, number, email=email).status_code


@every_door
@pytest.mark.parametrize(
    "email", ["jane@example.com", "john@example.co", "john", "@", "\x00", "\ud800", "x" * 5000]
)
@pytest.mark.parametrize("desk", ["support", "random_support"])
def test_a_wrong_address_answers_like_an_unknown_number(
    request: pytest.FixtureRequest, desk: str, what: str, email: str
) -> None:
    support: SupportHouse = request.getfixturevalue(desk)
    number = support.opened()
    wrong, unknown = (
        support.knock(what, each, email=email, peer=peer)
        for each, peer in ((number, "198.51.100.1"), ("CW-2025-999", "198.51.100.2"))
    )
    for answer in (wrong, unknown):
        answer.headers.pop("x-request-id")

    assert (wrong.status, dict(wrong.headers), wrong.content) == (
        unknown.status,
        dict(unknown.headers),
        unknown.content,
    )


@every_door
def test_a_wrong_address_changes_nothing(support: SupportHouse, what: str) -> None:
    number = support.opened()
    support.knock(what, email="jane@example.com")

    assert 1 == support.held(number).version


@every_door
@pytest.mark.parametrize("email", ["JOHN@EXAMPLE.COM", " john@example.com ", "John@Example.com"])
def test_an_address_is_compared_without_regard_to_case(
    support: SupportHouse, what: str, email: str
) -> None:
    support.opened()

    assert 200 == support.knock(what, email=email).status_code


@every_door
def test_a_finished_case_is_no_other_than_an_unknown_one_to_a_stranger(
    support: SupportHouse, what: str
) -> None:
    support.opened()
    support.knock("cancel")

    assert UNKNOWN == support.knock(what, email="jane@example.com").content


@every_door
def test_an_intake_ticket_is_no_case(support: SupportHouse, what: str) -> None:
    ticket_id = support.submitted()

    assert UNKNOWN == support.knock(what, ticket_id).content


@every_door
def test_after_twenty_misses_no_number_is_looked_up_right_or_wrong(
    support: SupportHouse, what: str
) -> None:
    support.opened()
    misses = [support.knock(what, f"CW-2025-9{miss:02}").status_code for miss in range(20)]
    right, wrong = (support.knock(what, number) for number in ("CW-2025-001", "CW-2025-900"))

    assert ([404] * 20, 429, "3600", right.content) == (
        misses,
        right.status_code,
        right.headers["Retry-After"],
        wrong.content,
    )


def test_misses_are_counted_over_all_doors_and_by_address(support: SupportHouse) -> None:
    support.opened()
    for miss in range(20):
        support.knock(DOORS[miss % 3], "CW-2025-999", peer="198.51.100.1")

    assert (429, 200) == (
        support.knock("status", peer="198.51.100.1").status_code,
        support.knock("status", peer="198.51.100.2").status_code,
    )


def test_whoever_knows_the_number_misses_nothing(support: SupportHouse) -> None:
    support.opened()
    for _ in range(19):
        support.knock("status", "CW-2025-999")
        support.knock("status")

    assert 404 == support.knock("status", "CW-2025-999").status_code


def test_when_the_time_that_was_told_has_passed_numbers_are_looked_up_again(
    support: SupportHouse,
) -> None:
    support.opened()
    for _ in range(20):
        support.knock("status", "CW-2025-999")
    wait = int(support.knock("status").headers["Retry-After"])
    support.desk.clock.advance(minutes=wait / 60)

    assert 200 == support.knock("status").status_code


def test_guessing_by_a_whole_network_of_ipv6_counts_as_one(support: SupportHouse) -> None:
    for miss in range(20):
        support.knock("status", "CW-2025-999", peer=f"2001:db8:1:2::{miss:x}")

    assert 429 == support.knock("status", peer="2001:db8:1:2:ffff::1").status_code


def test_behind_a_trusted_proxy_each_client_counts_for_itself(support: SupportHouse) -> None:
    support.opened()
    support.open(trusted_proxies=[ip_network("10.0.0.0/8")])
    document = {"caseNumber": "CW-2025-999", "email": "john@example.com"}
    answers = [
        support.post(
            "/api/support/case/status",
            document,
            peer="10.0.0.1",
            x_forwarded_for=f"6.6.6.{miss}, {client}",
        ).status_code
        for client in ("198.51.100.1", "198.51.100.2")
        for miss in range(21)
    ]

    assert ([404] * 20 + [429]) * 2 == answers
