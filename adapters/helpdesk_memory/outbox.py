"""The outbox in memory."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from helpdesk_core.ports import Claim, NoticeState
from helpdesk_memory.store import MemoryStore, OutboxRow


class MemoryOutbox:
    """The notices of a store, by the store's clock; `new_id` makes the leases."""

    def __init__(self, store: MemoryStore, *, new_id: Callable[[], UUID]) -> None:
        self._store = store
        self._new_id = new_id

    def claim(self, *, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first."""
        with self._store.lock:
            now = self._store.now()
            due = [row for row in self._queued() if row.due_at <= now]
            due.sort(key=lambda row: (row.due_at, row.notice.id))
            return tuple(self._leased(row, now + lease) for row in due[:limit])

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
