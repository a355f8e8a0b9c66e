"""What becomes true of a ticket's promises by itself: that one may be broken soon, that one was.

Each mark is an instant of the history, and the same whoever looks, and whenever. Whoever finds that
it has passed adds an event with that instant, once; verdicts are not made of these events.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import attrs

from helpdesk_core.kinds import EventKind
from helpdesk_core.sla_clock import (
    DROPPED,
    FOUND_LATER,
    Clock,
    Hand,
    Promise,
    Standing,
    Verdict,
    clocks_of,
    past_of,
    standings,
)
from helpdesk_core.sla_policies import Kept, Policy, PolicyTarget, kept_by, standings_under
from helpdesk_core.tickets import Event, Ticket

TOLD_WITHIN: Final = timedelta(days=1)
"""What is found out later than that is recorded, and told nobody: it is no news any more."""


@attrs.frozen(kw_only=True)
class Mark:
    """A warning or a breach, of one of the times that something was promised.

    It becomes true after `after` of the promised time, which is `at`: every later instant is past
    it. `due_at` is when the promise was due as far as was known then. `is_settled` says that
    nothing depends on it any more: what was promised has come, or is not owed.
    """

    kind: EventKind
    promise: Promise
    after: timedelta
    at: datetime
    started_at: datetime
    due_at: datetime
    is_settled: bool

    @property
    def details(self) -> dict[str, str]:
        """What its event says; a warning says after how much of the time it came."""
        details = {
            "metric": self.promise.metric.value,
            "startedAt": self.started_at.isoformat(),
            "dueAt": self.due_at.isoformat(),
        }
        return details | ({"after": str(self.after)} if self.kind is EventKind.WARNED else {})

    def is_news(self, now: datetime) -> bool:
        """True when somebody should be told: it is recent, and nothing has settled it since."""
        return not self.is_settled and now - self.at <= TOLD_WITHIN

    def event_of(self, ticket: Ticket) -> Event:
        """The event by which the ticket remembers it."""
        return Event(kind=self.kind, at=self.at, status=ticket.status, details=self.details)


def found_late(policy: Policy, history: Iterable[Event], now: datetime) -> tuple[Mark, ...]:
    """The marks that have passed and are not among the events yet, in the order of time."""
    known = tuple(history)
    passed = (mark for mark in _Look.of(policy, known, now).marks() if mark.at < now)
    late = sorted(
        _unraised(passed, known), key=lambda mark: (mark.at, mark.kind is EventKind.BREACHED)
    )
    return tuple(_as_known_then(mark, known) for mark in late)


@attrs.frozen
class Outlook:
    """How a ticket stands now, and the instant of its first mark that is not among the events.

    `next_due_at` is as `next_due_at` has it, `kept` as `sla_policies.standings_under`.
    """

    next_due_at: datetime | None
    kept: tuple[Kept, ...]


NOTHING_DUE: Final = Outlook(None, ())
"""Of work that was logged: nothing was promised."""


def outlook(policy: Policy, history: Iterable[Event], now: datetime) -> Outlook:
    """Both at once: each promise's clocks are looked at once for the two of them."""
    known = tuple(history)
    look = _Look.of(policy, known, now)
    marks = look.marks()
    if any(it.kind in FOUND_LATER for it in known):
        marks = _unraised(marks, known)
    kept = standings_under(policy, known, now) if look.is_dropped else look.kept
    return Outlook(min((mark.at for mark in marks), default=None), kept)


def next_due_at(policy: Policy, history: Iterable[Event], now: datetime) -> datetime | None:
    """The instant of the first mark that is not among the events, if nothing else happens.

    It may have passed. None where none will come: nothing is promised, the clocks stand still, or
    every mark is among the events.
    """
    return outlook(policy, history, now).next_due_at


_Key: TypeAlias = tuple[EventKind, str | None, str | None, str | None]


def _unraised(marks: Iterable[Mark], history: tuple[Event, ...]) -> Iterator[Mark]:
    """Those that are not among the events, each once."""
    raised = {_key(it.kind, it.details) for it in history if it.kind in FOUND_LATER}
    for mark in marks:
        key = _key(mark.kind, mark.details)
        if key not in raised:
            raised.add(key)
            yield mark


def _key(kind: EventKind, details: Mapping[str, str]) -> _Key:
    return kind, details.get("metric"), details.get("startedAt"), details.get("after")


def _as_known_then(mark: Mark, history: tuple[Event, ...]) -> Mark:
    then = standings(mark.promise, history, mark.at)
    due_at = next((it.due_at for it in then if it.started_at == mark.started_at), mark.due_at)
    return attrs.evolve(mark, due_at=due_at)


@attrs.frozen
class _Look:
    """The clocks of each target, as far as the ticket lived."""

    found: tuple[tuple[PolicyTarget, tuple[Clock, ...]], ...]
    until: datetime
    is_dropped: bool

    @classmethod
    def of(cls, policy: Policy, history: tuple[Event, ...], now: datetime) -> "_Look":
        known = tuple(it for it in history if it.at <= now and it.kind not in FOUND_LATER)
        lived = tuple(it for it in known if it.status not in DROPPED)
        is_dropped = len(lived) < len(known)
        until = max(it.at for it in known[: len(lived) + 1]) if is_dropped else now
        past = past_of(lived, until)
        found = tuple([(it, clocks_of(it.promise, past)) for it in policy.targets])
        return cls(found, until, is_dropped)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """How the targets stand, of a ticket that did not drop out."""
        return tuple(kept_by(*found) for found in self.found)

    def marks(self) -> Iterator[Mark]:
        """Every mark that has passed, or is to come if nothing else happens.

        What had become true before a ticket dropped out stays so, and nothing comes true after it.
        """
        for target, clocks in self.found:
            for mark in _marks_of(target, clocks, self.until):
                if not self.is_dropped:
                    yield mark
                elif mark.at < self.until:
                    yield attrs.evolve(mark, is_settled=True)


def _marks_of(target: PolicyTarget, clocks: tuple[Clock, ...], now: datetime) -> Iterator[Mark]:
    promise = target.promise
    for after in (*target.warn_after, promise.amount):
        for clock in clocks:
            at = clock.due_at(after, now)
            # It was used up, or will be if nothing else happens.
            if clock.standing.hand is Hand.RUNNING or clock.is_past(at, now):
                yield _mark(promise, after, at, clock.standing)


def _mark(promise: Promise, after: timedelta, at: datetime, standing: Standing) -> Mark:
    is_warning = after < promise.amount
    is_decided = standing.verdict is not Verdict.PENDING
    return Mark(
        kind=EventKind.WARNED if is_warning else EventKind.BREACHED,
        promise=promise,
        after=after,
        at=at,
        started_at=standing.started_at,
        due_at=standing.due_at,
        is_settled=is_decided if is_warning else standing.stopped_at is not None,
    )
