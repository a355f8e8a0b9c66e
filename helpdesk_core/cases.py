"""The support door: what somebody sent, every fault of it at once, and the moves of a case.

`validate_case` turns a `RawCase` (anything may be in it) into a `NewCase` (everything is right), or
raises `Invalid` whose details say what is wrong with each field. The moves are pure.
"""

import re
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.case_policy import CasePolicy
from helpdesk_core.errors import Invalid, InvalidTransition
from helpdesk_core.fields import (
    all_of,
    choice,
    is_blank,
    optional_line,
    required_address,
    required_line,
    required_text,
)
from helpdesk_core.kinds import Metric
from helpdesk_core.people import User
from helpdesk_core.sla import deadline
from helpdesk_core.sla_policies import Policy
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
from helpdesk_core.tickets import (
    FINISHED,
    LONGEST_REASON,
    Change,
    Event,
    EventKind,
    Status,
    Ticket,
    event,
    touched,
)

LONGEST_LINE: Final = 200
"""Characters (code points) in a name, an organization, a project and a subject."""
LONGEST_CASE: Final = 20_000
"""Characters (code points) in the message of a case."""
DEFAULT_CUSTOMER_TYPE: Final = CustomerType.FREE
DEFAULT_ISSUE_TYPE: Final = IssueType.GENERAL
DEFAULT_URGENCY: Final = Urgency.MEDIUM
PHONE: Final = r"\+[0-9]{7,15}"
"""What a phone number looks like, whole: E.164-like, from 7 to 15 digits."""

_PHONE = re.compile(PHONE)
_LOOKED_AT: Final = 100  # characters; what is longer is no phone number


@attrs.frozen(kw_only=True)
class RawCase:
    """A case as it came: any JSON value in any field, None where nothing was sent."""

    name: Any = None
    email: Any = None
    organization: Any = None
    phone: Any = None
    customer_type: Any = None
    issue_type: Any = None
    urgency: Any = None
    client_or_project_name: Any = None
    subject: Any = None
    message: Any = None


@attrs.frozen(kw_only=True)
class NewCase:
    """A case that was checked, before it has a number."""

    name: str
    email: str
    organization: str | None
    phone: str | None
    customer_type: CustomerType
    issue_type: IssueType
    urgency: Urgency
    project: str | None
    subject: str
    message: str


@attrs.frozen(kw_only=True)
class Escalation:
    """A request to escalate that was checked; `urgency` None is one step up."""

    reason: str
    urgency: Urgency | None


def validate_case(raw: RawCase) -> NewCase:
    """Judge what was sent. Raises Invalid with a sentence for every field that is wrong."""
    line = partial(optional_line, longest=LONGEST_LINE)
    whole_line = partial(required_line, longest=LONGEST_LINE)
    return NewCase(
        **all_of(
            name=lambda: whole_line(raw.name, field="name", label="Name"),
            email=lambda: required_address(raw.email, field="email", label="Email"),
            organization=lambda: line(raw.organization, field="organization", label="Organization"),
            phone=lambda: _phone(raw.phone),
            customer_type=lambda: (
                choice(raw.customer_type, CustomerType, field="customerType", label="Customer type")
                or DEFAULT_CUSTOMER_TYPE
            ),
            issue_type=lambda: (
                choice(raw.issue_type, IssueType, field="issueType", label="Issue type")
                or DEFAULT_ISSUE_TYPE
            ),
            urgency=lambda: (
                choice(raw.urgency, Urgency, field="urgency", label="Urgency") or DEFAULT_URGENCY
            ),
            project=lambda: line(
                raw.client_or_project_name,
                field="clientOrProjectName",
                label="Client or project name",
            ),
            subject=lambda: whole_line(raw.subject, field="subject", label="Subject"),
            message=lambda: required_text(
                raw.message, field="message", label="Message", longest=LONGEST_CASE
            ),
        )
    )


def validate_escalation(reason: object, new_urgency: object) -> Escalation:
    """Judge a request to escalate. Raises Invalid with a sentence for every field that is wrong."""
    return Escalation(
        **all_of(
            reason=lambda: case_reason(reason),
            urgency=lambda: choice(new_urgency, Urgency, field="newUrgency", label="New urgency"),
        )
    )


def case_reason(value: object) -> str:
    """Why a case is escalated or cancelled. Raises Invalid."""
    return required_text(value, field="reason", label="Reason", longest=LONGEST_REASON)


