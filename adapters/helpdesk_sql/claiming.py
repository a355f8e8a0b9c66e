"""The statements by which workers claim notices and settle them.

A line is the notices of one ticket, by one channel, to one recipient; they go out one after
another, in the order of their ids. A notice that is queued behind another of its line cannot be
claimed, and there may be a hundred thousand such of one endpoint that is down. So that nobody looks
at each of them again and again, one that is found to be behind is marked (`is_behind`) and so lies
elsewhere in the index; when a notice of the line is settled, the first marked one is let go. The
mark only saves time: a claim looks for itself whether something has to go before.

That no mark stays for ever: whoever marks holds the lock of a queued notice in front, and whoever
settles that one lets go in a statement of its own afterwards, which sees every mark that was made
under the lock.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_core.ports import NoticeState
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.tables import QUEUED, StoreTime, outbox

MARKED_AT_ONCE: Final = 1000
"""Notices that one statement marks as behind; other writers wait for it."""

END_OF_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)

NOTICE: Final = (
    "id",
    "ticket_id",
    "kind",
    "audience",
    "channel",
    "recipient",
    "language",
    "facts",
    "created_at",
)
"""What a notice is made of."""

_ONE: Final[sa.ColumnClause[int]] = sa.literal_column("1")
LINE: Final = ("ticket_id", "channel", "recipient")
"""What the notices of a line have in common."""


@attrs.frozen(kw_only=True)
class Claiming:
    """The statements of one database. Parameters are named after columns, else in the comment."""

    lightly: tuple[Kept, ...]
    look: Kept
    mark: Kept  # there
    claim: Kept  # there, up_to, new_lease, microseconds, most
    run_out: Kept  # held_lease
    settle: Kept  # held_id, held_lease, new_state, new_reason
    let_go: Kept  # ticket_id, channel, recipient
    retry: Kept  # held_id, held_lease, microseconds, new_reason
    revive: Kept  # held_id


def claiming_for(dialect: sa.Dialect) -> Claiming:
    """Compile them all."""
    return Claiming(
        lightly=_lightly(dialect),
        look=keep(_look(dialect), dialect),
        mark=keep(_mark(dialect), dialect),
        claim=keep(_claim(), dialect),
        run_out=keep(_run_out(), dialect),
        settle=keep(_held().values(state=sa.bindparam("new_state")), dialect),
        let_go=keep(_let_go(), dialect),
        retry=keep(_held().values(due_at=_microseconds_from_now()), dialect),
        revive=keep(_revive(), dialect),
    )


def _lightly(dialect: sa.Dialect) -> tuple[Kept, ...]:
    """What lets the transaction that it is part of come back without waiting for the disk.

    A claim or a mark that a power cut takes with it was promised to nobody: the notice is then
    claimed again. SQLite's one writer commits for others too, and waits.
    """
    if dialect.name == "sqlite":
        return ()
    off = sa.func.set_config("synchronous_commit", "off", sa.true(), type_=sa.Text)
    return (keep(sa.select(off.label("lightly")), dialect),)


def insert_notice() -> sa.Insert:
    """Queues a notice, due at once."""
    given: dict[str, object] = {name: sa.bindparam(name) for name in (*NOTICE, "destination")}
    of_ours: dict[str, object] = {
        "state": NoticeState.QUEUED,
        "attempts": 0,
        "due_at": StoreTime(),
        "reason": "",
        "is_behind": False,
    }
    return sa.insert(outbox).values(given | of_ours)


def destinations() -> sa.CTE:
    """Every destination that something is queued for; as many looks at the index as there are."""
    named = sa.select(sa.func.min(outbox.c.destination).label("destination")).where(QUEUED)
    found = named.cte("destinations", recursive=True)
    later = outbox.alias("later")
    following = (
        sa.select(sa.func.min(later.c.destination))
        .where(QUEUED, later.c.destination > found.c.destination)
        .correlate(found)
        .scalar_subquery()
    )
    return found.union_all(sa.select(following).where(found.c.destination.is_not(None)))


def is_unleased(notices: sa.FromClause) -> sa.ColumnElement[bool]:
    """True of what nobody holds now."""
    until = notices.c.leased_until
    return until.is_(None) | (until <= StoreTime())


def first_due(destination: sa.CTE, column: str, *, is_behind: bool) -> sa.ScalarSelect[Any]:
    """That column of what is due longest for a destination, marked or not, and not leased."""
    return _first_due(destination, column, is_behind=is_behind).scalar_subquery()


def _first_due(destination: sa.CTE, *columns: str, is_behind: bool) -> sa.Select[*tuple[Any, ...]]:
    due = outbox.alias("due")
    return (
        sa.select(*(due.c[column] for column in columns))
        .where(
            QUEUED,
            due.c.destination == destination.c.destination,
            due.c.is_behind == (sa.true() if is_behind else sa.false()),
            due.c.due_at <= StoreTime(),
            is_unleased(due),
        )
        .order_by(due.c.due_at, due.c.id)
        .limit(_ONE)
        .correlate(destination)
    )


def _look(dialect: sa.Dialect) -> sa.Select[*tuple[Any, ...]]:
    """The destinations that something is due for, and whether that is found behind another."""
    named = destinations()
    first: sa.FromClause
    if dialect.name == "sqlite":
        first = outbox
        is_first = outbox.c.id == first_due(named, "id", is_behind=False)
    else:  # without statistics it would read the whole table for a join
        first = _first_due(named, "id", "due_at", *LINE, is_behind=False).lateral("first")
        is_first = sa.true()
    return (
        sa.select(named.c.destination, first.c.due_at, _is_after_another(first).label("is_behind"))
        .select_from(named.join(first, is_first))
        .order_by(first.c.due_at, first.c.id)
    )


def _in_front(notices: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    """The queued ones that have to go before."""
    earlier = outbox.alias("earlier")
    values = {name: notices.c[name] for name in LINE}
    return (
        sa.select(earlier.c.id)
        .where(QUEUED, *_is_in_line(earlier, values), earlier.c.id < notices.c.id)
        .correlate(notices)
    )


def _is_in_line(
    notices: sa.FromClause, values: Mapping[str, sa.ColumnElement[Any]]
) -> Iterator[sa.ColumnElement[bool]]:
    """The channel is put so that nobody takes its own index for it, which knows no line."""
    for name, value in values.items():
        column = sa.type_coerce(notices.c[name], sa.Text)
        unfound = column.concat(sa.literal_column("''"))
        yield unfound == value if name == "channel" else notices.c[name] == value


def _is_after_another(notices: sa.FromClause) -> sa.Exists:
    return _in_front(notices).exists()


def _due_there(notices: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(notices.c.id)
        .where(
            QUEUED,
            notices.c.destination == sa.bindparam("there"),
            notices.c.is_behind == sa.false(),
            notices.c.due_at <= StoreTime(),
        )
        .order_by(notices.c.due_at, notices.c.id)
    )


def _mark(dialect: sa.Dialect) -> sa.UpdateBase:
    """Marks those due for a destination that others go before; ids of the marked ones."""
    due = outbox.alias("due")
    some = (
        _due_there(due).where(due.c.lease.is_(None)).limit(sa.literal_column(str(MARKED_AT_ONCE)))
    )
    if dialect.name == "sqlite":
        behind = some.where(_is_after_another(due))
    else:
        ahead = _in_front(due).limit(_ONE).with_for_update(skip_locked=True).lateral("ahead")
        behind = some.join(ahead, sa.true()).with_for_update(of=due, skip_locked=True)
    marked = behind.cte("marked")
    return (
        sa.update(outbox)
        .where(outbox.c.id.in_(sa.select(marked.c.id)))
        .values(is_behind=True)
        .returning(outbox.c.id)
    )


def _claim() -> sa.UpdateBase:
    # SQLite leaves the lock out, and needs none: its writer is alone.
    most = sa.bindparam("most", type_=sa.BigInteger)
    pick = (
        _due_there(outbox)
        .where(
            outbox.c.due_at <= sa.bindparam("up_to", type_=outbox.c.due_at.type),
            is_unleased(outbox),
            ~_is_after_another(outbox),
        )
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("pick")
    )
    return (
        sa.update(outbox)
        .where(outbox.c.id.in_(sa.select(pick.c.id)))
        .values(
            attempts=outbox.c.attempts + 1,
            lease=sa.bindparam("new_lease"),
            leased_until=_microseconds_from_now(),
        )
        .returning(*(outbox.c[name] for name in NOTICE), outbox.c.attempts, outbox.c.due_at)
    )


def _held() -> sa.Update:
    """Ends a lease that is still held, and says why; returns the notice's id if it was."""
    return (
        sa.update(outbox)
        .where(outbox.c.id == sa.bindparam("held_id"))
        .where(outbox.c.lease == sa.bindparam("held_lease"))
        .values(lease=None, leased_until=None, reason=sa.bindparam("new_reason"))
        .returning(outbox.c.id)
    )


