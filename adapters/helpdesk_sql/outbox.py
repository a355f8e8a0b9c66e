"""The outbox in SQL."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from functools import lru_cache
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

from helpdesk_core.notices import Notice
from helpdesk_core.ports import ChannelStanding, Claim, NoticeStanding, NoticeState
from helpdesk_core.routing import Channel
from helpdesk_sql.claiming import END_OF_TIME, LINE, claiming_for
from helpdesk_sql.databases import Database, Session
from helpdesk_sql.kept import Kept, Record, keep
from helpdesk_sql.overview import Shown, overview_for, recent
from helpdesk_sql.standings import Counting, channel_standings, standing_of, waits_of
from helpdesk_sql.types import microseconds_of

_WHILE_CLAIMING: Final = timedelta(seconds=30)


class SqlOutbox:
    """The notices of a database, for any number of workers. Time is the database's own."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        dialect = database.engine.dialect
        self._claiming = claiming_for(dialect)
        self._overview = overview_for(dialect)
        self._counting = Counting(self._overview, clock)
        self._recent = lru_cache(None)(lambda shown: keep(recent(shown), dialect))

    def claim(
        self, *, limit: int, lease: timedelta, without: frozenset[str] = frozenset()
    ) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first.

        Left out are those for the destinations `without`, and those behind another of their line.
        """
        fence, closed = uuid4(), set(without)
        # One that runs out at once would be claimed again and again by this very call.
        span = lease if lease > timedelta(0) else _WHILE_CLAIMING
        claimed: list[Record] = []
        with closing(self._database.session()) as session:
            # A look costs less than a turn at writing.
            while len(claimed) < limit and (due := self._due(session, closed)):
                if due[0]["is_behind"] and self._mark(session, due[0]["destination"]):
                    continue
                some = session.change(
                    self._claiming.claim,
                    *self._claiming.lightly,
                    there=due[0]["destination"],
                    up_to=due[1]["due_at"] if len(due) > 1 else END_OF_TIME,
                    new_lease=fence,
                    microseconds=microseconds_of(span),
                    most=limit - len(claimed),
                )
                claimed += some
                if not some:  # others were faster
                    closed.add(due[0]["destination"])
            if span != lease and claimed:
                _ = session.change(self._claiming.run_out, held_lease=fence)
        claimed.sort(key=lambda record: (record["due_at"], record["id"]))
        return tuple(_claim(record, fence) for record in claimed)

    def sent(self, claim: Claim) -> bool:
        """The notice was delivered; False when the lease is another's."""
        return self._settle(claim, NoticeState.SENT, "")

    def retry(self, claim: Claim, *, after: timedelta, reason: str) -> bool:
        """The attempt failed; the notice is due again after that time."""
        wait = microseconds_of(after)
        return self._end(claim, self._claiming.retry, microseconds=wait, new_reason=reason)

    def give_up(self, claim: Claim, *, reason: str) -> bool:
        """The notice is dead, for that reason."""
        return self._settle(claim, NoticeState.DEAD, reason)

    def revive(self, notice_id: UUID) -> bool:
        """Queue a dead notice again, due at once, its attempts forgotten."""
        with closing(self._database.session()) as session:
            return bool(session.change(self._claiming.revive, held_id=notice_id))

    def standing(self, notice_id: UUID) -> NoticeStanding | None:
        """How the notice stands, or None when there is none of that id."""
        found = self._read(self._overview.standing, id=notice_id)
        return standing_of(found[0]) if found else None

    def counts(self) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included.

        What is more than ten thousand is counted again after some seconds.
        """
        with closing(self._database.session()) as session:
            return self._counting.by_state(session)

    def by_channel(self) -> tuple[ChannelStanding, ...]:
        """How each channel stands that ever had a notice; counted as in `counts`."""
        with closing(self._database.session()) as session:
            return channel_standings(
                self._counting.by_channel(session),
                waits_of(session.read(self._overview.longest_due)),
                session.read(self._overview.last_errors),
            )

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
        query = self._recent(Shown(channel, state, ticket_id is not None, is_tried))
        found = self._read(query, most=limit, ticket_id=ticket_id)
        return tuple(standing_of(record) for record in found)

    def oldest_waiting(self) -> timedelta | None:
        """For how long the notice that is due longest has waited to be claimed, or None."""
        return max(waits_of(self._read(self._overview.longest_due)).values(), default=None)

    def _due(self, session: Session, closed: set[str]) -> list[Record]:
        """The destinations that something is due for, who has waited longest first."""
        found = session.read(self._claiming.look)
        return [record for record in found if record["destination"] not in closed]

    def _mark(self, session: Session, destination: str) -> bool:
        """Mark what is behind another; True when something was."""
        mark, lightly = self._claiming.mark, self._claiming.lightly
        return bool(session.change(mark, *lightly, there=destination))

    def _settle(self, claim: Claim, state: NoticeState, reason: str) -> bool:
        settle, let_go = self._claiming.settle, self._claiming.let_go
        return self._end(claim, settle, let_go, new_state=state, new_reason=reason)

    def _end(self, claim: Claim, query: Kept, *then: Kept, **values: object) -> bool:
        notice = claim.notice
        line = {name: getattr(notice, name) for name in LINE}
        held = {"held_id": notice.id, "held_lease": claim.lease}
        with closing(self._database.session()) as session:
            return bool(session.change(query, *then, **held, **line, **values))

    def _read(self, query: Kept, **values: object) -> list[Record]:
        with closing(self._database.session()) as session:
            return session.read(query, **values)


def _claim(record: Record, lease: UUID) -> Claim:
    attempt = record.pop("attempts")
    del record["due_at"]
    return Claim(notice=Notice(**record), attempt=attempt, lease=lease)
