"""Staff give tickets to one another: to an active agent, with a department and notes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Final
from uuid import UUID

import pytest

from helpdesk_core.errors import HelpdeskError, Invalid, InvalidTransition, NotAsExpected
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_ticket,
    an_event,
    an_id,
    staff,
)
from helpdesk_core.testing.directories import (
    ACCOUNTS,
    ACTIVE_AGENT,
    ADMIN,
    INACTIVE_AGENT,
    NETWORK,
    OTHER_AGENT,
    SUPPORT,
)
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.strategies import JsonValue
from helpdesk_core.tickets import FINISHED, Event, Status, Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import Assigned, RawAssignment, assign_ticket
from helpdesk_memory import MemoryDesk

STAFF: Final = staff()
LATER: Final = NOW + timedelta(hours=1)
CASE: Final = Target(number=a_case().number)
INTAKE: Final = Target(ticket_id=an_id(1001))


@pytest.fixture(autouse=True)
def tickets(desk: MemoryDesk) -> None:
    """A case is stored, an hour ago, and an intake ticket of SUPPORT."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(1000)))
        uow.save(a_change(a_ticket(1001)))
        uow.commit()
    desk.clock.set(LATER)


def give(desk: MemoryDesk, agent_id: UUID, target: Target = CASE, **fields: object) -> Assigned:
    raw = RawAssignment(staff_id=str(agent_id), **fields)
    return assign_ticket(desk.ports, target, raw, STAFF)


def stored(desk: MemoryDesk) -> Ticket:
    with desk.ports.begin() as uow:
        ticket = uow.ticket(an_id(1000))
    assert ticket is not None
    return ticket


def happened(desk: MemoryDesk) -> tuple[Event, ...]:
    """What happened to the case since it was opened."""
    with desk.ports.begin() as uow:
        return uow.history(an_id(1000))[1:]


def kinds(desk: MemoryDesk) -> list[str]:
    return [event.kind.value for event in happened(desk)]


def refused(act: Callable[[], object]) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as refusal:
        _ = act()
    return refusal.value


def test_a_case_goes_to_any_active_agent_and_is_then_in_progress(desk: MemoryDesk) -> None:
    answer = give(desk, ADMIN)

    assert (stored(desk), ADMIN, Status.IN_PROGRESS, LATER, LATER, None, "Agent Five") == (
        answer.ticket,
        answer.ticket.assigned_to,
        answer.ticket.status,
        answer.ticket.assigned_at,
        answer.ticket.first_assigned_at,
        answer.ticket.department_id,
        answer.place.assigned_to,
    )


@pytest.mark.parametrize("named", ["Network", "network", str(NETWORK)])
def test_a_department_is_named_by_its_name_key_or_id(desk: MemoryDesk, named: str) -> None:
    answer = give(desk, OTHER_AGENT, department=named)

    assert (NETWORK, "Network", 2, ["routed", "assigned"]) == (
        answer.ticket.department_id,
        answer.place.department,
        answer.ticket.version,
        kinds(desk),
    )


def test_where_a_ticket_was_before_is_in_its_history(desk: MemoryDesk) -> None:
    _ = give(desk, OTHER_AGENT, department="Network")
    _ = give(desk, OTHER_AGENT, department="Support")

    assert {"departmentId": str(SUPPORT), "previousDepartmentId": str(NETWORK)} == (
        happened(desk)[-1].details
    )


def test_a_case_stays_in_its_department_when_none_is_named(desk: MemoryDesk) -> None:
    _ = give(desk, OTHER_AGENT, department="Network")

    assert NETWORK == give(desk, ADMIN).ticket.department_id


@pytest.mark.parametrize("named", ["Nowhere", "Support, Network", str(an_id(99)), "x" * 200])
def test_an_unknown_department_is_refused(desk: MemoryDesk, named: str) -> None:
    refusal = refused(lambda: give(desk, OTHER_AGENT, department=named))

    assert (Invalid, "Invalid Department", a_case_ticket()) == (
        type(refusal),
        refusal.message,
        stored(desk),
    )


def test_an_agent_has_to_work_in_the_department_that_is_named(desk: MemoryDesk) -> None:
    refusal = refused(lambda: give(desk, ACTIVE_AGENT, department="Network"))

    assert (
        "Selected user is not assigned to that department or is inactive",
        {"staffId": "unavailable"},
        a_case_ticket(),
    ) == (refusal.message, refusal.details, stored(desk))


def test_an_intake_ticket_moves_only_where_its_kpi_type_is_taken(desk: MemoryDesk) -> None:
    moved = give(desk, OTHER_AGENT, INTAKE, department="Network").ticket
    refusal = refused(lambda: give(desk, ADMIN, INTAKE, department="Accounts"))

    assert (NETWORK, "This KPI Type is not available for the selected department") == (
        moved.department_id,
        refusal.message,
    )


@pytest.mark.parametrize("agent_id", [INACTIVE_AGENT, an_id(99)])
def test_an_inactive_agent_is_as_good_as_none(desk: MemoryDesk, agent_id: UUID) -> None:
    refusal = refused(lambda: give(desk, agent_id))

    assert (
        "Selected user is unknown or is inactive",
        {"staffId": "unavailable"},
        a_case_ticket(),
    ) == (refusal.message, refusal.details, stored(desk))


