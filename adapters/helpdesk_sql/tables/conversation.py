"""What was said on tickets, and the files that were added to them."""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.messages import AuthorType
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import Id, Ids, Instant, WordOf

messages: Final = sa.Table(
    "messages",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("author_type", WordOf(AuthorType), nullable=False),
    sa.Column("author_id", Id),
    sa.Column("author_name", sa.Text),
    sa.Column("author_email", sa.Text),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("is_internal", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("attachment_ids", Ids),
    sa.Index(None, "ticket_id", "created_at", "id"),
)

attachments: Final = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("added_by", Id),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("looks_secret", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("removed_at", Instant),
    sa.Index(None, "ticket_id", "created_at", "id"),
)

IS_KEPT: Final = attachments.c.removed_at.is_(None)

sa.Index(
    None,
    attachments.c.created_at,
    attachments.c.id,
    postgresql_where=IS_KEPT,
    sqlite_where=IS_KEPT,
)
"""What is looked through for files to let go of: the oldest that are kept first."""
