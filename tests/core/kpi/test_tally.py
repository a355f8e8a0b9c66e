import json
from functools import reduce
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.kpi.tally import NOTHING, Sum, Tally, read_tally, total, written_tally

counts = st.integers(-(10**12), 10**12)
sums = st.builds(Sum, counts, counts)
tallies = st.builds(
    Tally,
    tickets=counts,
    left_out=counts,
    pending=counts,
    scored=counts,
    passed=counts,
    points=counts,
    figures=st.lists(sums | st.just(Sum()), max_size=6),
)


@given(tallies, tallies, tallies)
def test_how_they_are_grouped_does_not_matter(one: Tally, two: Tally, three: Tally) -> None:
    assert (one + two) + three == one + (two + three)


@given(st.lists(tallies, max_size=6), st.randoms(use_true_random=False))
def test_their_order_does_not_matter(some: list[Tally], die: Random) -> None:
    shuffled = sorted(some, key=lambda _: die.random())

    assert total(some) == reduce(Tally.__add__, shuffled, NOTHING)


@given(tallies)
def test_nothing_changes_nothing(tally: Tally) -> None:
    assert tally == tally + NOTHING == NOTHING + tally


@given(tallies)
def test_what_is_taken_away_leaves_nothing(tally: Tally) -> None:
    assert not tally - tally


@given(tallies)
def test_what_is_written_is_read_back(tally: Tally) -> None:
    assert tally == read_tally(json.loads(json.dumps(written_tally(tally))))


@given(tallies, tallies)
def test_equal_ones_are_written_alike(one: Tally, two: Tally) -> None:
    assert json.dumps(written_tally(one + two)) == json.dumps(written_tally(two + one))


def test_nothing_is_written_as_nothing() -> None:
    assert {} == written_tally(NOTHING)
