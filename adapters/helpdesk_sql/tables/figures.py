"""What tickets come to, month by month."""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.kpi.tally import MOST_FIGURES
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import Id

COUNTS: Final = ("tickets", "left_out", "pending", "scored", "passed", "points")
SUMS: Final = tuple(
    f"{part}_{place}" for place in range(MOST_FIGURES) for part in ("total", "count")
)

tallies: Final = sa.Table(
    "tallies",
    metadata,
    sa.Column("month", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("department_id", Id, primary_key=True),
    sa.Column("kpi_type_id", Id, primary_key=True),
    sa.Column("slot", sa.SmallInteger, primary_key=True, autoincrement=False),
    *(
        sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        for name in (*COUNTS, *SUMS)
    ),
    sqlite_with_rowid=False,
    postgresql_with={"fillfactor": 50},
)
"""Sums over tickets; the rows of all slots together are what a cell comes to, each may be negative.

`month` counts the months since the year 0. A ticket is always summed up in the same slot: on
PostgreSQL, where a row that is written is locked until the commit, they are several. The columns
are those of a `Tally`. Nothing is referred to, because a reference would lock what it refers to.
"""
