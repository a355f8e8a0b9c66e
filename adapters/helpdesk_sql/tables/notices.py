"""The notices that wait to be delivered, and those that were."""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.kinds import EventKind
from helpdesk_core.ports import NoticeState
from helpdesk_core.routing import Audience, Channel
from helpdesk_sql.tables.naming import metadata
from helpdesk_sql.types import Id, Instant, WordOf

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
