"""`ic`: internal control, how far a finding was dealt with, when it was found and when closed.

A ticket's score is the completion in percent that was logged; a month's row is held against
`target` in percent. The time from finding to closing is a figure, and is not scored.
"""

from datetime import timedelta
from fractions import Fraction
from typing import Final

from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.kpi.judging import by_mean_score, numbers, threshold
from helpdesk_core.kpi.rules import NO_MEASURE, Figure, Measure, Rule, Work
from helpdesk_core.kpi.tally import POINTS
from helpdesk_core.text import read_instant

_SECOND: Final = timedelta(seconds=1)
_SECONDS: Final = 3600


def _measure(work: Work) -> Measure:
    completion = next(iter(numbers(work.values_of(FieldKind.PERCENT))), None)
    if completion is None:
        return NO_MEASURE
    wanted = threshold(work.scoring.parameters)
    passed = completion >= wanted
    return Measure(score=completion, passed=passed, figures=(completion, _hours(work)))


def _hours(work: Work) -> Fraction | None:
    """From the first instant that was logged to the second."""
    instants = [read_instant(value) for value in work.values_of(FieldKind.INSTANT)]
    found, closed = [*instants, None, None][:2]
    if found is None or closed is None or closed < found:
        return None
    return Fraction((closed - found) // _SECOND, _SECONDS)


IC: Final = Rule(
    word="ic",
    schema=(
        MetricField(
            key="completion",
            label="Completion (%)",
            kind=FieldKind.PERCENT,
            minimum=0,
            maximum=100,
        ),
        MetricField(key="foundAt", label="Found", kind=FieldKind.INSTANT),
        MetricField(key="closedAt", label="Closed", kind=FieldKind.INSTANT, required=False),
    ),
    figures=(
        Figure(key="completion", label="Completion", unit="percent", parts=POINTS),
        Figure(key="hours", label="Found to closed", unit="hours", parts=_SECONDS),
    ),
    measure=_measure,
    judge=by_mean_score,
)
