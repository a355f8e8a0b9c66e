from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.kpi.roll_up import Colour, average, colour_of, two_decimals

scores = st.fractions(0, 100)
HAIR = Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("score", "colour"),
    [
        (Fraction(100), Colour.GREEN),
        (Fraction(95), Colour.GREEN),
        (95 - HAIR, Colour.YELLOW),
        (Fraction(80), Colour.YELLOW),
        (80 - HAIR, Colour.RED),
        (Fraction(0), Colour.RED),
        (None, None),
    ],
)
def test_colours_change_at_95_and_at_80_exactly(
    score: Fraction | None, colour: Colour | None
) -> None:
    assert colour == colour_of(score)


@given(st.lists(scores, min_size=1))
def test_an_average_lies_between_the_least_and_the_greatest(some: list[Fraction]) -> None:
    mean = average(some)

    assert mean is not None
    assert min(some) <= mean <= max(some)


@given(st.lists(scores, min_size=1), scores, st.data())
def test_a_better_part_never_makes_the_whole_worse(
    some: list[Fraction], better: Fraction, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(some) - 1))
    improved = [*some]
    improved[place] = max(some[place], better)
    before, after = average(some), average(improved)

    assert before is not None
    assert after is not None
    assert before <= after


@given(st.lists(scores | st.none()))
def test_what_has_no_score_has_no_weight(some: list[Fraction | None]) -> None:
    assert average(some) == average(score for score in some if score is not None)


def test_three_thirds_are_exactly_green() -> None:
    thirds = [Fraction(284, 3), Fraction(285, 3), Fraction(286, 3)]

    assert colour_of(average(thirds)) is Colour.GREEN


@given(scores)
def test_what_is_shown_has_the_colour_of_the_score(score: Fraction) -> None:
    assert colour_of(score) == colour_of(Fraction(two_decimals(score)))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(2, 3), "0.66"),
        (95 - HAIR, "94.99"),
        (Fraction(95), "95.00"),
        (Fraction(-1, 3), "-0.34"),
        (Fraction(10**30), "1" + "0" * 30 + ".00"),
    ],
)
def test_what_is_shown_is_cut_to_two_decimals(value: Fraction, shown: str) -> None:
    assert Decimal(shown) == two_decimals(value)
