"""Staff at work on a ticket, whichever door it came by."""

from functools import partial
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.chat import agent_message, staff_text
from helpdesk_core.directory import Agent, Department, Directory
from helpdesk_core.errors import Invalid, InvalidTransition
from helpdesk_core.fields import (
    all_of,
    choice,
    flag,
    is_blank,
    optional_line,
    required_text,
)
from helpdesk_core.intake import LONGEST_NAME
from helpdesk_core.messages import Message
from helpdesk_core.people import Caller, User
from helpdesk_core.permissions import Act, allow
from helpdesk_core.places import TicketPlace, place_of
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import read_uuid
from helpdesk_core.tickets import (
    LONGEST_REASON,
    Change,
    Status,
    Ticket,
    assign,
    move,
    say,
    then,
    unchanged,
)
from helpdesk_core.use_cases.changing import change_target
from helpdesk_core.use_cases.finding import Target

MOST_NAMED: Final = 20
"""Files that one update refers to."""


@attrs.frozen(kw_only=True)
class RawUpdate:
    """What a member of staff says of a ticket, as it came."""

    message: object = None
    is_internal: object = None
    status_change: object = None
    attachments: object = None


@attrs.frozen(kw_only=True)
class Updated:
    """A ticket after an update, and what was said."""

    ticket: Ticket
    message: Message


@attrs.frozen(kw_only=True)
class RawAssignment:
    """Whom a ticket is to be given to, as it came."""

    staff_id: object = None
    department: object = None
    notes: object = None


@attrs.frozen(kw_only=True)
class Assigned:
    """A ticket after it was given to somebody, and the names around it."""

    ticket: Ticket
    place: TicketPlace


@attrs.frozen(kw_only=True)
class _Update:
    text: str
    is_internal: bool
    status: Status | None
    attachment_ids: tuple[UUID, ...]


@attrs.frozen(kw_only=True)
class _Assignment:
    agent_id: UUID
    department: str | None
    notes: str | None


def update_ticket(ports: Ports, target: Target, raw: RawUpdate, caller: Caller) -> Updated:
    """Say something on a ticket, to the customer or among staff, and perhaps change its status.

    All of it is one change. A status that the ticket has already is no change of it. Raises
    NotSignedIn, Forbidden, Invalid with every fault in its details, NotFound, NotAsExpected and
    InvalidTransition.
    """
    by = allow(caller, Act.ANSWER_TICKETS)
    update = _read_update(raw)
    if update.status is not None:
        _ = allow(caller, Act.MOVE_TICKETS)
    message = agent_message(
        update.text,
        by,
        message_id=ports.new_id(),
        now=ports.now(),
        is_internal=update.is_internal,
        attachment_ids=update.attachment_ids,
    )

    def decide(ticket: Ticket, _: Directory, uow: UnitOfWork) -> Change:
        _check_attachments(uow, ticket, update.attachment_ids)
        return then(
            say(ticket, message, by=by),
            partial(_moved, to=update.status, by=by, message=message),
        )

    return Updated(ticket=change_target(ports, target, decide, caller).ticket, message=message)


def assign_ticket(ports: Ports, target: Target, raw: RawAssignment, caller: Caller) -> Assigned:
    """Give a ticket to an active agent, who is told; notes stay among staff.

    A department, named by its name, key or id, must be one that the agent works in, and for an
    intake ticket one that takes its KPI type; without one the ticket stays where it is, and an
    intake ticket's agent must work there. Raises as `update_ticket`.
    """
    by = allow(caller, Act.ASSIGN_TICKETS)
    wanted = _read_assignment(raw)

    def decide(ticket: Ticket, directory: Directory, _: UnitOfWork) -> Change:
        department = _department(directory, ticket, wanted.department)
        agent = _member(directory, department, wanted.agent_id)
        given = assign(
            ticket,
            agent,
            by=by,
            now=ports.now(),
            department_id=department.id if department else None,
        )
        return then(given, lambda held: _noted(ports, held, wanted.notes, by))

    ticket = change_target(ports, target, decide, caller).ticket
    with ports.begin() as uow:
        return Assigned(ticket=ticket, place=place_of(ticket, uow.directory()))


