"""History under another policy beside the real one: what would have been met, and what would not.

Nothing is written and nothing is simulated: what people did stays as it was, and only what was
promised is another.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from helpdesk_core.kinds import Metric
from helpdesk_core.sla_clock import Standing, Verdict
from helpdesk_core.sla_policies import Policy, standings_under
from helpdesk_core.tickets import Event, Ticket

Counts: TypeAlias = Mapping[Verdict, int]


@attrs.frozen(kw_only=True)
class Compliance:
    """How many promises came to what, metric by metric."""

    counts: Mapping[Metric, Counts] = attrs.field(factory=lambda: MappingProxyType({}))

    def plus(self, other: "Compliance") -> "Compliance":
        """Both together."""
        metrics = [metric for metric in Metric if metric in {*self.counts, *other.counts}]
        return Compliance(
            counts=MappingProxyType(
                {it: _sum(self.counts.get(it, {}), other.counts.get(it, {})) for it in metrics}
            )
        )

    def share(self, metric: Metric) -> Fraction | None:
        """What part of the promises that came to something was met; None where none did.

        Dropped ones and those still pending are not counted.
        """
        counts = self.counts.get(metric, {})
        met, breached = counts.get(Verdict.MET, 0), counts.get(Verdict.BREACHED, 0)
        return Fraction(met, met + breached) if met + breached else None


NOTHING_YET: Final = Compliance()
"""Of no ticket at all."""


@attrs.frozen(kw_only=True)
class Turn:
    """One promise whose verdict is another one; None where there is no such promise.

    Each time that something was promised is one by itself: the one of that start.
    """

    metric: Metric
    started_at: datetime
    before: Standing | None
    after: Standing | None


@attrs.frozen(kw_only=True)
class Replayed:
    """A ticket under the policy that it is held to and under another one, as both stand now."""

    ticket: Ticket
    held: Policy
    other: Policy
    real: Compliance
    replayed: Compliance
    turns: tuple[Turn, ...]


def replay(
    ticket: Ticket, history: tuple[Event, ...], held: Policy, other: Policy, now: datetime
) -> Replayed:
    """What a ticket's history comes to under two policies, and every verdict that differs."""
    before, after = (_standings(policy, history, now) for policy in (held, other))
    return Replayed(
        ticket=ticket,
        held=held,
        other=other,
        real=_compliance(before),
        replayed=_compliance(after),
        turns=tuple(_turns(before, after)),
    )


_Found: TypeAlias = Mapping[tuple[Metric, datetime], Standing]


def _standings(policy: Policy, history: tuple[Event, ...], now: datetime) -> _Found:
    return {
        (kept.target.promise.metric, standing.started_at): standing
        for kept in standings_under(policy, history, now)
        for standing in kept.standings
    }


def _compliance(found: _Found) -> Compliance:
    counts: dict[Metric, dict[Verdict, int]] = {}
    for (metric, _), standing in found.items():
        of_metric = counts.setdefault(metric, {})
        of_metric[standing.verdict] = of_metric.get(standing.verdict, 0) + 1
    return Compliance(counts=MappingProxyType(counts))


def _turns(before: _Found, after: _Found) -> Iterator[Turn]:
    for key in {**before, **after}:
        one, other = before.get(key), after.get(key)
        if (one and one.verdict) is not (other and other.verdict):
            yield Turn(metric=key[0], started_at=key[1], before=one, after=other)


def _sum(one: Counts, other: Counts) -> Counts:
    return {it: one.get(it, 0) + other.get(it, 0) for it in Verdict if it in {*one, *other}}
