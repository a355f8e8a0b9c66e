"""`project`: a count, as many in a month as `target` says.

A ticket counts the first number that was logged; one that came in counts one when it is done, and
is pending until then.
"""

from fractions import Fraction
from typing import Final

from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.kpi.judging import held_against, numbers, threshold
from helpdesk_core.kpi.rules import NO_MEASURE, Figure, Judgement, Measure, Parameters, Rule, Work
from helpdesk_core.kpi.tally import Tally

_ONE: Final = Fraction(1)


def _measure(work: Work) -> Measure:
    if work.ticket.status is not None and work.ticket.closed_at is None:
        return Measure(is_pending=True)
    count = _count(work)
    if count is None:
        return NO_MEASURE
    return Measure(score=Fraction(100 * (count > 0)), passed=count > 0, figures=(count,))


def _count(work: Work) -> Fraction | None:
    if work.ticket.status is not None:
        return _ONE
    return next(iter(numbers(work.values_of(FieldKind.COUNT))), None)


def _judge(tally: Tally, parameters: Parameters) -> Judgement:
    wanted = threshold(parameters, usual=_ONE)
    if not tally.scored:
        return Judgement(threshold=wanted)
    done = Fraction(tally.figure(0).total)
    share = min(100 * done / wanted, Fraction(100)) if wanted > 0 else Fraction(100)
    return held_against(share, done, wanted)


PROJECT: Final = Rule(
    word="project",
    schema=(MetricField(key="projectCount", label="Projects", kind=FieldKind.COUNT, minimum=0),),
    figures=(Figure(key="projectCount", label="Projects", unit="a ticket"),),
    measure=_measure,
    judge=_judge,
)
