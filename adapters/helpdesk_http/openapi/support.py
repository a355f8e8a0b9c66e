"""Contract B's operations for customers, with the contract's own examples."""

from datetime import UTC, datetime
from typing import Final

from helpdesk_core.case_numbers import LONGEST_NUMBER
from helpdesk_core.cases import (
    DEFAULT_CUSTOMER_TYPE,
    DEFAULT_ISSUE_TYPE,
    DEFAULT_URGENCY,
    LONGEST_CASE,
    LONGEST_LINE,
    PHONE,
)
from helpdesk_core.errors import HelpdeskError, Invalid, InvalidTransition, NotFound
from helpdesk_core.fields import SEVERAL_FAULTS
from helpdesk_core.limits import CANCELLATIONS, CASES, ESCALATIONS, KEPT_READS, UNKNOWN_CASES
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import LONGEST_REASON, Status
from helpdesk_core.use_cases.finding import NO_SUCH_CASE
from helpdesk_http.openapi.fields import address, choice, line, matching, or_none, text
from helpdesk_http.openapi.intake import past
from helpdesk_http.openapi.operations import Form, Operation, Says
from helpdesk_http.openapi.schemas import Schema
from helpdesk_http.support_bodies import (
    CancelledBody,
    EscalatedBody,
    FollowedBody,
    FollowedCaseBody,
    OpenedBody,
    PublicUpdateBody,
)

TAG: Final = "Support"
NUMBER: Final = "CW-2025-001"
OPENED: Final = datetime(2025, 1, 27, 10, tzinfo=UTC)
TOUCHED: Final = datetime(2025, 1, 27, 14, 30, tzinfo=UTC)
DUE: Final = datetime(2025, 1, 29, 10, tzinfo=UTC)

_KEY: Final = {
    "caseNumber": line(
        LONGEST_NUMBER, "The case's number; case never matters, and O, I and L are 0, 1 and 1."
    ),
    "email": or_none(
        address("The case's address: required where numbers are sequential, checked where sent.")
    ),
}
_REASON: Final = {"reason": text(LONGEST_REASON, "Why.")}
_BY_NUMBER: Final = frozenset({"caseNumber"})

_CASE: Final = Form(
    name="CaseRequest",
    description="A support case. Everything that is wrong with it is told at once.",
    fields={
        "name": line(LONGEST_LINE, "Who asks."),
        "email": address("Where answers go."),
        "organization": or_none(line(LONGEST_LINE, "Whom they ask for.")),
        "phone": or_none(matching(PHONE, "`+` and 7 to 15 digits.")),
        "customerType": or_none(choice(CustomerType, "The tier.", DEFAULT_CUSTOMER_TYPE)),
        "issueType": or_none(choice(IssueType, "What it is about.", DEFAULT_ISSUE_TYPE)),
        "urgency": or_none(choice(Urgency, "How urgent it is.", DEFAULT_URGENCY)),
        "clientOrProjectName": or_none(line(LONGEST_LINE, "The client or project it concerns.")),
        "subject": line(LONGEST_LINE, "What is wrong, in a line."),
        "message": text(LONGEST_CASE, "What is wrong."),
    },
    required=frozenset({"name", "email", "subject", "message"}),
    examples={
        "case": {
            "name": "John Doe",
            "email": "john@example.com",
            "organization": "Acme Corp",
            "phone": "+1234567890",
            "customerType": "BUSINESS",
            "issueType": "TECHNICAL",
            "urgency": "HIGH",
            "clientOrProjectName": "My Project",
            "subject": "Unable to access dashboard",
            "message": "Detailed description of the issue...",
        }
    },
)


def _form(name: str, description: str, example: dict[str, object], **fields: Schema) -> Form:
    """A request about a case that the customer holds the number of."""
    return Form(
        name=name,
        description=description,
        fields={**_KEY, **fields},
        required=_BY_NUMBER | ({"reason"} & set(fields)),
        examples={"case": {"caseNumber": NUMBER, **example}},
    )


