"""POST /api/support/case/escalate: the holder of its number asks for more urgency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpdesk_core.support import Urgency
from helpdesk_core.tickets import EventKind

if TYPE_CHECKING:
    from tests.http.conftest import SupportHouse

EXAMPLE = b"""{
  "caseNumber": "CW-2025-0000000002",
  "reason": "No response for 24 hours",
  "newUrgency": "CRITICAL"
}"""
URGENCIES = tuple(each.value for each in Urgency)


def test_the_contracts_own_example_is_answered_byte_for_byte(random_support: SupportHouse) -> None:
    random_support.opened()
    answer = random_support.ask(
        "POST",
        "/api/support/case/escalate",
        body=EXAMPLE,
        headers={"Content-Type": "application/json"},
    )

    assert (
        "200 OK",
        (
            b'{"success":true,"message":"Case escalated successfully",'
            b'"caseNumber":"CW-2025-0000000002","newUrgency":"CRITICAL"}'
        ),
    ) == (answer.status, answer.content)


@pytest.mark.parametrize("nothing", [..., None, "", " "])
@pytest.mark.parametrize(
    ("urgency", "raised"),
    [("LOW", "MEDIUM"), ("MEDIUM", "HIGH"), ("HIGH", "CRITICAL"), ("CRITICAL", "CRITICAL")],
)
def test_without_a_new_urgency_it_is_one_step_up_and_stays_at_the_top(
    support: SupportHouse, urgency: str, raised: str, nothing: object
) -> None:
    support.opened(urgency=urgency)

    assert raised == support.knock("escalate", newUrgency=nothing).json["newUrgency"]


@pytest.mark.parametrize(
    ("held", "wanted"),
    [(held, wanted) for held in URGENCIES for wanted in URGENCIES],
)
def test_an_urgency_is_taken_when_it_is_higher_and_only_then(
    support: SupportHouse, held: str, wanted: str
) -> None:
    support.opened(urgency=held)
    answer = support.knock("escalate", newUrgency=wanted)
    is_higher = URGENCIES.index(wanted) > URGENCIES.index(held)

    assert (200 if is_higher else 400) == answer.status_code


def test_an_urgency_that_is_not_higher_is_told_so(support: SupportHouse) -> None:
    support.opened()

    assert (
        b'{"success":false,"error":"New urgency must be higher than HIGH",'
        b'"code":"VALIDATION_ERROR","details":{"newUrgency":"not higher"}}'
    ) == support.knock("escalate", newUrgency="LOW").content


def test_an_escalation_is_recorded_even_at_the_top(support: SupportHouse) -> None:
    number = support.opened(urgency="CRITICAL")
    support.knock("escalate", reason=" Still nothing ")
    escalated = support.desk.store.history[support.held(number).id][-1].event

    assert (
        EventKind.ESCALATED,
        {"from": "CRITICAL", "to": "CRITICAL", "reason": "Still nothing"},
    ) == (escalated.kind, escalated.details)


def test_everything_that_is_wrong_is_said_at_once(support: SupportHouse) -> None:
    answer = support.knock("escalate", ..., email=..., reason=..., newUrgency="URGENT")

    assert (
        400,
        (
            b'{"success":false,"error":"Validation failed","code":"VALIDATION_ERROR","details":{'
            b'"caseNumber":"Case number is required",'
            b'"email":"Email is required",'
            b'"reason":"Reason is required",'
            b'"newUrgency":"New urgency must be one of LOW, MEDIUM, HIGH, CRITICAL"}}'
        ),
    ) == (answer.status_code, answer.content)


@pytest.mark.parametrize("urgency", [True, 0, 1.5, [], {}, ["CRITICAL"], "critical", "CRITICAL "])
def test_an_urgency_is_taken_as_it_is_written_and_in_no_other_way(
    support: SupportHouse, urgency: object
) -> None:
    support.opened()

    assert {
        "newUrgency": "New urgency must be one of LOW, MEDIUM, HIGH, CRITICAL"
    } == support.knock("escalate", newUrgency=urgency).json["details"]


@pytest.mark.parametrize("status", ["RESOLVED", "CLOSED", "REJECTED", "CANCELLED"])
def test_a_finished_case_is_not_escalated(support: SupportHouse, status: str) -> None:
    support.say(support.opened(), "So it is", status=status)
    answer = support.knock("escalate")

    assert (
        409,
        {
            "success": False,
            "error": f"A case that is {status} cannot be escalated",
            "code": "INVALID_TRANSITION",
            "details": {},
        },
    ) == (answer.status_code, answer.json)


def test_extra_fields_have_no_effect(support: SupportHouse) -> None:
    number = support.opened(urgency="LOW")
    support.knock(
        "escalate",
        status="CLOSED",
        priorityScore=100,
        assignedTo="55555555-5555-4555-8555-555555555555",
        isInternal=True,
        new_urgency="CRITICAL",
        urgency="CRITICAL",
    )
    ticket = support.held(number)
    assert ticket.case is not None

    assert ("OPEN", "MEDIUM", 65, None) == (
        ticket.status and ticket.status.value,
        ticket.case.urgency.value,
        ticket.case.priority_score,
        ticket.assigned_to,
    )


def test_the_eleventh_escalation_within_an_hour_is_refused(support: SupportHouse) -> None:
    support.opened()
    for _ in range(10):
        support.knock("escalate")
    answer = support.knock("escalate")

    assert (
        429,
        "3600",
        (
            b'{"success":false,"error":"Too many escalations. Try again in 3600 seconds.",'
            b'"code":"RATE_LIMITED","details":{}}'
        ),
    ) == (answer.status_code, answer.headers["Retry-After"], answer.content)
