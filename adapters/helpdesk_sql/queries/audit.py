"""Statements on the audit trail."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeAlias

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.tables import (
    audit_chains,
    audit_checkpoints,
    audit_records,
    audit_seals,
    ticket_events,
    tickets,
)

ListOf: TypeAlias = Callable[[frozenset[str]], Kept]

_Columns: TypeAlias = dict[str, sa.ColumnElement[Any]]

LISTS: Final = 64
"""Statements of lists that are kept compiled; those used last."""

OF_TICKETS: Final[_Columns] = {
    "subject": ticket_events.c.ticket_id.label("subject"),
    "number": ticket_events.c.version.label("number"),
    "position": ticket_events.c.position,
    "kind": sa.type_coerce(ticket_events.c.kind, sa.Text).label("kind"),
    "at": ticket_events.c.at,
    "noted_at": ticket_events.c.noted_at,
    "actor_id": ticket_events.c.actor_id,
    "who": ticket_events.c.who,
    "origin": ticket_events.c.origin,
    "status": sa.type_coerce(ticket_events.c.status, sa.Text).label("status"),
    "details": ticket_events.c.details,
    "salt": ticket_events.c.salt,
    "commitment": ticket_events.c.commitment,
    "hash": ticket_events.c.hash,
}
"""A ticket's event as an audit record."""

OF_OTHERS: Final[_Columns] = {
    "subject": audit_records.c.subject,
    "number": audit_records.c.number,
    "kind": audit_records.c.kind,
    "at": audit_records.c.at,
    "noted_at": audit_records.c.at.label("noted_at"),
    "actor_id": audit_records.c.actor_id,
    "who": audit_records.c.who,
    "origin": audit_records.c.origin,
    "details": audit_records.c.details,
    "salt": audit_records.c.salt,
    "commitment": audit_records.c.commitment,
    "hash": audit_records.c.hash,
}
"""An audit record of anything but a ticket."""

_TICKET_ORDER: Final = (
    *(ticket_events.c.noted_at, ticket_events.c.ticket_id),
    *(ticket_events.c.version, ticket_events.c.position),
)
_OTHER_ORDER: Final = (*(audit_records.c.at, audit_records.c.subject, audit_records.c.number),)


_TICKET_ENDS: Final = sa.select(
    tickets.c.id.label("subject"), tickets.c.version.label("number"), tickets.c.seal.label("hash")
).where(tickets.c.seal.is_not(None))
_OTHER_ENDS: Final = sa.select(audit_chains)

IS_TICKET_SEAL: Final = sa.and_(
    audit_seals.c.subject >= sa.literal_column("'ticket:'"),
    audit_seals.c.subject < sa.literal_column("'ticket;'"),
)
"""The seals on tickets' chains; no other subject sorts between the two words."""


@attrs.frozen(kw_only=True)
class AuditQueries:
    """Statements on the trail; parameters are named after columns, else in the comment."""

    begin_chain: Kept
    end_of_chain: Kept
    move_end: Kept  # held, number, hash
    insert_record: Kept
    list_tickets: ListOf  # see `_where`; most
    list_others: ListOf  # likewise
    ticket_end: Kept  # id
    other_end: Kept
    ticket_ends: Kept  # id, most
    other_ends: Kept  # subject, most
    ticket_records: Kept  # place_ticket_id, place_version, place_position, most
    other_records: Kept  # place_subject, place_number, most
    last_checkpoint: Kept
    checkpoints: Kept  # number, most
    ticket_seals: Kept  # subject, checkpoint, most
    other_seals: Kept  # subject, checkpoint, most
    seals_of: Kept  # checkpoint, subject, most
    latest_seal: Kept
    insert_checkpoint: Kept
    insert_seal: Kept


