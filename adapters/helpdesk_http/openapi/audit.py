"""The operation on the audit trail."""

from datetime import UTC, datetime
from typing import Final

from helpdesk_core.errors import Invalid
from helpdesk_core.fields import SEVERAL_FAULTS
from helpdesk_core.permissions import Act
from helpdesk_core.use_cases.auditing import KINDS, LARGEST_PAGE, LONGEST_SUBJECT, PAGE
from helpdesk_http.audit_bodies import LONGEST_CURSOR, NO_CURSOR, AuditBody, AuditRecordBody
from helpdesk_http.openapi.fields import whole
from helpdesk_http.openapi.operations import Operation, Parameter, Says
from helpdesk_http.openapi.samples import TICKET
from helpdesk_http.openapi.schemas import Schema

TAG: Final = "Staff: audit"

_NOTED: Final = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
_INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
_FILTERS: Final = (
    Parameter(
        name="object",
        place="query",
        schema={"type": "string", "maxLength": LONGEST_SUBJECT},
        description="Only what happened to this: a kind, a colon and an id.",
        example=f"ticket:{TICKET}",
    ),
    Parameter(
        name="actor",
        place="query",
        schema={"type": "string"},
        description="Only what this person did: an id, or the address of somebody known.",
    ),
    Parameter(
        name="kind",
        place="query",
        schema={"type": "string", "enum": list(KINDS)},
        description="Only what is of this kind.",
    ),
    Parameter(
        name="from",
        place="query",
        schema=_INSTANT,
        description="Only what was recorded then or later.",
    ),
    Parameter(
        name="to",
        place="query",
        schema=_INSTANT,
        description="Only what was recorded before then.",
    ),
    Parameter(
        name="limit",
        place="query",
        schema=whole(1, LARGEST_PAGE, PAGE, "Records on a page."),
        description="Records on a page.",
    ),
    Parameter(
        name="cursor",
        place="query",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_CURSOR},
        description="The `nextCursor` of the page before, asked for with the same filters.",
    ),
)
_PAGE: Final = AuditBody(
    records=[
        AuditRecordBody(
            object=f"ticket:{TICKET}",
            number=1,
            position=0,
            kind="submitted",
            at=_NOTED,
            noted_at=_NOTED,
            actor_id=None,
            who=None,
            origin="203.0.113.9",
            status="OPEN",
            details={},
            erased=False,
            hash="5f2c" * 16,
        )
    ],
    next_cursor=None,
)

OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/internal/audit",
        name="readAudit",
        tag=TAG,
        summary="Who did what",
        description=(
            "Everything that was recorded of tickets, tokens, the directory and sign-ins: who did "
            "it, when, and from where. What was recorded last comes first."
        ),
        parameters=_FILTERS,
        says=(Says(description="A page.", kind=AuditBody, examples={"submitted": _PAGE}),),
        refusals=(
            Invalid(SEVERAL_FAULTS, object="Object must be a kind and an id, such as ticket:<id>"),
            Invalid(NO_CURSOR, cursor="not a cursor"),
        ),
        act=Act.READ_AUDIT,
    ),
)
