"""The outbox in memory."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from helpdesk_core.ports import ChannelStanding, Claim, NoticeStanding, NoticeState
from helpdesk_core.routing import Channel
from helpdesk_memory.contents import OutboxRow
from helpdesk_memory.store import MemoryStore


class MemoryOutbox:
    """The notices of a store, by the store's clock; `new_id` makes the leases."""

    def __init__(self, store: MemoryStore, *, new_id: Callable[[], UUID]) -> None:
        self._store = store
        self._new_id = new_id

    def claim(
        self, *, limit: int, lease: timedelta, without: frozenset[str] = frozenset()
    ) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first."""
        with self._store.lock:
            now = self._store.now()
            due = [row for row in self._first_in_line() if row.due_at <= now]
            open_ones = [row for row in due if row.notice.destination not in without]
            open_ones.sort(key=lambda row: (row.due_at, row.notice.id))
            return tuple(self._leased(row, now + lease) for row in open_ones[:limit])

    def sent(self, claim: Claim) -> bool:
        """The notice was delivered; False when the lease is another's."""
        return self._settle(claim, lambda row: attrs.evolve(row, state=NoticeState.SENT))

    def retry(self, claim: Claim, *, after: timedelta, reason: str) -> bool:
        """The attempt failed; the notice is due again after that time."""
        due_at = self._store.now() + after
        return self._settle(claim, lambda row: attrs.evolve(row, due_at=due_at, reason=reason))

    def give_up(self, claim: Claim, *, reason: str) -> bool:
        """The notice is dead, for that reason."""
        dead = NoticeState.DEAD
        return self._settle(claim, lambda row: attrs.evolve(row, state=dead, reason=reason))

    def counts(self) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included."""
        with self._store.lock:
            found = Counter(row.state for row in self._store.outbox.values())
        return {state: found[state] for state in NoticeState}

    def oldest_waiting(self) -> timedelta | None:
        """For how long the notice that is due longest has waited to be claimed, or None."""
        with self._store.lock:
            now = self._store.now()
            waits = [now - row.due_at for row in self._queued() if row.due_at <= now]
        return max(waits, default=None)

    def revive(self, notice_id: UUID) -> bool:
        """Queue a dead notice again, due at once, its attempts forgotten."""
        with self._store.lock:
            row = self._store.outbox.get(notice_id)
            if row is None or row.state is not NoticeState.DEAD or not row.notice.recipient:
                return False
            queued = attrs.evolve(
                row, state=NoticeState.QUEUED, attempts=0, due_at=self._store.now(), lease=None
            )
            self._store.outbox[notice_id] = queued
            return True

    def standing(self, notice_id: UUID) -> NoticeStanding | None:
        """How the notice stands, or None when there is none of that id."""
        with self._store.lock:
            row = self._store.outbox.get(notice_id)
        return _standing(row) if row else None

    def by_channel(self) -> tuple[ChannelStanding, ...]:
        """How each channel stands that ever had a notice, in the order of `Channel`."""
        with self._store.lock:
            rows = list(self._store.outbox.values())
            now = self._store.now()
        used = {row.notice.channel for row in rows}
        return tuple(_channel(channel, rows, now) for channel in Channel if channel in used)

    def recent(
        self,
        *,
        limit: int,
        channel: Channel | None = None,
        ticket_id: UUID | None = None,
        state: NoticeState | None = None,
        is_tried: bool | None = None,
    ) -> tuple[NoticeStanding, ...]:
        """How the latest notices stand that fit everything that is not None; latest id first."""
        with self._store.lock:
            rows = list(self._store.outbox.values())
        fitting = (
            row
            for row in rows
            if channel in (None, row.notice.channel)
            and ticket_id in (None, row.notice.ticket_id)
            and state in (None, row.state)
            and is_tried in (None, row.attempts > 0)
        )
        latest = sorted(fitting, key=lambda row: row.notice.id, reverse=True)
        return tuple(_standing(row) for row in latest[:limit])

    def _first_in_line(self) -> list[OutboxRow]:
        """The queued rows that no other has to go before."""
        first: dict[tuple[UUID, Channel, str], OutboxRow] = {}
        for row in sorted(self._queued(), key=lambda row: row.notice.id):
            notice = row.notice
            _ = first.setdefault((notice.ticket_id, notice.channel, notice.recipient), row)
        return list(first.values())

    def _queued(self) -> list[OutboxRow]:
        rows = self._store.outbox.values()
        return [row for row in rows if row.state is NoticeState.QUEUED]

    def _leased(self, row: OutboxRow, until: datetime) -> Claim:
        lease = self._new_id()
        leased = attrs.evolve(row, attempts=row.attempts + 1, due_at=until, lease=lease)
        self._store.outbox[row.notice.id] = leased
        return Claim(notice=row.notice, attempt=leased.attempts, lease=lease)

    def _settle(self, claim: Claim, settled: Callable[[OutboxRow], OutboxRow]) -> bool:
        with self._store.lock:
            row = self._store.outbox.get(claim.notice.id)
            if row is None or row.lease != claim.lease:
                return False
            self._store.outbox[claim.notice.id] = attrs.evolve(settled(row), lease=None)
            return True


def _standing(row: OutboxRow) -> NoticeStanding:
    return NoticeStanding(
        notice=row.notice,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        reason=row.reason,
    )


def _channel(channel: Channel, rows: list[OutboxRow], now: datetime) -> ChannelStanding:
    own = [row for row in rows if row.notice.channel is channel]
    queued = [row for row in own if row.state is NoticeState.QUEUED]
    dead = [row for row in own if row.state is NoticeState.DEAD]
    due = [now - row.due_at for row in queued if row.due_at <= now]
    failed = [row for row in (*queued, *dead) if row.reason]
    return ChannelStanding(
        channel=channel,
        queued=len(queued),
        failed=len([row for row in queued if row.attempts]),
        sent=len(own) - len(queued) - len(dead),
        dead=len(dead),
        oldest_due=max(due, default=None),
        last_error=max(failed, key=lambda row: row.notice.id).reason if failed else "",
    )
