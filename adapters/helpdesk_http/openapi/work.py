"""The operations on work that agents log of their own."""

from typing import Final

from helpdesk_core.errors import Forbidden, Invalid, InvalidTransition, NotFound
from helpdesk_core.intake import LONGEST_DESCRIPTION
from helpdesk_core.permissions import Act
from helpdesk_http.openapi.fields import flag, or_none, text, uuid
from helpdesk_http.openapi.figure_samples import LOGGED, PROJECT, WORK, WORK_OPTIONS
from helpdesk_http.openapi.intake_samples import DEPARTMENT
from helpdesk_http.openapi.operations import Form, Operation, Parameter, Says
from helpdesk_http.work import WorkBody, WorkOptionsBody

TAG: Final = "Staff: logged work"
PATH: Final = "/api/internal/work"

_ID: Final = Parameter(
    name="id",
    place="path",
    schema={"type": "string"},
    description="The id of the work, a UUID.",
    example=str(WORK),
)
_WORK: Final = Form(
    name="WorkRequest",
    description="Work that an agent did, with the figures that its KPI type asks for.",
    fields={
        "deptId": uuid("A department that the agent works in."),
        "kpiTypeId": uuid("A KPI type of that department, not a calculated one."),
        "ticketDate": {
            "type": "string",
            "format": "date-time",
            "description": "When it was done: within the past year, and not in the future.",
        },
        "description": text(LONGEST_DESCRIPTION, "What was done."),
        "metrics": {
            "type": "object",
            "description": "The KPI type's `metricSchema` says which, and what they may be.",
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
        "isHolidayWork": or_none(flag("It counts although its date is a day off.", default=False)),
    },
    required=frozenset({"deptId", "kpiTypeId", "ticketDate", "description", "metrics"}),
    examples={
        "project": {
            "deptId": str(DEPARTMENT),
            "kpiTypeId": str(PROJECT),
            "ticketDate": "2025-01-24T00:00:00.000Z",
            "description": "Moved the file server",
            "metrics": {"projectCount": 1},
        }
    },
)
_NOTHING: Final = Form(
    name="WithdrawalRequest",
    description="Nothing: an empty object.",
    fields={},
    required=frozenset(),
    examples={"plain": {}},
)
_UNFIT: Final = (
    Invalid("Department is required", deptId="missing"),
    Invalid("This KPI Type is not available for the selected department", kpiTypeId="unavailable"),
    Forbidden("You may log work only in departments that you work in"),
)
_NOT_LOGGED: Final = (
    NotFound("Ticket not found"),
    Forbidden("Only the agent who logged this work, or an admin, may change it"),
    InvalidTransition("This work was withdrawn"),
)


def _said(description: str, status: int = 200) -> tuple[Says, ...]:
    return (
        Says(
            status=status,
            description=description,
            kind=WorkBody,
            examples={"work": LOGGED},
            headers=("ETag",),
        ),
    )


OPERATIONS: Final = (
    Operation(
        method="GET",
        path=f"{PATH}/options",
        name="listWorkOptions",
        tag=TAG,
        summary="What the agent may log, and where",
        description="The departments that the agent works in, each with the KPI types to be "
        "logged there; `metricSchema` has the fields that are asked for.",
        says=(
            Says(
                description="The options, departments by name.",
                kind=WorkOptionsBody,
                examples={"options": WORK_OPTIONS},
            ),
        ),
        act=Act.LOG_WORK,
    ),
    Operation(
        method="POST",
        path=PATH,
        name="logWork",
        tag=TAG,
        summary="Log work",
        body=_WORK,
        says=_said("It is logged, and counts in its month.", 201),
        refusals=_UNFIT,
        act=Act.LOG_WORK,
        keyed=True,
    ),
    Operation(
        method="PUT",
        path=f"{PATH}/{{id}}",
        name="correctWork",
        tag=TAG,
        summary="Correct logged work",
        description="What is sent takes the place of all that was logged.",
        parameters=(_ID,),
        body=_WORK,
        says=_said("It is corrected, and so are the figures of its month."),
        refusals=(*_UNFIT[:2], *_NOT_LOGGED),
        act=Act.LOG_WORK,
        conditional=True,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}/withdraw",
        name="withdrawWork",
        tag=TAG,
        summary="Take logged work back",
        parameters=(_ID,),
        body=_NOTHING,
        says=_said("It counts nowhere any more, and stays to be read."),
        refusals=_NOT_LOGGED,
        act=Act.LOG_WORK,
        keyed=True,
        conditional=True,
    ),
)
