"""What lets somebody in."""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.people import Role
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import Id, Instant, WordOf

tokens: Final = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("role", WordOf(Role), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("revoked_at", Instant),
    sa.Column("last_used_at", Instant),
)
