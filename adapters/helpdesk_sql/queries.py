"""Every statement on tickets, messages, events, tokens and the outbox, compiled once a store."""

from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_core.ports import NoticeState
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.tables import (
    QUEUED,
    StoreTime,
    directory_state,
    messages,
    outbox,
    ticket_events,
    tickets,
    tokens,
)

_KEYS: Final = {"submitter_email_key", "submitter_name_key"}
_TICKET: Final = [column for column in tickets.c if column.key not in _KEYS]
_MESSAGE: Final = [column for column in messages.c if column.key != "ticket_id"]
_EVENT: Final = [ticket_events.c[name] for name in ("kind", "at", "actor_id", "status", "details")]
_NOTICE: Final = ("id", "ticket_id", "kind", "channel", "recipient", "facts", "created_at")


@attrs.frozen(kw_only=True)
class Queries:
    """The statements of one database. Parameters are named after columns, else in the comment."""

    directory_version: Kept
    ticket: Kept
    messages: Kept
    history: Kept
    tickets_by_email: Kept  # key, most
    tickets_by_name: Kept  # key, most
    token: Kept
    insert_ticket: Kept
    update_ticket: Kept  # held_id, held_version
    insert_event: Kept
    insert_message: Kept
    insert_notice: Kept
    insert_token: Kept
    due: Kept
    claim: Kept  # new_lease, microseconds, most
    settle: Kept  # held_id, held_lease, new_state, new_reason
    retry: Kept  # held_id, held_lease, microseconds, new_reason
    counts: Kept


def queries_for(dialect: sa.Dialect) -> Queries:
    """Compile them all."""
    return Queries(
        directory_version=keep(sa.select(directory_state.c.version), dialect),
        ticket=keep(_by(tickets.c.id, *_TICKET), dialect),
        messages=keep(
            _by(messages.c.ticket_id, *_MESSAGE).order_by(messages.c.created_at, messages.c.id),
            dialect,
        ),
        history=keep(
            _by(ticket_events.c.ticket_id, *_EVENT).order_by(
                ticket_events.c.version, ticket_events.c.position
            ),
            dialect,
        ),
        tickets_by_email=keep(_newest(tickets.c.submitter_email_key), dialect),
        tickets_by_name=keep(_newest(tickets.c.submitter_name_key), dialect),
        token=keep(_by(tokens.c.digest, *tokens.c), dialect),
        insert_ticket=keep(sa.insert(tickets), dialect),
        update_ticket=keep(_update_ticket(), dialect),
        insert_event=keep(sa.insert(ticket_events), dialect),
        insert_message=keep(sa.insert(messages), dialect),
        insert_notice=keep(_insert_notice(), dialect),
        insert_token=keep(sa.insert(tokens), dialect),
        due=keep(_due().limit(1), dialect),
        claim=keep(_claim(), dialect),
        settle=keep(_held_notice().values(state=sa.bindparam("new_state")), dialect),
        retry=keep(_held_notice().values(due_at=_microseconds_from_now()), dialect),
        counts=keep(_counts(), dialect),
    )


def _by(key: sa.Column[Any], *columns: sa.Column[Any]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*columns).where(key == sa.bindparam(key.key))


def _newest(key: sa.Column[str]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_TICKET)
        .where(key == sa.bindparam("key"))
        .order_by(tickets.c.submitted_at.desc(), tickets.c.id.desc())
        .limit(sa.bindparam("most", type_=sa.BigInteger))
    )


def _update_ticket() -> sa.Update:
    columns = (name for name in tickets.c.keys() if name != "id")  # noqa: SIM118  # a collection
    return (
        sa.update(tickets)
        .where(tickets.c.id == sa.bindparam("held_id"))
        .where(tickets.c.version == sa.bindparam("held_version"))
        .values({name: sa.bindparam(name) for name in columns})
    )


def _insert_notice() -> sa.Insert:
    return sa.insert(outbox).values(
        {name: sa.bindparam(name) for name in _NOTICE}
        | {"state": NoticeState.QUEUED, "attempts": 0, "due_at": StoreTime(), "reason": ""}
    )


def _due() -> sa.Select[*tuple[Any, ...]]:
    """Ids of what is queued, due and not leased; oldest due first."""
    now = StoreTime()
    unleased = outbox.c.leased_until.is_(None) | (outbox.c.leased_until <= now)
    return (
        sa.select(outbox.c.id)
        .where(QUEUED, outbox.c.due_at <= now, unleased)
        .order_by(outbox.c.due_at, outbox.c.id)
    )


def _claim() -> sa.UpdateBase:
    # SQLite leaves the lock out, and needs none: its writer is alone.
    most = sa.bindparam("most", type_=sa.BigInteger)
    pick = _due().limit(most).with_for_update(skip_locked=True).cte("pick")
    return (
        sa.update(outbox)
        .where(outbox.c.id.in_(sa.select(pick.c.id)))
        .values(
            attempts=outbox.c.attempts + 1,
            lease=sa.bindparam("new_lease"),
            leased_until=_microseconds_from_now(),
        )
        .returning(*(outbox.c[name] for name in _NOTICE), outbox.c.attempts, outbox.c.due_at)
    )


def _held_notice() -> sa.Update:
    """Ends a lease that is still held, and says why; returns the notice's id if it was."""
    return (
        sa.update(outbox)
        .where(outbox.c.id == sa.bindparam("held_id"))
        .where(outbox.c.lease == sa.bindparam("held_lease"))
        .values(lease=None, leased_until=None, reason=sa.bindparam("new_reason"))
        .returning(outbox.c.id)
    )


def _counts() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(outbox.c.state, sa.func.count().label("held")).group_by(outbox.c.state)


def _microseconds_from_now() -> StoreTime:
    return StoreTime(sa.bindparam("microseconds", type_=sa.BigInteger))