def open_case(  # noqa: PLR0913  # one argument a thing that the case is made of
    new: NewCase,
    *,
    ticket_id: UUID,
    number: str,
    policy: CasePolicy,
    by: User | None,
    now: datetime,
    terms: Policy | None = None,
) -> Change:
    """The new ticket of a case. Only a signed-in customer is recorded as its submitter.

    What is promised is what the `terms` say, and where they are silent what the policy says.
    """
    kind = (new.urgency, new.customer_type)
    case = SupportCase(
        number=number,
        customer_type=new.customer_type,
        issue_type=new.issue_type,
        urgency=new.urgency,
        subject=new.subject,
        organization=new.organization,
        phone=new.phone,
        project=new.project,
        priority_score=policy.priority_score(*kind, new.issue_type),
        response_due_at=_response_due(now, terms, policy, kind),
        resolution_due_at=_resolution_due(now, terms, policy, kind),
    )
    ticket = Ticket(
        id=ticket_id,
        status=Status.OPEN,
        department_id=None,
        kpi_type_id=None,
        ticket_date=now,
        description=new.message,
        submitter_name=new.name,
        submitter_email=new.email,
        submitted_by=by.id if by else None,
        submitted_at=now,
        last_activity_at=now,
        case=case,
    )
    submitted = event(EventKind.SUBMITTED, ticket, by=by, now=now)
    return Change(ticket=ticket, events=(submitted,))


def raised_urgency(ticket: Ticket, escalation: Escalation) -> Urgency:
    """The urgency that a case would be raised to.

    Raises InvalidTransition on a finished case, Invalid for an urgency that is not higher.
    """
    case = ticket.case
    if case is None or ticket.status is None or ticket.status in FINISHED:
        held = ticket.status.value if ticket.status else "logged"
        raise InvalidTransition(f"A case that is {held} cannot be escalated")
    return _raised(case.urgency, escalation.urgency)


def escalate(  # noqa: PLR0913  # as above
    ticket: Ticket,
    escalation: Escalation,
    *,
    policy: CasePolicy,
    by: User | None,
    now: datetime,
    terms: Policy | None = None,
) -> Change:
    """Raise the urgency of a case; what is promised is reckoned anew from the submission.

    `terms` are those of the raised urgency; see `open_case`. Nothing is ever lowered: neither the
    score nor, by a later promise, a deadline; and no clock starts again. At the highest urgency the
    escalation is recorded and changes nothing else. Raises InvalidTransition on a finished case,
    Invalid for an urgency that is not higher.
    """
    urgency, case = raised_urgency(ticket, escalation), case_of(ticket)
    kind = (urgency, case.customer_type)
    start = ticket.submitted_at
    raised = attrs.evolve(
        case,
        urgency=urgency,
        priority_score=max(case.priority_score, policy.priority_score(*kind, case.issue_type)),
        response_due_at=min(case.response_due_at, _response_due(start, terms, policy, kind)),
        resolution_due_at=min(case.resolution_due_at, _resolution_due(start, terms, policy, kind)),
    )
    escalated = touched(ticket, now, case=raised)
    details = {"from": case.urgency.value, "to": urgency.value, "reason": escalation.reason}
    return Change(
        ticket=escalated,
        events=(event(EventKind.ESCALATED, escalated, by=by, now=now, **details),),
    )


def escalations(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """The escalations among what happened, each with `from`, `to` and `reason` in its details."""
    return tuple(happened for happened in history if happened.kind is EventKind.ESCALATED)


def case_of(ticket: Ticket) -> SupportCase:
    """The case of a ticket that is one."""
    if ticket.case is None:
        raise ValueError("the ticket is no case")
    return ticket.case


_Kind: TypeAlias = tuple[Urgency, CustomerType]


def _response_due(
    start: datetime, terms: Policy | None, policy: CasePolicy, kind: _Kind
) -> datetime:
    promised = terms.due(Metric.FIRST_RESPONSE, start) if terms else None
    return promised or deadline(start, policy.response_target(*kind))


def _resolution_due(
    start: datetime, terms: Policy | None, policy: CasePolicy, kind: _Kind
) -> datetime:
    promised = terms.due(Metric.RESOLUTION, start) if terms else None
    return promised or deadline(start, policy.resolution_target(*kind))


def _phone(value: object) -> str | None:
    if is_blank(value):
        return None
    number = value.strip() if isinstance(value, str) and len(value) <= _LOOKED_AT else ""
    if _PHONE.fullmatch(number) is None:
        raise Invalid("Phone must be + and 7 to 15 digits", phone="not a phone number")
    return number


def _raised(held: Urgency, wanted: Urgency | None) -> Urgency:
    urgency = wanted or held.one_higher()
    if wanted is not None and wanted.rank <= held.rank:
        raise Invalid(f"New urgency must be higher than {held.value}", newUrgency="not higher")
    return urgency
