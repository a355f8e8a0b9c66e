"""What is answered or given out only once."""

from typing import Final

import sqlalchemy as sa

from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import Instant

replies: Final = sa.Table(
    "replies",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Instant, nullable=False, index=True),
)
"""The answer to the first request of each key."""

number_series: Final = sa.Table(
    "number_series",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The last number that was given out of each series."""