def _faults(**details: str) -> Invalid:
    return Invalid(SEVERAL_FAULTS, **details)


_NO_NUMBER: Final = _faults(caseNumber="Case number is required")
_KEY_REFUSED: Final[tuple[HelpdeskError, ...]] = (NotFound(NO_SUCH_CASE), past(UNKNOWN_CASES))

OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/api/support/case",
        name="openCase",
        tag=TAG,
        summary="Open a case",
        description="The number in the answer is the customer's key to the case.",
        body=_CASE,
        says=(
            Says(
                description="The case is kept; the customer and the staff are told.",
                kind=OpenedBody,
                examples={"opened": OpenedBody(case_number=NUMBER, estimated_resolution=DUE)},
            ),
        ),
        refusals=(
            _faults(name="Name is required", phone="Phone must be + and 7 to 15 digits"),
            past(CASES),
        ),
        keyed=True,
    ),
    Operation(
        method="POST",
        path="/api/support/case/status",
        name="readCaseStatus",
        tag=TAG,
        summary="Follow a case",
        description="Public updates only. An unknown number and a wrong address answer alike.",
        body=_form("CaseStatusRequest", "Which case.", {}),
        says=(
            Says(
                description="The case and its updates, oldest first.",
                kind=FollowedBody,
                examples={
                    "followed": FollowedBody(
                        case=FollowedCaseBody(
                            case_number=NUMBER,
                            status=Status.IN_PROGRESS,
                            urgency=Urgency.HIGH,
                            created_at=OPENED,
                            last_updated=TOUCHED,
                            estimated_resolution=DUE,
                        ),
                        updates=[
                            PublicUpdateBody(
                                timestamp=TOUCHED,
                                message="Case assigned to technical team",
                                is_internal=False,
                            )
                        ],
                    )
                },
            ),
        ),
        refusals=(_NO_NUMBER, *_KEY_REFUSED, past(KEPT_READS)),
        keyed=True,
    ),
    Operation(
        method="POST",
        path="/api/support/case/escalate",
        name="escalateCase",
        tag=TAG,
        summary="Escalate a case",
        description=(
            "Without `newUrgency` one step up; at the highest the escalation is recorded. "
            "No clock starts again."
        ),
        body=_form(
            "EscalationRequest",
            "Which case, why, and how urgent it is to be.",
            {"reason": "No response for 24 hours", "newUrgency": "CRITICAL"},
            **_REASON,
            newUrgency=or_none(choice(Urgency, "Higher than the present one.")),
        ),
        says=(
            Says(
                description="The case is more urgent; staff and management are told.",
                kind=EscalatedBody,
                examples={
                    "escalated": EscalatedBody(case_number=NUMBER, new_urgency=Urgency.CRITICAL)
                },
            ),
        ),
        refusals=(
            _faults(caseNumber="Case number is required", reason="Reason is required"),
            Invalid("New urgency must be higher than HIGH", newUrgency="not higher"),
            *_KEY_REFUSED,
            InvalidTransition("A case that is CLOSED cannot be escalated"),
            past(ESCALATIONS),
        ),
        keyed=True,
    ),
    Operation(
        method="POST",
        path="/api/support/case/cancel",
        name="cancelCase",
        tag=TAG,
        summary="Cancel a case",
        body=_form(
            "CancellationRequest",
            "Which case, and why.",
            {"reason": "Issue resolved independently"},
            **_REASON,
        ),
        says=(
            Says(
                description="The case is cancelled; the customer and the staff are told.",
                kind=CancelledBody,
                examples={"cancelled": CancelledBody(case_number=NUMBER)},
            ),
        ),
        refusals=(
            _faults(caseNumber="Case number is required", reason="Reason is required"),
            *_KEY_REFUSED,
            InvalidTransition("A ticket that is CLOSED cannot become CANCELLED"),
            past(CANCELLATIONS),
        ),
        keyed=True,
    ),
)
