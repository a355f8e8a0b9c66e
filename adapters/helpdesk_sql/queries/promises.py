"""Statements on policies, and on what is due."""

from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.queries.tickets import TICKET
from helpdesk_sql.tables import IS_WATCHED, policies, tickets


@attrs.frozen(kw_only=True)
class PromiseQueries:
    """Statements on promises; parameters are named after columns, else in the comment."""

    policy: Kept
    insert_policy: Kept
    tickets_due: Kept  # before, most
    tickets_due_after: Kept  # before, most, reached_at, reached_id


def promise_queries(dialect: sa.Dialect) -> PromiseQueries:
    """Compile them."""
    return PromiseQueries(
        policy=keep(by(policies.c.digest, policies.c.value), dialect),
        insert_policy=keep(_insert_policy(dialect), dialect),
        tickets_due=keep(_due(), dialect),
        tickets_due_after=keep(_due().where(_is_behind()), dialect),
    )


def _insert_policy(dialect: sa.Dialect) -> sqlite.Insert | postgresql.Insert:
    sqlite_s = dialect.name == "sqlite"
    insert = sqlite.insert(policies) if sqlite_s else postgresql.insert(policies)
    return insert.on_conflict_do_nothing(index_elements=[policies.c.digest])


def _due() -> sa.Select[*tuple[Any, ...]]:
    before = sa.bindparam("before", type_=tickets.c.next_due_at.type)
    return (
        sa.select(*TICKET)
        .where(IS_WATCHED, tickets.c.next_due_at < before)
        .order_by(tickets.c.next_due_at, tickets.c.id)
        .limit(sa.bindparam("most", type_=sa.BigInteger))
    )


def _is_behind() -> sa.ColumnElement[bool]:
    reached_at = sa.bindparam("reached_at", type_=tickets.c.next_due_at.type)
    reached_id = sa.bindparam("reached_id", type_=tickets.c.id.type)
    return sa.tuple_(tickets.c.next_due_at, tickets.c.id) > sa.tuple_(reached_at, reached_id)
