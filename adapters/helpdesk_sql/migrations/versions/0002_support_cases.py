"""Support cases: what a case has, files, answers that are kept, counted numbers; openings.

A ticket needs no department and no KPI type any more. SQLite cannot say so of a column, so the
table is built anew there and takes the place of the old one: foreign keys are off meanwhile, and
all of it is one transaction.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

_ID: Final = sa.Uuid().with_variant(sa.BLOB(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
_BY_CODE_POINT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_IS_INTAKE: Final = sa.text("case_number IS NULL")
_IS_CASE: Final = sa.text("case_number IS NOT NULL")

_HELD: Final = (
    "id, version, status, department_id, kpi_type_id, ticket_date, description, submitter_name, "
    "submitter_email, submitted_by, submitted_at, is_holiday_work, metrics, assigned_to, "
    "assigned_at, first_assigned_at, first_agent_reply_at, closed_at, rejection_reason, "
    "last_activity_at, submitter_email_key, submitter_name_key"
)
"""What a ticket of the first desk has."""


def upgrade() -> None:
    """Keep every ticket, and make room for what a case has."""
    if op.get_bind().dialect.name == "sqlite":
        _build_tickets_anew()
    else:
        _widen_tickets()
    _create_ticket_indexes()
    _create_attachments()
    op.add_column(
        "calendars", sa.Column("openings", sa.JSON(), server_default="[]", nullable=False)
    )
    op.add_column("tokens", sa.Column("revoked_at", _INSTANT, nullable=True))
    op.add_column("tokens", sa.Column("last_used_at", _INSTANT, nullable=True))
    _create_replies()
    _create_number_series()


def _case_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("case_number", _BY_CODE_POINT, nullable=True),
        sa.Column("customer_type", sa.Text(), nullable=True),
        sa.Column("issue_type", sa.Text(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("priority_score", sa.Integer(), nullable=True),
        sa.Column("response_due_at", _INSTANT, nullable=True),
        sa.Column("resolution_due_at", _INSTANT, nullable=True),
    ]


def _widen_tickets() -> None:
    op.drop_index(op.f("ix_tickets_submitter_email_key_submitted_at_id"), "tickets")
    op.drop_index(op.f("ix_tickets_submitter_name_key_submitted_at_id"), "tickets")
    op.alter_column("tickets", "department_id", existing_type=_ID, nullable=True)
    op.alter_column("tickets", "kpi_type_id", existing_type=_ID, nullable=True)
    for column in _case_columns():
        op.add_column("tickets", column)


def _build_tickets_anew() -> None:
    _create_tickets("tickets_anew")
    op.execute(f"INSERT INTO tickets_anew ({_HELD}) SELECT {_HELD} FROM tickets")  # noqa: S608
    op.drop_table("tickets")
    op.rename_table("tickets_anew", "tickets")


def _create_tickets(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("department_id", _ID, nullable=True),
        sa.Column("kpi_type_id", _ID, nullable=True),
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
        *_case_columns(),
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


def _create_ticket_indexes() -> None:
    for key in ("submitter_email_key", "submitter_name_key"):
        op.create_index(
            op.f(f"ix_tickets_{key}_submitted_at_id"),
            "tickets",
            [key, sa.literal_column("submitted_at DESC"), sa.literal_column("id DESC")],
            unique=False,
            postgresql_where=_IS_INTAKE,
            sqlite_where=_IS_INTAKE,
        )
    op.create_index(
        op.f("ix_tickets_case_number"),
        "tickets",
        ["case_number"],
        unique=True,
        postgresql_where=_IS_CASE,
        sqlite_where=_IS_CASE,
    )


def _create_attachments() -> None:
    op.add_column("messages", sa.Column("attachment_ids", sa.JSON(), nullable=True))
    op.create_table(
        "attachments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", _ID, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_attachments_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(
        op.f("ix_attachments_ticket_id_created_at_id"),
        "attachments",
        ["ticket_id", "created_at", "id"],
        unique=False,
    )


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_created_at"), "replies", ["created_at"], unique=False)


def _create_number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
        sqlite_with_rowid=False,
    )
