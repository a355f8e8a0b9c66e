"""The staff's operations on all tickets, whichever door they came by."""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from helpdesk_core.errors import Invalid, InvalidTransition, NotFound
from helpdesk_core.permissions import Act
from helpdesk_core.queue import Door
from helpdesk_core.tickets import LONGEST_REASON, Status
from helpdesk_http.openapi.fields import or_none, text
from helpdesk_http.openapi.operations import Form, Operation, Parameter, Says
from helpdesk_http.openapi.queue import REFUSALS, filters
from helpdesk_http.openapi.samples import (
    DEPARTMENT,
    JANE,
    PAGINATION,
    STAND,
    TICKET,
    TICKET_FILE,
    UPDATE,
)
from helpdesk_http.openapi.staff import (
    ASSIGNMENT,
    ATTACHMENTS,
    MESSAGE,
    NOT_ASSIGNED,
    NOT_ITS_FILES,
    UNSAID,
)
from helpdesk_http.staff_lists import TicketPageBody, TicketRowBody
from helpdesk_http.staff_ticket_bodies import (
    AnsweredTicketBody,
    AssignedTicketBody,
    MovedTicketBody,
    TicketFileBody,
)
from helpdesk_http.staff_tickets import STEPS

TAG: Final = "Staff: all tickets"
PATH: Final = "/api/internal/tickets/{id}"

ID: Final = Parameter(
    name="id",
    place="path",
    schema={"type": "string"},
    description="The ticket's id, a UUID.",
    example=str(TICKET),
)
UNKNOWN: Final = NotFound("Ticket not found")
_ANSWER: Final = Form(
    name="TicketMessageRequest",
    description="What is said on a ticket.",
    fields={"message": MESSAGE, "attachments": ATTACHMENTS},
    required=frozenset({"message"}),
    examples={"message": {"message": UPDATE.message, "attachments": []}},
)
_WHY: Final = Form(
    name="MoveRequest",
    description="Why, if there is anything to say: an empty object will do.",
    fields={"reason": or_none(text(LONGEST_REASON, "Kept in the ticket's history."))},
    required=frozenset(),
    examples={"why": {"reason": "Fixed in the release of today"}, "plain": {}},
)
_WHY_NOT: Final = Form(
    name="RejectionRequest",
    description="Why not.",
    fields={"reason": text(LONGEST_REASON, "Shown to the submitter.")},
    required=frozenset({"reason"}),
    examples={"why": {"reason": "Duplicate request"}},
)
_STEPS_SAID: Final[Mapping[str, str]] = {
    "close": "Close a ticket",
    "resolve": "Resolve a ticket",
    "wait": "Let a ticket wait for its submitter",
    "resume": "Resume a waiting ticket",
    "reject": "Reject a ticket, with the reason",
    "reopen": "Reopen a resolved or closed ticket",
    "cancel": "Cancel a ticket",
}

_TICKET: Final = TICKET_FILE.ticket
_PAGE: Final = TicketPageBody(
    tickets=[
        TicketRowBody(
            id=TICKET,
            case_number=_TICKET.case_number,
            door=Door.SUPPORT,
            status=_TICKET.status,
            submitted_by=_TICKET.submitted_by,
            submitted_by_email=_TICKET.submitted_by_email,
            subject="Unable to access dashboard",
            description=_TICKET.description,
            department=DEPARTMENT,
            kpi_type=None,
            urgency=_TICKET.support.urgency if _TICKET.support else None,
            priority_score=85,
            assigned_to=JANE,
            created_at=_TICKET.created_at,
            last_activity=_TICKET.last_activity,
        )
    ],
    pagination=PAGINATION,
)


def _answering(name: str, summary: str, told: str, *, is_internal: bool) -> Operation:
    said = AnsweredTicketBody(ticket=STAND, message=attrs.evolve(UPDATE, is_internal=is_internal))
    return Operation(
        method="POST",
        path=f"{PATH}/{name}",
        name=f"{name}OnTicket",
        tag=TAG,
        summary=summary,
        parameters=(ID,),
        body=_ANSWER,
        says=(
            Says(
                description=told,
                kind=AnsweredTicketBody,
                examples={"said": said},
                headers=("ETag",),
            ),
        ),
        refusals=(UNSAID, NOT_ITS_FILES, UNKNOWN),
        act=Act.ANSWER_TICKETS,
        keyed=True,
        conditional=True,
    )


def _moves() -> Iterable[Operation]:
    for name, step in STEPS.items():
        is_refusal = step.to is Status.REJECTED
        yield Operation(
            method="POST",
            path=f"{PATH}/{name}",
            name=f"{name}Ticket",
            tag=TAG,
            summary=_STEPS_SAID[name],
            parameters=(ID,),
            body=_WHY_NOT if is_refusal else _WHY,
            says=(
                Says(
                    description=f"It is {step.to.value}; those whom it concerns are told.",
                    kind=MovedTicketBody,
                    examples={"moved": MovedTicketBody(ticket=attrs.evolve(STAND, status=step.to))},
                    headers=("ETag",),
                ),
            ),
            refusals=(
                Invalid("Reason is required", reason="missing"),
                UNKNOWN,
                InvalidTransition(f"A ticket that is CANCELLED cannot become {step.to.value}"),
            ),
            act=Act.MOVE_TICKETS,
            keyed=True,
            conditional=True,
        )


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/internal/tickets",
        name="listTickets",
        tag=TAG,
        summary="List all tickets",
        parameters=filters(doors=True),
        says=(
            Says(
                description="One page of the tickets.",
                kind=TicketPageBody,
                examples={"page": _PAGE},
            ),
        ),
        refusals=REFUSALS,
        act=Act.READ_TICKETS,
    ),
    Operation(
        method="GET",
        path=PATH,
        name="readTicket",
        tag=TAG,
        summary="Everything about a ticket",
        parameters=(ID,),
        says=(
            Says(
                description="The ticket; each list oldest first.",
                kind=TicketFileBody,
                examples={"ticket": TICKET_FILE},
                headers=("ETag",),
            ),
        ),
        refusals=(UNKNOWN,),
        act=Act.READ_TICKETS,
    ),
    _answering("reply", "Answer the submitter", "It is said; they are told.", is_internal=False),
    _answering("note", "Leave a note among staff", "It is said.", is_internal=True),
    Operation(
        method="PUT",
        path=f"{PATH}/assign",
        name="assignTicket",
        tag=TAG,
        summary="Give a ticket to somebody",
        parameters=(ID,),
        body=ASSIGNMENT,
        says=(
            Says(
                description="It is theirs; those whom it concerns are told.",
                kind=AssignedTicketBody,
                examples={
                    "assigned": AssignedTicketBody(
                        ticket=STAND, assigned_to=JANE, department=DEPARTMENT
                    )
                },
                headers=("ETag",),
            ),
        ),
        refusals=(*NOT_ASSIGNED, UNKNOWN),
        act=Act.ASSIGN_TICKETS,
        conditional=True,
    ),
    *_moves(),
)
