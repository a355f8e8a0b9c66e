"""What the desk promises to which tickets, as its directory has it."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Make room for policies; a desk has none until it says so."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    an_id: sa.types.TypeEngine[Any] = sa.BLOB() if sqlite else sa.Uuid()
    _ = op.create_table(
        "sla_policies",
        sa.Column("id", an_id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=True),
        sa.Column("department_ids", sa.JSON(), nullable=False),
        sa.Column("urgencies", sa.JSON(), nullable=False),
        sa.Column("customer_types", sa.JSON(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_policies")),
    )
