"""What was promised."""

from typing import Final

import sqlalchemy as sa

from helpdesk_sql.tables.naming import metadata

policies: Final = sa.Table(
    "policies",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
    sqlite_with_rowid=False,
)
"""The policies that tickets are pinned to, each once, and never changed."""
