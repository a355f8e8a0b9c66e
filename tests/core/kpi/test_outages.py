"""The uptime of a unit, beside a model that looks at every second."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.kpi.outages import Outage, downtime, read_outage, uptime, written_outage

SINCE = datetime(2026, 5, 1, tzinfo=UTC)
SPAN = 600  # seconds
UNTIL = SINCE + timedelta(seconds=SPAN)


def at(second: int) -> datetime:
    return SINCE + timedelta(seconds=second)


seconds = st.integers(-100, SPAN + 100)
outages = st.tuples(seconds, seconds | st.none()).map(
    lambda it: Outage(at(it[0]), None if it[1] is None else at(it[1]))
)


def is_down(second: int, outage: Outage) -> bool:
    return outage.began <= at(second) and (outage.ended is None or at(second) < outage.ended)


@given(st.lists(outages, max_size=8))
def test_it_is_what_a_look_at_every_second_finds(some: list[Outage]) -> None:
    down = sum(any(is_down(second, outage) for outage in some) for second in range(SPAN))

    assert timedelta(seconds=down) == downtime(some, SINCE, UNTIL)


@given(st.lists(outages, max_size=8), st.permutations(range(8)))
def test_the_order_of_outages_does_not_matter(some: list[Outage], order: list[int]) -> None:
    shuffled = [some[number] for number in order if number < len(some)]

    assert uptime(some, SINCE, UNTIL) == uptime(shuffled, SINCE, UNTIL)


@given(st.lists(outages, max_size=8), outages)
def test_one_more_outage_never_adds_uptime(some: list[Outage], outage: Outage) -> None:
    before, after = uptime(some, SINCE, UNTIL), uptime([*some, outage], SINCE, UNTIL)

    assert before is not None
    assert after is not None
    assert 0 <= after <= before <= 100


@given(outages)
def test_the_same_outage_twice_is_down_once(outage: Outage) -> None:
    assert downtime([outage], SINCE, UNTIL) == downtime([outage, outage], SINCE, UNTIL)


@given(st.integers(0, SPAN))
def test_two_that_touch_are_as_long_as_both(middle: int) -> None:
    some = [Outage(at(0), at(middle)), Outage(at(middle), at(SPAN))]

    assert timedelta(seconds=SPAN) == downtime(some, SINCE, UNTIL)


def test_one_that_touches_the_span_is_outside_it() -> None:
    some = [Outage(at(-5), at(0)), Outage(at(SPAN), at(SPAN + 5))]

    assert Fraction(100) == uptime(some, SINCE, UNTIL)


def test_an_empty_span_has_no_uptime() -> None:
    assert uptime([], SINCE, SINCE) is None


@given(outages)
def test_what_is_written_is_read_back(outage: Outage) -> None:
    assert outage == read_outage(written_outage(outage))
