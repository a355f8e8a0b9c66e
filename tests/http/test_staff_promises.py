"""What was promised on a ticket, and why it is due when it is due, as staff are told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.staff_house import SANDY, TICKETS, StaffHouse

CASES = "/api/internal/support/case"


@pytest.fixture
def staffed() -> StaffHouse:
    """The desk on contract A's day."""
    house = StaffHouse()
    house.at("2026-05-22T05:05:00+00:00")
    return house


def step(since: str, until: str, why: str, seconds: float, *names: str) -> dict[str, Any]:
    return {
        "since": f"2026-05-{since}:00Z",
        "until": f"2026-05-{until}:00Z",
        "why": why,
        "names": [*names],
        "countedSeconds": seconds,
    }


def test_contract_a_s_example_is_explained_step_by_step(staffed: StaffHouse) -> None:
    """Friday 12:05 in Jakarta: lunch is closed until 13:00. Five minutes, and 120."""
    ticket_id = staffed.submitted(person="customer")
    staffed.at("2026-05-22T05:10:00+00:00")
    staffed.call("PUT", f"{TICKETS}/{ticket_id}/assign", {"staffId": str(SANDY)})
    staffed.at("2026-05-22T08:00:00+00:00")
    staffed.call("POST", f"{TICKETS}/{ticket_id}/resolve", {})

    told = staffed.read(f"{TICKETS}/{ticket_id}/sla")
    digest = told["policy"].pop("digest")
    version = told["promises"][1]["calendar"].pop("version")
    assert (32, 32) == (len(digest), len(version))
    assert told == {
        "success": True,
        "ticketId": ticket_id,
        "status": "RESOLVED",
        "policy": {"name": "Ad Hoc"},
        "nextDueAt": None,
        "promises": [
            {
                "metric": "firstResponse",
                "amountSeconds": 1800.0,
                "calendar": None,
                "verdict": "met",
                "clock": "stopped",
                "startedAt": "2026-05-22T05:05:00Z",
                "dueAt": "2026-05-22T05:35:00Z",
                "stoppedAt": "2026-05-22T05:10:00Z",
                "breachedAt": None,
                "elapsedSeconds": 300.0,
                "remainingSeconds": 1500.0,
                "steps": [step("22T05:05", "22T05:35", "counted", 1800.0)],
                "stepsLeftOut": 0,
            },
            {
                "metric": "resolution",
                "amountSeconds": 28800.0,
                "calendar": {"name": "Office hours", "zone": "Asia/Jakarta"},
                "verdict": "met",
                "clock": "stopped",
                "startedAt": "2026-05-22T05:05:00Z",
                "dueAt": "2026-05-25T05:00:00Z",
                "stoppedAt": "2026-05-22T08:00:00Z",
                "breachedAt": None,
                "elapsedSeconds": 7200.0,
                "remainingSeconds": 21600.0,
                "steps": [
                    step("22T05:05", "22T06:00", "closed", 0.0),
                    step("22T06:00", "22T10:00", "counted", 14400.0),
                    step("22T10:00", "25T01:00", "closed", 0.0),
                    step("25T01:00", "25T05:00", "counted", 14400.0),
                ],
                "stepsLeftOut": 0,
            },
        ],
    }


def test_a_case_is_explained_by_its_number_too(staffed: StaffHouse) -> None:
    number = staffed.opened(urgency="HIGH", customerType="BUSINESS")

    told = staffed.read(f"{CASES}/{number}/sla")
    assert "BUSINESS HIGH" == told["policy"]["name"]
    assert [14400.0, 172800.0] == [each["amountSeconds"] for each in told["promises"]]
    assert told == staffed.read(f"{TICKETS}/{told['ticketId']}/sla")


def test_a_pause_is_a_step_with_the_status(staffed: StaffHouse) -> None:
    case = f"{CASES}/{staffed.opened(urgency='HIGH', customerType='BUSINESS')}"
    for status, at in (("IN_PROGRESS", "06:05"), ("WAITING", "07:05"), ("IN_PROGRESS", "08:05")):
        staffed.at(f"2026-05-22T{at}:00+00:00")
        said = {"message": "Hello", "statusChange": status}
        assert 200 == staffed.call("POST", f"{case}/update", said).status_code

    steps = staffed.read(f"{case}/sla")["promises"][1]["steps"]
    assert step("22T07:05", "22T08:05", "paused", 0.0, "WAITING") in steps


@pytest.mark.parametrize("path", [f"{TICKETS}/no-id/sla", f"{CASES}/CW-2025-9/sla"])
def test_what_is_not_there_is_not_found(staffed: StaffHouse, path: str) -> None:
    assert 404 == staffed.call("GET", path).status_code


def test_strangers_are_told_nothing(staffed: StaffHouse) -> None:
    number = staffed.opened()

    assert 401 == staffed.call("GET", f"{CASES}/{number}/sla", token="").status_code
