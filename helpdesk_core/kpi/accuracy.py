"""`accuracy`: response and data accuracy, in percent.

A ticket's score is the mean of the percentages that were logged; a month's row is held against
`target` in percent. A ticket that came in has none to score.
"""

from typing import Final

from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.kpi.judging import by_mean_score, mean, numbers, threshold
from helpdesk_core.kpi.rules import NO_MEASURE, Figure, Measure, Rule, Work
from helpdesk_core.kpi.tally import POINTS


def _measure(work: Work) -> Measure:
    percentages = numbers(work.values_of(FieldKind.PERCENT))
    score = mean(percentages)
    if score is None:
        return NO_MEASURE
    wanted = threshold(work.scoring.parameters)
    return Measure(score=score, passed=score >= wanted, figures=percentages)


def _field(key: str, label: str) -> MetricField:
    return MetricField(key=key, label=label, kind=FieldKind.PERCENT, minimum=0, maximum=100)


ACCURACY: Final = Rule(
    word="accuracy",
    schema=(
        _field("responseAccuracy", "Response accuracy (%)"),
        _field("dataAccuracy", "Data accuracy (%)"),
    ),
    figures=(
        Figure(key="responseAccuracy", label="Response accuracy", unit="percent", parts=POINTS),
        Figure(key="dataAccuracy", label="Data accuracy", unit="percent", parts=POINTS),
    ),
    measure=_measure,
    judge=by_mean_score,
)
