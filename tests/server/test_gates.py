"""Who may be tried: by examples, and as a property of everything that may come."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.ports import DeliveryResult
from helpdesk_server.gates import FAILURES, FIRST_REST, JITTER, LONGEST_REST, DestinationGate

SENT, FAILED, REFUSED = DeliveryResult.SENT, DeliveryResult.FAILED, DeliveryResult.REFUSED
FIRST = FIRST_REST.total_seconds()
LONGEST = LONGEST_REST.total_seconds()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> DestinationGate:
    return a_gate(clock)


def a_gate(clock: Clock, *, seats: int = 4, die: float = 0.0) -> DestinationGate:
    return DestinationGate(seats=seats, clock=clock, die=lambda: die)


def tried(gate: DestinationGate, destination: str, *results: DeliveryResult) -> None:
    for result in results:
        gate.enter(destination)
        gate.leave(destination, result)


def test_a_new_gate_is_open_to_all(gate: DestinationGate) -> None:
    assert frozenset() == gate.closed()


def test_what_this_process_does_not_serve_is_never_claimed(clock: Clock) -> None:
    gate = DestinationGate(seats=4, clock=clock, die=lambda: 0.0, never=frozenset({"mail"}))

    with gate.claiming() as closed:
        assert {"mail"} == closed


def test_a_healthy_destination_takes_half_of_the_seats(gate: DestinationGate) -> None:
    gate.enter("mail")
    assert "mail" not in gate.closed()

    gate.enter("mail")

    assert {"mail"} == gate.closed()


def test_one_that_failed_last_takes_one_seat(gate: DestinationGate) -> None:
    tried(gate, "mail", FAILED)
    gate.enter("mail")

    assert {"mail"} == gate.closed()


def test_the_last_seat_is_for_who_has_none(gate: DestinationGate) -> None:
    for destination in ("mail", "mail", "sms"):
        gate.enter(destination)

    assert {"mail", "sms"} == gate.closed()


@pytest.mark.parametrize("last", [SENT, REFUSED])
def test_failures_that_are_not_in_a_row_close_nothing(
    gate: DestinationGate, last: DeliveryResult
) -> None:
    for _ in range(3):
        tried(gate, "mail", *[FAILED] * (FAILURES - 1), last)

    assert frozenset() == gate.closed()


def test_after_enough_failures_a_destination_rests_and_no_other_does(
    gate: DestinationGate,
) -> None:
    tried(gate, "mail", *[FAILED] * FAILURES)
    tried(gate, "sms", SENT)

    assert {"mail"} == gate.closed()


def test_after_its_rest_it_is_tried_once(gate: DestinationGate, clock: Clock) -> None:
    tried(gate, "mail", *[FAILED] * FAILURES)
    clock.now += FIRST
    before = gate.closed()

    gate.enter("mail")

    assert ([], ["mail"]) == (list(before), list(gate.closed()))


def test_a_trial_that_goes_well_opens_it_wholly(gate: DestinationGate, clock: Clock) -> None:
    tried(gate, "mail", *[FAILED] * FAILURES)
    clock.now += FIRST
    tried(gate, "mail", SENT)

    gate.enter("mail")

    assert frozenset() == gate.closed()


@given(st.integers(1, 50), st.floats(0, 1))
def test_rests_grow_up_to_the_longest(trials: int, die: float) -> None:
    clock = Clock()
    gate = a_gate(clock, die=die)
    tried(gate, "mail", *[FAILED] * FAILURES)
    for _ in range(trials - 1):
        clock.now += LONGEST * (1 + JITTER)
        tried(gate, "mail", FAILED)
    start, rest = clock.now, min(FIRST * 2 ** (trials - 1), LONGEST) * (1 + JITTER * die)

    clock.now = start + rest * 0.999
    before = gate.closed()
    clock.now = start + rest * 1.001

    assert (["mail"], []) == (list(before), list(gate.closed()))


def test_attempts_that_end_while_it_rests_make_no_rest_longer(
    gate: DestinationGate, clock: Clock
) -> None:
    gate.enter("mail")
    gate.enter("mail")
    tried(gate, "mail", *[FAILED] * FAILURES)
    gate.leave("mail", FAILED)
    gate.leave("mail", FAILED)

    clock.now += FIRST

    assert frozenset() == gate.closed()


def test_a_destination_that_hangs_is_prompt_no_longer(gate: DestinationGate, clock: Clock) -> None:
    gate.enter("mail")
    clock.now += 1.5
    before = gate.is_prompt("mail", within=1.5)
    clock.now += 0.1

    assert (True, False) == (before, gate.is_prompt("mail", within=1.5))


def test_one_that_is_always_busy_and_always_done_is_prompt(
    gate: DestinationGate, clock: Clock
) -> None:
    gate.enter("mail")
    for _ in range(10):
        gate.enter("mail")
        clock.now += 1
        gate.leave("mail", SENT)

    assert gate.is_prompt("mail", within=1.5)


def test_one_that_failed_is_prompt_until_it_is_tried_again(gate: DestinationGate) -> None:
    tried(gate, "mail", FAILED)
    before = gate.is_prompt("mail", within=1.5)
    gate.enter("mail")

    assert (True, False) == (before, gate.is_prompt("mail", within=1.5))


def test_one_that_rests_is_not_prompt(gate: DestinationGate) -> None:
    tried(gate, "mail", *[FAILED] * FAILURES)

    assert not gate.is_prompt("mail", within=1.5)


def test_what_is_held_back_is_known(clock: Clock, gate: DestinationGate) -> None:
    never = DestinationGate(seats=1, clock=clock, die=lambda: 0.0, never=frozenset({"mail"}))
    before = gate.holds_back()
    tried(gate, "webhook crm", *[FAILED] * FAILURES)

    assert (True, False, True) == (never.holds_back(), before, gate.holds_back())


ACTS = st.one_of(
    st.tuples(st.just("claim"), st.sampled_from(["mail", "sms", "webhook a"])),
    st.tuples(st.just("sent"), st.sampled_from(["mail", "sms", "webhook a"])),
    st.tuples(st.just("failed"), st.sampled_from(["mail", "sms", "webhook a"])),
    st.tuples(st.just("wait"), st.sampled_from(["1", "7", "90"])),
)


@given(st.lists(ACTS, max_size=120), st.integers(1, 6))
def test_whatever_comes_no_destination_is_closed_for_another_s_sake(
    acts: list[tuple[str, str]], seats: int
) -> None:
    clock, busy, failures = Clock(), Counter[str](), Counter[str]()
    gate = a_gate(clock, seats=seats)
    for act, what in acts:
        if act == "wait":
            clock.now += int(what)
        elif act == "claim" and what not in gate.closed() and busy.total() < seats:
            gate.enter(what)
            busy[what] += 1
        elif act in ("sent", "failed") and busy[what]:
            gate.leave(what, DeliveryResult(act))
            busy[what] -= 1
            failures[what] = failures[what] + 1 if act == "failed" else 0

        assert all(number <= max(1, seats // 2) for number in busy.values())
        assert not any(busy[it] == 0 and failures[it] < FAILURES for it in gate.closed())
