"""What became of a promise: a pure function of what happened, what was promised, and the present.

A promise is so much time on a clock. The clock starts with the ticket, stands still while the
ticket waits or is finished, and is over when what was promised has happened. When it is **due** is
an instant: the earliest at which the time is used up, as far as the pauses are known. What happens
by that instant is met, at the very instant too; what has not happened by then is breached from that
instant on, whoever looks, and whenever.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.kinds import Metric as Metric  # noqa: PLC0414  # a noun of promises
from helpdesk_core.sla import deadline
from helpdesk_core.tickets import FINISHED, Event, EventKind, Status
from helpdesk_core.working_hours import working_time


@attrs.frozen(kw_only=True)
class Promise:
    """So much time for something; without a calendar it is the time on the wall clock.

    The clock stands still while the ticket's status is one of `pauses_in`. `starts` are the events
    that start it, `answers` those that keep the promise; None: those that usually do. A resolution
    is kept by the end of the work alone. Raises ValueError for a negative amount, for a status in
    which there is no work to pause, and for answers to a resolution.
    """

    metric: Metric
    amount: timedelta
    calendar: Calendar | None = None
    pauses_in: frozenset[Status] = frozenset({Status.WAITING})
    answers: frozenset[EventKind] | None = None
    starts: frozenset[EventKind] | None = None

    def __attrs_post_init__(self) -> None:
        if self.amount < timedelta():
            raise ValueError(f"a promise of less than no time: {self.amount!r}")
        if self.pauses_in & FINISHED:
            raise ValueError("a finished ticket's clock stands still anyway")
        if self.metric is Metric.RESOLUTION and self.answers is not None:
            raise ValueError("a resolution is kept by the end of the work alone")


class Verdict(Enum):
    """What became of a promise. Of a dropped one nothing is counted."""

    PENDING = "pending"
    MET = "met"
    BREACHED = "breached"
    DROPPED = "dropped"


class Hand(Enum):
    """What the clock is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@attrs.frozen
class Run:
    """The clock ran from `since` to `until`; None: it is running."""

    since: datetime
    until: datetime | None


@attrs.frozen
class Pause:
    """The clock stood still from `since` to `until`, for a status; None: it stands still now."""

    since: datetime
    until: datetime | None
    status: Status


@attrs.frozen(kw_only=True)
class Watch:
    """One promise's clock over what happened: when it ran and stood still, and when it was over.

    A clock that was stopped and started again was `stopped_before`, at those instants.
    """

    started_at: datetime
    runs: tuple[Run, ...]
    pauses: tuple[Pause, ...]
    stopped_at: datetime | None
    stopped_before: frozenset[datetime] = frozenset()


@attrs.frozen(kw_only=True)
class Standing:
    """How a promise stands.

    `due_at` is when it is due if the clock runs on from now, or was due when it stopped. `elapsed`
    is what the clock has counted; `remaining` what is left of the promise, negative when there is
    less than nothing. `breached_at` is None unless it was.
    """

    verdict: Verdict
    hand: Hand
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime
    breached_at: datetime | None
    elapsed: timedelta
    remaining: timedelta


@attrs.frozen
class Past:
    """What happened to a ticket by an instant, as its clocks look at it."""

    now: datetime
    moments: "tuple[_Moment, ...]"
    stops: frozenset[datetime]
    is_dropped: bool


@attrs.frozen
class Clock:
    """The clock of a promise, one of the times that it was made, as it stands at an instant.

    `worked` is what it counted in each of its runs.
    """

    promise: Promise
    watch: Watch
    worked: tuple[timedelta, ...]
    standing: Standing

    def due_at(self, amount: timedelta, now: datetime) -> datetime:
        """When so much of the promised time is used up, as `Standing.due_at` is for all of it."""
        return _due(self.promise.calendar, amount, self.watch, self.worked, now)

    def is_past(self, instant: datetime, now: datetime) -> bool:
        """True when what was promised had not happened by then, and that is over."""
        return (self.watch.stopped_at or now) > instant


def standings(promise: Promise, history: Iterable[Event], now: datetime) -> tuple[Standing, ...]:
    """How a promise stands now, each time that it was made on the ticket; oldest first.

    First response and resolution are promised once, the others each time there is occasion. Work
    that an agent logged was never promised. What happened after `now` is not looked at, so that the
    past can be asked about.
    """
    return tuple([clock.standing for clock in clocks_of(promise, past_of(history, now))])


