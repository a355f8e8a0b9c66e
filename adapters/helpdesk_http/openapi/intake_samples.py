"""Contract A's examples, as the records that its answers are written from."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from helpdesk_core.chat import Closed
from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.intake import PublicStatus
from helpdesk_core.messages import AuthorType
from helpdesk_http.bodies import (
    CountryBody,
    DepartmentBody,
    FoundBody,
    KpiGroupBody,
    KpiTypeBody,
    LookupBody,
    MessageBody,
    OptionsBody,
    SaidBody,
    StatusBody,
    UserBody,
)

DATE_FORMAT: Final = "dd/MM/yyyy"

TICKET: Final = UUID("2a58b5d1-668b-447d-8fc3-f52149d4fc71")
DEPARTMENT: Final = UUID("11111111-1111-1111-1111-111111111111")
KPI_TYPE: Final = UUID("22222222-2222-2222-2222-222222222222")
AGENT: Final = UUID("33333333-3333-4333-8333-333333333333")
COUNTRY: Final = CountryBody(
    id=UUID("44444444-4444-4444-8444-444444444444"), name="Indonesia", abbreviation="ID"
)
GROUP: Final = KpiGroupBody(id=UUID("55555555-5555-4555-8555-555555555555"), name="Request")


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 5, 22, hour, minute, tzinfo=UTC)


OPTIONS: Final = OptionsBody(
    countries=[COUNTRY],
    departments=[
        DepartmentBody(
            id=DEPARTMENT,
            name="Information Technology",
            abbreviation="IT",
            country_id=COUNTRY.id,
            country=COUNTRY,
            users=[UserBody(id=AGENT, name="Sandy Rachman", email="sandy@example.com")],
        )
    ],
    kpi_types_by_dept={
        str(DEPARTMENT): [
            KpiTypeBody(
                id=KPI_TYPE,
                name="Ad Hoc",
                kg_id=GROUP.id,
                rule_type="rr",
                formula_type="rr",
                metric_schema=[
                    MetricField(
                        key="responseMin",
                        label="Response (minutes)",
                        kind=FieldKind.COUNT,
                        minimum=0,
                    )
                ],
                parameters={"responseSlaMin": 30, "resolutionSlaMin": 480},
                sub_group=None,
                display_order=1,
                kpi_group=GROUP,
            )
        ]
    },
    date_format=DATE_FORMAT,
)

FOUND: Final = LookupBody(
    date_format=DATE_FORMAT,
    tickets=[
        FoundBody(
            id=TICKET,
            status=PublicStatus.NEW,
            submitted_at=_at(5, 5),
            submitted_by="Sandy",
            country="Indonesia",
            department="Information Technology",
            kpi_type="Ad Hoc",
        )
    ],
)

STATUS: Final = StatusBody(
    id=TICKET,
    status=PublicStatus.CLOSED,
    submitted_at=_at(5, 5),
    assigned_at=_at(5, 10),
    first_agent_reply_at=_at(6, 11),
    closed_at=_at(8, 0),
    first_response_time_min=5,
    resolution_time_min=120,
    description="Cannot access shared drive",
    rejection_reason=None,
    submitted_by="Sandy",
    submitted_by_email="sandy@example.com",
    country="Indonesia",
    department="Information Technology",
    kpi_type="Ad Hoc",
    assigned_to="Sandy Rachman",
    can_message=False,
    message_disabled_reason=Closed.SIGNED_OUT.value,
    date_format=DATE_FORMAT,
    messages=[
        MessageBody(
            id=UUID("66666666-6666-4666-8666-666666666666"),
            author_type=AuthorType.AGENT,
            author_name="Sandy Rachman",
            author_email="sandy@example.com",
            body="Licence have been renew",
            created_at=_at(6, 11),
        )
    ],
)

SAID: Final = SaidBody(
    message=MessageBody(
        id=UUID("77777777-7777-4777-8777-777777777777"),
        author_type=AuthorType.CUSTOMER,
        author_name="Sandy Rachman",
        author_email="sandy@example.com",
        body="Thanks — that resolved it.",
        created_at=_at(8, 0),
    )
)
