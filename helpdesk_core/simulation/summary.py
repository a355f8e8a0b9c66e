"""A simulation in a few figures: statuses, promises, and how busy the agents were."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

import attrs

from helpdesk_core.kinds import Metric, Status
from helpdesk_core.simulation.running import Simulation
from helpdesk_core.simulation.standing import Simulated
from helpdesk_core.sla_clock import Standing, Verdict


@attrs.frozen(kw_only=True)
class PromiseSummary:
    """What became of one kind of promise: how many of each verdict, and how long it took.

    `middle` is the (lower) median of what the clocks had counted of those that were over; None of
    none.
    """

    metric: Metric
    verdicts: Mapping[Verdict, int]
    middle: timedelta | None

    @property
    def compliance(self) -> Fraction | None:
        """The share in percent that was met, of all that are decided; None where none is."""
        met, breached = (self.verdicts.get(it, 0) for it in (Verdict.MET, Verdict.BREACHED))
        return Fraction(100 * met, met + breached) if met + breached else None


def statuses(simulation: Simulation) -> Mapping[Status, int]:
    """How many tickets are in each status at the end."""
    return Counter(it.ticket.status for it in simulation.tickets if it.ticket.status is not None)


def promises(simulation: Simulation) -> Iterator[PromiseSummary]:
    """A summary of each kind of promise that was made, in the order of the metrics."""
    for metric in Metric:
        found = list(_standings(simulation.tickets, metric))
        if found:
            over = sorted(it.elapsed for it in found if it.stopped_at is not None)
            yield PromiseSummary(
                metric=metric,
                verdicts=Counter(it.verdict for it in found),
                middle=over[(len(over) - 1) // 2] if over else None,
            )


def _standings(tickets: Sequence[Simulated], metric: Metric) -> Iterator[Standing]:
    for ticket in tickets:
        for kept in ticket.kept:
            if kept.target.promise.metric is metric:
                yield from kept.standings
