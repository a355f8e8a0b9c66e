"""What was promised: the policies, which of them each ticket is held to, and what is due next."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"

_WATCHED: Final = sa.text("next_due_at IS NOT NULL")


def upgrade() -> None:
    """Let every open ticket be due at once: whoever sweeps finds it, and pins it to its policy."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    instant: sa.types.TypeEngine[Any] = sa.BigInteger() if sqlite else sa.DateTime(timezone=True)
    _ = op.create_table(
        "policies",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policies")),
        sqlite_with_rowid=False,
    )
    op.add_column("tickets", sa.Column("pin", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("next_due_at", instant, nullable=True))
    op.execute(
        "UPDATE tickets SET next_due_at = submitted_at "
        "WHERE status IN ('OPEN', 'IN_PROGRESS', 'WAITING')"
    )
    op.create_index(
        op.f("ix_tickets_next_due_at_id"),
        "tickets",
        ["next_due_at", "id"],
        unique=False,
        postgresql_where=_WATCHED,
        sqlite_where=_WATCHED,
    )
