"""Staff change the version of a ticket that they saw, and move it from where it stands."""

from typing import Final

import pytest

from helpdesk_core.errors import InvalidTransition, NotAsExpected
from helpdesk_core.testing.builders import a_change, a_ticket, an_id, staff
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, move_ticket, update_ticket
from helpdesk_memory import MemoryDesk

ID: Final = an_id(1)
HELLO: Final = RawUpdate(message="Hello")
Seen = int | frozenset[int] | None


def holding(desk: MemoryDesk, status: Status) -> MemoryDesk:
    """The desk with a ticket of that status, in version 1."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_ticket(1, status=status)))
        uow.commit()
    return desk


@pytest.mark.parametrize("seen", [None, 1, frozenset({1}), frozenset({7, 1})])
def test_a_write_is_made_on_any_version_that_will_do(desk: MemoryDesk, seen: Seen) -> None:
    target = Target(ticket_id=ID, version=seen)
    updated = update_ticket(holding(desk, Status.OPEN).ports, target, HELLO, staff())

    assert 2 == updated.ticket.version


@pytest.mark.parametrize("seen", [0, 2, frozenset[int](), frozenset({2, 3})])
def test_a_write_on_another_version_is_refused(desk: MemoryDesk, seen: Seen) -> None:
    target = Target(ticket_id=ID, version=seen)
    with pytest.raises(NotAsExpected):
        _ = update_ticket(holding(desk, Status.OPEN).ports, target, HELLO, staff())


def moved(desk: MemoryDesk, leaving: frozenset[Status]) -> Status | None:
    ticket = move_ticket(
        desk.ports, Target(ticket_id=ID), Status.IN_PROGRESS, staff(), leaving=leaving
    )
    return ticket.status


@pytest.mark.parametrize("held", [Status.RESOLVED, Status.CLOSED])
def test_a_ticket_is_moved_from_a_status_that_it_may_leave(desk: MemoryDesk, held: Status) -> None:
    leaving = frozenset({Status.RESOLVED, Status.CLOSED})

    assert Status.IN_PROGRESS is moved(holding(desk, held), leaving)


@pytest.mark.parametrize("held", [Status.OPEN, Status.WAITING, Status.REJECTED])
def test_a_move_that_is_meant_for_another_status_is_refused(desk: MemoryDesk, held: Status) -> None:
    with pytest.raises(InvalidTransition, match="RESOLVED or CLOSED; it is") as refused:
        _ = moved(holding(desk, held), frozenset({Status.RESOLVED, Status.CLOSED}))

    assert refused.value.message.endswith(held.value)
