"""Desks over different stores answer alike."""

from uuid import uuid4

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from helpdesk_core.testing.two_desks import Clock, Side, two_desks
from helpdesk_memory import MemoryLimiter, MemoryOutbox, MemoryStore


def in_memory(now: Clock) -> Side:
    store = MemoryStore()
    outbox = MemoryOutbox(store, new_id=uuid4)
    return Side(store=store, outbox=outbox, limiter=MemoryLimiter(now))


def test_two_desks_in_memory_answer_alike() -> None:
    run_state_machine_as_test(
        two_desks(in_memory, in_memory),
        settings=settings(max_examples=30, deadline=None),
    )