def past_of(history: Iterable[Event], now: datetime) -> Past:
    """What happened by `now`: the same for all the clocks of a ticket."""
    moments = tuple(_moments(it for it in history if it.at <= now))
    is_dropped = bool(moments) and moments[-1].status in DROPPED
    return Past(now, moments, frozenset(_stops(moments)), is_dropped)


def clocks_of(promise: Promise, past: Past) -> tuple[Clock, ...]:
    """The clocks of a promise, one for each time that it was made on the ticket; oldest first."""
    moments = past.moments
    if not moments or moments[0].status is None:
        return ()
    terms = _TERMS[promise.metric](moments, promise)
    return tuple([_clock(promise, term, past) for term in terms])


def _clock(promise: Promise, term: Run, past: Past) -> Clock:
    watch = _watch(term, tuple(_parts(past.moments, term, promise)), past.stops)
    worked = tuple([_worked(promise.calendar, run, past.now) for run in watch.runs])
    return Clock(promise, watch, worked, _standing(promise, watch, worked, past))


def _watch(term: Run, parts: tuple[Run | Pause, ...], stops: frozenset[datetime]) -> Watch:
    return Watch(
        started_at=term.since,
        runs=tuple([it for it in parts if isinstance(it, Run)]),
        pauses=tuple([it for it in parts if isinstance(it, Pause)]),
        stopped_at=term.until,
        stopped_before=stops - {term.until},
    )


FOUND_LATER: Final = frozenset({EventKind.WARNED, EventKind.BREACHED})
"""What nobody did: it became true by itself, and is stored when somebody looked.

It is no part of what a verdict is made of, else that would depend on who looked when.
"""

_SOLVED: Final = frozenset({Status.RESOLVED, Status.CLOSED})
DROPPED: Final = FINISHED - _SOLVED
"""Statuses in which nothing is counted of what was promised."""


@attrs.frozen
class _Moment:
    """Something happened; no moment is earlier than the one before."""

    at: datetime
    kind: EventKind
    status: Status | None
    is_finished: bool


def _moments(history: Iterable[Event]) -> Iterator[_Moment]:
    # The clocks of two machines may differ; what was stored later happened no earlier.
    latest: datetime | None = None
    for happened in history:
        if happened.kind in FOUND_LATER:
            continue
        latest = happened.at if latest is None else max(latest, happened.at)
        yield _Moment(latest, happened.kind, happened.status, happened.status in FINISHED)


def _resolution(moments: tuple[_Moment, ...], promise: Promise) -> Iterator[Run]:
    """From the first moment until the work ended for good, as far as is known."""
    for moment in _from_start(moments, promise)[:1]:
        yield Run(moment.at, _ended(moments))


def _ended(moments: tuple[_Moment, ...]) -> datetime | None:
    ended = None
    for moment in reversed(moments):
        if not moment.is_finished:
            break
        ended = moment.at
    return ended


def _first_response(moments: tuple[_Moment, ...], promise: Promise) -> Iterator[Run]:
    """Until somebody answered, or the work ended without a word."""
    awaited = _from_start(moments, promise)
    for moment in awaited[:1]:
        yield Run(moment.at, _first(awaited[1:], promise.answers or _REPLIES))


def _from_start(moments: tuple[_Moment, ...], promise: Promise) -> tuple[_Moment, ...]:
    """The moments from the one that starts the clock; it is the first one, unless it is said."""
    if promise.starts is None:
        return moments
    kinds = promise.starts
    begins = (number for number, moment in enumerate(moments) if moment.kind in kinds)
    return moments[next(begins, len(moments)) :]


def _next_response(moments: tuple[_Moment, ...], promise: Promise) -> Iterator[Run]:
    """From each word of the customer that follows an answer."""
    answers, starts = promise.answers or _REPLIES, promise.starts or _QUESTIONS
    asked = False
    for number, moment in enumerate(moments):
        if moment.kind in starts and not asked:
            yield Run(moment.at, _first(moments[number + 1 :], answers))
            asked = True
        elif _is_answer(moment, answers):
            asked = False


