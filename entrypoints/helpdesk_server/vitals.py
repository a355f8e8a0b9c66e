"""How a running desk is, told from what was seen of its parts."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

import attrs

from helpdesk_core.notices import Notice
from helpdesk_core.ports import ChannelStanding, Delivery, DeliveryResult
from helpdesk_http import Health, QueueSeen

LONGEST_WAIT: Final = timedelta(minutes=5)
"""For so long a due notice may wait to be claimed, and every delivery fail, in a healthy desk."""
LONGEST_BACKLOG: Final = timedelta(minutes=15)
"""A desk whose due notices wait longer than this takes in no more requests."""


@attrs.frozen(kw_only=True)
class DatabaseSeen:
    """A database that answered and takes writes.

    `oldest_waiting` is for how long a due notice has waited, None when none is due.
    """

    is_up_to_date: bool
    oldest_waiting: timedelta | None

    def waits_longer_than(self, bound: timedelta) -> bool:
        """True when a due notice has waited longer."""
        return self.oldest_waiting is not None and self.oldest_waiting > bound


class DeliveryRecord:
    """Since when deliveries have only failed. What is refused for good was delivered as such."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._failing_since: datetime | None = None

    def tell_of(self, _: Notice, delivery: Delivery) -> None:
        """Take note of what came of an attempt for a notice."""
        self.tell(delivery)

    def tell(self, delivery: Delivery) -> None:
        """Take note of what came of an attempt."""
        with self._lock:
            if delivery.result is not DeliveryResult.FAILED:
                self._failing_since = None
            elif self._failing_since is None:
                self._failing_since = self._now()

    def has_failed_for(self, bound: timedelta) -> bool:
        """True when for longer than that every attempt failed, the last one too."""
        with self._lock:
            since = self._failing_since
        return since is not None and self._now() - since > bound


@attrs.frozen(kw_only=True)
class Deliveries:
    """What is known of the notices' way out of this process.

    `are_held_back`: a destination that is down makes its notices wait, however well all else is.
    """

    are_at_work: Callable[[], bool]
    record: DeliveryRecord
    are_held_back: Callable[[], bool] = attrs.field(default=lambda: False)

    def are_behind(self, seen: DatabaseSeen, bound: timedelta) -> bool:
        """True when a due notice has waited longer, for no reason but that nobody claimed it."""
        return seen.waits_longer_than(bound) and not self.are_held_back()


@attrs.define(kw_only=True)
class Vitals:
    """Answers for the probes, at once and from any thread.

    `database` tells what was seen a moment ago, None when it does not answer. `deliveries` is None
    where this process delivers nothing. `channels` is how each stood when they were counted last.
    `is_draining` may be set by whoever serves.
    """

    now: Callable[[], datetime]
    database: Callable[[], DatabaseSeen | None]
    deliveries: Deliveries | None
    can_write_letters: Callable[[], bool]
    channels: Callable[[], tuple[ChannelStanding, ...] | None] = attrs.field(default=lambda: None)
    is_draining: Callable[[], bool] = attrs.field(default=lambda: False)

    def health(self) -> Health:
        """Whether each part is healthy."""
        seen = self.database()
        return Health(
            at=self.now(),
            components={
                "database": seen is not None,
                "notifications": self._notifies(seen),
                "templates": self.can_write_letters(),
            },
        )

    def queues(self) -> Mapping[str, QueueSeen]:
        """What waits to go out by each channel, as far as it is known."""
        return {
            it.channel.value: QueueSeen(
                waiting=it.queued,
                dead=it.dead,
                oldest_due_seconds=int((it.oldest_due or timedelta()).total_seconds()),
            )
            for it in self.channels() or ()
        }

    def reasons_against(self) -> tuple[str, ...]:
        """Why no requests should be sent here; none when they may."""
        if self.is_draining():
            return ("the server is stopping",)
        seen = self.database()
        if seen is None:
            return ("the database does not answer",)
        return tuple(
            reason
            for reason, holds in (
                ("the database is at another revision", not seen.is_up_to_date),
                (
                    "notices wait too long",
                    self.deliveries is not None
                    and self.deliveries.are_behind(seen, LONGEST_BACKLOG),
                ),
            )
            if holds
        )

    def _notifies(self, seen: DatabaseSeen | None) -> bool:
        if self.deliveries is None:
            return True
        return (
            seen is not None
            and self.deliveries.are_at_work()
            and not self.deliveries.are_behind(seen, LONGEST_WAIT)
            and not self.deliveries.record.has_failed_for(LONGEST_WAIT)
        )
