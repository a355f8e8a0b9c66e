"""Statements on kept answers and numbers; made in `once`."""

import attrs
import sqlalchemy as sa

from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.once import forget_replies, next_number, replace_reply, save_reply
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.tables import replies


@attrs.frozen(kw_only=True)
class OnceQueries:
    """Statements on kept answers; parameters are named after columns, else in the comment."""

    reply: Kept
    save_reply: Kept  # outlived_at
    replace_reply: Kept
    forget_replies: Kept  # before
    next_number: Kept


def once_queries(dialect: sa.Dialect) -> OnceQueries:
    """Compile them."""
    return OnceQueries(
        reply=keep(
            by(replies.c.caller, *replies.c).where(replies.c.key == sa.bindparam("key")), dialect
        ),
        save_reply=keep(save_reply(dialect), dialect),
        replace_reply=keep(replace_reply(dialect), dialect),
        forget_replies=keep(forget_replies(), dialect),
        next_number=keep(next_number(dialect), dialect),
    )
