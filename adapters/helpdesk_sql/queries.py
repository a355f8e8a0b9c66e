"""Every statement on tickets, what belongs to them and tokens, compiled once a store.

Lists of the queue are made in `listing`; the statements on kept answers and numbers in `once`,
those on the outbox in `claiming` and `overview`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_sql.claiming import insert_notice
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.once import forget_replies, next_number, replace_reply, save_reply
from helpdesk_sql.rows import CASE_COLUMNS
from helpdesk_sql.tables import (
    IS_INTAKE,
    IS_KEPT,
    attachments,
    directory_state,
    messages,
    replies,
    ticket_events,
    tickets,
    tokens,
)

AMONG: Final = 50
"""Ids that one look among many takes."""
LET_GO_AT_ONCE: Final = 1000
"""Files that are let go of at most at a time."""

UPDATES: Final = 256
"""Updates of some columns of a ticket that are kept compiled; those used last."""

_KEYS: Final = ("submitter_email_key", "submitter_name_key", "hall", "bay", "lane")
TICKET: Final = [column for column in tickets.c if column.key not in _KEYS]
"""Everything that a ticket is made of."""
_INTAKE: Final = [column for column in TICKET if column.key not in CASE_COLUMNS]
_INTAKE_STORED: Final = (*(column.key for column in _INTAKE), *_KEYS)
_FILE: Final = [column for column in attachments.c if column.key != "ticket_id"]
_AT: Final = sa.bindparam("at", type_=tokens.c.revoked_at.type)
_MESSAGE: Final = [column for column in messages.c if column.key != "ticket_id"]
_EVENT: Final = [ticket_events.c[name] for name in ("kind", "at", "actor_id", "status", "details")]


@attrs.frozen(kw_only=True)
class Queries:
    """The statements of one database. Parameters are named after columns, else in the comment."""

    dialect: sa.Dialect
    directory_version: Kept
    ticket: Kept
    ticket_by_number: Kept
    messages: Kept
    history: Kept
    tickets_by_email: Kept  # key, most
    tickets_by_name: Kept  # key, most
    attachments: Kept
    attachment_ids: Kept  # id_0 to id_49
    token: Kept
    tokens: Kept
    reply: Kept
    insert_ticket: Kept
    insert_case: Kept
    update_ticket: Kept  # held_id, held_version
    update_case: Kept  # held_id, held_version
    update_some: Callable[[frozenset[str]], Kept]  # as many columns; held_id, held_version
    insert_event: Kept
    insert_message: Kept
    insert_attachment: Kept
    let_files_go: Kept  # before, at
    insert_notice: Kept
    insert_token: Kept
    touch_token: Kept  # held_id, at
    revoke_token: Kept  # held_id, at
    save_reply: Kept  # outlived_at
    replace_reply: Kept
    forget_replies: Kept  # before
    next_number: Kept


def queries_for(dialect: sa.Dialect) -> Queries:
    """Compile them all."""
    return Queries(
        dialect=dialect,
        directory_version=keep(sa.select(directory_state.c.version), dialect),
        ticket=keep(_by(tickets.c.id, *TICKET), dialect, tail="case_number"),
        ticket_by_number=keep(_by(tickets.c.case_number, *TICKET), dialect),
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
        attachments=keep(
            _by(attachments.c.ticket_id, *_FILE).order_by(
                attachments.c.created_at, attachments.c.id
            ),
            dialect,
        ),
        attachment_ids=keep(_attachment_ids(), dialect),
        token=keep(_by(tokens.c.digest, *tokens.c), dialect),
        tokens=keep(sa.select(tokens).order_by(tokens.c.created_at, tokens.c.id), dialect),
        reply=keep(
            _by(replies.c.caller, *replies.c).where(replies.c.key == sa.bindparam("key")), dialect
        ),
        insert_ticket=keep(sa.insert(tickets).values(_bound(*_INTAKE_STORED)), dialect),
        insert_case=keep(sa.insert(tickets), dialect),
        update_ticket=keep(_update(*_INTAKE_STORED), dialect),
        update_case=keep(_update(*tickets.c.keys()), dialect),
        update_some=lru_cache(UPDATES)(lambda names: keep(_update(*sorted(names)), dialect)),
        insert_event=keep(sa.insert(ticket_events), dialect),
        insert_message=keep(sa.insert(messages), dialect),
        insert_attachment=keep(sa.insert(attachments), dialect),
        let_files_go=keep(_let_files_go(), dialect),
        insert_notice=keep(insert_notice(), dialect),
        insert_token=keep(sa.insert(tokens), dialect),
        touch_token=keep(_held_token().values(last_used_at=_AT), dialect),
        revoke_token=keep(
            _held_token().values(revoked_at=sa.func.coalesce(tokens.c.revoked_at, _AT)), dialect
        ),
        save_reply=keep(save_reply(dialect), dialect),
        replace_reply=keep(replace_reply(dialect), dialect),
        forget_replies=keep(forget_replies(), dialect),
        next_number=keep(next_number(dialect), dialect),
    )


def _by(key: sa.Column[Any], *columns: sa.Column[Any]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*columns).where(key == sa.bindparam(key.key))


def _newest(key: sa.Column[str]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_INTAKE)
        .where(key == sa.bindparam("key"), IS_INTAKE)
        .order_by(tickets.c.submitted_at.desc(), tickets.c.id.desc())
        .limit(sa.bindparam("most", type_=sa.BigInteger))
    )


def _attachment_ids() -> sa.Select[*tuple[Any, ...]]:
    among = [sa.bindparam(f"id_{number}", type_=attachments.c.id.type) for number in range(AMONG)]
    return sa.select(attachments.c.id).where(attachments.c.id.in_(among), IS_KEPT)


def _let_files_go() -> sa.Update:
    """Marks the oldest outlived files as removed, as many as it may; see `retention`.

    Those that another transaction is at are left to it, so that none waits for the other.
    """
    before = sa.bindparam("before", type_=attachments.c.created_at.type)
    outlived = (
        sa.select(attachments.c.id)
        .join(tickets, tickets.c.id == attachments.c.ticket_id)
        .where(IS_KEPT, attachments.c.created_at < before, tickets.c.closed_at < before)
        .order_by(attachments.c.created_at, attachments.c.id)
        .limit(sa.literal_column(str(LET_GO_AT_ONCE)))
        .with_for_update(skip_locked=True, of=attachments)
        .cte("outlived")
    )
    return (
        sa.update(attachments)
        .where(attachments.c.id.in_(sa.select(outlived.c.id)))
        .values(removed_at=_AT)
    )


def _bound(*names: str) -> dict[str, sa.BindParameter[Any]]:
    return {name: sa.bindparam(name) for name in names}


def _update(*names: str) -> sa.Update:
    return (
        sa.update(tickets)
        .where(tickets.c.id == sa.bindparam("held_id"))
        .where(tickets.c.version == sa.bindparam("held_version"))
        .values(_bound(*(name for name in names if name != "id")))
    )


def _held_token() -> sa.Update:
    return sa.update(tokens).where(tokens.c.id == sa.bindparam("held_id"))
