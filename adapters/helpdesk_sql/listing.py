"""The queue in SQL: pages of tickets in an order, and how many there are."""

from typing import Any

import sqlalchemy as sa

from helpdesk_core.queue import (
    STATUS_RANKS,
    Door,
    Order,
    Place,
    SortKey,
    SortOrder,
    Wanted,
)
from helpdesk_core.support import Urgency
from helpdesk_sql.databases import Session
from helpdesk_sql.kept import Record, keep
from helpdesk_sql.queries import TICKET
from helpdesk_sql.tables import IS_CASE, IS_INTAKE, tickets


def page(  # noqa: PLR0913, PLR0917  # what the port is asked, and where
    session: Session,
    dialect: sa.Dialect,
    wanted: Wanted,
    order: Order,
    after: Place | None,
    skip: int,
    limit: int,
) -> list[Record]:
    """At most `limit` rows of the tickets that are wanted, in that order, behind `after`."""
    value = _value(order.key)
    descending = order.direction is SortOrder.DESCENDING
    statement = sa.select(*TICKET).where(*_conditions(wanted)).limit(limit).offset(skip)
    if after is not None:
        place = sa.tuple_(
            sa.literal(after.value, value.type), sa.literal(after.id, tickets.c.id.type)
        )
        here = sa.tuple_(value, tickets.c.id)
        statement = statement.where(here < place if descending else here > place)
    columns = (value, tickets.c.id)
    statement = statement.order_by(*(it.desc() if descending else it.asc() for it in columns))
    return session.read(keep(statement, dialect))


def count(session: Session, dialect: sa.Dialect, wanted: Wanted, at_most: int) -> int:
    """How many tickets are wanted, or `at_most` when there are more."""
    some = sa.select(sa.literal(1)).select_from(tickets).where(*_conditions(wanted)).limit(at_most)
    counted = sa.select(sa.func.count().label("held")).select_from(some.subquery())
    [record] = session.read(keep(counted, dialect))
    held: int = record["held"]
    return held


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.door is not None:
        conditions.append(IS_CASE if wanted.door is Door.SUPPORT else IS_INTAKE)
    if wanted.status is not None:
        conditions.append(tickets.c.status == wanted.status)
    if wanted.urgency is not None:
        conditions.append(tickets.c.urgency == wanted.urgency)
    if wanted.customer_type is not None:
        conditions.append(tickets.c.customer_type == wanted.customer_type)
    if wanted.assignee is not None:
        conditions.append(tickets.c.assigned_to == wanted.assignee.agent_id)
    return conditions


def _value(key: SortKey) -> sa.ColumnElement[Any]:
    match key:
        case SortKey.CREATED_AT:
            return tickets.c.submitted_at
        case SortKey.LAST_ACTIVITY:
            return tickets.c.last_activity_at
        case SortKey.URGENCY:
            ranks = {urgency: urgency.rank for urgency in Urgency}
            return sa.case(ranks, value=tickets.c.urgency, else_=0)
        case SortKey.STATUS:
            return sa.case(dict(STATUS_RANKS), value=tickets.c.status, else_=0)
        case SortKey.PRIORITY_SCORE:
            return sa.func.coalesce(tickets.c.priority_score, -1)
        case SortKey.CASE_NUMBER:
            return sa.func.coalesce(tickets.c.case_number, "")
