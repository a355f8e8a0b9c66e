"""`submit`: a time of day, at or before a cut-off.

The time is the first that was logged; of a ticket that came in, the time of its submission on its
department's clocks. The cut-off is the parameter `cutOff`, such as `17:00`; without one there is
nothing to score.
"""

import re
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk_core.directory import FieldKind, MetricField
from helpdesk_core.kpi.judging import TARGET, by_mean_score
from helpdesk_core.kpi.rules import MINUTES_OF_DAY, NO_MEASURE, Figure, Measure, Needed, Rule, Work

CUT_OFF: Final = "cutOff"
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_SECONDS: Final = 60


def minutes_of(text: object) -> Fraction | None:
    """The minutes since midnight of a time such as `17:00`; None for anything else."""
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    return Fraction(int(found[1]) * 60 + int(found[2])) if found else None


def _measure(work: Work) -> Measure:
    cut_off, submitted = minutes_of(work.scoring.parameters.get(CUT_OFF)), _submitted(work)
    if submitted is None:
        return NO_MEASURE
    if cut_off is None:
        return Measure(figures=(submitted,))
    in_time = submitted <= cut_off
    return Measure(score=Fraction(100 * in_time), passed=in_time, figures=(submitted,))


def _submitted(work: Work) -> Fraction | None:
    if work.ticket.status is None:
        return next(map(minutes_of, work.values_of(FieldKind.TIME)), None)
    local = work.ticket.submitted_at.astimezone(ZoneInfo(work.zone))
    return Fraction((local.hour * 60 + local.minute) * _SECONDS + local.second, _SECONDS)


SUBMIT: Final = Rule(
    word="submit",
    schema=(MetricField(key="submittedTime", label="Submitted at", kind=FieldKind.TIME),),
    optional={TARGET: Needed.NUMBER, CUT_OFF: Needed.TIME},
    figures=(
        Figure(
            key="submittedTime",
            label="Submitted at",
            unit=MINUTES_OF_DAY,
            parts=_SECONDS,
        ),
    ),
    measure=_measure,
    judge=by_mean_score,
)
