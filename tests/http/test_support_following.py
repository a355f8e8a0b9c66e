"""POST /api/support/case/status: a case, as the holder of its number may see it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from helpdesk_core.people import Caller
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawAssignment, assign_ticket

if TYPE_CHECKING:
    from tests.http.conftest import SupportHouse

AGENT = UUID("55555555-5555-4555-8555-555555555555")
EXAMPLE = b"""{
  "caseNumber": "CW-2025-0000000002"
}"""
ANSWER = (
    b'{"success":true,"case":{"caseNumber":"CW-2025-0000000002","status":"IN_PROGRESS",'
    b'"urgency":"HIGH","createdAt":"2025-01-27T10:00:00Z","lastUpdated":"2025-01-27T14:30:00Z",'
    b'"estimatedResolution":"2025-01-29T10:00:00Z"},"updates":[{"timestamp":"2025-01-27T14:30:00Z",'
    b'"message":"Case assigned to technical team","isInternal":false}]}'
)


def given_to_an_agent(support: SupportHouse, number: str, notes: str | None = None) -> None:
    agent = Caller(user=support.desk.store.directory.agents[AGENT].as_user())
    raw = RawAssignment(staff_id=str(AGENT), notes=notes)
    _ = assign_ticket(support.desk.ports, Target(number=number), raw, agent)


def at(support: SupportHouse, hour: int, minute: int = 0) -> None:
    support.desk.clock.set(datetime(2025, 1, 27, hour, minute, tzinfo=UTC))


def test_the_contracts_own_example_is_answered_byte_for_byte(random_support: SupportHouse) -> None:
    """Opened at ten, assigned at eleven, updated at half past two."""
    number = random_support.opened()
    at(random_support, 11)
    given_to_an_agent(random_support, number)
    at(random_support, 14, 30)
    random_support.say(number, "Case assigned to technical team")
    answer = random_support.ask(
        "POST",
        "/api/support/case/status",
        body=EXAMPLE,
        headers={"Content-Type": "application/json"},
    )

    assert ("200 OK", "application/json", ANSWER) == (
        answer.status,
        answer.headers["Content-Type"],
        answer.content,
    )


def test_a_new_case_has_no_updates(support: SupportHouse) -> None:
    support.opened()

    assert (
        b'{"success":true,"case":{"caseNumber":"CW-2025-001","status":"OPEN","urgency":"HIGH",'
        b'"createdAt":"2025-01-27T10:00:00Z","lastUpdated":"2025-01-27T10:00:00Z",'
        b'"estimatedResolution":"2025-01-29T10:00:00Z"},"updates":[]}'
    ) == support.knock("status").content


def test_updates_are_in_the_order_in_which_they_were_said(support: SupportHouse) -> None:
    number = support.opened()
    for minute, text in enumerate(("One", "Two", "Three")):
        at(support, 11, minute)
        support.say(number, text)

    assert [
        {"timestamp": "2025-01-27T11:00:00Z", "message": "One", "isInternal": False},
        {"timestamp": "2025-01-27T11:01:00Z", "message": "Two", "isInternal": False},
        {"timestamp": "2025-01-27T11:02:00Z", "message": "Three", "isInternal": False},
    ] == support.knock("status").json["updates"]


def test_notes_among_staff_do_not_appear_and_their_time_neither(support: SupportHouse) -> None:
    number = support.opened()
    before = support.knock("status").content
    at(support, 11)
    support.say(number, "Careful, an awkward one", is_internal=True)

    assert before == support.knock("status").content


def test_what_an_agent_is_told_with_an_assignment_does_not_appear(support: SupportHouse) -> None:
    given_to_an_agent(support, support.opened(), notes="Careful")

    assert [] == support.knock("status").json["updates"]


@pytest.mark.parametrize("status", ["IN_PROGRESS", "RESOLVED", "CLOSED", "REJECTED", "CANCELLED"])
def test_every_status_is_shown_under_its_own_name(support: SupportHouse, status: str) -> None:
    support.say(support.opened(), "So it is", status=status)

    assert status == support.knock("status").json["case"]["status"]


def test_an_escalated_case_shows_its_new_urgency_and_promise(support: SupportHouse) -> None:
    support.opened()
    at(support, 12)
    support.knock("escalate")
    case = support.knock("status").json["case"]

    assert ("CRITICAL", "2025-01-27T12:00:00Z", "2025-01-28T10:00:00Z") == (
        case["urgency"],
        case["lastUpdated"],
        case["estimatedResolution"],
    )


def test_why_it_was_escalated_or_cancelled_is_told_to_nobody_who_follows(
    support: SupportHouse,
) -> None:
    support.opened()
    support.knock("escalate", reason="My boss is furious")
    support.knock("cancel", reason="My boss is calm again")

    assert b"boss" not in support.knock("status").content


def test_instants_are_cut_to_seconds(support: SupportHouse) -> None:
    support.desk.clock.set(datetime(2025, 1, 27, 10, 0, 0, 999_999, tzinfo=UTC))
    support.opened()
    case = support.knock("status").json["case"]

    assert ("2025-01-27T10:00:00Z", "2025-01-29T10:00:00Z") == (
        case["createdAt"],
        case["estimatedResolution"],
    )


def test_text_comes_back_as_it_was_written(support: SupportHouse) -> None:
    support.say(support.opened(), "😀\t<b>x</b>\n\u202e")

    assert "😀\t<b>x</b>\n\u202e" == support.knock("status").json["updates"][0]["message"]


def test_following_changes_nothing(support: SupportHouse) -> None:
    number = support.opened()
    before = support.held(number)
    for _ in range(3):
        support.knock("status")

    assert before == support.held(number)


def test_following_is_not_limited(support: SupportHouse) -> None:
    support.opened()

    assert {200} == {support.knock("status").status_code for _ in range(150)}
