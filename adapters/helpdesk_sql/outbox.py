"""The outbox in SQL."""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Claim, NoticeState
from helpdesk_sql.databases import Database
from helpdesk_sql.kept import Kept, Record, keep
from helpdesk_sql.tables import QUEUED, StoreTime, outbox
from helpdesk_sql.types import microseconds_of


class SqlOutbox:
    """The notices of a database, for any number of workers. Time is the database's own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries
        self._longest_due = keep(_longest_due(), database.engine.dialect)

    def claim(self, *, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first."""
        fence = uuid4()
        with closing(self._database.session()) as session:
            if not session.read(self._queries.due):  # a look costs less than a turn at writing
                return ()
            claimed = session.change(
                self._queries.claim,
                new_lease=fence,
                microseconds=microseconds_of(lease),
                most=limit,
            )
        claimed.sort(key=lambda record: (record["due_at"], record["id"]))
        return tuple(_claim(record, fence) for record in claimed)

    def sent(self, claim: Claim) -> bool:
        """The notice was delivered; False when the lease is another's."""
        return self._settle(claim, NoticeState.SENT, "")

    def retry(self, claim: Claim, *, after: timedelta, reason: str) -> bool:
        """The attempt failed; the notice is due again after that time."""
        return self._end(
            self._queries.retry, claim, microseconds=microseconds_of(after), new_reason=reason
        )

    def give_up(self, claim: Claim, *, reason: str) -> bool:
        """The notice is dead, for that reason."""
        return self._settle(claim, NoticeState.DEAD, reason)

    def counts(self) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included."""
        with closing(self._database.session()) as session:
            found = session.read(self._queries.counts)
        return dict.fromkeys(NoticeState, 0) | {it["state"]: it["held"] for it in found}

    def oldest_waiting(self) -> timedelta | None:
        """For how long the notice that is due longest has waited to be claimed, or None."""
        with closing(self._database.session()) as session:
            found = session.read(self._longest_due)
        return found[0]["now"] - found[0]["due_at"] if found else None

    def _settle(self, claim: Claim, state: NoticeState, reason: str) -> bool:
        return self._end(self._queries.settle, claim, new_state=state, new_reason=reason)

    def _end(self, query: Kept, claim: Claim, **values: object) -> bool:
        held = {"held_id": claim.notice.id, "held_lease": claim.lease}
        with closing(self._database.session()) as session:
            return bool(session.change(query, **held, **values))


def _claim(record: Record, lease: UUID) -> Claim:
    attempt = record.pop("attempts")
    del record["due_at"]
    return Claim(notice=Notice(**record), attempt=attempt, lease=lease)


def _longest_due() -> sa.Select[*tuple[Any, ...]]:
    """When what is queued, unleased and due longest became due, and what time it is."""
    now = StoreTime()
    unleased = outbox.c.leased_until.is_(None) | (outbox.c.leased_until <= now)
    return (
        sa.select(outbox.c.due_at, now.label("now"))
        .where(QUEUED, outbox.c.due_at <= now, unleased)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
    )
