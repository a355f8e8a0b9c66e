"""Nothing personal and nothing among staff is ever in a public answer, of either contract.

Every field of a case and of a ticket holds a word of its own, and every public door is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import attrs
import pytest

from helpdesk_core.people import Caller
from helpdesk_core.ports import CaseRules
from helpdesk_core.use_cases.attaching import attach_file
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    update_ticket,
)
from tests.http.conftest import PEOPLE, SupportHouse

if TYPE_CHECKING:
    from falcon.testing import Result

AGENT = "55555555-5555-4555-8555-555555555555"
CASE: dict[str, Any] = {
    "name": "canary-name",
    "email": "canary-email@example.com",
    "organization": "canary-organization",
    "phone": "+987654321098",
    "clientOrProjectName": "canary-project",
    "subject": "canary-subject",
    "message": "canary-message",
    "customerType": "ENTERPRISE",
    "issueType": "BILLING",
    "urgency": "LOW",
}
OF_CASES = (
    "canary-name",
    "canary-email",
    "canary-organization",
    "987654321098",
    "canary-project",
    "canary-subject",
    "canary-message",
    "canary-escalation",
    "canary-cancellation",
    "ENTERPRISE",
    "BILLING",
    "priorityScore",
    "assignedTo",
    "Sandy Rachman",
    "sandy.rachman@example.com",
    AGENT,
)
"""What a case holds of its customer and of the desk, as it would be written."""
AMONG_STAFF = ("canary-note", "canary-assignment", "canary-file", "canary-content")
"""What no customer sees of any ticket."""


class AllDoors:
    """A filled desk, and every public door of it, opened in every way."""

    def __init__(self, support: SupportHouse) -> None:
        self._house = support
        self._agent = Caller(user=PEOPLE["agent"])
        self.number = support.opened(**CASE)
        self.case_id = str(support.held(self.number).id)
        self.ticket_id = support.submitted(person="customer", description="canary-text")
        for target in (Target(number=self.number), Target(ticket_id=self.ticket_id)):
            self._fill(target)
        self.escalated = self._knock("escalate", reason="canary-escalation")

    def _fill(self, target: Target) -> None:
        ports = self._house.desk.ports
        given = RawAssignment(staff_id=AGENT, notes="canary-assignment")
        _ = assign_ticket(ports, target, given, self._agent)
        note = RawUpdate(message="canary-note", is_internal=True)
        _ = update_ticket(ports, target, note, self._agent)
        _ = update_ticket(ports, target, RawUpdate(message="We are at it"), self._agent)
        _ = attach_file(ports, target, "canary-file.txt", [b"canary-content"], self._agent)

    def _knock(self, what: str, **more: object) -> Result:
        document = {"caseNumber": self.number, "email": CASE["email"], "reason": "Enough", **more}
        return self._house.post(f"/api/support/case/{what}", document)

    def of_contract_b(self) -> Iterator[Result]:
        """What is told at the support door, to who holds the key and to who does not."""
        post = self._house.post
        yield self.escalated
        yield from (self._knock("status", **more) for more in ({}, {"email": "canary@x.example"}))
        yield self._knock("status", caseNumber="CW-2025-999")
        yield self._knock("escalate", newUrgency="LOW")
        yield self._knock("escalate", newUrgency="x", reason="")
        for _ in range(2):
            body = {"caseNumber": self.number, "email": CASE["email"], "reason": "Again"}
            yield post("/api/support/case/escalate", body, idempotency_key="k")
            yield post("/api/support/case/status", body, idempotency_key="s")
        yield from (
            self._house.open_case(**{**CASE, "phone": phone}) for phone in ("x", "+1234567")
        )
        yield self._knock("cancel", reason="canary-cancellation")
        yield from (self._knock(what) for what in ("cancel", "escalate", "status"))
        yield from (self._house.ask(method, "/api/support/case") for method in ("GET", "OPTIONS"))

    def of_contract_a(self) -> Iterator[Result]:
        """What is told at the intake door, of the case and of the ticket."""
        get = self._house.get
        wanted = (CASE["email"], CASE["name"], CASE["subject"], self.number, self.case_id, "Sandy")
        yield from (get(f"/api/intake/lookup?q={quote(query)}") for query in wanted)
        for person in ("", "customer", "stranger", "agent"):
            for ticket_id in (self.case_id, self.number, self.ticket_id):
                path = f"/api/intake/status/{ticket_id}"
                yield get(path, person=person)
                yield self._house.post(f"{path}/messages", {"body": "Hello"}, person=person)
        yield self._house.submit()
        yield self._house.submit(description="")

    def of_nobody(self) -> Iterator[Result]:
        """What is told at doors that are closed, or that show nothing of any ticket."""
        case = f"/api/internal/support/case/{self.number}"
        for path in (
            "/api/intake/options",
            "/openapi.json",
            "/docs",
            "/health",
            "/metrics",
            "/api/internal/support/cases",
            "/api/internal/tickets",
            "/api/internal/notifications/status",
            "/api/internal/notifications/x/retry",
            case,
            f"{case}/attachments",
            f"/api/internal/tickets/{self.ticket_id}",
            f"/api/support/case/{self.number}",
            f"/api/support/case/{self.number}/attachments",
        ):
            yield self._house.get(path)
            yield self._house.post(path, {"message": "x"}, person="customer")


def whole(answers: Iterator[Result]) -> str:
    return "\n".join(f"{answer.status} {answer.headers} {answer.text}" for answer in answers)


@pytest.fixture(params=["support", "random_support"])
def doors(request: pytest.FixtureRequest) -> AllDoors:
    house: SupportHouse = request.getfixturevalue(request.param)
    house.desk.ports = attrs.evolve(
        house.desk.ports,
        cases=CaseRules(numbering=house.desk.ports.cases.numbering, customers_may_attach=True),
    )
    house.open()
    return AllDoors(house)


def test_every_door_of_contract_b_was_tried_in_every_way(doors: AllDoors) -> None:
    assert {200, 400, 404, 405, 409} == {answer.status_code for answer in doors.of_contract_b()}


def test_no_word_of_a_case_is_told_at_the_support_door(doors: AllDoors) -> None:
    told = whole(doors.of_contract_b())

    assert [] == [word for word in (*OF_CASES, *AMONG_STAFF) if word in told]


def test_what_staff_said_to_the_customer_is(doors: AllDoors) -> None:
    assert "We are at it" in whole(doors.of_contract_b())


def test_no_word_of_a_case_is_told_at_the_intake_door(doors: AllDoors) -> None:
    told = whole(doors.of_contract_a())
    of_the_customer = [word for word in OF_CASES if "canary" in word or word.isdigit()]

    assert [] == [word for word in (*of_the_customer, doors.number) if word in told]


def test_nothing_among_staff_is_told_at_the_intake_door_whoever_asks(doors: AllDoors) -> None:
    told = whole(doors.of_contract_a())

    assert [] == [word for word in AMONG_STAFF if word in told]


def test_nothing_of_any_ticket_is_told_anywhere_else(doors: AllDoors) -> None:
    told = whole(doors.of_nobody())
    canaries = [word for word in (*OF_CASES, *AMONG_STAFF) if "canary" in word or word.isdigit()]

    assert [] == [word for word in (*canaries, "canary-text") if word in told]


def test_an_id_of_a_case_is_told_to_no_customer(doors: AllDoors) -> None:
    """It would be a second key to it."""
    assert doors.case_id not in whole(doors.of_contract_b())


def test_the_fields_of_a_followed_case_are_the_contracts_and_no_others(doors: AllDoors) -> None:
    followed = [answer.json for answer in doors.of_contract_b() if "case" in answer.text]
    shown = [said for said in followed if "updates" in said]

    assert {
        (
            ("success", "case", "updates"),
            ("caseNumber", "status", "urgency", "createdAt", "lastUpdated", "estimatedResolution"),
            ("timestamp", "message", "isInternal"),
        )
    } == {(tuple(said), tuple(said["case"]), tuple(said["updates"][0])) for said in shown}
