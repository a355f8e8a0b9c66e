"""Why something is due when it is due: what was counted and what was left out, step by step.

The steps touch one another, from the start of the clock to the instant at which it is due, and what
they counted adds up to what was promised.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.sla_clock import Pause, Promise, Run, Standing, Watch, clocks_of, past_of
from helpdesk_core.tickets import Event
from helpdesk_core.working_hours import open_spans


class Why(Enum):
    """What happened to the time of a step."""

    COUNTED = "counted"
    CLOSED = "closed"
    PAUSED = "paused"


@attrs.frozen(kw_only=True)
class Step:
    """From `since` to `until` the clock did one thing.

    `names` say why it counted nothing: the holidays of the days (none: it was outside the hours),
    or the status in which the ticket was. `counted` is zero then.
    """

    since: datetime
    until: datetime
    why: Why
    names: tuple[str, ...] = ()

    @property
    def counted(self) -> timedelta:
        """What the clock went on by."""
        return self.until - self.since if self.why is Why.COUNTED else timedelta()


@attrs.frozen(kw_only=True)
class Explanation:
    """How a promise stands, and the steps from its start to the instant at which it is due.

    `calendar` is the one that was counted by, None for the wall clock; steps after the present, or
    after the clock was stopped, are as they would be if it ran on.
    """

    promise: Promise
    standing: Standing
    steps: tuple[Step, ...]


def explain(promise: Promise, history: Iterable[Event], now: datetime) -> tuple[Explanation, ...]:
    """Explain each time that a promise was made on a ticket; see `sla_clock.standings`."""
    return tuple(
        Explanation(
            promise=promise,
            standing=clock.standing,
            steps=_merged(_steps(promise.calendar, clock.watch, clock.standing.due_at, now)),
        )
        for clock in clocks_of(promise, past_of(history, now))
    )


def in_words(explanation: Explanation) -> str:
    """The explanation for people: a line a step, in the calendar's zone."""
    promise, standing = explanation.promise, explanation.standing
    calendar = promise.calendar
    zone = ZoneInfo(calendar.zone) if calendar else UTC
    by = (
        f"by {calendar.name} ({calendar.zone}, {calendar.digest[:8]})"
        if calendar
        else "by the clock"
    )
    head = f"{promise.metric.value}: {_span(promise.amount)} {by}, {standing.verdict.value}"
    lines = (_line(step, zone) for step in explanation.steps)
    return "\n".join((head, *lines, f"due {_instant(standing.due_at, zone)}"))


def _steps(
    calendar: Calendar | None, watch: Watch, due_at: datetime, now: datetime
) -> Iterator[Step]:
    reached = watch.started_at
    parts: list[Run | Pause] = [*watch.runs, *watch.pauses]
    for part in sorted(parts, key=lambda it: it.since):
        end = part.until or (now if isinstance(part, Pause) else due_at)
        if part.since < (reached := min(end, due_at)):
            if isinstance(part, Run):
                yield from _counted(calendar, part.since, reached)
            else:
                names = (part.status.value,)
                yield Step(since=part.since, until=reached, why=Why.PAUSED, names=names)
    yield from _counted(calendar, reached, due_at)


def _counted(calendar: Calendar | None, since: datetime, until: datetime) -> Iterator[Step]:
    """A stretch in which the clock ran, cut where the calendar was closed."""
    reached = since
    for opens, closes in (
        [(since, until)] if calendar is None else open_spans(calendar, since, until)
    ):
        yield from _closed(calendar, reached, opens)
        if opens < closes:
            yield Step(since=opens, until=closes, why=Why.COUNTED)
        reached = closes
    yield from _closed(calendar, reached, until)


def _closed(calendar: Calendar | None, since: datetime, until: datetime) -> Iterator[Step]:
    if calendar is None or since >= until:
        return
    zone = ZoneInfo(calendar.zone)
    begins, ends = (each.astimezone(zone).replace(tzinfo=None) for each in (since, until))
    names = calendar.holidays_within(begins, ends)
    yield Step(since=since, until=until, why=Why.CLOSED, names=names)


def _merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps that do the same for the same reason are one."""
    merged: list[Step] = []
    for step in steps:
        if merged and (merged[-1].why, merged[-1].names) == (step.why, step.names):
            merged[-1] = attrs.evolve(merged[-1], until=step.until)
        else:
            merged.append(step)
    return tuple(merged)


def _line(step: Step, zone: tzinfo) -> str:
    reasons = {
        Why.COUNTED: f"counted {_span(step.counted)}",
        Why.CLOSED: f"closed: {', '.join(step.names) or 'outside working hours'}",
        Why.PAUSED: f"paused: {', '.join(step.names)}",
    }
    return f"{_instant(step.since, zone)} - {_instant(step.until, zone)}  {reasons[step.why]}"


def _instant(instant: datetime, zone: tzinfo) -> str:
    shown = instant.astimezone(zone)
    return f"{shown:%a %Y-%m-%d %H:%M}" + (
        f":{shown:%S.%f}".rstrip("0").rstrip(".") if shown.second or shown.microsecond else ""
    )


def _span(span: timedelta) -> str:
    """`2 h 5 min`, and seconds where there are any."""
    hours, rest = divmod(span, timedelta(hours=1))
    minutes, seconds = divmod(rest, timedelta(minutes=1))
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    parts.append(f"{seconds.total_seconds():g} s" if seconds else "")
    return " ".join(part for part in parts if part) or "0 min"
