"""The staff's operations on support cases, with contract B's own examples."""

from typing import Final

from helpdesk_core.chat import LONGEST_UPDATE
from helpdesk_core.errors import Invalid, InvalidTransition, NotFound
from helpdesk_core.fields import SEVERAL_FAULTS
from helpdesk_core.intake import LONGEST_NAME
from helpdesk_core.permissions import Act
from helpdesk_core.tickets import LONGEST_REASON, Status
from helpdesk_core.use_cases.finding import NO_SUCH_CASE
from helpdesk_core.use_cases.handling import MOST_NAMED
from helpdesk_http.openapi.fields import choice, flag, ids, line, or_none, text, uuid
from helpdesk_http.openapi.operations import Form, Operation, Parameter, Says
from helpdesk_http.openapi.queue import REFUSALS, filters
from helpdesk_http.openapi.samples import (
    CASE_FILE,
    CASE_PAGE,
    DEPARTMENT,
    JANE,
    UPDATE,
)
from helpdesk_http.openapi.support import NUMBER
from helpdesk_http.staff_bodies import AssignedCaseBody, CaseFileBody, UpdatedCaseBody
from helpdesk_http.staff_lists import CasePageBody

TAG: Final = "Staff: cases"
PATH: Final = "/api/internal/support/case/{caseNumber}"

NUMBERED: Final = Parameter(
    name="caseNumber",
    place="path",
    schema={"type": "string"},
    description="The case's number; case never matters, and O, I and L are 0, 1 and 1.",
    example=NUMBER,
)
MESSAGE: Final = text(LONGEST_UPDATE, "What is said.")
ATTACHMENTS: Final = or_none(ids(MOST_NAMED, "Files that were added to the ticket before."))
UNSAID: Final = Invalid(SEVERAL_FAULTS, message="Message is required")
NOT_ITS_FILES: Final = Invalid("Attachments must be files of this ticket", attachments="unknown")
ASSIGNMENT: Final = Form(
    name="AssignmentRequest",
    description="Whom a ticket is given to.",
    fields={
        "staffId": uuid("An active member of staff."),
        "department": or_none(
            line(LONGEST_NAME, "One that they work in, by its name, its key or its id.")
        ),
        "notes": or_none(text(LONGEST_REASON, "Said among staff.")),
    },
    required=frozenset({"staffId"}),
    examples={
        "reassign": {
            "staffId": str(JANE.id),
            "department": DEPARTMENT,
            "notes": "Reassigning to senior engineer",
        }
    },
)
NOT_ASSIGNED: Final = (
    Invalid(SEVERAL_FAULTS, staffId="Staff id is required"),
    Invalid("Invalid Department", department="unknown"),
    Invalid("This KPI Type is not available for the selected department", department="unavailable"),
    Invalid("Selected user is unknown or is inactive", staffId="unavailable"),
    Invalid(
        "Selected user is not assigned to that department or is inactive", staffId="unavailable"
    ),
    InvalidTransition("A ticket that is CLOSED cannot be assigned"),
)
_UPDATE: Final = Form(
    name="CaseUpdateRequest",
    description="What is said on a case, and perhaps its next status.",
    fields={
        "message": MESSAGE,
        "isInternal": or_none(
            flag("True: among staff, and never shown to a customer.", default=False)
        ),
        "statusChange": or_none(choice(Status, "What the case becomes.")),
        "attachments": ATTACHMENTS,
    },
    required=frozenset({"message"}),
    examples={
        "update": {
            "message": UPDATE.message,
            "isInternal": False,
            "statusChange": "IN_PROGRESS",
            "attachments": [],
        }
    },
)
_UNKNOWN: Final = NotFound(NO_SUCH_CASE)

OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/internal/support/cases",
        name="listCases",
        tag=TAG,
        summary="List cases",
        parameters=filters(doors=False),
        says=(
            Says(
                description="One page of the cases.",
                kind=CasePageBody,
                examples={"page": CASE_PAGE},
            ),
        ),
        refusals=REFUSALS,
        act=Act.READ_TICKETS,
    ),
    Operation(
        method="GET",
        path=PATH,
        name="readCase",
        tag=TAG,
        summary="Everything about a case",
        parameters=(NUMBERED,),
        says=(
            Says(
                description="The case; each list oldest first.",
                kind=CaseFileBody,
                examples={"case": CASE_FILE},
                headers=("ETag",),
            ),
        ),
        refusals=(_UNKNOWN,),
        act=Act.READ_TICKETS,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/update",
        name="updateCase",
        tag=TAG,
        summary="Say something on a case",
        description="With `statusChange` the case moves in the same step.",
        parameters=(NUMBERED,),
        body=_UPDATE,
        says=(
            Says(
                description="It is said; the customer is told, unless it is internal.",
                kind=UpdatedCaseBody,
                examples={
                    "updated": UpdatedCaseBody(
                        case_number=NUMBER, status=Status.IN_PROGRESS, update=UPDATE
                    )
                },
                headers=("ETag",),
            ),
        ),
        refusals=(
            UNSAID,
            NOT_ITS_FILES,
            _UNKNOWN,
            InvalidTransition("A ticket that is CANCELLED cannot become IN_PROGRESS"),
        ),
        act=Act.ANSWER_TICKETS,
        keyed=True,
        conditional=True,
    ),
    Operation(
        method="PUT",
        path=f"{PATH}/assign",
        name="assignCase",
        tag=TAG,
        summary="Give a case to somebody",
        parameters=(NUMBERED,),
        body=ASSIGNMENT,
        says=(
            Says(
                description="It is theirs; those whom it concerns are told.",
                kind=AssignedCaseBody,
                examples={
                    "assigned": AssignedCaseBody(
                        case_number=NUMBER, assigned_to=JANE, department=DEPARTMENT
                    )
                },
                headers=("ETag",),
            ),
        ),
        refusals=(*NOT_ASSIGNED, _UNKNOWN),
        act=Act.ASSIGN_TICKETS,
        conditional=True,
    ),
)
