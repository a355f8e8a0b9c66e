"""How the channels stand, from what the database says of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

import attrs

from helpdesk_core.notices import Notice
from helpdesk_core.ports import ChannelStanding, NoticeStanding, NoticeState
from helpdesk_core.routing import Channel
from helpdesk_sql.claiming import NOTICE
from helpdesk_sql.databases import Session
from helpdesk_sql.kept import Kept, Record
from helpdesk_sql.overview import Overview

MUCH: Final = 10_000
"""So many notices, and they are not counted each time somebody asks."""

SENT_KEPT: Final = 60.0
"""Seconds for which a count of much that was sent is kept."""

UNSENT_KEPT: Final = 5.0
"""Seconds for which a count of much that is queued or dead is kept."""


@attrs.frozen(kw_only=True)
class Counts:
    """How many notices of a channel there are. `failed` of the `queued` were tried."""

    queued: int = 0
    failed: int = 0
    sent: int = 0
    dead: int = 0


ByChannel: TypeAlias = Mapping[Channel, Counts]


class _Remembered:
    """What a statement counted last, where that was much."""

    def __init__(self, query: Kept, seconds: float, clock: Callable[[], float]) -> None:
        self._query = query
        self._seconds = seconds
        self._clock = clock
        self._last: tuple[float, list[Record]] | None = None

    def rows(self, session: Session) -> list[Record]:
        """The counts as they are, or as they were a little while ago when they were large."""
        last, now = self._last, self._clock()
        if last is not None and now < last[0]:
            return last[1]
        rows = session.read(self._query)
        is_much = sum(row["held"] for row in rows) > MUCH
        self._last = (now + self._seconds, rows) if is_much else None
        return rows


class Counting:
    """Counts the notices of one database, for all threads."""

    def __init__(self, overview: Overview, clock: Callable[[], float]) -> None:
        self._sent = _Remembered(overview.count_sent, SENT_KEPT, clock)
        self._unsent = _Remembered(overview.count_unsent, UNSENT_KEPT, clock)

    def by_channel(self, session: Session) -> ByChannel:
        """How many notices there are by each channel that ever had one."""
        found: defaultdict[Channel, Counts] = defaultdict(Counts)
        for row in self._sent.rows(session):
            found[row["channel"]] = Counts(sent=row["held"])
        for row in self._unsent.rows(session):
            before, held = found[row["channel"]], row["held"]
            found[row["channel"]] = (
                attrs.evolve(before, dead=held)
                if row["state"] is NoticeState.DEAD
                else attrs.evolve(before, queued=held, failed=row["tried"])
            )
        return found

    def by_state(self, session: Session) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included."""
        total: Counter[NoticeState] = Counter()
        for counts in self.by_channel(session).values():
            total[NoticeState.QUEUED] += counts.queued
            total[NoticeState.SENT] += counts.sent
            total[NoticeState.DEAD] += counts.dead
        return {state: total[state] for state in NoticeState}


def standing_of(record: Record) -> NoticeStanding:
    """How the notice in a row stands; it is due again when its lease ends."""
    return NoticeStanding(
        notice=Notice(**{name: record[name] for name in NOTICE}),
        state=record["state"],
        attempts=record["attempts"],
        due_at=record["leased_until"] or record["due_at"],
        reason=record["reason"],
    )


def waits_of(rows: Iterable[Record]) -> Mapping[Channel, timedelta]:
    """For how long the longest due notice of each channel has waited, those without any left out.

    A row has a destination; the channel is the first word of it.
    """
    waits: dict[Channel, timedelta] = {}
    for row in rows:
        channel = Channel(row["destination"].partition(" ")[0])
        due = [at for at in (row["ahead"], row["behind"]) if at is not None]
        for at in due:
            waits[channel] = max(waits.get(channel, timedelta()), row["now"] - at)
    return waits


def channel_standings(
    counted: ByChannel, waits: Mapping[Channel, timedelta], errors: Iterable[Record]
) -> tuple[ChannelStanding, ...]:
    """How each of the counted channels stands, in the order of `Channel`."""
    last_errors = {row["channel"]: row["reason"] for row in errors}
    return tuple(
        ChannelStanding(
            channel=channel,
            **attrs.asdict(counted[channel]),
            oldest_due=waits.get(channel),
            last_error=last_errors.get(channel, ""),
        )
        for channel in Channel
        if channel in counted
    )
