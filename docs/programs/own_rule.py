"""A KPI rule of one's own: what customers answered, from 0 to 10."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from helpdesk_core import (
    CONTRACT_RULES,
    FieldKind,
    Judgement,
    Measure,
    MetricField,
    Needed,
    Rule,
    Scalar,
    Tally,
    Work,
)

PROMOTER: Final = 9


def measure(work: Work) -> Measure:
    """Ten percent a point."""
    answered = [it for it in work.values_of(FieldKind.COUNT) if isinstance(it, int)]
    if not answered:
        return Measure()
    return Measure(score=Fraction(10 * answered[0]), passed=answered[0] >= PROMOTER)


def judge(tally: Tally, parameters: Mapping[str, Scalar]) -> Judgement:
    """At least `promoters` percent of those who answered must have passed."""
    if not tally.scored:
        return Judgement()
    wanted = Fraction(str(parameters.get("promoters", 50)))
    share = Fraction(100 * tally.passed, tally.scored)
    return Judgement(score=tally.score, passes=share >= wanted, value=share, threshold=wanted)


SURVEY = Rule(
    word="survey",
    schema=(MetricField(key="answer", label="Answer", kind=FieldKind.COUNT, maximum=10),),
    optional={"promoters": Needed.NUMBER},
    measure=measure,
    judge=judge,
)

RULES = CONTRACT_RULES.with_rule(SURVEY)