def audit_queries(dialect: sa.Dialect) -> AuditQueries:
    """Compile them, but for the lists, which are compiled when they are asked for."""
    return AuditQueries(
        begin_chain=keep(_begin_chain(dialect), dialect),
        end_of_chain=keep(
            sa.select(audit_chains.c.number, audit_chains.c.hash)
            .where(audit_chains.c.subject == sa.bindparam("subject"))
            .with_for_update(),
            dialect,
        ),
        move_end=keep(
            sa.update(audit_chains)
            .where(audit_chains.c.subject == sa.bindparam("held"))
            .values(number=sa.bindparam("number"), hash=sa.bindparam("hash")),
            dialect,
        ),
        insert_record=keep(sa.insert(audit_records), dialect),
        list_tickets=lru_cache(LISTS)(
            lambda given: keep(_list(OF_TICKETS, _TICKET_ORDER, given), dialect)
        ),
        list_others=lru_cache(LISTS)(
            lambda given: keep(_list(OF_OTHERS, _OTHER_ORDER, given), dialect)
        ),
        ticket_end=keep(_TICKET_ENDS.where(tickets.c.id == sa.bindparam("id")), dialect),
        other_end=keep(
            _OTHER_ENDS.where(audit_chains.c.subject == sa.bindparam("subject")), dialect
        ),
        ticket_ends=keep(
            _page(_TICKET_ENDS.where(tickets.c.id > sa.bindparam("id")), tickets.c.id), dialect
        ),
        other_ends=keep(
            _page(
                _OTHER_ENDS.where(audit_chains.c.subject > sa.bindparam("subject")),
                audit_chains.c.subject,
            ),
            dialect,
        ),
        ticket_records=keep(_behind(OF_TICKETS, _TICKET_ORDER[1:]), dialect),
        other_records=keep(_behind(OF_OTHERS, _OTHER_ORDER[1:]), dialect),
        last_checkpoint=keep(
            sa.select(audit_checkpoints)
            .order_by(audit_checkpoints.c.number.desc())
            .limit(sa.literal_column("1")),
            dialect,
        ),
        checkpoints=keep(
            _page(
                sa.select(audit_checkpoints).where(
                    audit_checkpoints.c.number > sa.bindparam("number")
                ),
                audit_checkpoints.c.number,
            ),
            dialect,
        ),
        ticket_seals=keep(_seals(IS_TICKET_SEAL), dialect),
        other_seals=keep(_seals(~IS_TICKET_SEAL), dialect),
        seals_of=keep(
            _page(
                sa.select(audit_seals).where(
                    audit_seals.c.checkpoint == sa.bindparam("checkpoint"),
                    audit_seals.c.subject > sa.bindparam("subject"),
                ),
                audit_seals.c.subject,
            ),
            dialect,
        ),
        latest_seal=keep(
            sa.select(audit_seals)
            .where(audit_seals.c.subject == sa.bindparam("subject"))
            .order_by(audit_seals.c.checkpoint.desc())
            .limit(sa.literal_column("1")),
            dialect,
        ),
        insert_checkpoint=keep(sa.insert(audit_checkpoints), dialect),
        insert_seal=keep(sa.insert(audit_seals), dialect),
    )


def _begin_chain(dialect: sa.Dialect) -> sa.Insert:
    insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    return insert(audit_chains).on_conflict_do_nothing()


def _list(
    columns: _Columns, order: tuple[sa.Column[Any], ...], given: frozenset[str]
) -> sa.Select[*tuple[Any, ...]]:
    """The records that fit the parameters that are given, noted last first.

    Parameters: `subject`, `actor_id`, `kind`, `since`, `until`; `before` and `not_after` bound when
    they were noted; `behind` is a place in the list, each part of it a parameter.
    """
    noted = order[0]
    conditions: dict[str, Callable[[], sa.ColumnElement[bool]]] = {
        "subject": lambda: _same(columns["subject"], "subject"),
        "actor_id": lambda: _same(columns["actor_id"], "actor_id"),
        "kind": lambda: columns["kind"] == sa.bindparam("kind", type_=sa.Text),
        "since": lambda: noted >= sa.bindparam("since", type_=noted.type),
        "until": lambda: noted < sa.bindparam("until", type_=noted.type),
        "before": lambda: noted < sa.bindparam("before", type_=noted.type),
        "not_after": lambda: noted <= sa.bindparam("not_after", type_=noted.type),
        "behind": lambda: sa.tuple_(*order) < sa.tuple_(*_placed(order)),
    }
    return (
        sa.select(*columns.values())
        .where(noted.is_not(None), *(conditions[name]() for name in sorted(given)))
        .order_by(*(column.desc() for column in order))
        .limit(sa.bindparam("most", type_=sa.BigInteger))
    )


def _placed(order: tuple[sa.Column[Any], ...]) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(f"place_{column.key}", type_=column.type) for column in order]


def _same(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    element = column.element if isinstance(column, sa.Label) else column
    return element == sa.bindparam(name, type_=column.type)


def _page(
    wanted: sa.Select[*tuple[Any, ...]], *order: sa.Column[Any]
) -> sa.Select[*tuple[Any, ...]]:
    return wanted.order_by(*order).limit(sa.bindparam("most", type_=sa.BigInteger))


def _behind(columns: _Columns, order: tuple[sa.Column[Any], ...]) -> sa.Select[*tuple[Any, ...]]:
    behind = sa.tuple_(*order) > sa.tuple_(*_placed(order))
    return _page(sa.select(*columns.values()).where(behind), *order)


def _seals(among: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    order = (audit_seals.c.subject, audit_seals.c.checkpoint)
    behind = sa.tuple_(*order) > sa.tuple_(
        *(sa.bindparam(column.key, type_=column.type) for column in order)
    )
    return _page(sa.select(audit_seals).where(behind, among), *order)
