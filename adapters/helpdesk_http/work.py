"""Work that agents log of their own: a ticket without a status, scored by its own figures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import attrs
import falcon

from helpdesk_core.directory import Scalar
from helpdesk_core.logged_work import RawWork
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.logging_work import (
    WorkOptions,
    correct_own_work,
    list_work_options,
    log_own_work,
    withdraw_own_work,
)
from helpdesk_http.answers import answer, send, send_answer
from helpdesk_http.bodies import KpiTypeBody
from helpdesk_http.callers import Callers
from helpdesk_http.conditions import expected_versions
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.json_reader import read_object
from helpdesk_http.keyed import Keyed
from helpdesk_http.wire import read_raw


@attrs.frozen(kw_only=True)
class LoggedWorkBody:
    """Work that was logged, and by whom; `withdrawnAt` is null until it is taken back."""

    id: UUID
    department_id: UUID | None
    kpi_type_id: UUID | None
    ticket_date: datetime
    description: str
    metrics: Mapping[str, Scalar]
    is_holiday_work: bool
    logged_by: UUID | None
    logged_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """The work as it is kept."""
        return cls(
            id=ticket.id,
            department_id=ticket.department_id,
            kpi_type_id=ticket.kpi_type_id,
            ticket_date=ticket.ticket_date,
            description=ticket.description,
            metrics=ticket.metrics,
            is_holiday_work=ticket.is_holiday_work,
            logged_by=ticket.submitted_by,
            logged_at=ticket.submitted_at,
            withdrawn_at=ticket.closed_at,
        )


@attrs.frozen(kw_only=True)
class WorkBody:
    """Logged work, by itself."""

    success: bool = True
    work: LoggedWorkBody


@attrs.frozen(kw_only=True)
class WorkDepartmentBody:
    """A department that the agent works in, and what they may log there."""

    id: UUID
    name: str
    abbreviation: str
    kpi_types: Sequence[KpiTypeBody]


@attrs.frozen(kw_only=True)
class WorkOptionsBody:
    """What a form to log work is made of."""

    success: bool = True
    departments: Sequence[WorkDepartmentBody]

    @classmethod
    def of(cls, options: WorkOptions) -> Self:
        """The options as a form shows them."""
        return cls(
            departments=[
                WorkDepartmentBody(
                    id=option.department.id,
                    name=option.department.name,
                    abbreviation=option.department.abbreviation,
                    kpi_types=[
                        KpiTypeBody.of(kpi_type, options.directory) for kpi_type in option.kpi_types
                    ],
                )
                for option in options.departments
            ]
        )


class WorkOptionsResource:
    """What agents may log, and where."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """List it."""
        options = list_work_options(self._ports, self._callers(req))
        send(req, resp, WorkOptionsBody.of(options))

    on_head = on_get


class WorkResource:
    """Where agents log work."""

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Log it."""
        sent, caller = read_object(req), self._callers(req)
        raw = read_raw(sent, RawWork)
        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: _answered(log_own_work(ports, raw, caller), status=201),
            write=lambda change: _answered(change.ticket, status=201),
        )


class LoggedWorkResource:
    """Where logged work is corrected."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_put(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Put what is sent in the place of what was logged."""
        raw, target = read_raw(read_object(req), RawWork), _target(req, ticket_id)
        corrected = correct_own_work(self._ports, target, raw, self._callers(req))
        send_answer(resp, _answered(corrected))


class WithdrawalResource:
    """Where logged work is taken back."""

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Take it back."""
        sent, caller, target = read_object(req), self._callers(req), _target(req, ticket_id)
        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: _answered(withdraw_own_work(ports, target, caller)),
            write=lambda change: _answered(change.ticket),
        )


def _target(req: DeskRequest, ticket_id: str) -> Target:
    return Target(ticket_id=ticket_id, version=expected_versions(req))


def _answered(ticket: Ticket, status: int = 200) -> Answer:
    body = WorkBody(work=LoggedWorkBody.of(ticket))
    return answer(ENVELOPE, body, status=status, version=ticket.version)
