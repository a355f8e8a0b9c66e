"""Staff at work on a ticket, and everybody else kept from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from helpdesk_core.errors import (
    Forbidden,
    HelpdeskError,
    Invalid,
    InvalidTransition,
    NotFound,
    NotSignedIn,
)
from helpdesk_core.people import STRANGER, Caller, Role
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW, a_change, a_customer, a_ticket, an_id, staff
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    ADMIN,
    INACTIVE_AGENT,
    MUTED_AGENT,
    OTHER_AGENT,
)
from helpdesk_core.testing.strategies import JsonValue
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_memory import MemoryDesk

ID: Final = an_id(1)
TARGET: Final = Target(ticket_id=ID)
NOWHERE: Final = Target(ticket_id=an_id(99))
STAFF: Final = staff()
LATER: Final = NOW + timedelta(hours=1)

HELLO: Final = RawUpdate(message="Hello")
A_NOTE: Final = RawUpdate(message="Again?", is_internal=True)


def assign(ports: Ports, agent_id: UUID, caller: Caller = STAFF, target: Target = TARGET) -> Ticket:
    return assign_ticket(ports, target, RawAssignment(staff_id=str(agent_id)), caller).ticket


Act = Callable[[Ports, Caller], object]
ACTS: Final[dict[str, Act]] = {
    "assign": lambda ports, caller: assign(ports, ACTIVE_AGENT, caller),
    "reply": lambda ports, caller: update_ticket(ports, TARGET, HELLO, caller),
    "note": lambda ports, caller: update_ticket(ports, TARGET, A_NOTE, caller),
    "move": lambda ports, caller: move_ticket(ports, TARGET, Status.RESOLVED, caller),
}


@pytest.fixture(autouse=True)
def ticket(desk: MemoryDesk) -> None:
    """An open ticket is stored, an hour ago."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_ticket(1)))
        uow.commit()
    desk.clock.set(LATER)


def stored(desk: MemoryDesk) -> Ticket:
    with desk.ports.begin() as uow:
        ticket = uow.ticket(ID)
    assert ticket is not None
    return ticket


def happened(desk: MemoryDesk) -> list[str]:
    """What happened since the ticket was submitted."""
    with desk.ports.begin() as uow:
        return [event.kind.value for event in uow.history(ID)[1:]]


def mailed(desk: MemoryDesk) -> list[str]:
    """Who waits to be told."""
    claims = desk.outbox.claim(limit=9, lease=timedelta(minutes=1))
    return [claim.notice.recipient for claim in claims]


def refused(act: Callable[[], object]) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as refusal:
        _ = act()
    return refusal.value


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_is_asked_to_sign_in(desk: MemoryDesk, act: str) -> None:
    refusal = refused(lambda: ACTS[act](desk.ports, STRANGER))

    assert (NotSignedIn, a_ticket(1)) == (type(refusal), stored(desk))


@pytest.mark.parametrize("act", ACTS)
def test_a_customer_may_not_work_on_tickets(desk: MemoryDesk, act: str) -> None:
    customer = Caller(user=a_customer())
    refusal = refused(lambda: ACTS[act](desk.ports, customer))

    assert (Forbidden, a_ticket(1)) == (type(refusal), stored(desk))


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGEMENT, Role.ADMIN])
@pytest.mark.parametrize("act", ACTS)
def test_anybody_of_the_staff_may(desk: MemoryDesk, act: str, role: Role) -> None:
    _ = ACTS[act](desk.ports, Caller(user=a_customer(role=role)))

    assert 2 == stored(desk).version


@pytest.mark.parametrize(
    "act",
    [
        lambda ports: assign(ports, ACTIVE_AGENT, target=NOWHERE),
        lambda ports: update_ticket(ports, NOWHERE, HELLO, STAFF),
        lambda ports: move_ticket(ports, NOWHERE, Status.CLOSED, STAFF),
    ],
    ids=["assign", "reply", "move"],
)
def test_a_ticket_that_is_not_there_is_not_found(
    desk: MemoryDesk, act: Callable[[Ports], object]
) -> None:
    with pytest.raises(NotFound):
        _ = act(desk.ports)


