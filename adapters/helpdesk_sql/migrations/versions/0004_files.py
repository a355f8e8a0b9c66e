"""Files: whether one looks as if a secret were in it, and when its bytes were let go of."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"

_INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
_KEPT: Final = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Take those that are there for kept, and for plain: nobody looked."""
    op.add_column(
        "attachments",
        sa.Column("looks_secret", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("attachments", sa.Column("removed_at", _INSTANT))
    op.create_index(
        op.f("ix_attachments_created_at_id"),
        "attachments",
        ["created_at", "id"],
        unique=False,
        postgresql_where=_KEPT,
        sqlite_where=_KEPT,
    )
