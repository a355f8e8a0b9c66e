"""`acr`: scores from 1 to 5 for FRT, Attendance, Finding, Backlog, Teamwork and Obedience.

A ticket's score is the mean of those that were logged, 20 percent for each point; a month's row is
held against `target`, from 1 to 5.
"""

from fractions import Fraction
from typing import Final

from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.kpi.judging import held_against, mean, numbers, threshold
from helpdesk_core.kpi.rules import NO_MEASURE, Figure, Judgement, Measure, Parameters, Rule, Work
from helpdesk_core.kpi.tally import POINTS, Tally

_BEST: Final = 5
_USUAL: Final = Fraction(4)
_PERCENT: Final = 100 // _BEST
_ASKED: Final = {
    "frt": "FRT",
    "attendance": "Attendance",
    "finding": "Finding",
    "backlog": "Backlog",
    "teamwork": "Teamwork",
    "obedience": "Obedience",
}


def _measure(work: Work) -> Measure:
    scores = numbers(work.values_of(FieldKind.SCORE))
    average = mean(scores)
    if average is None:
        return NO_MEASURE
    wanted = threshold(work.scoring.parameters, usual=_USUAL)
    return Measure(score=average * _PERCENT, passed=average >= wanted, figures=scores)


def _judge(tally: Tally, parameters: Parameters) -> Judgement:
    value = None if tally.score is None else tally.score / _PERCENT
    return held_against(tally.score, value, threshold(parameters, usual=_USUAL))


ACR: Final = Rule(
    word="acr",
    schema=tuple(
        MetricField(key=key, label=label, kind=FieldKind.SCORE, minimum=1, maximum=_BEST)
        for key, label in _ASKED.items()
    ),
    figures=tuple(
        Figure(key=key, label=label, unit="of 5", parts=POINTS) for key, label in _ASKED.items()
    ),
    measure=_measure,
    judge=_judge,
)