def test_a_reassignment_remembers_who_had_it(desk: MemoryDesk) -> None:
    _ = give(desk, ACTIVE_AGENT)
    _ = desk.clock.advance(minutes=5)
    again = give(desk, OTHER_AGENT).ticket

    assert (
        ["assigned", "reassigned"],
        {"agentId": str(OTHER_AGENT), "previousAgentId": str(ACTIVE_AGENT)},
        LATER,
        LATER + timedelta(minutes=5),
    ) == (kinds(desk), happened(desk)[-1].details, again.first_assigned_at, again.assigned_at)


def test_a_repeat_of_an_assignment_changes_nothing(desk: MemoryDesk) -> None:
    first = give(desk, OTHER_AGENT, department="Network").ticket
    _ = desk.clock.advance(minutes=5)
    again = give(desk, OTHER_AGENT, department="Network").ticket

    assert (first, first, ["routed", "assigned"]) == (again, stored(desk), kinds(desk))


def test_the_same_agent_in_another_department_is_a_change_of_department(desk: MemoryDesk) -> None:
    first = give(desk, OTHER_AGENT, department="Network").ticket
    again = give(desk, OTHER_AGENT, department="Support").ticket

    assert (SUPPORT, first.assigned_at, ["routed", "assigned", "routed"]) == (
        again.department_id,
        again.assigned_at,
        kinds(desk),
    )


def test_notes_are_kept_among_staff_in_the_same_change(desk: MemoryDesk) -> None:
    answer = give(desk, ACTIVE_AGENT, notes=" A good customer ")
    with desk.ports.begin() as uow:
        (note,) = uow.messages(an_id(1000))

    assert (2, ["assigned", "noted"], "A good customer", True) == (
        answer.ticket.version,
        kinds(desk),
        note.body,
        note.is_internal,
    )


def test_notes_with_a_repeat_are_kept_all_the_same(desk: MemoryDesk) -> None:
    _ = give(desk, ACTIVE_AGENT)
    _ = give(desk, ACTIVE_AGENT, notes="Still yours")

    assert ["assigned", "noted"] == kinds(desk)


@pytest.mark.parametrize("notes", [None, "", " \n"])
def test_blank_notes_are_none(desk: MemoryDesk, notes: JsonValue) -> None:
    _ = give(desk, ACTIVE_AGENT, notes=notes)

    assert ["assigned"] == kinds(desk)


@pytest.mark.parametrize("status", [status for status in Status if status in FINISHED])
def test_a_finished_ticket_is_not_given_to_anybody(desk: MemoryDesk, status: Status) -> None:
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(version=2, status=status), an_event(status=status)))
        uow.commit()
    refusal = refused(lambda: give(desk, ACTIVE_AGENT, department="Support", notes="Why"))

    assert (InvalidTransition, 2) == (type(refusal), stored(desk).version)


@pytest.mark.parametrize(
    ("raw", "details"),
    [
        (RawAssignment(), {"staffId": "Staff id is required"}),
        (RawAssignment(staff_id=7), {"staffId": "Staff id is required"}),
        (RawAssignment(staff_id=[str(ADMIN)]), {"staffId": "Staff id is required"}),
        (RawAssignment(staff_id="Agent One"), {"staffId": "Staff id is required"}),
        (
            RawAssignment(staff_id="", department=7, notes=[]),
            {
                "staffId": "Staff id is required",
                "department": "Department must be text",
                "notes": "Notes is required",
            },
        ),
        (
            RawAssignment(staff_id=str(ADMIN), department="a\nb", notes="x" * 2001),
            {
                "department": "Department must be one line of text",
                "notes": "Notes must be 2000 characters or fewer",
            },
        ),
    ],
)
def test_every_fault_of_an_assignment_is_told_at_once(
    desk: MemoryDesk, raw: RawAssignment, details: dict[str, str]
) -> None:
    refusal = refused(lambda: assign_ticket(desk.ports, CASE, raw, STAFF))

    assert details == refusal.details


def test_a_ticket_in_another_version_than_was_seen_is_left_alone(desk: MemoryDesk) -> None:
    seen = Target(number=a_case().number, version=1)
    _ = give(desk, ACTIVE_AGENT, seen)
    refusal = refused(lambda: give(desk, OTHER_AGENT, seen))

    assert (NotAsExpected, ACTIVE_AGENT) == (type(refusal), stored(desk).assigned_to)


def test_of_32_assignments_at_once_each_real_change_is_recorded_once(desk: MemoryDesk) -> None:
    agents = [ACTIVE_AGENT, OTHER_AGENT, ADMIN, OTHER_AGENT] * 8
    _ = at_once([partial(give, desk, agent_id) for agent_id in agents])
    given = [event.details["agentId"] for event in happened(desk)]

    assert (1 + len(given), given[-1]) == (stored(desk).version, str(stored(desk).assigned_to))
    assert all(former != latter for former, latter in pairwise(given))


def test_32_repeats_of_one_assignment_are_one_change(desk: MemoryDesk) -> None:
    _ = at_once([partial(give, desk, ACTIVE_AGENT)] * 32)

    assert ["assigned"] == kinds(desk)


def test_of_32_who_saw_the_same_version_one_is_heard(desk: MemoryDesk) -> None:
    seen = Target(number=a_case().number, version=1)
    agents = [ACTIVE_AGENT, OTHER_AGENT] * 16
    outcomes = at_once([partial(give, desk, agent_id, seen) for agent_id in agents])

    assert 31 == sum(isinstance(outcome, NotAsExpected) for outcome in outcomes)


def test_accounts_has_its_own_agent(desk: MemoryDesk) -> None:
    assert ACCOUNTS == give(desk, ADMIN, department="accounts").ticket.department_id
