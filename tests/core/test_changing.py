"""Whoever is too slow decides again about what the faster one left; nothing is overwritten."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from helpdesk_core.errors import InvalidTransition, StaleTicket
from helpdesk_core.people import STRANGER
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.testing.builders import NOW, a_change, a_ticket, an_id, staff
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.tickets import Change, Status, Ticket, assign, move
from helpdesk_core.use_cases.changing import change_ticket
from helpdesk_core.use_cases.finding import Target, found_ticket
from helpdesk_core.use_cases.handling import RawUpdate, move_ticket, update_ticket
from helpdesk_core.use_cases.retrying import ATTEMPTS
from helpdesk_memory import MemoryDesk

ID = an_id(1)


@pytest.fixture(autouse=True)
def ticket(desk: MemoryDesk) -> None:
    """An open ticket is stored."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_ticket(1)))
        uow.commit()


class Rival:
    """Says something on the ticket between another's look at it and their change, so often."""

    def __init__(self, desk: MemoryDesk, times: int) -> None:
        self.desk = desk
        self.times = times
        self.asked = 0

    def decide(self, ticket: Ticket, *_: object) -> Change:
        """What the slow one decides: to resolve it. The rival is faster."""
        self.asked += 1
        if self.asked <= self.times:
            speak(self.desk, f"Word {self.asked}")
        return move(ticket, Status.RESOLVED, by=None, now=NOW)


def find(uow: UnitOfWork) -> Ticket:
    return found_ticket(uow, ID)


def speak(desk: MemoryDesk, words: str) -> None:
    _ = update_ticket(desk.ports, Target(ticket_id=ID), RawUpdate(message=words), staff())


def cancel(desk: MemoryDesk) -> None:
    _ = move_ticket(desk.ports, Target(ticket_id=ID), Status.CANCELLED, staff())


def history(desk: MemoryDesk, ticket_id: UUID = ID) -> list[str]:
    with desk.ports.begin() as uow:
        return [event.kind.value for event in uow.history(ticket_id)]


def test_a_change_that_came_too_late_is_decided_again_and_keeps_both(desk: MemoryDesk) -> None:
    rival = Rival(desk, times=3)
    change = change_ticket(desk.ports, find, rival.decide, STRANGER)

    assert (4, 5, ["submitted", *["agent_replied"] * 3, "resolved"]) == (
        rival.asked,
        change.ticket.version,
        history(desk),
    )


def test_after_so_many_attempts_somebody_is_told_to_read_again(desk: MemoryDesk) -> None:
    rival = Rival(desk, times=ATTEMPTS)
    with pytest.raises(StaleTicket) as refused:
        _ = change_ticket(desk.ports, find, rival.decide, STRANGER)

    assert (ATTEMPTS, "The ticket was changed by somebody else; read it again") == (
        rival.asked,
        refused.value.message,
    )


def test_the_last_attempt_may_still_succeed(desk: MemoryDesk) -> None:
    change = change_ticket(desk.ports, find, Rival(desk, times=ATTEMPTS - 1).decide, STRANGER)

    assert ATTEMPTS + 1 == change.ticket.version


def test_what_the_rival_made_impossible_is_refused(desk: MemoryDesk) -> None:
    def decide(ticket: Ticket, *_: object) -> Change:
        if ticket.version == 1:
            cancel(desk)
        return move(ticket, Status.RESOLVED, by=None, now=NOW)

    with pytest.raises(InvalidTransition):
        _ = change_ticket(desk.ports, find, decide, STRANGER)

    assert ["submitted", "cancelled"] == history(desk)


def test_twenty_who_speak_at_once_are_all_heard(desk: MemoryDesk) -> None:
    with ThreadPoolExecutor(20) as speakers:
        _ = [*speakers.map(lambda number: speak(desk, f"Word {number}"), range(20))]
    with desk.ports.begin() as uow:
        ticket, messages = uow.ticket(ID), uow.messages(ID)

    assert (21, 20) == (ticket and ticket.version, len(messages))


def test_where_nothing_happened_nothing_is_stored(desk: MemoryDesk) -> None:
    agent = desk.store.directory.agents[ACTIVE_AGENT]
    first = change_ticket(
        desk.ports, find, lambda it, *_: assign(it, agent, by=None, now=NOW), STRANGER
    )
    again = change_ticket(
        desk.ports, find, lambda it, *_: assign(it, agent, by=None, now=NOW), STRANGER
    )

    assert (first.ticket, (), ["submitted", "assigned"]) == (
        again.ticket,
        again.events,
        history(desk),
    )
