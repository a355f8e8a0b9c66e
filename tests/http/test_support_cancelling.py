"""POST /api/support/case/cancel: the holder of its number gives a case up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpdesk_core.tickets import EventKind

if TYPE_CHECKING:
    from tests.http.conftest import SupportHouse

EXAMPLE = b"""{
  "caseNumber": "CW-2025-0000000002",
  "reason": "Issue resolved independently"
}"""


def test_the_contracts_own_example_is_answered_byte_for_byte(random_support: SupportHouse) -> None:
    random_support.opened()
    answer = random_support.ask(
        "POST",
        "/api/support/case/cancel",
        body=EXAMPLE,
        headers={"Content-Type": "application/json"},
    )

    assert (
        "200 OK",
        (
            b'{"success":true,"message":"Case cancelled successfully",'
            b'"caseNumber":"CW-2025-0000000002"}'
        ),
    ) == (answer.status, answer.content)


def test_a_cancelled_case_is_shown_as_cancelled(support: SupportHouse) -> None:
    support.opened()
    support.knock("cancel")

    assert "CANCELLED" == support.knock("status").json["case"]["status"]


def test_the_reason_is_kept_for_staff(support: SupportHouse) -> None:
    number = support.opened()
    support.knock("cancel", reason=" It works again ")
    cancelled = support.desk.store.history[support.held(number).id][-1].event

    assert (EventKind.CANCELLED, {"reason": "It works again"}) == (
        cancelled.kind,
        cancelled.details,
    )


@pytest.mark.parametrize("status", ["RESOLVED", "CLOSED", "REJECTED", "CANCELLED"])
def test_a_finished_case_is_not_cancelled(support: SupportHouse, status: str) -> None:
    support.say(support.opened(), "So it is", status=status)
    answer = support.knock("cancel")

    assert (
        409,
        {
            "success": False,
            "error": f"A ticket that is {status} cannot become CANCELLED",
            "code": "INVALID_TRANSITION",
            "details": {},
        },
    ) == (answer.status_code, answer.json)


@pytest.mark.parametrize("status", ["IN_PROGRESS", "WAITING"])
def test_a_case_at_work_is_cancelled(support: SupportHouse, status: str) -> None:
    number = support.opened()
    support.say(number, "We are at it", status="IN_PROGRESS")
    support.say(number, "So it is", status=status)

    assert 200 == support.knock("cancel").status_code


NO_REASON: tuple[object, ...] = (..., None, "", " \n", 0, True, [], {})


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        *((value, "Reason is required") for value in NO_REASON),
        ("x" * 2001, "Reason must be 2000 characters or fewer"),
        ("a\x00b", "Reason contains characters that cannot be stored"),
        ("\ud800", "Reason contains characters that cannot be stored"),
    ],
)
@pytest.mark.parametrize("what", ["escalate", "cancel"])
def test_a_reason_is_wanted(
    support: SupportHouse, what: str, reason: object, sentence: str
) -> None:
    number = support.opened()
    answer = support.knock(what, reason=reason)

    assert (400, {"reason": sentence}, 1) == (
        answer.status_code,
        answer.json["details"],
        support.held(number).version,
    )


@pytest.mark.parametrize("reason", ["x" * 2000, "😀" * 2000, "a\nb\t\u202e"])
def test_a_reason_of_two_thousand_characters_is_taken(support: SupportHouse, reason: str) -> None:
    support.opened()

    assert 200 == support.knock("cancel", reason=reason).status_code


def test_the_eleventh_cancellation_within_an_hour_is_refused(support: SupportHouse) -> None:
    support.opened()
    answers = [support.knock("cancel") for _ in range(11)]

    assert (
        [200] + [409] * 9 + [429],
        "3600",
        "Too many cancellations. Try again in 3600 seconds.",
    ) == (
        [answer.status_code for answer in answers],
        answers[-1].headers["Retry-After"],
        answers[-1].json["error"],
    )
