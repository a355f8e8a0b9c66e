"""What the staff are shown of the outbox, as records.

Never what a notice says: a note among staff, or a customer's words, are read on the ticket.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import attrs

from helpdesk_core.kinds import EventKind
from helpdesk_core.ports import ChannelStanding, NoticeStanding, NoticeState
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.use_cases.notifications import NoticeStatus, Notifications, notice_status


@attrs.frozen(kw_only=True)
class ChannelBody:
    """How a channel stands. Each notice counts once: in `queued`, `failed`, `sent` or `dead`.

    `oldestWaitingSeconds` is for how long the longest due notice has waited, null when none is due;
    `lastError` is why an attempt failed last, of the notices that are not sent.
    """

    channel: Channel
    queued: int
    failed: int
    sent: int
    dead: int
    oldest_waiting_seconds: int | None
    last_error: str | None

    @classmethod
    def of(cls, standing: ChannelStanding) -> Self:
        """The channel, as it is counted."""
        oldest = standing.oldest_due
        return cls(
            channel=standing.channel,
            queued=standing.queued - standing.failed,
            failed=standing.failed,
            sent=standing.sent,
            dead=standing.dead,
            oldest_waiting_seconds=None if oldest is None else int(oldest.total_seconds()),
            last_error=standing.last_error or None,
        )


@attrs.frozen(kw_only=True)
class NotificationBody:
    """How one notice stands. `reason` is why an attempt failed last, for operators alone.

    `nextAttempt` is null for what is sent or dead. `caseNumber` is null for what is no case.
    """

    id: UUID
    ticket_id: UUID
    case_number: str | None
    event: EventKind
    audience: Audience
    channel: Channel
    recipient: str
    status: NoticeStatus
    attempts: int
    next_attempt: datetime | None
    reason: str | None
    created_at: datetime

    @classmethod
    def of(cls, standing: NoticeStanding) -> Self:
        """The notice without its words."""
        notice = standing.notice
        is_queued = standing.state is NoticeState.QUEUED
        return cls(
            id=notice.id,
            ticket_id=notice.ticket_id,
            case_number=notice.facts.get("caseNumber") or None,
            event=notice.kind,
            audience=notice.audience,
            channel=notice.channel,
            recipient=notice.recipient,
            status=notice_status(standing),
            attempts=standing.attempts,
            next_attempt=standing.due_at if is_queued else None,
            reason=standing.reason or None,
            created_at=notice.created_at,
        )


@attrs.frozen(kw_only=True)
class NotificationsBody:
    """Every channel that was ever used, and the latest notices that were asked for."""

    success: bool = True
    channels: Sequence[ChannelBody]
    notifications: Sequence[NotificationBody]

    @classmethod
    def of(cls, found: Notifications) -> Self:
        """The outbox, latest notice first."""
        return cls(
            channels=[ChannelBody.of(each) for each in found.channels],
            notifications=[NotificationBody.of(each) for each in found.notices],
        )


@attrs.frozen(kw_only=True)
class RetriedBody:
    """The answer to sending a dead notice again."""

    success: bool = True
    message: str = "Notification queued again"
    id: UUID