def _periodic_update(moments: tuple[_Moment, ...], promise: Promise) -> Iterator[Run]:
    """From the first moment, from each answer and from a reopening until the next answer."""
    answers = promise.answers or _REPLIES
    for number, moment in enumerate(moments):
        starts = number == 0 or moment.kind is EventKind.REOPENED
        if promise.starts is not None:
            starts = moment.kind in promise.starts
        if starts or (moment.kind in answers and not moment.is_finished):
            yield Run(moment.at, _first(moments[number + 1 :], answers))


_REPLIES: Final = frozenset({EventKind.AGENT_REPLIED})
_QUESTIONS: Final = frozenset({EventKind.CUSTOMER_REPLIED})

_TERMS: Final[Mapping[Metric, Callable[[tuple[_Moment, ...], Promise], Iterator[Run]]]] = {
    Metric.FIRST_RESPONSE: _first_response,
    Metric.RESOLUTION: _resolution,
    Metric.NEXT_RESPONSE: _next_response,
    Metric.PERIODIC_UPDATE: _periodic_update,
}


def _first(moments: tuple[_Moment, ...], answers: frozenset[EventKind]) -> datetime | None:
    return next((moment.at for moment in moments if _is_answer(moment, answers)), None)


def _is_answer(moment: _Moment, answers: frozenset[EventKind]) -> bool:
    return moment.is_finished or moment.kind in answers


def _stops(moments: tuple[_Moment, ...]) -> Iterator[datetime]:
    """When the work ended, each time."""
    was_finished = False
    for moment in moments:
        if moment.is_finished and not was_finished:
            yield moment.at
        was_finished = moment.is_finished


def _parts(moments: tuple[_Moment, ...], term: Run, promise: Promise) -> Iterator[Run | Pause]:
    """A term, cut at every moment: the clock runs while there is work and nothing to wait for."""
    ends = [*(moment.at for moment in moments[1:]), None]
    for moment, end in zip(moments, ends, strict=True):
        since, until = max(moment.at, term.since), _earlier(end, term.until)
        if until is not None and since >= until:
            continue
        if moment.status in FINISHED or moment.status in promise.pauses_in:
            yield Pause(since, until, moment.status)
        else:
            yield Run(since, until)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _standing(
    promise: Promise, watch: Watch, worked: tuple[timedelta, ...], past: Past
) -> Standing:
    now, is_dropped = past.now, past.is_dropped
    elapsed = sum(worked, timedelta())
    due_at = _due(promise.calendar, promise.amount, watch, worked, now)
    is_late = (watch.stopped_at or now) > due_at
    return Standing(
        verdict=_verdict(watch, is_late=is_late, is_dropped=is_dropped),
        hand=_hand(watch),
        started_at=watch.started_at,
        stopped_at=watch.stopped_at,
        due_at=due_at,
        breached_at=due_at if is_late and not is_dropped else None,
        elapsed=elapsed,
        remaining=promise.amount - elapsed,
    )


def _due(
    calendar: Calendar | None,
    amount: timedelta,
    watch: Watch,
    worked: tuple[timedelta, ...],
    now: datetime,
) -> datetime:
    """When the time is used up: in one of the runs, else as if the clock ran on."""
    left = amount
    for run, counted in zip(watch.runs, worked, strict=True):
        is_in_time = counted == left and run.until in watch.stopped_before
        if run.until is None or (counted >= left and not is_in_time):
            return deadline(run.since, left, calendar)
        left -= counted
    return deadline(watch.stopped_at or now, left, calendar)


def _worked(calendar: Calendar | None, run: Run, now: datetime) -> timedelta:
    until = run.until or max(now, run.since)
    if calendar is None:
        return until - run.since
    return working_time(calendar, run.since, until)


def _verdict(watch: Watch, *, is_late: bool, is_dropped: bool) -> Verdict:
    if is_dropped:
        return Verdict.DROPPED
    if is_late:
        return Verdict.BREACHED
    return Verdict.PENDING if watch.stopped_at is None else Verdict.MET


def _hand(watch: Watch) -> Hand:
    if watch.stopped_at is not None:
        return Hand.STOPPED
    return Hand.RUNNING if watch.runs and watch.runs[-1].until is None else Hand.PAUSED