def move_ticket(  # noqa: PLR0913  # a move's worth of arguments
    ports: Ports,
    target: Target,
    to: Status,
    caller: Caller,
    *,
    reason: object = None,
    leaving: frozenset[Status] = frozenset(Status),
) -> Ticket:
    """Bring a ticket to another status: wait, resolve, close, reject, cancel, reopen.

    Rejecting wants a reason. `leaving` are the statuses that the ticket may have, where the status
    it is brought to does not tell what is meant: one is resumed from WAITING, reopened from CLOSED.
    Raises as `update_ticket`.
    """
    by = allow(caller, Act.MOVE_TICKETS)
    why = None if is_blank(reason) and to is not Status.REJECTED else _reason(reason)

    def decide(ticket: Ticket, _directory: Directory, _uow: UnitOfWork) -> Change:
        _check_leaving(ticket, leaving)
        return move(ticket, to, by=by, now=ports.now(), reason=why)

    return change_target(ports, target, decide, caller).ticket


def _read_update(raw: RawUpdate) -> _Update:
    return _Update(
        **all_of(
            text=lambda: staff_text(raw.message),
            is_internal=lambda: flag(raw.is_internal, field="isInternal", default=False),
            status=lambda: choice(
                raw.status_change, Status, field="statusChange", label="Status change"
            ),
            attachment_ids=lambda: _attachment_ids(raw.attachments),
        )
    )


def _attachment_ids(value: object) -> tuple[UUID, ...]:
    """Ids of files that were uploaded before: no URL and no content is ever taken here."""
    named = [] if value is None else value
    ids = [read_uuid(each) for each in named] if isinstance(named, list) else [None]
    if len(ids) > MOST_NAMED or None in ids or len(set(ids)) != len(ids):
        raise Invalid(
            f"Attachments must be a list of ids, each once, {MOST_NAMED} or fewer",
            attachments="not a list of ids",
        )
    return tuple(each for each in ids if each)


def _check_attachments(uow: UnitOfWork, ticket: Ticket, named: tuple[UUID, ...]) -> None:
    if not named:
        return
    held = {attachment.id for attachment in uow.attachments(ticket.id)}
    if not held.issuperset(named):
        raise Invalid("Attachments must be files of this ticket", attachments="unknown")


def _moved(held: Ticket, *, to: Status | None, by: User, message: Message) -> Change:
    if to is None or to is held.status:
        return unchanged(held)
    reason = message.body if to is Status.REJECTED and not message.is_internal else None
    return move(held, to, by=by, now=message.created_at, reason=reason)


def _check_leaving(ticket: Ticket, leaving: frozenset[Status]) -> None:
    if ticket.status not in leaving and ticket.status is not None:
        words = " or ".join(status.value for status in Status if status in leaving)
        raise InvalidTransition(f"This takes a ticket that is {words}; it is {ticket.status.value}")


def _read_assignment(raw: RawAssignment) -> _Assignment:
    return _Assignment(
        **all_of(
            agent_id=lambda: _agent_id(raw.staff_id),
            department=lambda: optional_line(
                raw.department, field="department", label="Department", longest=LONGEST_NAME
            ),
            notes=lambda: None if is_blank(raw.notes) else _notes(raw.notes),
        )
    )


def _agent_id(value: object) -> UUID:
    agent_id = value if isinstance(value, UUID) else read_uuid(value)
    if agent_id is None:
        raise Invalid("Staff id is required", staffId="missing or not a UUID")
    return agent_id


def _notes(value: object) -> str:
    return required_text(value, field="notes", label="Notes", longest=LONGEST_REASON)


def _department(directory: Directory, ticket: Ticket, named: str | None) -> Department | None:
    """The department that the ticket is to be in: the one that was named, else the one it has."""
    if named is None:
        held = ticket.department_id
        return directory.departments.get(held) if held and ticket.kpi_type_id else None
    department = directory.department_named(named)
    if department is None:
        raise Invalid("Invalid Department", department="unknown")
    kpi_type = directory.kpi_types.get(ticket.kpi_type_id) if ticket.kpi_type_id else None
    if kpi_type is not None and department.id not in kpi_type.department_ids:
        raise Invalid(
            "This KPI Type is not available for the selected department", department="unavailable"
        )
    return department


def _member(directory: Directory, department: Department | None, agent_id: UUID) -> Agent:
    agent = directory.agents.get(agent_id)
    if agent is None or not agent.is_active:
        raise Invalid("Selected user is unknown or is inactive", staffId="unavailable")
    if department is not None and not agent.works_in(department.id):
        raise Invalid(
            "Selected user is not assigned to that department or is inactive",
            staffId="unavailable",
        )
    return agent


def _noted(ports: Ports, held: Ticket, notes: str | None, by: User) -> Change:
    if notes is None:
        return unchanged(held)
    note = agent_message(notes, by, message_id=ports.new_id(), now=ports.now(), is_internal=True)
    return say(held, note, by=by)


def _reason(value: object) -> str:
    return required_text(value, field="reason", label="Reason", longest=LONGEST_REASON)
