"""Statements on what tickets count for, and on the sums of it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_sql.counting import COUNTED
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.tickets import EVENT, TICKET, guarded
from helpdesk_sql.tables import HAS_OUTAGE, IS_COUNTED, IS_WATCHED, tallies, ticket_events, tickets
from helpdesk_sql.tables.figures import COUNTS, SUMS
from helpdesk_sql.types import UnreadId

_KEY: Final = [tallies.c[name] for name in ("month", "department_id", "kpi_type_id", "slot")]
_CELL: Final = _KEY[:3]
_FIRST: Final = sa.bindparam("first", type_=sa.Integer)
_LAST: Final = sa.bindparam("last", type_=sa.Integer)
_MOST: Final = sa.bindparam("most", type_=sa.BigInteger)
_WITH_COUNTED: Final = [*(tickets.c[name] for name in COUNTED), *TICKET]


@attrs.frozen(kw_only=True)
class FigureQueries:
    """Statements on figures; parameters are named after columns, else in the comment."""

    add: Callable[[frozenset[str]], Kept]  # of a row's key, and the columns added to
    count: Kept  # held_id, held_version, held_counted_in, held_counted_as
    sums: Kept  # first, last
    outages: Kept  # since, until
    overdue: Kept  # first, last, now
    uncounted: Kept  # most
    behind: Kept  # month, department_id, kpi_type_id, before, most
    tickets: Kept  # from_id, most
    histories: Kept  # from_id, to_id


def figure_queries(dialect: sa.Dialect) -> FigureQueries:
    """Compile them."""
    return FigureQueries(
        add=lru_cache(lambda names: keep(_add(names, dialect), dialect)),
        count=keep(_count(), dialect),
        sums=keep(_sums(), dialect),
        outages=keep(_outages(), dialect),
        overdue=keep(_overdue(), dialect),
        uncounted=keep(_uncounted(), dialect),
        behind=keep(_behind(), dialect),
        tickets=keep(_tickets(), dialect),
        histories=keep(_histories(), dialect),
    )


def _add(names: frozenset[str], dialect: sa.Dialect) -> sqlite.Insert | postgresql.Insert:
    """Adds to a row of the sums, which is made where there is none."""
    insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    upsert = insert(tallies).values({name: sa.bindparam(name) for name in sorted(names)})
    sums = sorted(names - {column.key for column in _KEY})
    return upsert.on_conflict_do_update(
        index_elements=_KEY,
        set_={name: tallies.c[name] + upsert.excluded[name] for name in sums},
    )


def _count() -> sa.Update:
    """Keeps what a stored ticket counts for, unless it was changed or counted meanwhile."""
    return guarded(
        sa.update(tickets)
        .where(tickets.c.id == sa.bindparam("held_id"))
        .where(tickets.c.version == sa.bindparam("held_version"))
        .values({name: sa.bindparam(name) for name in (*COUNTED, "pin")})
    )


def _sums() -> sa.Select[*tuple[Any, ...]]:
    sums = (
        sa.cast(sa.func.sum(tallies.c[name]), sa.BigInteger).label(name)
        for name in (*COUNTS, *SUMS)
    )
    return sa.select(*_CELL, *sums).where(tallies.c.month.between(_FIRST, _LAST)).group_by(*_CELL)


def _outages() -> sa.Select[*tuple[Any, ...]]:
    began, ended = tickets.c.outage_began, tickets.c.outage_ended
    unit = (
        sa.type_coerce(tickets.c[name], UnreadId).label(name)
        for name in ("department_id", "kpi_type_id")
    )
    return sa.select(*unit, began, ended).where(
        HAS_OUTAGE,
        ended > sa.bindparam("since", type_=ended.type),
        began < sa.bindparam("until", type_=began.type),
    )


def _overdue() -> sa.Select[*tuple[Any, ...]]:
    due_at = tickets.c.next_due_at
    return (
        sa.select(*_WITH_COUNTED)
        .where(IS_WATCHED, due_at < sa.bindparam("now", type_=due_at.type))
        .where(tickets.c.counted_in.between(_FIRST, _LAST))
    )


def _uncounted() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(tickets.c.id).where(IS_COUNTED, tickets.c.counted_in.is_(None)).limit(_MOST)


def _behind() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_WITH_COUNTED)
        .where(
            IS_COUNTED,
            tickets.c.counted_in == sa.bindparam("month", type_=sa.Integer),
            tickets.c.department_id == sa.bindparam("department_id"),
            tickets.c.kpi_type_id == sa.bindparam("kpi_type_id"),
            tickets.c.id < sa.bindparam("before", type_=tickets.c.id.type),
        )
        .order_by(tickets.c.id.desc())
        .limit(_MOST)
    )


def _tickets() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_WITH_COUNTED)
        .where(tickets.c.id >= sa.bindparam("from_id", type_=tickets.c.id.type))
        .order_by(tickets.c.id)
        .limit(_MOST)
    )


def _histories() -> sa.Select[*tuple[Any, ...]]:
    """What happened to tickets whose ids follow one another."""
    ticket_id = ticket_events.c.ticket_id
    return (
        sa.select(ticket_id, *EVENT)
        .where(ticket_id >= sa.bindparam("from_id", type_=ticket_id.type))
        .where(ticket_id <= sa.bindparam("to_id", type_=ticket_id.type))
        .order_by(ticket_id, ticket_events.c.version, ticket_events.c.position)
    )
