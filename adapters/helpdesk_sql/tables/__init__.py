"""The tables, a module a topic. Columns are named after the attributes of the values they keep.

A table that is not named here is unknown to the migrations.
"""

from helpdesk_sql.tables.access import (
    identities,
    persons,
    sessions,
    sign_in_links,
    sign_ins,
    tokens,
)
from helpdesk_sql.tables.conversation import IS_KEPT, attachments, messages
from helpdesk_sql.tables.directory import (
    agent_departments,
    agents,
    calendars,
    countries,
    department_kpi_types,
    departments,
    directory_state,
    kpi_groups,
    kpi_types,
    notice_rules,
    sla_policies,
)
from helpdesk_sql.tables.figures import tallies
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.tables.notices import QUEUED, TOLD_WHY, outbox
from helpdesk_sql.tables.once import number_series, replies
from helpdesk_sql.tables.promises import policies
from helpdesk_sql.tables.store_time import StoreTime
from helpdesk_sql.tables.ticketing import (
    HAS_OUTAGE,
    IS_CASE,
    IS_COUNTED,
    IS_HELD,
    IS_INTAKE,
    IS_WATCHED,
    ticket_events,
    tickets,
)
from helpdesk_sql.tables.trail import audit_chains, audit_checkpoints, audit_records, audit_seals

__all__ = [
    "HAS_OUTAGE",
    "IS_CASE",
    "IS_COUNTED",
    "IS_HELD",
    "IS_INTAKE",
    "IS_KEPT",
    "IS_WATCHED",
    "QUEUED",
    "TOLD_WHY",
    "StoreTime",
    "agent_departments",
    "agents",
    "attachments",
    "audit_chains",
    "audit_checkpoints",
    "audit_records",
    "audit_seals",
    "calendars",
    "countries",
    "department_kpi_types",
    "departments",
    "directory_state",
    "identities",
    "kpi_groups",
    "kpi_types",
    "messages",
    "metadata",
    "notice_rules",
    "number_series",
    "outbox",
    "persons",
    "policies",
    "replies",
    "sessions",
    "sign_in_links",
    "sign_ins",
    "sla_policies",
    "tallies",
    "ticket_events",
    "tickets",
    "tokens",
]
