"""Statements on tokens."""

from typing import Final

import attrs
import sqlalchemy as sa

from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.tables import tokens

_AT: Final = sa.bindparam("at", type_=tokens.c.revoked_at.type)


@attrs.frozen(kw_only=True)
class TokenQueries:
    """Statements on tokens; parameters are named after columns, else in the comment."""

    token: Kept
    tokens: Kept
    insert_token: Kept
    touch_token: Kept  # held_id, at
    revoke_token: Kept  # held_id, at


def token_queries(dialect: sa.Dialect) -> TokenQueries:
    """Compile them."""
    return TokenQueries(
        token=keep(by(tokens.c.digest, *tokens.c), dialect),
        tokens=keep(sa.select(tokens).order_by(tokens.c.created_at, tokens.c.id), dialect),
        insert_token=keep(sa.insert(tokens), dialect),
        touch_token=keep(_held_token().values(last_used_at=_AT), dialect),
        revoke_token=keep(
            _held_token().values(revoked_at=sa.func.coalesce(tokens.c.revoked_at, _AT)), dialect
        ),
    )


def _held_token() -> sa.Update:
    return sa.update(tokens).where(tokens.c.id == sa.bindparam("held_id"))
