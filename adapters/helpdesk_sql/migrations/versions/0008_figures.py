"""The monthly figures: what each ticket counts for, and the sums of it.

The tickets that are there are counted later, a few at a time: see `use_cases.counting`.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"

_INDEXES: Final = (
    (
        ["counted_in", "department_id", "kpi_type_id", "id"],
        sa.text("(counted_in IS NULL OR counted_in > 0)"),
    ),
    (
        ["outage_ended", "outage_began", "department_id", "kpi_type_id"],
        sa.text("outage_began IS NOT NULL"),
    ),
)
_SUMS: Final = (
    *("tickets", "left_out", "pending", "scored", "passed", "points"),
    *(f"{part}_{place}" for place in range(6) for part in ("total", "count")),
)


def upgrade() -> None:
    """Make room for figures; no ticket is counted yet."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    instant = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    an_id = sa.BLOB() if is_sqlite else sa.Uuid()
    op.add_column("tickets", sa.Column("counted_in", sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("counted_as", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("outage_began", instant, nullable=True))
    op.add_column("tickets", sa.Column("outage_ended", instant, nullable=True))
    for columns, where in _INDEXES:
        op.create_index(
            op.f(f"ix_tickets_{'_'.join(columns)}"),
            "tickets",
            columns,
            unique=False,
            postgresql_where=where,
            sqlite_where=where,
        )
    op.create_table(
        "tallies",
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("department_id", an_id, nullable=False),
        sa.Column("kpi_type_id", an_id, nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0") for name in _SUMS),
        sa.PrimaryKeyConstraint(
            "month", "department_id", "kpi_type_id", "slot", name=op.f("pk_tallies")
        ),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": 50},
    )
