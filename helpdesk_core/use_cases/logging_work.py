"""Agents log work of their own, correct it, and take it back."""

import attrs

from helpdesk_core.directory import Department, Directory, KpiType, in_order
from helpdesk_core.logged_work import (
    RawWork,
    check_correctable,
    correct_work,
    log_work,
    member,
    validate_work,
    withdraw_work,
)
from helpdesk_core.people import Caller, User
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Ticket
from helpdesk_core.use_cases.changing import change_target
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.retrying import until_fresh
from helpdesk_core.use_cases.storing import store


@attrs.frozen(kw_only=True)
class WorkOption:
    """A department that an agent works in, and what they may log there, in the order of lists."""

    department: Department
    kpi_types: tuple[KpiType, ...]


@attrs.frozen(kw_only=True)
class WorkOptions:
    """What a form is made of: departments by name, KPI groups by their ids in the directory."""

    departments: tuple[WorkOption, ...]
    directory: Directory


def list_work_options(ports: Ports, caller: Caller) -> WorkOptions:
    """What the caller may log, and where.

    Raises NotSignedIn, Forbidden.
    """
    by = allow(caller, Act.LOG_WORK)
    with ports.begin() as uow:
        directory = uow.directory()
    agent = directory.agents.get(by.id)
    own = (it for it in directory.departments.values() if agent and agent.works_in(it.id))
    options = (
        WorkOption(department=department, kpi_types=_loggable(department, directory))
        for department in sorted(own, key=lambda it: (fold(it.name), it.id))
    )
    return WorkOptions(departments=tuple(options), directory=directory)


def log_own_work(ports: Ports, raw: RawWork, caller: Caller) -> Ticket:
    """Store work that the caller did, in a department that they work in.

    Raises NotSignedIn, Forbidden, and Invalid with the sentence of the first fault.
    """
    by = allow(caller, Act.LOG_WORK)
    return until_fresh(lambda: _logged(ports, raw, by, caller)).ticket


def correct_own_work(ports: Ports, target: Target, raw: RawWork, caller: Caller) -> Ticket:
    """Put what is sent in the place of all that was logged; an admin may correct anybody's.

    It is judged by the schema of today. Raises as `log_own_work`, and NotFound, NotAsExpected,
    InvalidTransition.
    """
    by = allow(caller, Act.LOG_WORK)

    def decide(ticket: Ticket, directory: Directory, _: UnitOfWork) -> Change:
        check_correctable(ticket, by)
        now = ports.now()
        return correct_work(ticket, validate_work(raw, directory, now), by=by, now=now)

    return change_target(ports, target, decide, caller).ticket


def withdraw_own_work(ports: Ports, target: Target, caller: Caller) -> Ticket:
    """Take back work that was logged; it stays to be read, and counts in no figure.

    Raises NotSignedIn, Forbidden, NotFound, NotAsExpected, InvalidTransition.
    """
    by = allow(caller, Act.LOG_WORK)

    def decide(ticket: Ticket, _directory: Directory, _uow: UnitOfWork) -> Change:
        return withdraw_work(ticket, by=by, now=ports.now())

    return change_target(ports, target, decide, caller).ticket


def _logged(ports: Ports, raw: RawWork, by: User, caller: Caller) -> Change:
    with ports.begin() as uow:
        directory, now = uow.directory(), ports.now()
        work = validate_work(raw, directory, now)
        agent = member(directory, by, work.department)
        change = log_work(work, agent, ticket_id=ports.new_id(), now=now)
        _ = store(ports, uow, change, directory, caller)
    return change


def _loggable(department: Department, directory: Directory) -> tuple[KpiType, ...]:
    return in_order(
        it
        for it in directory.kpi_types.values()
        if department.id in it.department_ids and not it.is_calculated
    )
