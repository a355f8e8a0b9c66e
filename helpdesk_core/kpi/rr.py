"""`rr`: response and resolution, each within its time.

A ticket that came in is scored by its promises of a first response and of a resolution: the share
of them that were kept, in percent. It is pending until both are decided or one is breached; what is
not decided then is not kept yet. Work that an agent logged is scored by the minutes that were
logged, the first two counts of its fields, against `responseSlaMin` and `resolutionSlaMin`: a
minute count equal to its bound is kept.
"""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import Final

from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.kpi.judging import by_mean_score, numbers
from helpdesk_core.kpi.rules import NO_MEASURE, Figure, Measure, Rule, Work
from helpdesk_core.sla_clock import Metric, Standing, Verdict

_LIMITS: Final = ("responseSlaMin", "resolutionSlaMin")
_METRICS: Final = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MILLISECONDS: Final = 60_000
"""In a minute: figures of time are added in whole milliseconds, rounded down."""


def _measure(work: Work) -> Measure:
    if work.ticket.status is None:
        return _logged(work)
    standings = [work.standings.get(metric) for metric in _METRICS]
    verdicts = [standing.verdict for standing in standings if standing is not None]
    figures = tuple(map(_minutes, standings))
    if Verdict.PENDING in verdicts and Verdict.BREACHED not in verdicts:
        return Measure(is_pending=True, figures=figures)
    return _scored((verdict is Verdict.MET for verdict in verdicts), figures)


def _minutes(standing: Standing | None) -> Fraction | None:
    """What the clock of a promise had counted when it stopped."""
    if standing is None or standing.stopped_at is None:
        return None
    return Fraction(standing.elapsed // _MILLISECOND, _MILLISECONDS)


def _logged(work: Work) -> Measure:
    taken = numbers(work.values_of(FieldKind.COUNT))[: len(_LIMITS)]
    limits = (work.scoring.number(name) for name in _LIMITS)
    held = tuple((it, limit) for it, limit in zip(taken, limits, strict=False) if limit is not None)
    return _scored((it <= limit for it, limit in held), taken)


def _scored(kept: Iterable[bool], figures: tuple[Fraction | None, ...]) -> Measure:
    promises = tuple(kept)
    if not promises:
        return NO_MEASURE
    score = Fraction(100 * sum(promises), len(promises))
    return Measure(score=score, passed=all(promises), figures=figures)


RR: Final = Rule(
    word="rr",
    schema=(
        MetricField(key="responseMin", label="Response (minutes)", kind=FieldKind.COUNT, minimum=0),
        MetricField(
            key="resolutionMin", label="Resolution (minutes)", kind=FieldKind.COUNT, minimum=0
        ),
    ),
    required=_LIMITS,
    figures=(
        Figure(key="responseMin", label="Response", unit="minutes", parts=_MILLISECONDS),
        Figure(key="resolutionMin", label="Resolution", unit="minutes", parts=_MILLISECONDS),
    ),
    measure=_measure,
    judge=by_mean_score,
)
