"""One table says who may do what, and every use case of the staff asks it."""

from collections.abc import Callable
from itertools import product
from typing import Final

import pytest

from helpdesk_core.errors import Forbidden, HelpdeskError, NotSignedIn
from helpdesk_core.people import STRANGER, Caller, Role
from helpdesk_core.permissions import ALLOWED, FOR_SOME, Act, allow
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import (
    a_case,
    a_case_ticket,
    a_change,
    a_customer,
    an_attachment,
    an_id,
)
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.attaching import attach_file, open_attachment
from helpdesk_core.use_cases.figures import RawFigures, read_dashboard, read_monthly
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.listing import RawQuery, list_tickets, read_query, read_ticket
from helpdesk_core.use_cases.notifications import RawNoticeQuery, read_notifications
from helpdesk_memory import MemoryDesk

ROLES: Final = (None, *Role)
TARGET: Final = Target(ticket_id=an_id(1000))

TABLE: Final = {
    Act.READ_TICKETS: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.ANSWER_TICKETS: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.MOVE_TICKETS: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.LOG_WORK: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.ASSIGN_TICKETS: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.ATTACH_FILES: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.READ_NOTICES: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.RETRY_NOTICES: {Role.MANAGEMENT, Role.ADMIN},
    Act.READ_METRICS: {Role.MANAGEMENT, Role.ADMIN},
    Act.READ_FIGURES: {Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.MANAGE_OWN_SESSIONS: {Role.CUSTOMER, Role.AGENT, Role.MANAGEMENT, Role.ADMIN},
    Act.MANAGE_ACCOUNTS: {Role.ADMIN},
    Act.READ_AUDIT: {Role.ADMIN},
    Act.ERASE_PEOPLE: {Role.ADMIN},
}

USE_CASES: Final[dict[str, Callable[[Ports, Caller], object]]] = {
    "list": lambda ports, caller: list_tickets(ports, read_query(RawQuery()), caller),
    "read": lambda ports, caller: read_ticket(ports, TARGET, caller),
    "update": lambda ports, caller: update_ticket(ports, TARGET, RawUpdate(message="Hi"), caller),
    "update and move": lambda ports, caller: update_ticket(
        ports, TARGET, RawUpdate(message="Done", status_change="RESOLVED"), caller
    ),
    "move": lambda ports, caller: move_ticket(ports, TARGET, Status.RESOLVED, caller),
    "assign": lambda ports, caller: assign_ticket(
        ports, TARGET, RawAssignment(staff_id=str(ACTIVE_AGENT)), caller
    ),
    "attach": lambda ports, caller: attach_file(ports, TARGET, "a.txt", [b"a"], caller),
    "open a file": lambda ports, caller: open_attachment(
        ports, TARGET, str(an_attachment().id), caller
    ),
    "read notices": lambda ports, caller: read_notifications(
        ports, RawNoticeQuery(case_number=a_case().number), caller
    ),
    "read a month": lambda ports, caller: read_monthly(ports, RawFigures(), caller),
    "read the dashboard": read_dashboard,
}


def caller_in(role: Role | None) -> Caller:
    return Caller(user=a_customer(5, role=role)) if role else STRANGER


def test_the_table_is_this() -> None:
    assert TABLE == ALLOWED


@pytest.mark.parametrize(("act", "role"), list(product(Act, ROLES)))
def test_every_act_is_for_those_in_the_table_and_nobody_else(act: Act, role: Role | None) -> None:
    caller = caller_in(role)
    if role in TABLE[act]:
        assert caller.user == allow(caller, act)
        return
    with pytest.raises(NotSignedIn if role is None else Forbidden) as refused:
        _ = allow(caller, act)

    stranger = "Staff authentication is required" if act in FOR_SOME else "Sign in first"
    assert (f"Your role may not {act.value}" if role else stranger) == refused.value.message


@pytest.fixture
def stored(desk: MemoryDesk) -> MemoryDesk:
    """A desk with a case that has a file."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(), attachment=an_attachment()))
        uow.commit()
    desk.files.put(an_attachment().id, [b"content"])
    return desk


@pytest.mark.parametrize(("name", "role"), list(product(USE_CASES, ROLES)))
def test_every_use_case_of_the_staff_asks_the_table(
    stored: MemoryDesk, name: str, role: Role | None
) -> None:
    expected = {None: NotSignedIn, Role.CUSTOMER: Forbidden}.get(role)

    assert expected == _refusal(USE_CASES[name], stored.ports, caller_in(role))


@pytest.mark.parametrize("name", USE_CASES)
@pytest.mark.parametrize("role", [None, Role.CUSTOMER])
def test_whoever_may_not_changes_nothing_and_learns_nothing(
    desk: MemoryDesk, name: str, role: Role | None
) -> None:
    """Not even that there is no such ticket."""
    expected = NotSignedIn if role is None else Forbidden

    assert expected == _refusal(USE_CASES[name], desk.ports, caller_in(role))


def _refusal(
    act: Callable[[Ports, Caller], object], ports: Ports, caller: Caller
) -> type[HelpdeskError] | None:
    try:
        _ = act(ports, caller)
    except HelpdeskError as refused:
        return type(refused)
    return None
