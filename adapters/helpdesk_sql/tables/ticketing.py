"""Tickets, and what happened to them."""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.kinds import EventKind
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import Status
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import ByCodePoint, Id, Instant, WordOf

tickets: Final = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("status", WordOf(Status)),
    sa.Column("department_id", Id, sa.ForeignKey("departments.id")),
    sa.Column("kpi_type_id", Id, sa.ForeignKey("kpi_types.id")),
    sa.Column("ticket_date", Instant, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("submitter_name", sa.Text, nullable=False),
    sa.Column("submitter_email", sa.Text, nullable=False),
    sa.Column("submitted_by", Id),
    sa.Column("submitted_at", Instant, nullable=False),
    sa.Column("is_holiday_work", sa.Boolean, nullable=False),
    sa.Column("metrics", sa.JSON, nullable=False),
    sa.Column("assigned_to", Id, sa.ForeignKey("agents.id")),
    sa.Column("assigned_at", Instant),
    sa.Column("first_assigned_at", Instant),
    sa.Column("first_agent_reply_at", Instant),
    sa.Column("closed_at", Instant),
    sa.Column("rejection_reason", sa.Text),
    sa.Column("last_activity_at", Instant, nullable=False),
    sa.Column("seal", sa.LargeBinary),
    sa.Column("submitter_email_key", sa.Text, nullable=False),
    sa.Column("submitter_name_key", sa.Text, nullable=False),
    sa.Column("pin", sa.Text),
    sa.Column("next_due_at", Instant),
    sa.Column("case_number", ByCodePoint),
    sa.Column("customer_type", WordOf(CustomerType)),
    sa.Column("issue_type", WordOf(IssueType)),
    sa.Column("urgency", WordOf(Urgency)),
    sa.Column("subject", sa.Text),
    sa.Column("organization", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("project", sa.Text),
    sa.Column("priority_score", sa.Integer),
    sa.Column("response_due_at", Instant),
    sa.Column("resolution_due_at", Instant),
    sa.Column("hall", sa.SmallInteger, nullable=False),
    sa.Column("bay", sa.SmallInteger, nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("counted_in", sa.Integer),
    sa.Column("counted_as", sa.Text),
    sa.Column("outage_began", Instant),
    sa.Column("outage_ended", Instant),
)
"""The two keys are the folded address and name, by which a ticket is found again.

From `case_number` on it is what a support case has; a ticket of the intake desk has none of it. The
three that follow are computed from the others, and say where lists find it: see `drawers`.

The last four are what the ticket counts for in the monthly figures: see `counting`.
"""

IS_INTAKE: Final = tickets.c.case_number.is_(None)
IS_CASE: Final = tickets.c.case_number.is_not(None)

sa.Index(
    None,
    tickets.c.submitter_email_key,
    tickets.c.submitted_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=IS_INTAKE,
    sqlite_where=IS_INTAKE,
)
sa.Index(
    None,
    tickets.c.submitter_name_key,
    tickets.c.submitted_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=IS_INTAKE,
    sqlite_where=IS_INTAKE,
)
sa.Index(None, tickets.c.case_number, unique=True, postgresql_where=IS_CASE, sqlite_where=IS_CASE)
"""Neither door's tickets cost the other's anything."""

IS_HELD: Final = tickets.c.assigned_to.is_not(None)

for _columns, _where in (
    ("hall submitted_at id", None),
    ("hall last_activity_at id", None),
    ("hall priority_score id", IS_CASE),
    ("lane submitted_at id", None),
    ("lane last_activity_at id", None),
    ("lane id", None),
    ("lane priority_score id", IS_CASE),
    ("lane case_number id", IS_CASE),
    ("assigned_to bay submitted_at id lane", IS_HELD),
    ("assigned_to bay last_activity_at id lane", IS_HELD),
    ("assigned_to lane id", IS_HELD),
    ("assigned_to lane priority_score id", IS_CASE & IS_HELD),
    ("assigned_to bay case_number id lane", IS_CASE & IS_HELD),
):
    sa.Index(
        None,
        *(tickets.c[name] for name in _columns.split()),
        postgresql_where=_where,
        sqlite_where=_where,
    )
"""What lists are read from; `arms` says which from which."""

IS_WATCHED: Final = tickets.c.next_due_at.is_not(None)

sa.Index(
    None,
    tickets.c.next_due_at,
    tickets.c.id,
    postgresql_where=IS_WATCHED,
    sqlite_where=IS_WATCHED,
)
"""What is looked through for warnings and breaches: whatever is due earliest first."""

IS_COUNTED: Final = sa.text("(counted_in IS NULL OR counted_in > 0)")
HAS_OUTAGE: Final = sa.text("outage_began IS NOT NULL")
"""Written out, because only so are the partial indexes found."""

for _columns, _only in (
    ("counted_in department_id kpi_type_id id", IS_COUNTED),
    ("outage_ended outage_began department_id kpi_type_id", HAS_OUTAGE),
):
    sa.Index(
        None,
        *(tickets.c[name] for name in _columns.split()),
        postgresql_where=_only,
        sqlite_where=_only,
    )
"""Which tickets are behind a figure, and which were not counted yet; when services were out.

What counts nowhere, and what is no outage, costs neither anything.
"""

ticket_events: Final = sa.Table(
    "ticket_events",
    metadata,
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", WordOf(EventKind), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor_id", Id),
    sa.Column("status", WordOf(Status)),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("noted_at", Instant),
    sa.Column("who", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("commitment", sa.LargeBinary),
    sa.Column("hash", sa.LargeBinary),
    sqlite_with_rowid=False,
)
"""What happened, by the ticket's version and the place in it; an event is an audit record too."""

sa.Index(
    None,
    ticket_events.c.noted_at,
    ticket_events.c.ticket_id,
    ticket_events.c.version,
    ticket_events.c.position,
)
"""What the audit trail is read from, and where a checkpoint finds what changed."""
