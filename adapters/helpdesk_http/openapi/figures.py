"""The operations on figures: the dashboard, a month's report, the tickets behind a row."""

from collections.abc import Iterable
from typing import Final

from helpdesk_core.errors import Forbidden, Invalid, NotFound
from helpdesk_core.fields import SEVERAL_FAULTS
from helpdesk_core.permissions import Act
from helpdesk_core.queue import LARGEST_PAGE
from helpdesk_core.use_cases.behind_figures import NOT_YOURS
from helpdesk_core.use_cases.figures import LONGEST_NAME
from helpdesk_core.use_cases.listing import PAGE
from helpdesk_http.cursors import NO_CURSOR
from helpdesk_http.errors import SENTENCES
from helpdesk_http.figure_bodies import DashboardBody, MonthlyBody
from helpdesk_http.figure_tickets import TicketsBehindBody
from helpdesk_http.figures import CSV, XLSX
from helpdesk_http.openapi.fields import matching, whole
from helpdesk_http.openapi.figure_samples import BEHIND, CURSOR, DASHBOARD, MONTH, MONTHLY
from helpdesk_http.openapi.operations import Operation, Parameter, Says

TAG: Final = "Staff: figures"
PATH: Final = "/api/internal/performance"

_MONTH: Final = Parameter(
    name="month",
    place="query",
    schema=matching(r"[0-9]{4}-(0[1-9]|1[0-2])", "A month of a year."),
    description="The month; this one, on the clocks of UTC, unless it is said.",
    example=MONTH,
)
_UNWIRED: Final = NotFound(SENTENCES[404])
_NO_MONTH: Final = Invalid(SEVERAL_FAULTS, month="Month must be written like 2026-05")


def _named(name: str, what: str, example: str | None = None) -> Parameter:
    return Parameter(
        name=name,
        place="query",
        schema={"type": "string", "maxLength": LONGEST_NAME},
        description=f"{what}, by id, key or name.",
        required=example is not None,
        example=example,
    )


_SOUGHT: Final = (
    _MONTH,
    _named("country", "Only this country"),
    _named("department", "Only this department"),
)
_NOT_FOUND: Final = (
    _NO_MONTH,
    Invalid(SEVERAL_FAULTS, department="There is no such Department"),
)

_BYTES: Final = {"type": "string", "format": "binary"}


def _files() -> Iterable[Operation]:
    for ending, media_type, said in (
        ("csv", CSV, "The rows, every cell quoted, in UTF-8 with a byte order mark."),
        ("xlsx", XLSX, "A workbook: the rows, and what they roll up to. Unknown without sheets."),
    ):
        yield Operation(
            method="GET",
            path=f"{PATH}/monthly.{ending}",
            name=f"readMonthlyReportAs{ending.capitalize()}",
            tag=TAG,
            summary=f"A month's report as {ending.upper()}",
            description="What people wrote is text in it, and never a formula.",
            parameters=_SOUGHT,
            says=(
                Says(
                    description=said,
                    media_type=media_type,
                    schema=_BYTES,
                    headers=("Content-Disposition",),
                ),
            ),
            refusals=(*_NOT_FOUND, *((_UNWIRED,) if ending == "xlsx" else ())),
            act=Act.READ_FIGURES,
        )


OPERATIONS: Final = (
    Operation(
        method="GET",
        path=f"{PATH}/dashboard",
        name="readDashboard",
        tag=TAG,
        summary="What management looks at first",
        description=(
            "This month beside the last, six months of trend, uptime, and the rows that do not "
            "pass. Agents see the departments that they work in, and no scores of countries."
        ),
        says=(
            Says(
                description="The dashboard as it stands now.",
                kind=DashboardBody,
                examples={"dashboard": DASHBOARD},
            ),
        ),
        act=Act.READ_FIGURES,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/monthly",
        name="readMonthlyReport",
        tag=TAG,
        summary="A month's report",
        description=(
            "Rows roll up to groups, departments and countries as averages of averages. Agents see "
            "the departments that they work in, and no scores of countries."
        ),
        parameters=_SOUGHT,
        says=(
            Says(
                description="The report as it stands now.",
                kind=MonthlyBody,
                examples={"report": MONTHLY},
            ),
        ),
        refusals=_NOT_FOUND,
        act=Act.READ_FIGURES,
    ),
    *_files(),
    Operation(
        method="GET",
        path=f"{PATH}/tickets",
        name="readTicketsBehindRow",
        tag=TAG,
        summary="The tickets behind a row",
        description=(
            "Behind a calculated row are the tickets of the units that it is calculated from. "
            "Agents may ask about the departments that they work in."
        ),
        parameters=(
            _MONTH,
            _named("department", "The row's department", example="Technical Support"),
            _named("kpiType", "The row's KPI type", example="Ad Hoc"),
            Parameter(
                name="limit",
                place="query",
                schema=whole(1, LARGEST_PAGE, PAGE, "Tickets on a page."),
                description="How many tickets a page has.",
            ),
            Parameter(
                name="cursor",
                place="query",
                schema={"type": "string"},
                description="The `nextCursor` of the page before.",
                example=CURSOR,
            ),
        ),
        says=(
            Says(
                description="One page, the latest first.",
                kind=TicketsBehindBody,
                examples={"page": BEHIND},
            ),
        ),
        refusals=(
            _NO_MONTH,
            Invalid(SEVERAL_FAULTS, department="Department is required"),
            Invalid(SEVERAL_FAULTS, kpiType="There is no such KPI type"),
            Invalid(NO_CURSOR, cursor="not a cursor"),
            Forbidden(NOT_YOURS),
        ),
        act=Act.READ_FIGURES,
    ),
)
