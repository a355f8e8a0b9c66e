"""The statements by which staff and metrics look at the outbox. None walks through what was sent.

But for how many there are: that is counted in an index, and of what is much not every time.
"""

from collections.abc import Iterable
from itertools import product
from typing import Any, Final, TypeAlias

import attrs
import sqlalchemy as sa

from helpdesk_core.ports import NoticeState
from helpdesk_core.routing import Channel
from helpdesk_sql.claiming import NOTICE, destinations, first_due
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.tables import TOLD_WHY, StoreTime, outbox

_Select: TypeAlias = sa.Select[*tuple[Any, ...]]
_STANDING: Final = [
    outbox.c[name] for name in (*NOTICE, "state", "attempts", "due_at", "leased_until", "reason")
]
_MOST: Final = sa.bindparam("most", type_=sa.BigInteger)


@attrs.frozen
class Shown:
    """Which notices are shown; None: any. `is_of_ticket`: of the ticket that is named."""

    channel: Channel | None
    state: NoticeState | None
    is_of_ticket: bool
    is_tried: bool | None = None


@attrs.frozen(kw_only=True)
class Overview:
    """The statements of one database. Parameters are named after columns."""

    standing: Kept
    count_sent: Kept
    count_unsent: Kept
    longest_due: Kept
    last_errors: Kept


def overview_for(dialect: sa.Dialect) -> Overview:
    """Compile them all."""
    return Overview(
        standing=keep(sa.select(*_STANDING).where(outbox.c.id == sa.bindparam("id")), dialect),
        count_sent=keep(_count_sent(), dialect),
        count_unsent=keep(_count_unsent(), dialect),
        longest_due=keep(_longest_due(), dialect),
        last_errors=keep(_last_errors(), dialect),
    )


def recent(shown: Shown) -> _Select:
    """The latest of what is shown; takes `ticket_id` and `most`.

    Each kind of notice has its own stretch of an index, latest last, and of each no more than
    `most` are read, but for those passed over because they were tried, or not. A ticket has notices
    of its own, and not many.
    """
    every = [_of_ticket(shown)] if shown.is_of_ticket else [_of(*it) for it in _kinds(shown)]
    arms = [_tried(arm, is_tried=shown.is_tried) for arm in every]
    among = sa.union_all(*(sa.select(arm.subquery().c.id) for arm in arms)).subquery()
    latest = sa.select(*_STANDING).where(outbox.c.id.in_(sa.select(among.c.id)))
    return latest.order_by(outbox.c.id.desc()).limit(_MOST)


def _kinds(shown: Shown) -> Iterable[tuple[Channel, NoticeState]]:
    channels = [shown.channel] if shown.channel else list(Channel)
    states = [shown.state] if shown.state else list(NoticeState)
    return product(channels, states)


def _of(channel: Channel, state: NoticeState) -> _Select:
    return _latest_ids().where(_is_by(channel), _is(state))


def _of_ticket(shown: Shown) -> _Select:
    ids = _latest_ids().where(outbox.c.ticket_id == sa.bindparam("ticket_id"))
    if shown.channel:
        ids = ids.where(_is_by(shown.channel))
    return ids.where(_is(shown.state)) if shown.state else ids


def _tried(ids: _Select, *, is_tried: bool | None) -> _Select:
    if is_tried is None:
        return ids
    return ids.where(sa.text("attempts > 0" if is_tried else "attempts = 0"))


def _latest_ids() -> _Select:
    return sa.select(outbox.c.id).order_by(outbox.c.id.desc()).limit(_MOST)


def _is_by(*channels: Channel) -> sa.TextClause:
    """Written out, so that a plan is made for the very words."""
    return sa.text(f"channel IN ({_words(channels)})")


def _is(*states: NoticeState) -> sa.TextClause:
    return sa.text(f"state IN ({_words(states)})")


def _words(words: tuple[Channel, ...] | tuple[NoticeState, ...]) -> str:
    return ", ".join(f"'{word.value}'" for word in words)


def _count_sent() -> _Select:
    return (
        sa.select(outbox.c.channel, sa.func.count().label("held"))
        .where(_is_by(*Channel), _is(NoticeState.SENT))
        .group_by(outbox.c.channel)
    )


def _count_unsent() -> _Select:
    tried = sa.func.count(sa.case((outbox.c.attempts > sa.literal_column("0"), 1)))
    return (
        sa.select(
            outbox.c.channel, outbox.c.state, sa.func.count().label("held"), tried.label("tried")
        )
        .where(_is_by(*Channel), _is(NoticeState.QUEUED, NoticeState.DEAD))
        .group_by(outbox.c.channel, outbox.c.state)
    )


def _longest_due() -> _Select:
    """For each destination when what is due longest became due, marked as behind or not."""
    named = destinations()
    ahead, behind = (first_due(named, "due_at", is_behind=it) for it in (False, True))
    return sa.select(
        named.c.destination,
        ahead.label("ahead"),
        behind.label("behind"),
        StoreTime().label("now"),
    ).where(named.c.destination.is_not(None))


def _last_errors() -> _Select:
    """Of each channel the latest notice, sent ones aside, that an attempt failed of."""
    arms = [
        sa.select(outbox.c.channel, outbox.c.reason)
        .where(_is_by(channel), TOLD_WHY)
        .order_by(outbox.c.id.desc())
        .limit(sa.literal_column("1"))
        .subquery()
        for channel in Channel
    ]
    every = sa.union_all(*(sa.select(arm) for arm in arms)).subquery()
    return sa.select(every)
