"""Selections that several topics make."""

from typing import Any

import sqlalchemy as sa


def by(key: sa.Column[Any], *columns: sa.Column[Any]) -> sa.Select[*tuple[Any, ...]]:
    """The rows whose key is the parameter of that name."""
    return sa.select(*columns).where(key == sa.bindparam(key.key))
