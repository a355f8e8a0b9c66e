"""The audit trail, but for what happened to tickets: that is in `ticketing`."""

from typing import Final

import sqlalchemy as sa

from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import ByCodePoint, Id, Instant

audit_chains: Final = sa.Table(
    "audit_chains",
    metadata,
    sa.Column("subject", ByCodePoint, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The end of each chain, by its subject as text: its last record's number and hash.

A ticket's is in its own row.
"""

audit_records: Final = sa.Table(
    "audit_records",
    metadata,
    sa.Column("subject", ByCodePoint, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor_id", Id),
    sa.Column("who", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("commitment", sa.LargeBinary),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index(None, "at", "subject", "number"),
    sqlite_with_rowid=False,
)
"""What happened to anything but a ticket, chained an object; see `helpdesk_core.audit`."""

audit_checkpoints: Final = sa.Table(
    "audit_checkpoints",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("seals", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)
"""The roots over all chains, each sealed to the one before it."""

audit_seals: Final = sa.Table(
    "audit_seals",
    metadata,
    sa.Column("subject", ByCodePoint, primary_key=True),
    sa.Column(
        "checkpoint", sa.Integer, sa.ForeignKey("audit_checkpoints.number"), primary_key=True
    ),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index(None, "checkpoint", "subject"),
    sqlite_with_rowid=False,
)
"""Where each chain ended at a checkpoint that found it changed."""
