"""What was promised for a ticket, as one value: targets, each with its clock, and a calendar.

A ticket is pinned to its policy by the `digest`, which is made of everything that it means. Whoever
changes the directory makes other policies for other tickets; a pinned one never changes.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.kinds import EventKind, Metric, Status
from helpdesk_core.kpi.scoring import Scoring
from helpdesk_core.sla import deadline
from helpdesk_core.sla_clock import Clock, Promise, Standing, clocks_of, past_of
from helpdesk_core.tickets import Event

_MICROSECOND = timedelta(microseconds=1)
_METRICS = {metric: place for place, metric in enumerate(Metric)}


def _in_time(given: Iterable[timedelta]) -> tuple[timedelta, ...]:
    return tuple(sorted(set(given)))


def _by_metric(given: "Iterable[PolicyTarget]") -> "tuple[PolicyTarget, ...]":
    return tuple(sorted(given, key=lambda target: _METRICS[target.promise.metric]))


@attrs.frozen(kw_only=True)
class PolicyTarget:
    """A promise, and after how much of its time it is warned that it may be broken.

    `warn_after` is in order, each once. Raises ValueError for a warning that would not come before
    the promise is broken.
    """

    promise: Promise
    warn_after: tuple[timedelta, ...] = attrs.field(default=(), converter=_in_time)

    def __attrs_post_init__(self) -> None:
        if any(not timedelta() < after < self.promise.amount for after in self.warn_after):
            raise ValueError("a warning must come after the start and before the promise is broken")


@attrs.frozen(kw_only=True)
class Policy:
    """What is promised: a target for each metric that has one, in the order of the metrics.

    `calendar` is the one that the ticket's department works by, None for round the clock: figures
    of working time are counted by it even where nothing is promised. `scoring` is what the monthly
    figures score the ticket by, None for a ticket without a KPI type. Raises ValueError for two
    targets of one metric.
    """

    name: str
    targets: tuple[PolicyTarget, ...] = attrs.field(default=(), converter=_by_metric)
    calendar: Calendar | None = None
    scoring: Scoring | None = None

    def __attrs_post_init__(self) -> None:
        metrics = [target.promise.metric for target in self.targets]
        if len(set(metrics)) < len(metrics):
            raise ValueError(f"the policy {self.name!r} has two targets of one metric")

    def target(self, metric: Metric) -> PolicyTarget | None:
        """The target of a metric, or None where nothing is promised."""
        return next((it for it in self.targets if it.promise.metric is metric), None)

    def due(self, metric: Metric, start: datetime) -> datetime | None:
        """When something promised is due whose clock starts then and never stands still."""
        target = self.target(metric)
        if target is None:
            return None
        return deadline(start, target.promise.amount, target.promise.calendar)

    @cached_property
    def digest(self) -> str:
        """The version of the policy: 32 hexadecimal digits of a SHA-256 over all that it means.

        Of a calendar its own digest counts, so that a new name of a holiday makes no new policy.
        """
        targets = [_meaning(target) for target in self.targets]
        scoring = self.scoring.digest if self.scoring else None
        parts = [self.name, targets, _digest(self.calendar), scoring]
        return sha256(json.dumps(parts).encode()).hexdigest()[:32]


@attrs.frozen(kw_only=True)
class Kept:
    """How a target stands, each time that it was promised on the ticket; oldest first."""

    target: PolicyTarget
    standings: tuple[Standing, ...]


def standings_under(policy: Policy, history: Iterable[Event], now: datetime) -> tuple[Kept, ...]:
    """How a ticket of that history stands under a policy, target by target.

    See `sla_clock.standings`: what happened after `now` is not looked at, and nothing depends on
    who looked before.
    """
    past = past_of(history, now)
    return tuple(kept_by(it, clocks_of(it.promise, past)) for it in policy.targets)


def kept_by(target: PolicyTarget, clocks: Iterable[Clock]) -> Kept:
    """How a target stands by its clocks."""
    return Kept(target=target, standings=tuple([it.standing for it in clocks]))


def tightened(held: Policy, wanted: Policy, *, settled: frozenset[Metric] = frozenset()) -> Policy:
    """The policy wanted, but for the targets of which the held one's are shorter, or are alone.

    Those of the metrics that are `settled` stay as they are held.
    """
    return attrs.evolve(wanted, targets=tuple(_tighter(held, wanted, settled)))


def _tighter(held: Policy, wanted: Policy, settled: frozenset[Metric]) -> Iterator[PolicyTarget]:
    for metric in Metric:
        offered = held.target(metric) if metric in settled else wanted.target(metric)
        targets = [it for it in (offered, held.target(metric)) if it is not None]
        if targets:
            yield min(targets, key=lambda it: it.promise.amount)


def settled_under(policy: Policy, history: Iterable[Event], now: datetime) -> frozenset[Metric]:
    """What was promised once and is over: the first response when it was given, the resolution."""
    return frozenset(
        kept.target.promise.metric
        for kept in standings_under(policy, history, now)
        if kept.target.promise.metric in _ONCE
        and any(it.stopped_at is not None for it in kept.standings)
    )


_ONCE = frozenset({Metric.FIRST_RESPONSE, Metric.RESOLUTION})


def _meaning(target: PolicyTarget) -> list[object]:
    promise = target.promise
    return [
        promise.metric.value,
        promise.amount // _MICROSECOND,
        _digest(promise.calendar),
        _words(promise.starts),
        _words(promise.answers),
        _words(promise.pauses_in),
        [after // _MICROSECOND for after in target.warn_after],
    ]


def _digest(calendar: Calendar | None) -> str | None:
    return calendar.digest if calendar else None


def _words(members: frozenset[EventKind] | frozenset[Status] | None) -> list[str] | None:
    return None if members is None else sorted(member.value for member in members)
