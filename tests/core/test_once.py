"""Doing once what is asked for more than once, beyond what one door shows of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import UUID

import pytest

from helpdesk_core.cases import RawCase
from helpdesk_core.errors import KeyInUse, KeyReused
from helpdesk_core.people import STRANGER
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer, RequestKey
from helpdesk_core.tickets import Change, Status, Ticket, move, unchanged
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.changing import change_ticket
from helpdesk_core.use_cases.finding import found_ticket
from helpdesk_core.use_cases.once import KeyedRequest, OnceOnly
from helpdesk_memory import MemoryDesk

RAW = RawCase(name="Ana", email="ana@example.com", subject="Fire", message="It burns.")
REQUEST = KeyedRequest(key=RequestKey("origin 203.0.113.7", "k"), fingerprint=b"1" * 32)
OTHER = KeyedRequest(key=REQUEST.key, fingerprint=b"2" * 32)
SOON = timedelta(milliseconds=20)


def said(number: object) -> Answer:
    return Answer(status=200, headers={}, body=str(number).encode())


def opened(ports: Ports) -> Answer:
    return said(submit_case(ports, RAW, STRANGER).id)


def written(change: Change) -> Answer:
    return said(change.ticket.id)


def test_of_two_processes_that_begin_together_both_answer_what_one_did(desk: MemoryDesk) -> None:
    here, elsewhere = OnceOnly(desk.ports), OnceOnly(desk.ports)
    answers = []

    def slow(ports: Ports) -> Answer:
        answers.append(elsewhere(REQUEST, opened, written))
        return opened(ports)

    answers.append(here(REQUEST, slow, written))

    assert (1, 1) == (len(desk.store.tickets), len({answer.body for answer in answers}))


def test_of_two_processes_that_begin_together_with_other_requests_one_is_refused(
    desk: MemoryDesk,
) -> None:
    here, elsewhere = OnceOnly(desk.ports), OnceOnly(desk.ports)

    def slow(ports: Ports) -> Answer:
        _ = elsewhere(OTHER, opened, written)
        return opened(ports)

    with pytest.raises(KeyReused):
        here(REQUEST, slow, written)

    assert 1 == len(desk.store.tickets)


def test_of_two_that_change_nothing_both_answer_what_was_stored_first(desk: MemoryDesk) -> None:
    here, elsewhere = OnceOnly(desk.ports), OnceOnly(desk.ports)

    def slow(ports: Ports) -> Answer:
        assert ports
        _ = elsewhere(REQUEST, lambda _: said("first"), None)
        return said("second")

    answers = {here(REQUEST, slow, None).body, elsewhere(REQUEST, slow, None).body}

    assert {b"first"} == answers


def test_what_changed_nothing_in_the_end_is_kept_too(desk: MemoryDesk) -> None:
    """Decided once, it would change something; when it is stored somebody else was faster."""
    ticket = submit_case(desk.ports, RAW)
    once = OnceOnly(desk.ports)
    rivals = iter([lambda: cancel(desk, ticket.id)])

    def decide(held: Ticket, _directory: object, _uow: object) -> Change:
        if held.status is Status.CANCELLED:
            return unchanged(held)
        next(rivals)()
        return move(held, Status.CANCELLED, by=None, now=desk.clock())

    def act(ports: Ports) -> Answer:
        _ = change_ticket(ports, lambda uow: found_ticket(uow, ticket.id), decide, STRANGER)
        return said("cancelled")

    _ = once(REQUEST, act, lambda _: said("cancelled"))
    again = once(REQUEST, lambda _: said("done anew"), written)

    assert b"cancelled" == again.body


def cancel(desk: MemoryDesk, ticket_id: UUID) -> None:
    _ = change_ticket(
        desk.ports,
        lambda uow: found_ticket(uow, ticket_id),
        lambda held, _directory, _uow: move(held, Status.CANCELLED, by=None, now=desk.clock()),
        STRANGER,
    )


def held_open(once: OnceOnly, request: KeyedRequest, going: Event, done: Event) -> Answer:
    def act(_: Ports) -> Answer:
        going.set()
        assert done.wait(10)
        return said(1)

    return once(request, act, None)


def while_one_is_answered(desk: MemoryDesk, meanwhile: Callable[[OnceOnly], None]) -> Answer:
    """The answer to the one; what happens meanwhile waits for hardly a moment."""
    once, going, done = OnceOnly(desk.ports, patience=SOON), Event(), Event()
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(held_open, once, REQUEST, going, done)
        assert going.wait(10)
        try:
            meanwhile(once)
        finally:
            done.set()
        return first.result()


def test_who_waits_too_long_for_a_key_is_told_that_it_is_in_use(desk: MemoryDesk) -> None:
    def impatient(once: OnceOnly) -> None:
        with pytest.raises(KeyInUse):
            once(REQUEST, opened, written)

    assert (b"1", 0) == (while_one_is_answered(desk, impatient).body, len(desk.store.tickets))


def test_who_waits_is_answered_as_soon_as_the_first_is(desk: MemoryDesk) -> None:
    once, going, done = OnceOnly(desk.ports), Event(), Event()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(held_open, once, REQUEST, going, done)
        assert going.wait(10)
        second = threads.submit(once, REQUEST, opened, written)
        done.set()

        assert first.result(5) == second.result(5)


def test_nobody_waits_for_anothers_key(desk: MemoryDesk) -> None:
    others = [
        KeyedRequest(key=RequestKey(REQUEST.key.caller, str(number)), fingerprint=b"1" * 32)
        for number in range(300)
    ]

    def busy(once: OnceOnly) -> None:
        for other in others:
            _ = once(other, lambda _: said(2), None)

    _ = while_one_is_answered(desk, busy)

    assert 301 == len(desk.store.replies)


def test_a_key_is_free_again_after_a_refusal(desk: MemoryDesk) -> None:
    once = OnceOnly(desk.ports, patience=SOON)

    def failing(_: Ports) -> Answer:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            once(REQUEST, failing, None)

    assert b"1" == once(REQUEST, lambda _: said(1), None).body


def test_what_says_that_it_changes_nothing_cannot(desk: MemoryDesk) -> None:
    with pytest.raises(ValueError, match="changes nothing"):
        OnceOnly(desk.ports)(REQUEST, opened, None)

    assert {} == desk.store.tickets
