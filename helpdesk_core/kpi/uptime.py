"""`uptime`: the share of units that were up long enough; calculated, never entered.

A unit is a KPI type of a group that contributes to uptime, in one department: what the tickets of
the two are about. It reached the month when its uptime is at least `target` percent of the month,
99.5 unless said. A row is the share of the department's units that did, and passes when all did.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from helpdesk_core.directory import UPTIME as WORD
from helpdesk_core.kpi.judging import held_against, threshold
from helpdesk_core.kpi.rules import NO_MEASURE, Figure, Judgement, Measure, Parameters, Rule, Work
from helpdesk_core.kpi.tally import POINTS, Sum, Tally, total

USUAL: Final = Fraction(199, 2)
"""Percent of the month, where a KPI type has no `target`."""
_ALL: Final = Fraction(100)


def reached(uptime: Fraction, parameters: Parameters) -> bool:
    """True when a unit's uptime in percent is enough."""
    return uptime >= threshold(parameters, usual=USUAL)


def tally_of_units(uptimes: Iterable[Fraction], parameters: Parameters) -> Tally:
    """What the units of a department come to: each is scored, with all or with nothing."""
    return total(_tally(uptime, parameters) for uptime in uptimes)


def _tally(uptime: Fraction, parameters: Parameters) -> Tally:
    is_reached = reached(uptime, parameters)
    return Tally(
        tickets=1,
        scored=1,
        passed=int(is_reached),
        points=100 * POINTS * is_reached,
        figures=(Sum(round(uptime * POINTS), 1),),
    )


def _measure(_: Work) -> Measure:
    return NO_MEASURE


def _judge(tally: Tally, _: Parameters) -> Judgement:
    return held_against(tally.score, tally.score, _ALL)


UPTIME: Final = Rule(
    word=WORD,
    figures=(Figure(key="uptime", label="Uptime", unit="percent", parts=POINTS),),
    measure=_measure,
    judge=_judge,
)
