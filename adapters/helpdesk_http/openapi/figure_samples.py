"""Samples of the figures: one department of a desk, in May."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.roll_up import Colour
from helpdesk_core.tickets import Status
from helpdesk_http.bodies import KpiGroupBody, KpiTypeBody
from helpdesk_http.figure_bodies import (
    AverageBody,
    CountryReportBody,
    DashboardBody,
    DepartmentReportBody,
    GroupReportBody,
    MonthlyBody,
    PointBody,
    RowBody,
    TileBody,
    TrendBody,
    UnitBody,
    UnitLineBody,
)
from helpdesk_http.figure_tickets import CountedTicketBody, TicketsBehindBody
from helpdesk_http.openapi.intake_samples import DEPARTMENT
from helpdesk_http.openapi.samples import JANE, TICKET
from helpdesk_http.work import LoggedWorkBody, WorkBody, WorkDepartmentBody, WorkOptionsBody

MONTH: Final = "2026-05"
AS_OF: Final = datetime(2026, 5, 31, 17, tzinfo=UTC)
COUNTRY: Final = UUID("01949f6a-2d00-7000-8000-000000000021")
GROUP: Final = UUID("01949f6a-2d00-7000-8000-000000000051")
INCIDENT: Final = UUID("01949f6a-2d00-7000-8000-000000000061")
UPTIME: Final = UUID("01949f6a-2d00-7000-8000-000000000062")
PROJECT: Final = UUID("01949f6a-2d00-7000-8000-000000000063")
WORK: Final = UUID("01949f6a-2d00-7000-8000-0000000000bb")
CURSOR: Final = "AZSfai0AcACAAAAAAAAAYQGUn2otAHAAgAAAAAAAAKo"

ROW: Final = RowBody(
    department_id=DEPARTMENT,
    department="Technical Support",
    kpi_type_id=INCIDENT,
    name="Incident",
    sub_group=None,
    rule_type="rr",
    score=93.75,
    colour=Colour.YELLOW,
    passes=False,
    value=93.75,
    threshold=95.0,
    tickets=17,
    left_out=2,
    pending=1,
    scored=16,
    passed=14,
    averages=[
        AverageBody(key="responseMin", label="Response", unit="minutes", value=6.41, count=17),
        AverageBody(key="resolutionMin", label="Resolution", unit="minutes", value=151.2, count=16),
    ],
    units=[],
)
UPTIME_ROW: Final = RowBody(
    department_id=DEPARTMENT,
    department="Technical Support",
    kpi_type_id=UPTIME,
    name="Service Uptime",
    sub_group=None,
    rule_type="uptime",
    score=100.0,
    colour=Colour.GREEN,
    passes=True,
    value=100.0,
    threshold=100.0,
    tickets=1,
    left_out=0,
    pending=0,
    scored=1,
    passed=1,
    averages=[AverageBody(key="uptime", label="Uptime", unit="percent", value=99.71, count=1)],
    units=[UnitBody(kpi_type_id=INCIDENT, name="Incident", uptime=99.71, is_reached=True)],
)
MONTHLY: Final = MonthlyBody(
    month=MONTH,
    as_of=AS_OF,
    is_whole=True,
    score=93.75,
    colour=Colour.YELLOW,
    countries=[
        CountryReportBody(
            id=COUNTRY,
            name="Indonesia",
            abbreviation="ID",
            score=93.75,
            colour=Colour.YELLOW,
            departments=[
                DepartmentReportBody(
                    id=DEPARTMENT,
                    name="Technical Support",
                    abbreviation="TS",
                    score=93.75,
                    colour=Colour.YELLOW,
                    groups=[
                        GroupReportBody(
                            id=GROUP,
                            name="Incident",
                            score=93.75,
                            colour=Colour.YELLOW,
                            rows=[ROW],
                        )
                    ],
                )
            ],
        )
    ],
)
DASHBOARD: Final = DashboardBody(
    month=MONTH,
    as_of=AS_OF,
    is_whole=True,
    countries=[
        TileBody(
            id=COUNTRY,
            name="Indonesia",
            abbreviation="ID",
            score=93.75,
            colour=Colour.YELLOW,
            previous=95.5,
        )
    ],
    trends=[
        TrendBody(
            country_id=None,
            country=None,
            points=[
                PointBody(month="2026-04", score=95.5, colour=Colour.GREEN),
                PointBody(month=MONTH, score=93.75, colour=Colour.YELLOW),
            ],
        )
    ],
    uptime=[PointBody(month=MONTH, score=100.0, colour=Colour.GREEN)],
    units=[
        UnitLineBody(
            department_id=DEPARTMENT,
            department="Technical Support",
            kpi_type_id=INCIDENT,
            name="Incident",
            uptime=99.71,
            is_reached=True,
        )
    ],
    watch_list=[ROW],
)
BEHIND: Final = TicketsBehindBody(
    month=MONTH,
    department_id=DEPARTMENT,
    kpi_type_id=INCIDENT,
    tickets=[
        CountedTicketBody(
            id=TICKET,
            kpi_type_id=INCIDENT,
            status=Status.CLOSED,
            ticket_date=datetime(2026, 5, 22, 5, 5, tzinfo=UTC),
            submitted_by="Ana",
            description="The printer is on fire.",
            assigned_to=JANE,
            is_left_out=False,
            is_pending=False,
            score=50.0,
            passed=False,
        )
    ],
    next_cursor=CURSOR,
)
LOGGED: Final = WorkBody(
    work=LoggedWorkBody(
        id=WORK,
        department_id=DEPARTMENT,
        kpi_type_id=PROJECT,
        ticket_date=datetime(2025, 1, 24, tzinfo=UTC),
        description="Moved the file server",
        metrics={"projectCount": 1},
        is_holiday_work=False,
        logged_by=JANE.id,
        logged_at=datetime(2025, 1, 27, 10, tzinfo=UTC),
        withdrawn_at=None,
    )
)
WORK_OPTIONS: Final = WorkOptionsBody(
    departments=[
        WorkDepartmentBody(
            id=DEPARTMENT,
            name="Information Technology",
            abbreviation="IT",
            kpi_types=[
                KpiTypeBody(
                    id=PROJECT,
                    name="Project",
                    kg_id=GROUP,
                    rule_type="project",
                    formula_type="project",
                    metric_schema=CONTRACT_RULES["project"].schema,
                    parameters={"target": 2},
                    sub_group=None,
                    display_order=5,
                    kpi_group=KpiGroupBody(id=GROUP, name="Delivery"),
                )
            ],
        )
    ]
)
