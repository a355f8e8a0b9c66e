"""The figures over HTTP: who is shown what, how it is asked for, and what is behind it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from helpdesk_core.errors import Invalid
from helpdesk_core.people import Role
from helpdesk_core.use_cases.behind_figures import Behind
from helpdesk_http.figure_tickets import behind_text, read_behind
from helpdesk_sheets import workbook
from tests.http.conftest import GOOD, NOON
from tests.http.staff_house import SANDY, STAFFED, StaffHouse

PERFORMANCE = "/api/internal/performance"
MONTHLY = f"{PERFORMANCE}/monthly"
BEHIND = f"{PERFORMANCE}/tickets?month=2026-05&department=it&kpiType=ad-hoc"


@pytest.fixture
def house() -> StaffHouse:
    """Three tickets of the IT department in May 2026; one of them was closed in time."""
    house = StaffHouse()
    ids = [house.submitted() for _ in range(3)]
    house.call("PUT", f"/api/internal/tickets/{ids[0]}/assign", {"staffId": str(SANDY)})
    house.call("POST", f"/api/internal/tickets/{ids[0]}/close", {})
    return house


def as_manager(house: StaffHouse, path: str) -> Any:  # noqa: ANN401  # any JSON
    token = house.token_of("maya@example.com", Role.MANAGEMENT)
    answer = house.call("GET", path, token=token)
    assert 200 == answer.status_code, answer.text
    return answer.json


def rows(report: Any) -> list[Any]:  # noqa: ANN401  # any JSON
    return [
        row
        for country in report["countries"]
        for department in country["departments"]
        for group in department["groups"]
        for row in group["rows"]
    ]


def test_management_reads_the_report_of_a_month(house: StaffHouse) -> None:
    report = as_manager(house, f"{MONTHLY}?month=2026-05")

    assert ("2026-05", True, 100.0, "green") == (
        report["month"],
        report["isWhole"],
        report["score"],
        report["colour"],
    )


def test_a_row_says_what_its_tickets_come_to(house: StaffHouse) -> None:
    (row,) = (it for it in rows(as_manager(house, f"{MONTHLY}?month=2026-05")) if it["tickets"])

    assert {
        "name": "Ad Hoc",
        "department": "Information Technology",
        "ruleType": "rr",
        "score": 100.0,
        "colour": "green",
        "passes": True,
        "tickets": 3,
        "leftOut": 0,
        "pending": 2,
        "scored": 1,
        "passed": 1,
    }.items() <= row.items()


def test_a_ticket_that_is_late_by_now_counts_so_although_nobody_looked(house: StaffHouse) -> None:
    before = as_manager(house, f"{MONTHLY}?month=2026-05")
    house.desk.clock.set(NOON + timedelta(days=9))
    after = as_manager(house, f"{MONTHLY}?month=2026-05")

    assert [(2, 1), (0, 3)] == [
        (row["pending"], row["scored"])
        for report in (before, after)
        for row in rows(report)
        if row["tickets"]
    ]


@pytest.mark.parametrize(
    ("asked", "countries"),
    [
        ("", ["Germany", "Indonesia"]),
        ("&country=ID", ["Indonesia"]),
        ("&country=Germany", ["Germany"]),
        ("&department=it", ["Indonesia"]),
        ("&department=it&country=de", []),
    ],
)
def test_a_part_of_the_report_is_asked_for(
    house: StaffHouse, asked: str, countries: list[str]
) -> None:
    report = as_manager(house, f"{MONTHLY}?month=2026-05{asked}")

    assert countries == [country["name"] for country in report["countries"]]


@pytest.mark.parametrize(
    ("asked", "details"),
    [
        ("month=2026-13", {"month": "Month must be written like 2026-05"}),
        ("month=May", {"month": "Month must be written like 2026-05"}),
        ("month=0000-01", {"month": "Month must be written like 2026-05"}),
        ("country=nowhere", {"country": "There is no such Country"}),
        ("department=%00", {"department": "There is no such Department"}),
        (f"department={'x' * 201}", {"department": "There is no such Department"}),
        (
            "month=x&country=x",
            {
                "month": "Month must be written like 2026-05",
                "country": "There is no such Country",
            },
        ),
    ],
)
@pytest.mark.parametrize("path", [MONTHLY, f"{MONTHLY}.csv"])
def test_what_makes_no_sense_is_refused_in_clear_words(
    house: StaffHouse, path: str, asked: str, details: dict[str, str]
) -> None:
    answer = house.call("GET", f"{path}?{asked}")

    assert (400, details) == (answer.status_code, answer.json["details"])


def test_an_agent_sees_their_own_departments_and_no_score_of_a_country(house: StaffHouse) -> None:
    token = house.token_of("sandy.rachman@example.com")
    report = house.call("GET", f"{MONTHLY}?month=2026-05", token=token).json

    assert (None, [("Indonesia", None, ["Information Technology"])]) == (
        report["score"],
        [
            (it["name"], it["score"], [each["name"] for each in it["departments"]])
            for it in report["countries"]
        ],
    )


@pytest.mark.parametrize("path", [f"{PERFORMANCE}/dashboard", MONTHLY, BEHIND])
def test_figures_are_kept_by_nobody(house: StaffHouse, path: str) -> None:
    token = house.token_of("maya@example.com", Role.MANAGEMENT)

    assert "no-store" == house.call("GET", path, token=token).headers["Cache-Control"]


def test_the_dashboard_shows_six_months(house: StaffHouse) -> None:
    board = as_manager(house, f"{PERFORMANCE}/dashboard")

    assert 6 == len(board["uptime"])
    assert {6} == {len(trend["points"]) for trend in board["trends"]}


def test_a_month_is_handed_out_as_csv(house: StaffHouse) -> None:
    token = house.token_of("maya@example.com", Role.MANAGEMENT)
    answer = house.call("GET", f"{MONTHLY}.csv?month=2026-05", token=token)

    assert "text/csv; charset=utf-8; header=present" == answer.headers["Content-Type"]
    assert (
        'attachment; filename="monthly-report-2026-05.csv"'
        in (answer.headers["Content-Disposition"])
    )
    assert b"\xef\xbb\xbf" == answer.content[:3]
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [("Ad Hoc", "3")] == [
        (row["KPI type"], row["Tickets"]) for row in table if row["Tickets"] != "0"
    ]


def test_a_month_is_handed_out_as_a_workbook(house: StaffHouse) -> None:
    house.open(workbook=workbook)
    token = house.token_of("maya@example.com", Role.MANAGEMENT)
    answer = house.call("GET", f"{MONTHLY}.xlsx?month=2026-05", token=token)

    assert ["Rows", "Scores"] == load_workbook(io.BytesIO(answer.content)).sheetnames


def test_without_what_writes_workbooks_there_are_none(house: StaffHouse) -> None:
    assert 404 == house.call("GET", f"{MONTHLY}.xlsx").status_code


def test_the_tickets_behind_a_row_come_page_by_page(house: StaffHouse) -> None:
    first = as_manager(house, f"{BEHIND}&limit=2")
    second = as_manager(house, f"{BEHIND}&limit=2&cursor={first['nextCursor']}")

    ids = [it["id"] for it in (*first["tickets"], *second["tickets"])]
    assert (2, 3, None) == (len(first["tickets"]), len(set(ids)), second["nextCursor"])
    assert sorted(ids, reverse=True) == ids


def test_a_ticket_behind_a_row_says_what_it_counts_for(house: StaffHouse) -> None:
    house.desk.clock.set(NOON + timedelta(days=9))
    found = as_manager(house, BEHIND)["tickets"]

    assert [("OPEN", 0.0, False), ("OPEN", 0.0, False), ("CLOSED", 100.0, True)] == [
        (it["status"], it["score"], it["passed"]) for it in found
    ]


@pytest.mark.parametrize(
    ("asked", "details"),
    [
        ("kpiType=ad-hoc", {"department": "Department is required"}),
        ("department=it", {"kpiType": "KPI type is required"}),
        ("department=it&kpiType=none", {"kpiType": "There is no such KPI type"}),
        (
            "department=it&kpiType=ad-hoc&limit=0",
            {"limit": "Limit must be a whole number from 1 to 100"},
        ),
        ("department=it&kpiType=ad-hoc&cursor=x", {"cursor": "not a cursor"}),
    ],
)
def test_a_row_must_be_named(house: StaffHouse, asked: str, details: dict[str, str]) -> None:
    answer = house.call("GET", f"{PERFORMANCE}/tickets?{asked}")

    assert (400, details) == (answer.status_code, answer.json["details"])


def test_an_agent_asks_about_their_own_departments(house: StaffHouse) -> None:
    foreign = house.call("GET", BEHIND)
    own = house.call("GET", BEHIND, token=house.token_of("sandy.rachman@example.com"))

    assert (403, 200) == (foreign.status_code, own.status_code)


@given(st.uuids(), st.uuids())
def test_a_cursor_leads_where_the_page_ended(kpi_type_id: UUID, ticket_id: UUID) -> None:
    place = Behind(kpi_type_id, ticket_id)

    assert place == read_behind(behind_text(place))


@given(st.text() | st.text("abcdefgh-_", min_size=43, max_size=43))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    try:
        place = read_behind(text)
    except Invalid:
        return
    assert place is None or behind_text(place) == text


def test_figures_follow_the_work_that_agents_log(house: StaffHouse) -> None:
    token = house.token_of("sandy.rachman@example.com")
    today = house.desk.clock().strftime("%Y-%m-%d")
    work = {**GOOD, "ticketDate": today, "metrics": {"units": 3}, "isHolidayWork": True}
    logged = house.call("POST", "/api/internal/work", work, token=token)
    counted = _tickets(house, today[:7])
    path = f"/api/internal/work/{logged.json['work']['id']}/withdraw"
    withdrawn = house.call("POST", path, {}, token=token)

    assert (201, 200) == (logged.status_code, withdrawn.status_code)
    assert counted - 1 == _tickets(house, today[:7])


def _tickets(house: StaffHouse, month: str) -> int:
    return sum(row["tickets"] for row in rows(as_manager(house, f"{MONTHLY}?month={month}")))


def test_the_directory_names_what_is_asked_for() -> None:
    department = STAFFED.department_named("IT")

    assert department is not None
    assert (department, None) == (
        STAFFED.department_named(str(department.id)),
        STAFFED.department_named("nothing"),
    )
