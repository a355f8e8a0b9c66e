"""A small directory to test with, and the ids by which a test speaks of what is in it."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar, Holiday, Window
from helpdesk_core.directory import (
    Agent,
    Country,
    Department,
    Directory,
    FieldKind,
    KpiGroup,
    KpiType,
    MetricField,
)
from helpdesk_core.people import Role


def an_id(number: int) -> UUID:
    """The id that reads as the number: `an_id(12)` ends in 012."""
    return UUID(int=int(str(number), 16))


NOW: Final = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
"""A Friday at noon in Jakarta; when everything is made unless the test says otherwise."""

OFFICE_HOURS: Final = an_id(11)
"""Jakarta, Monday to Friday 08:00-12:00 and 13:00-17:00, one holiday."""

INDONESIA: Final = an_id(21)
GERMANY: Final = an_id(22)

SUPPORT: Final = an_id(31)
"""In Indonesia, by office hours."""
NETWORK: Final = an_id(32)
"""In Indonesia, round the clock."""
ACCOUNTS: Final = an_id(33)
"""In Germany, round the clock."""

ACTIVE_AGENT: Final = an_id(41)
"""Of SUPPORT, wants mail."""
OTHER_AGENT: Final = an_id(42)
"""Of SUPPORT and NETWORK, wants mail."""
MUTED_AGENT: Final = an_id(43)
"""Of SUPPORT, wants no mail."""
INACTIVE_AGENT: Final = an_id(44)
"""Of SUPPORT, not active."""
ADMIN: Final = an_id(45)
"""Of ACCOUNTS."""

INCIDENTS: Final = an_id(51)
"""Contributes to uptime."""
QUALITY: Final = an_id(52)

INCIDENT: Final = an_id(61)
"""Rule rr, for SUPPORT and NETWORK."""
REPORT: Final = an_id(62)
"""Rule submit, for SUPPORT and ACCOUNTS."""
ACCURACY: Final = an_id(63)
"""Rule accuracy, for ACCOUNTS, closed to intake."""
REVIEW: Final = an_id(64)
"""Rule acr, for ACCOUNTS."""
UPTIME: Final = an_id(65)
"""Rule uptime, for NETWORK: calculated."""


def a_directory(**fields: Any) -> Directory:  # noqa: ANN401  # any field of the record
    """A directory that holds everything above, at version 1."""
    directory = Directory(
        version=1,
        calendars={OFFICE_HOURS: _OFFICE_HOURS},
        countries={country.id: country for country in _COUNTRIES},
        departments={department.id: department for department in _DEPARTMENTS},
        agents={agent.id: agent for agent in _AGENTS},
        kpi_groups={group.id: group for group in _KPI_GROUPS},
        kpi_types={kpi_type.id: kpi_type for kpi_type in _KPI_TYPES},
    )
    return attrs.evolve(directory, **fields)


_OFFICE_HOURS: Final = Calendar(
    id=OFFICE_HOURS,
    key="office-hours",
    name="Office hours",
    zone="Asia/Jakarta",
    windows=tuple(
        Window(day, opens, closes)
        for day in range(5)
        for opens, closes in ((480, 720), (780, 1020))
    ),
    holidays=(Holiday(datetime(2026, 6, 1, tzinfo=UTC).date(), "Pancasila Day"),),
)

_COUNTRIES: Final = (
    Country(id=INDONESIA, key="indonesia", name="Indonesia", abbreviation="ID"),
    Country(id=GERMANY, key="germany", name="Germany", abbreviation="DE"),
)

_DEPARTMENTS: Final = (
    Department(
        id=SUPPORT,
        key="support",
        name="Support",
        abbreviation="SUP",
        country_id=INDONESIA,
        calendar_id=OFFICE_HOURS,
    ),
    Department(id=NETWORK, key="network", name="Network", abbreviation="NET", country_id=INDONESIA),
    Department(
        id=ACCOUNTS, key="accounts", name="Accounts", abbreviation="ACC", country_id=GERMANY
    ),
)

_AGENTS: Final = (
    Agent(
        id=ACTIVE_AGENT,
        name="Agent One",
        email="one@example.com",
        department_ids=frozenset({SUPPORT}),
    ),
    Agent(
        id=OTHER_AGENT,
        name="Agent Two",
        email="two@example.com",
        department_ids=frozenset({SUPPORT, NETWORK}),
    ),
    Agent(
        id=MUTED_AGENT,
        name="Agent Three",
        email="three@example.com",
        department_ids=frozenset({SUPPORT}),
        wants_mail=False,
    ),
    Agent(
        id=INACTIVE_AGENT,
        name="Agent Four",
        email="four@example.com",
        department_ids=frozenset({SUPPORT}),
        is_active=False,
    ),
    Agent(
        id=ADMIN,
        name="Agent Five",
        email="five@example.com",
        role=Role.ADMIN,
        department_ids=frozenset({ACCOUNTS}),
    ),
)

_KPI_GROUPS: Final = (
    KpiGroup(id=INCIDENTS, key="incidents", name="Incidents", contributes_to_uptime=True),
    KpiGroup(id=QUALITY, key="quality", name="Quality"),
)

_KPI_TYPES: Final = (
    KpiType(
        id=INCIDENT,
        key="incident",
        name="Incident",
        group_id=INCIDENTS,
        rule="rr",
        formula="average",
        parameters={"responseSlaMin": 15, "resolutionSlaMin": 240},
        display_order=1,
        department_ids=frozenset({SUPPORT, NETWORK}),
    ),
    KpiType(
        id=REPORT,
        key="report",
        name="Report",
        group_id=QUALITY,
        rule="submit",
        formula="cut-off",
        metric_schema=(
            MetricField(key="submittedAt", label="Submitted at", kind=FieldKind.TIME),
            MetricField(key="remark", label="Remark", kind=FieldKind.TEXT, required=False),
        ),
        parameters={"cutOff": "17:00", "strict": True},
        sub_group="Daily",
        display_order=2,
        department_ids=frozenset({SUPPORT, ACCOUNTS}),
    ),
    KpiType(
        id=ACCURACY,
        key="accuracy",
        name="Accuracy",
        group_id=QUALITY,
        rule="accuracy",
        formula="average",
        metric_schema=(
            MetricField(
                key="data",
                label="Data accuracy",
                kind=FieldKind.PERCENT,
                minimum=0,
                maximum=100,
            ),
        ),
        parameters={"threshold": 99.5},
        display_order=3,
        is_open_to_intake=False,
        department_ids=frozenset({ACCOUNTS}),
    ),
    KpiType(
        id=REVIEW,
        key="review",
        name="Review",
        group_id=QUALITY,
        rule="acr",
        formula="average",
        metric_schema=(
            MetricField(key="frt", label="FRT", kind=FieldKind.SCORE, minimum=1, maximum=5),
        ),
        sub_group="",
        display_order=3,
        department_ids=frozenset({ACCOUNTS}),
    ),
    KpiType(
        id=UPTIME,
        key="uptime",
        name="Uptime",
        group_id=INCIDENTS,
        rule="uptime",
        formula="share",
        parameters={"target": 99.5},
        display_order=9,
        department_ids=frozenset({NETWORK}),
    ),
)
