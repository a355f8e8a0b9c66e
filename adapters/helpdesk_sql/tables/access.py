"""People, and what lets somebody in."""

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

persons: Final = sa.Table(
    "persons",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_key", sa.Text, nullable=False, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("signed_in_at", Instant, nullable=False),
)
"""Whoever signed in. `email_key` is the folded address."""

identities: Final = sa.Table(
    "identities",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("person_id", Id, sa.ForeignKey("persons.id"), nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
)
"""By whom each person is vouched for."""

sessions: Final = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("person_id", Id, sa.ForeignKey("persons.id"), nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Index(None, "created_at", "id"),
    sa.Index(None, "person_id", "created_at", "id"),
)
"""The browsers that people signed in with. One that ended is gone."""

sign_ins: Final = sa.Table(
    "sign_ins",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("verifier", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)
"""Browsers that are with a provider."""

sign_in_links: Final = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("binding", sa.LargeBinary),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_key", sa.Text, nullable=False, index=True),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)
"""Links that nobody took yet. `email_key` is the folded address."""
