"""The intake door: what somebody sent, judged in the contract's words and order.

`validate` turns a `RawIntake` (anything may be in it) into an `Intake` (everything is right), or
raises `Invalid` with the first sentence that applies. `submit` makes the ticket of it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Department, Directory, KpiType
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import flag, is_blank, required_line, required_text
from helpdesk_core.people import Caller
from helpdesk_core.text import read_address, read_instant, read_uuid
from helpdesk_core.tickets import Change, Event, EventKind, Status, Ticket, assign

LONGEST_DESCRIPTION: Final = 20_000
"""Characters (code points)."""
LONGEST_NAME: Final = 200
"""Characters (code points)."""


class PublicStatus(Enum):
    """What contract A calls a ticket's status; the value is its word."""

    NEW = "NEW"
    ONPROGRESS = "ONPROGRESS"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"


SHOWN_AS: Final[Mapping[Status, PublicStatus]] = {
    Status.OPEN: PublicStatus.NEW,
    Status.IN_PROGRESS: PublicStatus.ONPROGRESS,
    Status.WAITING: PublicStatus.ONPROGRESS,
    Status.RESOLVED: PublicStatus.CLOSED,
    Status.CLOSED: PublicStatus.CLOSED,
    Status.REJECTED: PublicStatus.REJECTED,
    Status.CANCELLED: PublicStatus.CLOSED,
}
"""Contract A's word for each status. It knows no cancelling: a cancelled ticket is closed to it."""


@attrs.frozen(kw_only=True)
class RawIntake:
    """A submission as it came: any JSON value in any field, None where nothing was sent."""

    dept_id: Any = None
    user_id: Any = None
    kpi_type_id: Any = None
    ticket_date: Any = None
    description: Any = None
    created_by_name: Any = None
    created_by_email: Any = None
    is_holiday_work: Any = None


@attrs.frozen(kw_only=True)
class Submitter:
    """Whose ticket it is. `user_id` is set only for a signed-in submitter."""

    name: str
    email: str
    user_id: UUID | None = None


@attrs.frozen(kw_only=True)
class Intake:
    """A submission that was checked against a directory."""

    department: Department
    kpi_type: KpiType
    ticket_date: datetime
    description: str
    submitter: Submitter
    assignee: Agent | None
    is_holiday_work: bool


def validate(raw: RawIntake, directory: Directory, caller: Caller) -> Intake:
    """Judge a submission; the order of the checks is the contract's.

    Raises Invalid with the first sentence that applies, and nothing else whatever was sent.
    """
    department = read_department(raw.dept_id, directory)
    kpi_type = read_kpi_type(raw.kpi_type_id, directory)
    _check_available(kpi_type, department)
    ticket_date = read_ticket_date(raw.ticket_date)
    refuse_calculated(kpi_type)
    return Intake(
        department=department,
        kpi_type=kpi_type,
        ticket_date=ticket_date,
        description=required_text(
            raw.description, field="description", label="Description", longest=LONGEST_DESCRIPTION
        ),
        submitter=_submitter(raw, caller),
        assignee=_assignee(raw.user_id, department, directory),
        is_holiday_work=flag(raw.is_holiday_work, field="isHolidayWork", default=False),
    )


def submit(intake: Intake, *, ticket_id: UUID, now: datetime) -> Change:
    """The new ticket of a submission: open, or at once in progress with its assignee."""
    ticket = Ticket(
        id=ticket_id,
        status=Status.OPEN,
        department_id=intake.department.id,
        kpi_type_id=intake.kpi_type.id,
        ticket_date=intake.ticket_date,
        description=intake.description,
        submitter_name=intake.submitter.name,
        submitter_email=intake.submitter.email,
        submitted_by=intake.submitter.user_id,
        submitted_at=now,
        is_holiday_work=intake.is_holiday_work,
        last_activity_at=now,
    )
    actor = intake.submitter.user_id
    submitted = Event(kind=EventKind.SUBMITTED, at=now, actor_id=actor, status=Status.OPEN)
    if intake.assignee is None:
        return Change(ticket=ticket, events=(submitted,))
    assigned = assign(ticket, intake.assignee, by=None, now=now)
    return Change(
        ticket=attrs.evolve(assigned.ticket, version=ticket.version),
        events=(submitted, *assigned.events),
    )


def read_department(value: object, directory: Directory) -> Department:
    """The department that was chosen. Raises Invalid."""
    department_id = read_uuid(value)
    if department_id is None:
        raise Invalid("Department is required", deptId="missing or not a UUID")
    department = directory.departments.get(department_id)
    if department is None:
        raise Invalid("Invalid Department", deptId="unknown")
    return department


def read_kpi_type(value: object, directory: Directory) -> KpiType:
    """The KPI type that was chosen. Raises Invalid."""
    if is_blank(value):
        raise Invalid("KPI Type is required", kpiTypeId="missing")
    kpi_type_id = read_uuid(value)
    kpi_type = directory.kpi_types.get(kpi_type_id) if kpi_type_id else None
    if kpi_type is None:
        raise Invalid("Invalid KPI Type", kpiTypeId="unknown")
    return kpi_type


def _check_available(kpi_type: KpiType, department: Department) -> None:
    # A calculated type is never mapped for intake; it is told apart later, with its own sentence.
    if not kpi_type.is_calculated and not kpi_type.is_available_to(department.id):
        raise Invalid(
            "This KPI Type is not available for the selected department", kpiTypeId="unavailable"
        )


def read_ticket_date(value: object) -> datetime:
    """The instant that was given. Raises Invalid."""
    instant = read_instant(value)
    if instant is None:
        raise Invalid("Ticket Date is required", ticketDate="missing or not an ISO 8601 timestamp")
    return instant


def refuse_calculated(kpi_type: KpiType) -> None:
    """Raise Invalid for a KPI type whose figures come from other tickets."""
    if kpi_type.is_calculated:
        raise Invalid(
            "Uptime KPI is calculated from other KPI tickets and cannot be entered manually",
            kpiTypeId="calculated",
        )


def _submitter(raw: RawIntake, caller: Caller) -> Submitter:
    if caller.user is not None:
        return Submitter(name=caller.user.name, email=caller.user.email, user_id=caller.user.id)
    name = required_line(
        raw.created_by_name, field="createdByName", label="Your name", longest=LONGEST_NAME
    )
    return Submitter(name=name, email=_email(raw.created_by_email))


def _email(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Invalid("Your email is required", createdByEmail="missing")
    address = read_address(value)
    if address is None:
        raise Invalid("Email format is invalid", createdByEmail="not one e-mail address")
    return address


def _assignee(value: object, department: Department, directory: Directory) -> Agent | None:
    if is_blank(value):
        return None
    agent_id = read_uuid(value)
    agent = directory.agents.get(agent_id) if agent_id else None
    if agent is None or not agent.works_in(department.id):
        raise Invalid(
            "Selected user is not assigned to that department or is inactive", userId="unavailable"
        )
    return agent
