"""What a desk decides about promises: which tickets are promised what, as the directory has it.

A `SlaPolicy` speaks of calendars by reference; `sla_choice` makes of it, for one ticket, the policy
that the ticket is pinned to.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.kinds import Door, EventKind, Metric, Status
from helpdesk_core.support import CustomerType, Urgency

LONGEST_PROMISE: Final = timedelta(days=100 * 366)
"""A century."""


METRIC_WORDS: Final[Mapping[Metric, str]] = {
    Metric.FIRST_RESPONSE: "firstResponse",
    Metric.RESOLUTION: "resolution",
    Metric.NEXT_RESPONSE: "nextResponse",
    Metric.PERIODIC_UPDATE: "periodicUpdate",
}
"""What files and the API call them."""


class Clock(Enum):
    """By what a target's time is counted; the value is its word in the directory file."""

    WALL = "wall"
    DEPARTMENT = "department"
    CALENDAR = "calendar"


@attrs.frozen
class WarnAt:
    """When it is warned: after so many hundredths of the time, or when so much of it is left.

    Exactly one of the two is set. Raises ValueError for others, for a percentage that is not 1 to
    99, and where no time would be left.
    """

    percent: int | None = None
    left: timedelta | None = None

    def __attrs_post_init__(self) -> None:
        if (self.percent is None) == (self.left is None):
            raise ValueError("a warning is due by a percentage or by what is left")
        if self.percent is not None and not 1 <= self.percent <= 99:  # noqa: PLR2004  # hundredths
            raise ValueError("a percentage must be 1 to 99")
        if self.left is not None and self.left <= timedelta():
            raise ValueError("some time must be left")

    def after(self, amount: timedelta) -> timedelta:
        """After how much of the promised time that is, to the microsecond."""
        if self.left is not None:
            return amount - self.left
        return amount * (self.percent or 0) // 100


_ENDS: Final = frozenset({Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.CANCELLED})


@attrs.frozen(kw_only=True, cache_hash=True)
class SlaTarget:
    """So much time for something, by a clock, and what starts, stops and pauses it.

    `calendar_id` goes with `Clock.CALENDAR` alone. Empty `starts` and `stops`: what usually starts
    and keeps such a promise. Raises ValueError for an amount that is not above zero and at most
    `LONGEST_PROMISE`, for a warning that would come before the start, for a resolution that is said
    to stop, and for a pause in which there is no work.
    """

    metric: Metric
    amount: timedelta
    clock: Clock = Clock.WALL
    calendar_id: UUID | None = None
    starts: frozenset[EventKind] = frozenset()
    stops: frozenset[EventKind] = frozenset()
    pauses: frozenset[Status] = frozenset({Status.WAITING})
    warn_at: tuple[WarnAt, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not timedelta() < self.amount <= LONGEST_PROMISE:
            raise ValueError("a target needs some time, and at most a century")
        if (self.clock is Clock.CALENDAR) != (self.calendar_id is not None):
            raise ValueError("a calendar goes with the clock that is called so, and with no other")
        if self.metric is Metric.RESOLUTION and self.stops:
            raise ValueError("a resolution is stopped by the end of the work alone")
        if self.pauses & _ENDS:
            raise ValueError("a finished ticket's clock stands still anyway")
        if any(not timedelta() < it.after(self.amount) < self.amount for it in self.warn_at):
            raise ValueError("a warning must come after the start and before the promise is broken")


@attrs.frozen(kw_only=True, cache_hash=True)
class SlaPolicy:
    """What is promised for some tickets: those that fit everything that is not empty.

    Raises ValueError unless it has a target, and for two targets of one metric.
    """

    id: UUID
    key: str
    name: str
    targets: tuple[SlaTarget, ...]
    door: Door | None = None
    department_ids: frozenset[UUID] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    customer_types: frozenset[CustomerType] = frozenset()

    def __attrs_post_init__(self) -> None:
        metrics = [target.metric for target in self.targets]
        if not metrics or len(set(metrics)) < len(metrics):
            raise ValueError("a policy needs targets, one of a metric")

    def target(self, metric: Metric) -> SlaTarget | None:
        """The target of a metric, or None."""
        return next((it for it in self.targets if it.metric is metric), None)

    @property
    def precedence(self) -> tuple[bool, bool, bool, bool]:
        """The greater stands before the lesser: department, urgency, customer type, door."""
        named = (self.department_ids, self.urgencies, self.customer_types, self.door)
        department, urgency, customer_type, door = (bool(it) for it in named)
        return department, urgency, customer_type, door

    def rivals(self, other: "SlaPolicy") -> bool:
        """True when neither stands before the other and a ticket may fit both."""
        return (
            self.precedence == other.precedence
            and _meet(self.department_ids, other.department_ids)
            and _meet(self.urgencies, other.urgencies)
            and _meet(self.customer_types, other.customer_types)
            and _meet(frozenset({self.door}), frozenset({other.door}))
        )


def _meet(one: frozenset[object], other: frozenset[object]) -> bool:
    """Two that name the same kinds of things meet in one of them, or name nothing at all."""
    return not one or not other or bool(one & other)
