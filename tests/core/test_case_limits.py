"""How often a stranger may do what at the support door."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest

from helpdesk_core.errors import HelpdeskError, Invalid, NotFound, TooMany, Unavailable
from helpdesk_core.limits import (
    CANCELLATIONS,
    CASES,
    ESCALATIONS,
    REFUSED_CASES,
    UNKNOWN_CASES,
    Limit,
)
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import a_case, a_case_ticket, a_change, a_raw_case
from helpdesk_core.use_cases.cases import (
    RawKey,
    cancel_case,
    escalate_case,
    read_case_status,
    submit_case,
)
from helpdesk_memory import MemoryDesk

HERE: Final = Caller(origin="192.0.2.1")
ELSEWHERE: Final = Caller(origin="192.0.2.2")
KEY: Final = RawKey(case_number=a_case().number)
UNKNOWN: Final = RawKey(case_number="CW-2026-9999999999")
WRONG: Final = RawKey(case_number=a_case().number, email="eve@example.com")

Act = Callable[[Ports, RawKey, Caller], object]
KEYED: Final[dict[str, Act]] = {
    "status": read_case_status,
    "escalate": lambda ports, key, caller: escalate_case(ports, key, "Hurry", None, caller),
    "cancel": lambda ports, key, caller: cancel_case(ports, key, "Solved", caller),
}


@pytest.fixture(autouse=True)
def case(desk: MemoryDesk) -> None:
    """A case is stored."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket()))
        uow.commit()


def outcome(act: Callable[[], object]) -> type | None:
    """How it was refused; None when it was done."""
    try:
        _ = act()
    except HelpdeskError as refusal:
        return type(refusal)
    return None


def test_five_cases_an_hour_are_taken(desk: MemoryDesk) -> None:
    outcomes = [outcome(lambda: submit_case(desk.ports, a_raw_case(), HERE)) for _ in range(6)]
    elsewhere = outcome(lambda: submit_case(desk.ports, a_raw_case(), ELSEWHERE))
    _ = desk.clock.advance(hours=1)
    later = outcome(lambda: submit_case(desk.ports, a_raw_case(), HERE))

    assert ([None] * 5 + [TooMany], None, None) == (outcomes, elsewhere, later)


def test_a_case_too_many_is_told_when_to_come_back(desk: MemoryDesk) -> None:
    for _ in range(CASES.amount):
        _ = submit_case(desk.ports, a_raw_case(), HERE)
    _ = desk.clock.advance(minutes=59)
    with pytest.raises(TooMany) as refused:
        _ = submit_case(desk.ports, a_raw_case(), HERE)

    assert (60, "Too many cases. Try again in 60 seconds.") == (
        refused.value.retry_after,
        refused.value.message,
    )


def test_a_typo_costs_no_case(desk: MemoryDesk) -> None:
    for _ in range(REFUSED_CASES.amount):
        assert Invalid is outcome(lambda: submit_case(desk.ports, a_raw_case(name=""), HERE))

    assert None is outcome(lambda: submit_case(desk.ports, a_raw_case(), HERE))


def test_too_many_typos_are_too_many(desk: MemoryDesk) -> None:
    for _ in range(REFUSED_CASES.amount):
        _ = outcome(lambda: submit_case(desk.ports, a_raw_case(name=""), HERE))

    assert TooMany is outcome(lambda: submit_case(desk.ports, a_raw_case(name=""), HERE))


@pytest.mark.parametrize("key", [UNKNOWN, WRONG], ids=["an unknown number", "a wrong address"])
@pytest.mark.parametrize("act", KEYED)
def test_after_twenty_misses_no_number_is_looked_up(
    desk: MemoryDesk, act: str, key: RawKey
) -> None:
    """Not even one that is right: who guesses on learns nothing."""
    misses = [
        outcome(lambda: KEYED[act](desk.ports, key, HERE)) for _ in range(UNKNOWN_CASES.amount)
    ]
    right = [outcome(partial(each, desk.ports, KEY, HERE)) for each in KEYED.values()]

    assert ([NotFound] * 20, [TooMany] * 3) == (misses, right)


def test_the_misses_of_one_do_not_close_the_door_to_others(desk: MemoryDesk) -> None:
    for _ in range(UNKNOWN_CASES.amount):
        _ = outcome(lambda: read_case_status(desk.ports, UNKNOWN, HERE))

    assert None is outcome(lambda: read_case_status(desk.ports, KEY, ELSEWHERE))


def test_the_misses_of_all_three_calls_are_counted_together(desk: MemoryDesk) -> None:
    acts = [*KEYED.values()] * 7
    outcomes = [outcome(partial(act, desk.ports, UNKNOWN, HERE)) for act in acts]

    assert [NotFound] * 20 + [TooMany] == outcomes


def test_following_a_case_is_not_counted(desk: MemoryDesk) -> None:
    outcomes = {outcome(lambda: read_case_status(desk.ports, KEY, HERE)) for _ in range(100)}

    assert {None} == outcomes


@pytest.mark.parametrize(("act", "limit"), [("escalate", ESCALATIONS), ("cancel", CANCELLATIONS)])
def test_escalating_and_cancelling_are_limited(desk: MemoryDesk, act: str, limit: Limit) -> None:
    outcomes = [outcome(lambda: KEYED[act](desk.ports, KEY, HERE)) for _ in range(limit.amount + 1)]

    assert TooMany not in outcomes[:-1]
    assert TooMany is outcomes[-1]


@pytest.mark.parametrize(("act", "limit"), [("escalate", ESCALATIONS), ("cancel", CANCELLATIONS)])
def test_a_miss_costs_no_escalation_or_cancellation(
    desk: MemoryDesk, act: str, limit: Limit
) -> None:
    for _ in range(limit.amount + 1):
        _ = outcome(lambda: KEYED[act](desk.ports, UNKNOWN, HERE))

    assert None is outcome(lambda: KEYED[act](desk.ports, KEY, HERE))


def test_a_request_that_says_nothing_costs_nothing(desk: MemoryDesk) -> None:
    for _ in range(50):
        fault = outcome(lambda: escalate_case(desk.ports, UNKNOWN, "", None, HERE))
        assert Invalid is fault

    assert None is outcome(lambda: escalate_case(desk.ports, KEY, "Hurry", None, HERE))


def test_nobody_within_the_program_is_limited(desk: MemoryDesk) -> None:
    outcomes = [outcome(lambda: submit_case(desk.ports, a_raw_case())) for _ in range(50)]

    assert {None} == set(outcomes)


def test_a_case_is_taken_while_nobody_can_count(uncounted: Ports) -> None:
    assert None is outcome(lambda: submit_case(uncounted, a_raw_case(), HERE))


@pytest.mark.parametrize("act", KEYED)
def test_no_case_is_opened_while_nobody_can_count(uncounted: Ports, act: str) -> None:
    assert Unavailable is outcome(lambda: KEYED[act](uncounted, KEY, HERE))
