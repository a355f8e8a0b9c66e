"""The first desk: directory, tickets, outbox, tokens."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

_ID: Final = sa.Uuid().with_variant(sa.BLOB(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
_QUEUED: Final = sa.text("state = 'queued'")


def upgrade() -> None:
    """Make every table. The directory is there, empty, at version 0."""
    _create_places()
    _create_agents()
    _create_kpis()
    _create_tickets()
    _create_what_happens_to_tickets()
    _create_outbox()
    _create_tokens()


def _create_places() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.create_table(
        "countries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countries")),
    )
    op.create_table(
        "departments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=False),
        sa.Column("country_id", _ID, nullable=False),
        sa.Column("calendar_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_departments_calendar_id_calendars")
        ),
        sa.ForeignKeyConstraint(
            ["country_id"], ["countries.id"], name=op.f("fk_departments_country_id_countries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
    )
    op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_state")),
    )
    op.execute("INSERT INTO directory_state (id, version) VALUES (1, 0)")


def _create_agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
    )
    op.create_table(
        "agent_departments",
        sa.Column("agent_id", _ID, nullable=False),
        sa.Column("department_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_agent_departments_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_agent_departments_department_id_departments"),
        ),
        sa.PrimaryKeyConstraint("agent_id", "department_id", name=op.f("pk_agent_departments")),
        sqlite_with_rowid=False,
    )


def _create_kpis() -> None:
    op.create_table(
        "kpi_groups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contributes_to_uptime", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_groups")),
    )
    op.create_table(
        "kpi_types",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group_id", _ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("metric_schema", sa.JSON(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("sub_group", sa.Text(), nullable=True),
        sa.Column("display_order", sa.Integer(), nullable=False),
        sa.Column("is_open_to_intake", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["kpi_groups.id"], name=op.f("fk_kpi_types_group_id_kpi_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_types")),
    )
    op.create_table(
        "department_kpi_types",
        sa.Column("kpi_type_id", _ID, nullable=False),
        sa.Column("department_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_department_kpi_types_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["kpi_type_id"],
            ["kpi_types.id"],
            name=op.f("fk_department_kpi_types_kpi_type_id_kpi_types"),
        ),
        sa.PrimaryKeyConstraint(
            "kpi_type_id", "department_id", name=op.f("pk_department_kpi_types")
        ),
        sqlite_with_rowid=False,
    )


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("department_id", _ID, nullable=False),
        sa.Column("kpi_type_id", _ID, nullable=False),
        sa.Column("ticket_date", _INSTANT, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("submitter_name", sa.Text(), nullable=False),
        sa.Column("submitter_email", sa.Text(), nullable=False),
        sa.Column("submitted_by", _ID, nullable=True),
        sa.Column("submitted_at", _INSTANT, nullable=False),
        sa.Column("is_holiday_work", sa.Boolean(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("assigned_to", _ID, nullable=True),
        sa.Column("assigned_at", _INSTANT, nullable=True),
        sa.Column("first_assigned_at", _INSTANT, nullable=True),
        sa.Column("first_agent_reply_at", _INSTANT, nullable=True),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.Column("last_activity_at", _INSTANT, nullable=False),
        sa.Column("submitter_email_key", sa.Text(), nullable=False),
        sa.Column("submitter_name_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["agents.id"], name=op.f("fk_tickets_assigned_to_agents")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_tickets_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["kpi_type_id"], ["kpi_types.id"], name=op.f("fk_tickets_kpi_type_id_kpi_types")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(
        op.f("ix_tickets_submitter_email_key_submitted_at_id"),
        "tickets",
        [
            "submitter_email_key",
            sa.literal_column("submitted_at DESC"),
            sa.literal_column("id DESC"),
        ],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_submitter_name_key_submitted_at_id"),
        "tickets",
        [
            "submitter_name_key",
            sa.literal_column("submitted_at DESC"),
            sa.literal_column("id DESC"),
        ],
        unique=False,
    )


def _create_what_happens_to_tickets() -> None:
    op.create_table(
        "messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column("author_type", sa.Text(), nullable=False),
        sa.Column("author_id", _ID, nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("author_email", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_messages_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(
        op.f("ix_messages_ticket_id_created_at_id"),
        "messages",
        ["ticket_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ticket_events",
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_events_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "version", "position", name=op.f("pk_ticket_events")),
        sqlite_with_rowid=False,
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("lease", _ID, nullable=True),
        sa.Column("leased_until", _INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_outbox_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        op.f("ix_outbox_due_at_id"),
        "outbox",
        ["due_at", "id"],
        unique=False,
        postgresql_where=_QUEUED,
        sqlite_where=_QUEUED,
    )


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", _ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
