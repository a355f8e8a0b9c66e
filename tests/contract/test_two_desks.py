"""Desks over different stores answer alike."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from helpdesk_core.messages import Message
from helpdesk_core.queue import Order, Place, Wanted
from helpdesk_core.replies import Reply, RequestKey
from helpdesk_core.testing.desks import Clock, Side
from helpdesk_core.testing.two_desks import two_desks
from helpdesk_core.tickets import Ticket
from helpdesk_memory import MemoryFiles, MemoryLimiter, MemoryOutbox, MemoryStore, MemoryUnitOfWork
from helpdesk_sql import SqlStore


def in_memory(now: Clock, store: MemoryStore | None = None) -> Side:
    store = store or MemoryStore()
    outbox = MemoryOutbox(store, new_id=uuid4)
    return Side(store=store, outbox=outbox, limiter=MemoryLimiter(now), files=MemoryFiles(now))


def in_sql(empty: Callable[[], SqlStore], now: Clock) -> Side:
    store = empty()
    return Side(
        store=store, outbox=store.outbox, limiter=MemoryLimiter(now), files=MemoryFiles(now)
    )


class LosesTheLastMessage(MemoryUnitOfWork):
    """A unit of work with a fault."""

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        return super().messages(ticket_id)[:-1]


class ForgetsAnswers(MemoryUnitOfWork):
    """Another one."""

    def reply(self, request: RequestKey) -> Reply | None:  # the port's
        return None


class RepeatsNumbers(MemoryUnitOfWork):
    """Another one."""

    def next_number(self, series: str) -> int:
        return min(2, super().next_number(series))


class SkipsTheFirst(MemoryUnitOfWork):
    """Another one."""

    def tickets_in_order(
        self, wanted: Wanted, order: Order, *, after: Place | None = None, skip: int = 0, limit: int
    ) -> tuple[Ticket, ...]:
        if after:
            skip += 1
        return super().tickets_in_order(wanted, order, after=after, skip=skip, limit=limit)


class LetsRevokedTokensIn(MemoryUnitOfWork):
    """Another one."""

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Nothing comes of it."""


FAULTS = (
    LosesTheLastMessage,
    ForgetsAnswers,
    RepeatsNumbers,
    SkipsTheFirst,
    LetsRevokedTokensIn,
)


class FaultyStore(MemoryStore):
    def __init__(self, fault: type[MemoryUnitOfWork]) -> None:
        super().__init__()
        self._fault = fault

    def begin(self) -> MemoryUnitOfWork:
        return self._fault(self)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_desk_with_a_fault_is_found_out(fault: type[MemoryUnitOfWork]) -> None:
    search = settings(max_examples=300, deadline=None, database=None, phases=[Phase.generate])

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            two_desks(in_memory, lambda now: in_memory(now, FaultyStore(fault))), settings=search
        )


def test_desks_in_memory_and_in_sqlite_answer_alike(empty_sqlite: Callable[[], SqlStore]) -> None:
    run_state_machine_as_test(
        two_desks(in_memory, lambda now: in_sql(empty_sqlite, now)),
        settings=settings(max_examples=30, deadline=None),
    )


def test_desks_in_memory_and_in_postgresql_answer_alike(
    empty_postgres: Callable[[], SqlStore],
) -> None:
    run_state_machine_as_test(
        two_desks(in_memory, lambda now: in_sql(empty_postgres, now)),
        settings=settings(max_examples=8, deadline=None),
    )


def test_desks_in_memory_answer_alike() -> None:
    run_state_machine_as_test(
        two_desks(in_memory, in_memory), settings=settings(max_examples=20, deadline=None)
    )
