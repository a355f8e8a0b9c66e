"""Notices for both doors: to whom, in which language, where to; the lines that keep their order.

The desk's own decisions about the table of notices, and how its staff are reached by telephone.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

_QUEUED: Final = sa.text("state = 'queued'")
_TOLD_WHY: Final = sa.text("state <> 'sent' AND reason <> ''")

_ADDED: Final[tuple[tuple[str, str, sa.types.TypeEngine[Any], str | sa.False_], ...]] = (
    ("outbox", "audience", sa.Text(), "assignee"),
    ("outbox", "destination", sa.Text(), "mail"),
    ("outbox", "language", sa.Text(), "en"),
    ("outbox", "is_behind", sa.Boolean(), sa.false()),
    ("agents", "wants_sms", sa.Boolean(), sa.false()),
)
"""Columns, and what those rows have in them that are there. They were all mails to assignees."""

_INDEXES: Final = (
    (["destination", "is_behind", "due_at", "id"], _QUEUED),
    (["ticket_id", "recipient", "id"], _QUEUED),
    (["channel", "id"], _TOLD_WHY),
    (["channel", "state", "id"], None),
    (["ticket_id", "id"], None),
)


def upgrade() -> None:
    """Keep every notice and every agent, and make room for what they have besides."""
    for table, name, kind, value in _ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=value))
        # SQLite cannot take the default away again. Nothing is ever left to it.
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, name, server_default=None)
    op.add_column("agents", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("agents", sa.Column("language", sa.Text(), nullable=True))
    _create_notice_rules()
    op.drop_index(op.f("ix_outbox_due_at_id"), "outbox")
    for columns, where in _INDEXES:
        op.create_index(
            op.f(f"ix_outbox_{'_'.join(columns)}"),
            "outbox",
            columns,
            unique=False,
            postgresql_where=where,
            sqlite_where=where,
        )


def _create_notice_rules() -> None:
    op.create_table(
        "notice_rules",
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("urgencies", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "door", "event", "audience", "channel", name=op.f("pk_notice_rules")
        ),
        sqlite_with_rowid=False,
    )
