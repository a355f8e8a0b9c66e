"""The sweep that a server runs by itself: every ticket, whatever becomes of one of them."""

from datetime import timedelta
from uuid import UUID

import attrs
import pytest
from structlog.testing import capture_logs

from helpdesk_core.errors import Unavailable
from helpdesk_core.kinds import EventKind
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.testing.builders import NOW, a_case_ticket, a_change, an_event, an_id
from helpdesk_core.testing.stores import put, stocked
from helpdesk_core.tickets import Event, Ticket
from helpdesk_memory import MemoryDesk, MemoryUnitOfWork
from helpdesk_server.logs import log_named
from helpdesk_server.sweeping import PromiseSweep, sweeping
from tests.server.conftest import comes_true

LOG = log_named("test")


@pytest.fixture
def desk() -> MemoryDesk:
    """Three cases of before, of which every target was missed long ago."""
    desk = MemoryDesk(NOW)
    stocked(desk.store)
    for number in (1000, 1001, 1002):
        put(desk.store, a_change(a_case_ticket(number, next_due_at=NOW), an_event()))
    desk.clock.advance(days=30)
    return desk


def breaches(desk: MemoryDesk, number: int) -> list[Event]:
    with desk.ports.begin() as uow:
        history = uow.history(an_id(number))
    return [it for it in history if it.kind is EventKind.BREACHED]


def test_every_ticket_that_is_due_is_swept(desk: MemoryDesk) -> None:
    assert PromiseSweep(desk.ports, log=LOG)() == 12
    assert [len(breaches(desk, number)) for number in (1000, 1001, 1002)] == [2, 2, 2]


def test_a_ticket_that_cannot_be_swept_holds_up_none_of_those_behind_it(desk: MemoryDesk) -> None:
    class Faulty(MemoryUnitOfWork):
        def history(self, ticket_id: UUID) -> tuple[Event, ...]:
            if ticket_id == an_id(1000):
                raise ZeroDivisionError
            return super().history(ticket_id)

    def begin() -> UnitOfWork:
        return Faulty(desk.store)

    sweep = PromiseSweep(attrs.evolve(desk.ports, begin=begin), log=LOG)
    with capture_logs() as lines:
        assert sweep() == 8
    assert sweep.failed == 1
    assert [line["event"] for line in lines] == [f"the ticket {an_id(1000)} cannot be swept"]


def test_a_store_that_does_not_answer_ends_the_round(desk: MemoryDesk) -> None:
    class Away(MemoryUnitOfWork):
        def ticket(self, ticket_id: object) -> None:
            raise Unavailable

    sweep = PromiseSweep(attrs.evolve(desk.ports, begin=lambda: Away(desk.store)), log=LOG)
    with pytest.raises(Unavailable):
        _ = sweep()


def test_one_ticket_that_cannot_be_reached_holds_up_none_behind_it(desk: MemoryDesk) -> None:
    class Locked(MemoryUnitOfWork):
        def ticket(self, ticket_id: UUID) -> Ticket | None:
            if ticket_id == an_id(1000):
                raise Unavailable
            return super().ticket(ticket_id)

    sweep = PromiseSweep(attrs.evolve(desk.ports, begin=lambda: Locked(desk.store)), log=LOG)
    assert (sweep(), sweep.failed) == (8, 1)


def test_a_round_breaks_off_when_it_is_asked_to_stop(desk: MemoryDesk) -> None:
    assert PromiseSweep(desk.ports, log=LOG, is_stopping=lambda: True)() == 0


def test_a_thread_sweeps_by_itself(desk: MemoryDesk) -> None:
    thread = sweeping(desk.ports, LOG, every=timedelta(milliseconds=1).total_seconds())
    thread.start()

    assert comes_true(lambda: len(breaches(desk, 1002)) == 2)
    thread.stop()
