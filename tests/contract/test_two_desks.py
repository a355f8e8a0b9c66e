"""Desks over different stores answer alike."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from helpdesk_core.messages import Message
from helpdesk_core.testing.desks import Clock, Side
from helpdesk_core.testing.two_desks import two_desks
from helpdesk_memory import MemoryLimiter, MemoryOutbox, MemoryStore, MemoryUnitOfWork
from helpdesk_sql import SqlStore


def in_memory(now: Clock, store: MemoryStore | None = None) -> Side:
    store = store or MemoryStore()
    outbox = MemoryOutbox(store, new_id=uuid4)
    return Side(store=store, outbox=outbox, limiter=MemoryLimiter(now))


def in_sql(empty: Callable[[], SqlStore], now: Clock) -> Side:
    store = empty()
    return Side(store=store, outbox=store.outbox, limiter=MemoryLimiter(now))


class LosesTheLastMessage(MemoryUnitOfWork):
    """A unit of work with a fault."""

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        return super().messages(ticket_id)[:-1]


class FaultyStore(MemoryStore):
    def begin(self) -> MemoryUnitOfWork:
        return LosesTheLastMessage(self)


def test_a_desk_that_loses_a_message_is_found_out() -> None:
    fault = settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate])

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            two_desks(in_memory, lambda now: in_memory(now, FaultyStore())), settings=fault
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
