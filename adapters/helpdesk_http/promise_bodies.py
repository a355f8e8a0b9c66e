"""What staff are answered about the promises made on a ticket, as records."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.sla_clock import Hand, Verdict
from helpdesk_core.sla_explained import Explanation, Step, Why
from helpdesk_core.sla_rules import METRIC_WORDS
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.promises import TicketPromises

MOST_STEPS: Final = 1000
"""Steps of one promise that are shown: the first."""


@attrs.frozen(kw_only=True)
class CalendarBody:
    """Whose hours are counted. `version` is a digest over the hours, and not over names."""

    name: str
    zone: str
    version: str

    @classmethod
    def of(cls, calendar: Calendar | None) -> Self | None:
        """The calendar; None for the wall clock."""
        if calendar is None:
            return None
        return cls(name=calendar.name, zone=calendar.zone, version=calendar.digest)


@attrs.frozen(kw_only=True)
class StepBody:
    """From `since` to `until` the clock did one thing.

    `names` say why it counted nothing: the holidays of the days (none: it was outside the hours),
    or the status in which the ticket was.
    """

    since: datetime
    until: datetime
    why: Why
    names: Sequence[str]
    counted_seconds: float

    @classmethod
    def of(cls, step: Step) -> Self:
        """One step of an explanation."""
        return cls(
            since=step.since,
            until=step.until,
            why=step.why,
            names=step.names,
            counted_seconds=_seconds(step.counted),
        )


@attrs.frozen(kw_only=True)
class PromiseBody:
    """How one promise stands, and the steps from its start to the instant at which it is due.

    `calendar` null is the wall clock. Steps after the present are as they would be if the clock ran
    on; `steps_left_out` are behind those that are shown.
    """

    metric: str
    amount_seconds: float
    calendar: CalendarBody | None
    verdict: Verdict
    clock: Hand
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    breached_at: datetime | None
    elapsed_seconds: float
    remaining_seconds: float
    steps: Sequence[StepBody]
    steps_left_out: int

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """One promise, explained."""
        promise, standing = explanation.promise, explanation.standing
        shown = explanation.steps[:MOST_STEPS]
        return cls(
            metric=METRIC_WORDS[promise.metric],
            amount_seconds=_seconds(promise.amount),
            calendar=CalendarBody.of(promise.calendar),
            verdict=standing.verdict,
            clock=standing.hand,
            started_at=standing.started_at,
            due_at=standing.due_at,
            stopped_at=standing.stopped_at,
            breached_at=standing.breached_at,
            elapsed_seconds=_seconds(standing.elapsed),
            remaining_seconds=_seconds(standing.remaining),
            steps=[StepBody.of(step) for step in shown],
            steps_left_out=len(explanation.steps) - len(shown),
        )


@attrs.frozen(kw_only=True)
class PolicyBody:
    """What the ticket is held to. `digest` is the version, over everything that it means."""

    name: str
    digest: str


@attrs.frozen(kw_only=True)
class TicketPromisesBody:
    """The policy that a ticket is held to, and every promise made on it, explained.

    `next_due_at` is when a warning or a breach becomes true next that is not an event yet, if
    nothing happens; null: nothing will by itself.
    """

    success: bool = True
    ticket_id: UUID
    status: Status | None
    policy: PolicyBody
    next_due_at: datetime | None
    promises: Sequence[PromiseBody]

    @classmethod
    def of(cls, found: TicketPromises) -> Self:
        """What was found about a ticket."""
        return cls(
            ticket_id=found.ticket.id,
            status=found.ticket.status,
            policy=PolicyBody(name=found.policy.name, digest=found.policy.digest),
            next_due_at=found.ticket.next_due_at,
            promises=[PromiseBody.of(each) for each in found.explanations],
        )


def _seconds(span: timedelta) -> float:
    return span.total_seconds()
