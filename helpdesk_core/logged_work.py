"""Work that agents log themselves: a ticket without a status, with the metrics of its KPI type.

It is judged as a submission is, in the same words and order, and then by the schema. What is logged
may be corrected and withdrawn, and stays with its department and KPI type: by those it is scored.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Department, Directory, KpiType, Scalar
from helpdesk_core.errors import Forbidden, Invalid, InvalidTransition
from helpdesk_core.fields import flag, required_text
from helpdesk_core.intake import (
    LONGEST_DESCRIPTION,
    read_department,
    read_kpi_type,
    read_ticket_date,
    refuse_calculated,
)
from helpdesk_core.metric_fields import read_metrics
from helpdesk_core.people import Role, User
from helpdesk_core.tickets import Change, EventKind, Ticket, event, touched, unchanged

LOGGED_AHEAD: Final = timedelta(days=1)
"""How far ahead of now a ticket date may be: somewhere it is tomorrow already."""
LOGGED_BACK: Final = timedelta(days=366)
"""How far back a ticket date may be, so that no month of years ago is changed by a slip."""


@attrs.frozen(kw_only=True)
class RawWork:
    """Work as somebody sent it: any JSON value in any field, None where nothing was sent."""

    dept_id: Any = None
    kpi_type_id: Any = None
    ticket_date: Any = None
    description: Any = None
    metrics: Any = None
    is_holiday_work: Any = None


@attrs.frozen(kw_only=True)
class LoggedWork:
    """Work that was checked against a directory."""

    department: Department
    kpi_type: KpiType
    ticket_date: datetime
    description: str
    metrics: Mapping[str, Scalar]
    is_holiday_work: bool = False


def validate_work(raw: RawWork, directory: Directory, now: datetime) -> LoggedWork:
    """Judge what an agent wants to log.

    Raises Invalid with the sentence of the first fault.
    """
    department = read_department(raw.dept_id, directory)
    kpi_type = read_kpi_type(raw.kpi_type_id, directory)
    ticket_date = _ticket_date(raw.ticket_date, now)
    refuse_calculated(kpi_type)
    _check_mapped(kpi_type, department)
    return LoggedWork(
        department=department,
        kpi_type=kpi_type,
        ticket_date=ticket_date,
        description=required_text(
            raw.description, field="description", label="Description", longest=LONGEST_DESCRIPTION
        ),
        metrics=read_metrics(kpi_type.metric_schema, raw.metrics),
        is_holiday_work=flag(raw.is_holiday_work, field="isHolidayWork", default=False),
    )


def member(directory: Directory, user: User, department: Department) -> Agent:
    """The agent that the user is, who works in the department. Raises Forbidden."""
    agent = directory.agents.get(user.id)
    if agent is None or not agent.works_in(department.id):
        raise Forbidden("You may log work only in departments that you work in")
    return agent


def log_work(work: LoggedWork, agent: Agent, *, ticket_id: UUID, now: datetime) -> Change:
    """The ticket of work that an agent logged."""
    ticket = Ticket(
        id=ticket_id,
        status=None,
        department_id=work.department.id,
        kpi_type_id=work.kpi_type.id,
        ticket_date=work.ticket_date,
        description=work.description,
        submitter_name=agent.name,
        submitter_email=agent.email,
        submitted_by=agent.id,
        submitted_at=now,
        is_holiday_work=work.is_holiday_work,
        metrics=work.metrics,
        assigned_to=agent.id,
        last_activity_at=now,
    )
    return Change(
        ticket=ticket,
        events=(event(EventKind.LOGGED, ticket, by=agent.as_user(), now=now),),
    )


def correct_work(ticket: Ticket, work: LoggedWork, *, by: User, now: datetime) -> Change:
    """Put the work in the place of what was logged; the event tells what it was before.

    What is as it was is no change. Raises Forbidden, InvalidTransition as `check_correctable`, and
    Invalid for another department or KPI type.
    """
    check_correctable(ticket, by)
    if (ticket.department_id, ticket.kpi_type_id) != (work.department.id, work.kpi_type.id):
        raise Invalid(
            "Logged work stays with its department and KPI type; withdraw it and log it anew",
            kpiTypeId="another",
        )
    wanted = {name: getattr(work, name) for name in _CORRECTED}
    held = {name: getattr(ticket, name) for name in wanted}
    held = {name: value for name, value in held.items() if value != wanted[name]}
    if not held:
        return unchanged(ticket)
    corrected = touched(ticket, now, **wanted)
    details = {_CORRECTED[name]: _shown(name, value) for name, value in held.items()}
    return Change(
        ticket=corrected, events=(event(EventKind.CORRECTED, corrected, by=by, now=now, **details),)
    )


def withdraw_work(ticket: Ticket, *, by: User, now: datetime) -> Change:
    """Take back what was logged: it ends now, and counts in no figure.

    Raises as `check_correctable`.
    """
    check_correctable(ticket, by)
    withdrawn = touched(ticket, now, closed_at=now)
    return Change(ticket=withdrawn, events=(event(EventKind.WITHDRAWN, withdrawn, by=by, now=now),))


def check_correctable(ticket: Ticket, by: User) -> None:
    """Raise InvalidTransition for what is no logged work or was withdrawn.

    And Forbidden unless it is the agent's own, or an admin asks.
    """
    if ticket.status is not None:
        raise InvalidTransition("This ticket is not logged work")
    if ticket.submitted_by != by.id and by.role is not Role.ADMIN:
        raise Forbidden("Only the agent who logged this work, or an admin, may change it")
    if ticket.closed_at is not None:
        raise InvalidTransition("This work was withdrawn")


_CORRECTED: Final[Mapping[str, str]] = {
    "ticket_date": "ticketDate",
    "description": "description",
    "metrics": "metrics",
    "is_holiday_work": "isHolidayWork",
}
"""What may be corrected, by its word in the event that tells of it."""


def _shown(name: str, value: object) -> str:
    """What a field was before, as text; a description is told of without its words."""
    if name == "description":
        return "changed"
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    return json.dumps(value, sort_keys=True)


def _ticket_date(value: object, now: datetime) -> datetime:
    ticket_date = read_ticket_date(value)
    if not now - LOGGED_BACK <= ticket_date <= now + LOGGED_AHEAD:
        raise Invalid(
            "Ticket Date must lie within the past year, and not in the future",
            ticketDate="out of bounds",
        )
    return ticket_date


def _check_mapped(kpi_type: KpiType, department: Department) -> None:
    if department.id not in kpi_type.department_ids:
        raise Invalid(
            "This KPI Type is not available for the selected department", kpiTypeId="unavailable"
        )