def test_an_assigned_ticket_is_stored_and_its_agent_mailed(desk: MemoryDesk) -> None:
    answer = assign(desk.ports, OTHER_AGENT)

    assert (answer, Status.IN_PROGRESS, OTHER_AGENT, LATER, ["two@example.com"]) == (
        stored(desk),
        answer.status,
        answer.assigned_to,
        answer.first_assigned_at,
        mailed(desk),
    )


def test_a_repeat_of_the_same_assignment_stores_nothing_and_tells_nobody(desk: MemoryDesk) -> None:
    first = assign(desk.ports, OTHER_AGENT)
    again = assign(desk.ports, OTHER_AGENT)

    assert (first, first, ["assigned"], ["two@example.com"]) == (
        again,
        stored(desk),
        happened(desk),
        mailed(desk),
    )


def test_the_new_assignee_is_told_of_a_reassignment(desk: MemoryDesk) -> None:
    _ = assign(desk.ports, MUTED_AGENT)
    _ = assign(desk.ports, ACTIVE_AGENT)

    assert (["assigned", "reassigned"], ["one@example.com"]) == (happened(desk), mailed(desk))


@pytest.mark.parametrize(
    ("agent_id", "sentence"),
    [
        (INACTIVE_AGENT, "Selected user is unknown or is inactive"),
        (an_id(99), "Selected user is unknown or is inactive"),
        (ADMIN, "Selected user is not assigned to that department or is inactive"),
    ],
)
def test_only_an_active_member_of_the_department_can_have_it(
    desk: MemoryDesk, agent_id: UUID, sentence: str
) -> None:
    refusal = refused(lambda: assign(desk.ports, agent_id))

    assert (Invalid, sentence, a_ticket(1)) == (type(refusal), refusal.message, stored(desk))


def test_a_reply_is_stored_as_the_agents_first(desk: MemoryDesk) -> None:
    answer = update_ticket(desk.ports, TARGET, RawUpdate(message=" On my way "), STAFF).message
    with desk.ports.begin() as uow:
        messages = uow.messages(ID)

    assert ((answer,), "On my way", "Agent One", LATER, ["agent_replied"]) == (
        messages,
        answer.body,
        answer.author_name,
        stored(desk).first_agent_reply_at,
        happened(desk),
    )


def test_a_note_is_no_reply(desk: MemoryDesk) -> None:
    _ = update_ticket(desk.ports, TARGET, A_NOTE, STAFF)

    assert (None, ["noted"]) == (stored(desk).first_agent_reply_at, happened(desk))


def test_a_move_is_stored_as_it_is_answered(desk: MemoryDesk) -> None:
    answer = move_ticket(desk.ports, TARGET, Status.REJECTED, STAFF, reason=" A duplicate ")

    assert (answer, Status.REJECTED, LATER, "A duplicate", ["rejected"]) == (
        stored(desk),
        answer.status,
        answer.closed_at,
        answer.rejection_reason,
        happened(desk),
    )


def test_a_move_that_the_table_does_not_allow_changes_nothing(desk: MemoryDesk) -> None:
    refusal = refused(lambda: move_ticket(desk.ports, TARGET, Status.WAITING, STAFF))

    assert (InvalidTransition, a_ticket(1), []) == (type(refusal), stored(desk), happened(desk))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Reason is required"),
        (7, "Reason is required"),
        ("x" * 2001, "Reason must be 2000 characters or fewer"),
        ("\ud800", "Reason contains characters that cannot be stored"),
    ],
)
def test_a_reason_is_text_that_can_be_stored(
    desk: MemoryDesk, reason: JsonValue, sentence: str
) -> None:
    refusal = refused(
        lambda: move_ticket(desk.ports, TARGET, Status.REJECTED, STAFF, reason=reason)
    )

    assert (Invalid, sentence, a_ticket(1)) == (type(refusal), refusal.message, stored(desk))
