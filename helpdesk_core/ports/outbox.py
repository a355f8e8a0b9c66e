"""The notices that wait, and how their delivery stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol
from uuid import UUID

import attrs

from helpdesk_core.notices import Notice
from helpdesk_core.routing import Channel


class NoticeState(Enum):
    """Where a notice stands in the outbox."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


@attrs.frozen(kw_only=True)
class Claim:
    """The right to deliver a notice until the lease runs out. `attempt` counts from 1.

    `lease` fences: whoever comes after the lease was taken by another changes nothing.
    """

    notice: Notice
    attempt: int
    lease: UUID


@attrs.frozen(kw_only=True)
class NoticeStanding:
    """How one notice stands: queued with attempts is one that failed, and is tried again."""

    notice: Notice
    state: NoticeState
    attempts: int
    due_at: datetime
    reason: str


@attrs.frozen(kw_only=True)
class ChannelStanding:
    """How a channel stands. `failed` of the `queued` were tried; times are the store's.

    `oldest_due` is for how long the longest due notice has waited; `last_error` is why an attempt
    failed last, of those still queued or dead.
    """

    channel: Channel
    queued: int
    failed: int
    sent: int
    dead: int
    oldest_due: timedelta | None
    last_error: str


class Outbox(Protocol):
    """The notices that wait to be delivered. Each method is a transaction of its own.

    Time is the store's own, so that no worker's clock matters. Every method may raise Unavailable.
    """

    def claim(
        self, *, limit: int, lease: timedelta, without: frozenset[str] = frozenset()
    ) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first.

        A notice is due from its commit on, whatever its `created_at` says. Left out are those for
        the destinations `without`, and those that another one has to go before: of one ticket, by
        one channel, to one recipient, the notice with the lesser id, while that is queued.
        """
        ...

    def sent(self, claim: Claim) -> bool:
        """The notice was delivered.

        False, and nothing changed, when the lease is another's or the claim was settled before. A
        lease that ran out but was not taken by another still counts.
        """
        ...

    def retry(self, claim: Claim, *, after: timedelta, reason: str) -> bool:
        """The attempt failed; the notice is due again after that time. False as in `sent`."""
        ...

    def give_up(self, claim: Claim, *, reason: str) -> bool:
        """The notice is dead, for that reason. False as in `sent`."""
        ...

    def revive(self, notice_id: UUID) -> bool:
        """Queue a dead notice again, due at once, its attempts forgotten; False for any other.

        One that was hushed is for nobody, and stays dead.
        """
        ...

    def standing(self, notice_id: UUID) -> NoticeStanding | None:
        """How the notice stands, or None when there is none of that id."""
        ...

    def counts(self) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included."""
        ...

    def by_channel(self) -> tuple[ChannelStanding, ...]:
        """How each channel stands that ever had a notice, in the order of `Channel`."""
        ...

    def recent(
        self,
        *,
        limit: int,
        channel: Channel | None = None,
        ticket_id: UUID | None = None,
        state: NoticeState | None = None,
        is_tried: bool | None = None,
    ) -> tuple[NoticeStanding, ...]:
        """How the latest notices stand that fit everything that is not None; latest id first.

        A notice `is_tried` when it has attempts.
        """
        ...

    def oldest_waiting(self) -> timedelta | None:
        """For how long the notice that is due longest has waited to be claimed; None without any.

        What is leased, or waits for a time yet to come, is not due.
        """
        ...
