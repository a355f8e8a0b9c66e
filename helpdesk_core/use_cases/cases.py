"""The support desk, as its customers use it: open a case, follow, escalate and cancel it.

Nobody signs in: the number of a case is its customer's key. Where numbers only count, the case's
address is wanted besides. Whoever holds no key learns nothing, not even which part was wrong.
"""

from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.case_numbers import (
    RANDOM_BYTES,
    Numbering,
    random_number,
    sequential_number,
    series_of,
)
from helpdesk_core.cases import (
    Escalation,
    NewCase,
    RawCase,
    case_of,
    case_reason,
    escalate,
    open_case,
    raised_urgency,
    validate_case,
    validate_escalation,
)
from helpdesk_core.directory import Directory
from helpdesk_core.errors import Invalid, NotFound
from helpdesk_core.fields import all_of, is_blank
from helpdesk_core.kinds import Door
from helpdesk_core.limits import CANCELLATIONS, CASES, ESCALATIONS, REFUSED_CASES, UNKNOWN_CASES
from helpdesk_core.messages import Message
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.sla_choice import Sort, policy_for_sort
from helpdesk_core.sla_policies import Policy
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.tickets import Change, Status, Ticket, move
from helpdesk_core.use_cases.changing import change_ticket
from helpdesk_core.use_cases.finding import NO_SUCH_CASE, found_case, has_address
from helpdesk_core.use_cases.limiting import count, misses_counted, refusals_counted
from helpdesk_core.use_cases.retrying import with_free_number
from helpdesk_core.use_cases.storing import store
from helpdesk_core.visibility import last_public_change, visible


@attrs.frozen(kw_only=True)
class RawKey:
    """What a customer shows of a case, as it came: its number, and perhaps its address."""

    case_number: object = None
    email: object = None


@attrs.frozen(kw_only=True)
class CaseKey:
    """What a customer shows of a case. `email` None: none was sent."""

    number: str
    email: str | None


@attrs.frozen(kw_only=True)
class CaseStatus:
    """A case as the holder of its number may see it.

    `updates` are public ones of the staff, oldest first; `last_updated` is when something last
    happened that the customer may know of.
    """

    ticket: Ticket
    last_updated: datetime
    updates: tuple[Message, ...]


def submit_case(ports: Ports, raw: RawCase, caller: Caller = STRANGER) -> Ticket:
    """Take a case in, durably, under a new number.

    Raises Invalid with every fault in its details, TooMany, Unavailable.
    """
    with refusals_counted(ports.limiter, REFUSED_CASES, caller):
        new = validate_case(raw)
    count(ports.limiter, CASES, caller)
    return with_free_number(lambda: _taken_in(ports, new, caller))


def read_case_status(ports: Ports, raw: RawKey, caller: Caller = STRANGER) -> CaseStatus:
    """The case that the key opens, as its customer may see it.

    Raises Invalid for a key that is none, TooMany, NotFound, Unavailable.
    """
    key = case_key(raw, ports)
    with misses_counted(ports.limiter, UNKNOWN_CASES, caller), ports.begin() as uow:
        ticket = opened_case(uow, key)
        history, messages = uow.history(ticket.id), uow.messages(ticket.id)
    return CaseStatus(
        ticket=ticket,
        last_updated=last_public_change(ticket, history),
        updates=visible(messages, viewer=None),
    )


def escalate_case(
    ports: Ports,
    raw: RawKey,
    reason: object,
    new_urgency: object = None,
    caller: Caller = STRANGER,
) -> Ticket:
    """Raise the urgency of the case that the key opens.

    Raises Invalid with every fault in its details, TooMany, NotFound, InvalidTransition on a
    finished case, Unavailable.
    """
    read = all_of(
        key=lambda: case_key(raw, ports),
        escalation=lambda: validate_escalation(reason, new_urgency),
    )
    _prove(ports, read["key"], caller)
    count(ports.limiter, ESCALATIONS, caller)
    change = change_ticket(
        ports,
        lambda uow: opened_case(uow, read["key"]),
        lambda ticket, directory, _uow: _escalated(
            ports, ticket, directory, read["escalation"], caller
        ),
        caller,
    )
    return change.ticket


