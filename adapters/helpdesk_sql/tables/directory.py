"""The directory: who works here, on what, and when it is open."""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.people import Role
from helpdesk_core.routing import Audience, Channel
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import Id, WordOf

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
    sa.Column("rule", sa.Text, nullable=False),
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

sla_policies: Final = sa.Table(
    "sla_policies",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("door", WordOf(Door)),
    sa.Column("department_ids", sa.JSON, nullable=False),
    sa.Column("urgencies", sa.JSON, nullable=False),
    sa.Column("customer_types", sa.JSON, nullable=False),
    sa.Column("targets", sa.JSON, nullable=False),
)
"""What the desk promises to which tickets. What they refer to is checked when they are written."""

directory_state: Final = sa.Table(
    "directory_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)
"""One row, there from the first migration on: the version of the directory as it is stored."""
