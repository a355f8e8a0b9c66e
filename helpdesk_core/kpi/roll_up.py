"""Averages of averages, and their colours.

Every row weighs the same in its group, every group in its department, every department in its
country, however many tickets are behind it: so one bad team does not drown a good country. What has
no score has no weight.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final

GREEN_FROM: Final = 95
YELLOW_FROM: Final = 80
"""Percent; exactly so much is enough for the colour."""


class Colour(Enum):
    """How good a score is."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def colour_of(score: Fraction | None) -> Colour | None:
    """The colour of a score in percent; none of none."""
    if score is None:
        return None
    if score >= GREEN_FROM:
        return Colour.GREEN
    return Colour.YELLOW if score >= YELLOW_FROM else Colour.RED


def average(scores: Iterable[Fraction | None]) -> Fraction | None:
    """The exact mean of those that are known; None where none is."""
    known = [score for score in scores if score is not None]
    return sum(known, Fraction()) / len(known) if known else None


def two_decimals(value: Fraction) -> Decimal:
    """The value as people read it: cut to two decimals, downwards.

    So that what is shown as 95.00 is green, and what is shown as 99.50 has reached 99.5.
    """
    return Decimal(f"{value * 100 // 1}e-2")
