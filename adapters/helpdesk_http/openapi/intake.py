"""Contract A's operations, with the contract's own examples."""

from typing import Final

from helpdesk_core.chat import LONGEST_MESSAGE, Closed, refusal
from helpdesk_core.errors import HelpdeskError, Invalid, NotFound, TooMany
from helpdesk_core.intake import LONGEST_DESCRIPTION, LONGEST_NAME, PublicStatus
from helpdesk_core.limits import LOOKUPS, MESSAGES, SUBMISSIONS, Limit
from helpdesk_core.ports import MailOutcome, MailStatus
from helpdesk_http.bodies import (
    LookupBody,
    OptionsBody,
    SaidBody,
    StatusBody,
    SubmittedBody,
)
from helpdesk_http.openapi.fields import address, flag, line, or_none, text, uuid
from helpdesk_http.openapi.intake_samples import (
    DEPARTMENT,
    FOUND,
    KPI_TYPE,
    OPTIONS,
    SAID,
    STATUS,
    TICKET,
)
from helpdesk_http.openapi.operations import Form, Operation, Parameter, Says

TAG: Final = "Intake"


def past(limit: Limit) -> TooMany:
    """The refusal past a limit, half its period before the next act."""
    return TooMany(limit.sentence, limit.period / 2)


def held(description: str) -> Parameter:
    """The header by which a client says what it holds."""
    return Parameter(
        name="If-None-Match",
        place="header",
        schema={"type": "string"},
        description=description,
    )


_ID: Final = Parameter(
    name="id",
    place="path",
    schema={"type": "string"},
    description="The ticket's id, a UUID.",
    example=str(TICKET),
)

_SUBMISSION: Final = Form(
    name="IntakeRequest",
    description=(
        "A ticket. Whoever is signed in is its submitter, whatever the body says of a name and an "
        "address; for everybody else both are required."
    ),
    fields={
        "deptId": uuid("The department that is asked."),
        "userId": or_none(uuid("A member of the department who is to have it at once.")),
        "kpiTypeId": uuid("One that the options list for the department."),
        "ticketDate": {
            "type": "string",
            "format": "date-time",
            "description": (
                "What the ticket is dated, in the years 1970 to 2200. Without a zone it is UTC, "
                "and a date alone its midnight."
            ),
        },
        "description": text(LONGEST_DESCRIPTION, "What is wanted."),
        "createdByName": or_none(line(LONGEST_NAME, "Required unless signed in.")),
        "createdByEmail": or_none(address("Required unless signed in.")),
        "isHolidayWork": or_none(
            flag("True: it counts even when dated to a weekend or a holiday.", default=False)
        ),
    },
    required=frozenset({"deptId", "kpiTypeId", "ticketDate", "description"}),
    examples={
        "anonymous": {
            "deptId": str(DEPARTMENT),
            "kpiTypeId": str(KPI_TYPE),
            "ticketDate": "2026-05-22T05:05:00.000Z",
            "description": "Cannot access shared drive",
            "createdByName": "Sandy",
            "createdByEmail": "sandy@example.com",
            "isHolidayWork": False,
        }
    },
)

_MESSAGE: Final = Form(
    name="MessageRequest",
    description="What the customer says. Who says it is known from the sign-in alone.",
    fields={"body": text(LONGEST_MESSAGE, "The message; trimmed before it is measured.")},
    required=frozenset({"body"}),
    examples={"thanks": {"body": "Thanks — that resolved it."}},
)

_NO_ID: Final = Invalid("Ticket id is required", id="missing")
_UNKNOWN: Final = NotFound("Ticket not found")

_REFUSED_SUBMISSIONS: Final[tuple[HelpdeskError, ...]] = (
    Invalid("Department is required"),
    Invalid("Invalid Department"),
    Invalid("KPI Type is required"),
    Invalid("Invalid KPI Type"),
    Invalid("This KPI Type is not available for the selected department"),
    Invalid("Ticket Date is required"),
    Invalid("Uptime KPI is calculated from other KPI tickets and cannot be entered manually"),
    Invalid("Description is required"),
    Invalid("Your name is required"),
    Invalid("Your email is required"),
    Invalid("Email format is invalid"),
    Invalid("Selected user is not assigned to that department or is inactive"),
    past(SUBMISSIONS),
)

OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/api/intake",
        name="submitTicket",
        tag=TAG,
        summary="Submit a ticket",
        description="Of the reasons for a 400 the first that applies is told.",
        body=_SUBMISSION,
        says=(
            Says(
                status=201,
                description="The ticket is kept; whoever was assigned is told.",
                kind=SubmittedBody,
                examples={
                    "open": SubmittedBody(
                        id=TICKET, status=PublicStatus.NEW, assignment_email=None
                    ),
                    "assigned": SubmittedBody(
                        id=TICKET,
                        status=PublicStatus.ONPROGRESS,
                        assignment_email=MailOutcome(status=MailStatus.SENT),
                    ),
                },
            ),
        ),
        refusals=_REFUSED_SUBMISSIONS,
        keyed=True,
    ),
    Operation(
        method="GET",
        path="/api/intake/options",
        name="readIntakeOptions",
        tag=TAG,
        summary="What the form needs",
        description="May be kept for a minute, and asked for again with `If-None-Match`.",
        parameters=(held("The tag of the options that the client holds."),),
        says=(
            Says(
                description="The countries, departments and KPI types to choose from.",
                kind=OptionsBody,
                examples={"options": OPTIONS},
                headers=("ETag",),
            ),
            Says(
                status=304,
                description="They are the ones that the client holds.",
                headers=("ETag",),
            ),
        ),
    ),
    Operation(
        method="GET",
        path="/api/intake/lookup",
        name="lookUpTickets",
        tag=TAG,
        summary="Find a ticket again",
        description="At most ten, newest first. Nothing found is an empty list.",
        parameters=(
            Parameter(
                name="q",
                place="query",
                schema={"type": "string", "minLength": 1},
                description=(
                    "A ticket's id, else the submitter's e-mail address, else their whole name; "
                    "case never matters."
                ),
                required=True,
                example="sandy@example.com",
            ),
        ),
        says=(Says(description="What was found.", kind=LookupBody, examples={"found": FOUND}),),
        refusals=(Invalid("Search query is required"), past(LOOKUPS)),
    ),
    Operation(
        method="GET",
        path="/api/intake/status",
        name="readNoTicketStatus",
        tag=TAG,
        summary="One ticket, its id forgotten",
        description="Always refused: the id belongs in the path.",
        refusals=(_NO_ID,),
    ),
    Operation(
        method="GET",
        path="/api/intake/status/{id}",
        name="readTicketStatus",
        tag=TAG,
        summary="One ticket, as the public may see it",
        description=(
            "Whoever is signed in is told whether they may write. Asked for again with "
            "`If-None-Match`, what has not changed costs next to nothing; the tag is one for the "
            "ticket, whatever `after` says."
        ),
        parameters=(
            _ID,
            Parameter(
                name="after",
                place="query",
                schema={"type": "string", "format": "uuid"},
                description=(
                    "The id of a message: only those behind it are shown. All are when it is none "
                    "of the ticket's."
                ),
            ),
            held("The tag of the status that the client holds."),
        ),
        says=(
            Says(
                description="The ticket.",
                kind=StatusBody,
                examples={"closed": STATUS},
                headers=("ETag",),
            ),
            Says(
                status=304,
                description="It is the one that the client holds.",
                headers=("ETag",),
            ),
        ),
        refusals=(
            _NO_ID,
            Invalid("after must be the id of a message", after="not an id"),
            _UNKNOWN,
        ),
    ),
    Operation(
        method="POST",
        path="/api/intake/status/{id}/messages",
        name="postMessage",
        tag=TAG,
        summary="The customer writes",
        description="For the signed-in submitter of the ticket alone.",
        parameters=(_ID,),
        body=_MESSAGE,
        says=(
            Says(
                status=201,
                description="The message is kept; the agent is told.",
                kind=SaidBody,
                examples={"said": SAID},
            ),
        ),
        refusals=(
            _NO_ID,
            *(refusal(closed) for closed in Closed),
            _UNKNOWN,
            Invalid("Message is required"),
            Invalid(f"Message must be {LONGEST_MESSAGE} characters or fewer"),
            past(MESSAGES),
        ),
        keyed=True,
    ),
)
"""In the order in which an integration meets them."""
