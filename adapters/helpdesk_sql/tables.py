"""The tables. Columns are named after the attributes of the values they keep."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from helpdesk_core.directory import RuleType
from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.messages import AuthorType
from helpdesk_core.people import Role
from helpdesk_core.ports import NoticeState
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import Status
from helpdesk_sql.types import ByCodePoint, Id, Ids, Instant, WordOf

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class StoreTime(GenericFunction[datetime]):
    """The database's own present instant, or that many microseconds after it.

    To the millisecond on SQLite, else to the microsecond. It stands still within a statement, on
    PostgreSQL within a transaction.
    """

    type = Instant()
    inherit_cache = True
    name = "store_time"


@compiles(StoreTime, "sqlite")
def _sqlite_time(element: StoreTime, compiler: SQLCompiler, **_: object) -> str:
    # 3.40 knows no subsecond: whole seconds, and the milliseconds behind the point of "SS.SSS".
    now = "unixepoch('now') * 1000000 + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000"
    after = "".join(f" + {compiler.process(clause)}" for clause in element.clauses)
    return f"({now}{after})"


@compiles(StoreTime, "postgresql")
def _postgresql_time(element: StoreTime, compiler: SQLCompiler, **_: object) -> str:
    microsecond = "interval '1 microsecond'"
    after = "".join(f" + {compiler.process(it)} * {microsecond}" for it in element.clauses)
    return f"(now(){after})"


calendars: Final = sa.Table(
    "calendars",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("windows", sa.JSON, nullable=False),
    sa.Column("holidays", sa.JSON, nullable=False),
    sa.Column("openings", sa.JSON, nullable=False, server_default="[]"),
)

countries: Final = sa.Table(
    "countries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("abbreviation", sa.Text, nullable=False),
)

departments: Final = sa.Table(
    "departments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("abbreviation", sa.Text, nullable=False),
    sa.Column("country_id", Id, sa.ForeignKey("countries.id"), nullable=False),
    sa.Column("calendar_id", Id, sa.ForeignKey("calendars.id")),
)

agents: Final = sa.Table(
    "agents",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("role", WordOf(Role), nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("wants_mail", sa.Boolean, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("wants_sms", sa.Boolean, nullable=False),
    sa.Column("language", sa.Text),
)

agent_departments: Final = sa.Table(
    "agent_departments",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agents.id"), primary_key=True),
    sa.Column("department_id", Id, sa.ForeignKey("departments.id"), primary_key=True),
    sqlite_with_rowid=False,
)

kpi_groups: Final = sa.Table(
    "kpi_groups",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("contributes_to_uptime", sa.Boolean, nullable=False),
)

kpi_types: Final = sa.Table(
    "kpi_types",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("group_id", Id, sa.ForeignKey("kpi_groups.id"), nullable=False),
    sa.Column("rule", WordOf(RuleType), nullable=False),
    sa.Column("formula", sa.Text, nullable=False),
    sa.Column("metric_schema", sa.JSON, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("sub_group", sa.Text),
    sa.Column("display_order", sa.Integer, nullable=False),
    sa.Column("is_open_to_intake", sa.Boolean, nullable=False),
)

department_kpi_types: Final = sa.Table(
    "department_kpi_types",
    metadata,
    sa.Column("kpi_type_id", Id, sa.ForeignKey("kpi_types.id"), primary_key=True),
    sa.Column("department_id", Id, sa.ForeignKey("departments.id"), primary_key=True),
    sqlite_with_rowid=False,
)

notice_rules: Final = sa.Table(
    "notice_rules",
    metadata,
    sa.Column("door", WordOf(Door), primary_key=True),
    sa.Column("event", WordOf(EventKind), primary_key=True),
    sa.Column("audience", WordOf(Audience), primary_key=True),
    sa.Column("channel", WordOf(Channel), primary_key=True),
    sa.Column("is_sent", sa.Boolean, nullable=False),
    sa.Column("urgencies", sa.JSON, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What the desk decided about the table of notices, in the order of `position`."""

directory_state: Final = sa.Table(
    "directory_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)
"""One row, there from the first migration on: the version of the directory as it is stored."""

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
    sa.Column("submitter_email_key", sa.Text, nullable=False),
    sa.Column("submitter_name_key", sa.Text, nullable=False),
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
)
"""The two keys are the folded address and name, by which a ticket is found again.

From `case_number` on it is what a support case has; a ticket of the intake desk has none of it. The
last three are computed from the others, and say where lists find it: see `drawers`.
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
    sqlite_with_rowid=False,
)
"""What happened, by the ticket's version and the place in it."""

QUEUED: Final = sa.text(f"state = '{NoticeState.QUEUED.value}'")
TOLD_WHY: Final = sa.text(f"state <> '{NoticeState.SENT.value}' AND reason <> ''")
"""Written out, because only so are the partial indexes found."""

outbox: Final = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id"), nullable=False),
    sa.Column("kind", WordOf(EventKind), nullable=False),
    sa.Column("channel", WordOf(Channel), nullable=False),
    sa.Column("audience", WordOf(Audience), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("state", WordOf(NoticeState), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("lease", Id),
    sa.Column("leased_until", Instant),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("is_behind", sa.Boolean, nullable=False),
)
"""`is_behind` says that the notice was found behind another of its line, which has to go first.

A line is the notices of one ticket, by one channel, to one recipient. Whatever ends the other's
waiting takes the mark away; see `claiming`.
"""

for _names, _only in (
    ("destination is_behind due_at id", QUEUED),
    ("ticket_id recipient id", QUEUED),
    ("channel id", TOLD_WHY),
    ("channel state id", None),
    ("ticket_id id", None),
):
    sa.Index(
        None,
        *(outbox.c[name] for name in _names.split()),
        postgresql_where=_only,
        sqlite_where=_only,
    )
"""What is due, what goes first, why an attempt failed last; the latest of a state, of a ticket."""

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
