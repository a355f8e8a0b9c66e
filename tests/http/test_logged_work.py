"""Agents log work of their own: what is sent, what is answered, and what it counts for."""

from typing import Any

import pytest
from falcon.testing import Result

from helpdesk_core.people import Role
from tests.http.conftest import uuid_of
from tests.http.staff_house import IT, SANDY, StaffHouse

WORK = "/api/internal/work"
DONE = {
    "deptId": str(IT),
    "kpiTypeId": str(uuid_of("8")),
    "ticketDate": "2025-01-27T03:00:00Z",
    "description": "Changed the toner",
    "metrics": {"units": 3},
}


@pytest.fixture
def staffed() -> StaffHouse:
    return StaffHouse()


@pytest.fixture
def sandy(staffed: StaffHouse) -> str:
    return staffed.token_of("sandy.rachman@example.com")


def log(house: StaffHouse, token: str, **more: object) -> Result:
    return house.call("POST", WORK, {**DONE, **more}, token=token)


def logged(house: StaffHouse, token: str) -> str:
    work: str = log(house, token).json["work"]["id"]
    return work


def month(house: StaffHouse) -> dict[str, Any]:
    """The row of the work in this month's report."""
    token = house.token_of("ada@example.com", Role.ADMIN)
    report = house.call("GET", "/api/internal/performance/monthly", token=token).json
    (row,) = [
        row
        for country in report["countries"]
        for department in country["departments"]
        for group in department["groups"]
        for row in group["rows"]
        if row["kpiTypeId"] == str(uuid_of("8"))
    ]
    found: dict[str, Any] = row
    return found


def test_work_is_answered_as_it_was_stored(staffed: StaffHouse, sandy: str) -> None:
    answer = log(staffed, sandy)

    assert (
        201,
        {
            "success": True,
            "work": {
                "id": answer.json["work"]["id"],
                "departmentId": str(IT),
                "kpiTypeId": str(uuid_of("8")),
                "ticketDate": "2025-01-27T03:00:00Z",
                "description": "Changed the toner",
                "metrics": {"units": 3},
                "isHolidayWork": False,
                "loggedBy": str(SANDY),
                "loggedAt": "2025-01-27T10:00:00Z",
                "withdrawnAt": None,
            },
        },
    ) == (answer.status_code, answer.json)


def test_a_fault_in_the_metrics_is_told_by_its_place(staffed: StaffHouse, sandy: str) -> None:
    answer = log(staffed, sandy, metrics={"units": -1})

    assert (400, {"metrics.units": "Units must be a number from 0 to 1000000000"}) == (
        answer.status_code,
        answer.json["details"],
    )


def test_work_of_another_department_is_refused(staffed: StaffHouse) -> None:
    answer = log(staffed, staffed.token)  # Jane's, of Technical Support

    assert (403, "You may log work only in departments that you work in") == (
        answer.status_code,
        answer.json["error"],
    )


def test_logged_work_counts_in_its_month_at_once(staffed: StaffHouse, sandy: str) -> None:
    _ = log(staffed, sandy)

    assert (1, 1, 100.0) == tuple(month(staffed)[name] for name in ("tickets", "scored", "score"))


def test_a_correction_changes_the_figures(staffed: StaffHouse, sandy: str) -> None:
    path = f"{WORK}/{logged(staffed, sandy)}"
    answer = staffed.call("PUT", path, {**DONE, "metrics": {"units": 31}}, token=sandy)

    assert (200, {"units": 31}, 0.0) == (
        answer.status_code,
        answer.json["work"]["metrics"],
        month(staffed)["score"],
    )


def test_what_was_withdrawn_counts_no_more(staffed: StaffHouse, sandy: str) -> None:
    path = f"{WORK}/{logged(staffed, sandy)}/withdraw"
    answer = staffed.call("POST", path, {}, token=sandy)

    assert (200, "2025-01-27T10:00:00Z", 0) == (
        answer.status_code,
        answer.json["work"]["withdrawnAt"],
        month(staffed)["tickets"],
    )


def test_work_that_somebody_else_changed_meanwhile_is_not_overwritten(
    staffed: StaffHouse, sandy: str
) -> None:
    path = f"{WORK}/{logged(staffed, sandy)}"
    changed = staffed.call("PUT", path, {**DONE, "description": "Two"}, token=sandy)
    late = staffed.call("PUT", path, DONE, token=sandy, headers={"If-Match": '"1"'})

    assert (200, 412) == (changed.status_code, late.status_code)


def test_a_form_offers_what_the_agent_may_log(staffed: StaffHouse, sandy: str) -> None:
    answer = staffed.call("GET", f"{WORK}/options", token=sandy)
    offered = [
        (department["id"], [kpi_type["id"] for kpi_type in department["kpiTypes"]])
        for department in answer.json["departments"]
    ]

    assert [(str(IT), [str(uuid_of("8"))])] == offered


def test_a_form_has_the_fields_that_are_asked_for(staffed: StaffHouse, sandy: str) -> None:
    answer = staffed.call("GET", f"{WORK}/options", token=sandy)

    assert [
        {
            "key": "units",
            "label": "Units",
            "kind": "count",
            "required": True,
            "minimum": 0,
            "maximum": None,
        }
    ] == answer.json["departments"][0]["kpiTypes"][0]["metricSchema"]