def cancel_case(ports: Ports, raw: RawKey, reason: object, caller: Caller = STRANGER) -> Ticket:
    """Cancel the case that the key opens. Raises as `escalate_case`."""
    read = all_of(key=lambda: case_key(raw, ports), reason=lambda: case_reason(reason))
    _prove(ports, read["key"], caller)
    count(ports.limiter, CANCELLATIONS, caller)
    change = change_ticket(
        ports,
        lambda uow: opened_case(uow, read["key"]),
        lambda ticket, _directory, _uow: move(
            ticket, Status.CANCELLED, by=caller.user, now=ports.now(), reason=read["reason"]
        ),
        caller,
    )
    return change.ticket


def _taken_in(ports: Ports, new: NewCase, caller: Caller) -> Ticket:
    with ports.begin() as uow:
        directory = uow.directory()
        now = ports.now()
        change = open_case(
            new,
            ticket_id=ports.new_id(),
            number=new_number(uow, ports, now.year),
            policy=ports.cases.policy,
            by=caller.user,
            now=now,
            terms=_terms(ports, directory, new.urgency, new.customer_type),
        )
        return store(ports, uow, change, directory, caller).change.ticket


def _escalated(
    ports: Ports, ticket: Ticket, directory: Directory, escalation: Escalation, caller: Caller
) -> Change:
    urgency, case = raised_urgency(ticket, escalation), case_of(ticket)
    return escalate(
        ticket,
        escalation,
        policy=ports.cases.policy,
        by=caller.user,
        now=ports.now(),
        terms=_terms(ports, directory, urgency, case.customer_type, ticket.department_id),
    )


def _terms(
    ports: Ports,
    directory: Directory,
    urgency: Urgency,
    customer_type: CustomerType,
    department_id: UUID | None = None,
) -> Policy:
    sort = Sort(
        door=Door.SUPPORT,
        department_id=department_id,
        urgency=urgency,
        customer_type=customer_type,
    )
    return policy_for_sort(sort, directory, ports.cases.policy)


def new_number(uow: UnitOfWork, ports: Ports, year: int) -> str:
    """A number for a case of that year, as the desk numbers its cases."""
    prefix = ports.cases.prefix
    if ports.cases.numbering is Numbering.SEQUENTIAL:
        return sequential_number(prefix, year, uow.next_number(series_of(prefix, year)))
    return random_number(prefix, year, ports.random(RANDOM_BYTES))


def case_key(raw: RawKey, ports: Ports) -> CaseKey:
    """What was shown, as far as it can be a key. Raises Invalid for each part that is missing."""
    wants_email = ports.cases.numbering is Numbering.SEQUENTIAL
    return CaseKey(
        **all_of(
            number=lambda: _shown(raw.case_number, field="caseNumber", label="Case number"),
            email=lambda: (
                None
                if is_blank(raw.email) and not wants_email
                else _shown(raw.email, field="email", label="Email")
            ),
        )
    )


def _shown(value: object, *, field: str, label: str) -> str:
    if is_blank(value) or not isinstance(value, str):
        raise Invalid(f"{label} is required", **{field: "missing"})
    return value


def _prove(ports: Ports, key: CaseKey, caller: Caller) -> None:
    with misses_counted(ports.limiter, UNKNOWN_CASES, caller), ports.begin() as uow:
        _ = opened_case(uow, key)


def opened_case(uow: UnitOfWork, key: CaseKey) -> Ticket:
    """The ticket of the case that the key opens. Raises NotFound, in the same words for any key."""
    ticket = found_case(uow, key.number)
    if key.email is not None and not has_address(ticket, key.email):
        raise NotFound(NO_SUCH_CASE)
    return ticket