def _run_out() -> sa.Update:
    """Lets a lease run out at once; ids of what was held by it."""
    return (
        sa.update(outbox)
        .where(QUEUED, outbox.c.lease == sa.bindparam("held_lease"))
        .values(leased_until=StoreTime())
        .returning(outbox.c.id)
    )


def _let_go() -> sa.Update:
    """Takes the mark from the first of a line that has one."""
    marked = outbox.alias("marked")
    values = {name: sa.bindparam(name, type_=outbox.c[name].type) for name in LINE}
    first = (
        sa.select(marked.c.id)
        .where(
            QUEUED,
            *_is_in_line(marked, values),
            marked.c.is_behind == sa.true(),
        )
        .order_by(marked.c.id)
        .limit(_ONE)
        .scalar_subquery()
    )
    return sa.update(outbox).where(outbox.c.id == first).values(is_behind=False)


def _revive() -> sa.Update:
    return (
        sa.update(outbox)
        .where(outbox.c.id == sa.bindparam("held_id"))
        .where(outbox.c.state == NoticeState.DEAD, outbox.c.recipient != sa.literal_column("''"))
        .values(
            state=NoticeState.QUEUED,
            attempts=0,
            due_at=StoreTime(),
            is_behind=False,
        )
        .returning(outbox.c.id)
    )


def _microseconds_from_now() -> StoreTime:
    return StoreTime(sa.bindparam("microseconds", type_=sa.BigInteger))
