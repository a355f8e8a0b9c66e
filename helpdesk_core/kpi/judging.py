"""What the rules share: means, thresholds out of parameters, and the judging of a month by them."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from helpdesk_core.directory import Scalar
from helpdesk_core.kpi.rules import Judgement, Parameters
from helpdesk_core.kpi.scoring import exact
from helpdesk_core.kpi.tally import Tally

TARGET: Final = "target"
"""The parameter that a month's row is held against, in the rule's own unit."""
USUAL_TARGET: Final = Fraction(95)
"""Percent, where a KPI type has no `target`: what is green."""


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """The exact mean; None of none."""
    given = tuple(values)
    return sum(given, Fraction()) / len(given) if given else None


def numbers(values: Iterable[Scalar]) -> tuple[Fraction, ...]:
    """Those of the values that are numbers, exactly as they were written."""
    found = (exact(value) for value in values)
    return tuple(number for number in found if number is not None)


def threshold(parameters: Parameters, usual: Fraction = USUAL_TARGET) -> Fraction:
    """The parameter `target`, or what is usual where it is no number."""
    given = exact(parameters.get(TARGET))
    return usual if given is None else given


def by_mean_score(tally: Tally, parameters: Parameters) -> Judgement:
    """The mean of the tickets' scores, held against `target` in percent."""
    return held_against(tally.score, tally.score, threshold(parameters))


def held_against(score: Fraction | None, value: Fraction | None, wanted: Fraction) -> Judgement:
    """A row whose value must reach a threshold; a value that is exactly the threshold does."""
    passes = None if value is None else value >= wanted
    return Judgement(score=score, passes=passes, value=value, threshold=wanted)
