"""The statements by which something is done once: kept answers, and numbers that are given out."""

from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_sql.tables import number_series, replies

FORGOTTEN_AT_ONCE: Final = 1000
"""Answers that are forgotten at most when one is kept: more than ever come in."""

_Upsert: TypeAlias = sqlite.Insert | postgresql.Insert
_KEY: Final = [replies.c.caller, replies.c.key]


def replace_reply(dialect: sa.Dialect) -> _Upsert:
    """Keeps an answer in the place of what was kept under its key."""
    upsert = _upsert(replies, dialect)
    return upsert.on_conflict_do_update(index_elements=_KEY, set_=_of_answer(upsert))


def save_reply(dialect: sa.Dialect) -> _Upsert:
    """Keeps an answer where there is none, or in the place of one that was made too long ago."""
    upsert = _upsert(replies, dialect)
    outlived_at = sa.bindparam("outlived_at", type_=replies.c.created_at.type)
    return upsert.on_conflict_do_update(
        index_elements=_KEY,
        set_=_of_answer(upsert),
        where=replies.c.created_at <= outlived_at,
    )


def forget_replies() -> sa.Delete:
    """Deletes the oldest answers of those made before an instant, as many as it may.

    Those that another transaction is at are left to it, so that none waits for the other.
    """
    oldest = (
        sa.select(*_KEY)
        .where(replies.c.created_at < sa.bindparam("before", type_=replies.c.created_at.type))
        .order_by(replies.c.created_at)
        .limit(sa.literal_column(str(FORGOTTEN_AT_ONCE)))
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    return sa.delete(replies).where(sa.tuple_(*_KEY).in_(sa.select(oldest.c.caller, oldest.c.key)))


def next_number(dialect: sa.Dialect) -> Any:  # noqa: ANN401  # an insert that returns, of either
    """Takes the next number of a series; its row is `last`."""
    first = _upsert(number_series, dialect).values(name=sa.bindparam("name"), last=1)
    return first.on_conflict_do_update(
        index_elements=[number_series.c.name], set_={"last": number_series.c.last + 1}
    ).returning(number_series.c.last)


def _upsert(table: sa.Table, dialect: sa.Dialect) -> _Upsert:
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def _of_answer(upsert: _Upsert) -> dict[str, Any]:
    return {
        column.key: upsert.excluded[column.key] for column in replies.c if column not in set(_KEY)
    }
