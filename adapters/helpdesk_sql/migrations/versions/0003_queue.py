"""The queue: where lists find a ticket, and the indexes that they are read from."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"

_STATUS: Final = (
    "CASE status WHEN 'OPEN' THEN 1 WHEN 'IN_PROGRESS' THEN 2 WHEN 'WAITING' THEN 3 "
    "WHEN 'RESOLVED' THEN 4 WHEN 'CLOSED' THEN 5 WHEN 'REJECTED' THEN 6 WHEN 'CANCELLED' THEN 7 "
    "ELSE 0 END"
)
_URGENCY: Final = (
    "CASE urgency WHEN 'LOW' THEN 1 WHEN 'MEDIUM' THEN 2 WHEN 'HIGH' THEN 3 "
    "WHEN 'CRITICAL' THEN 4 ELSE 0 END"
)
_TIER: Final = (
    "CASE customer_type WHEN 'FREE' THEN 1 WHEN 'BUSINESS' THEN 2 WHEN 'ENTERPRISE' THEN 3 "
    "ELSE 0 END"
)
_DOOR: Final = "CASE WHEN case_number IS NULL THEN 0 ELSE 1 END"
_HELD: Final = "CASE WHEN assigned_to IS NULL THEN 0 ELSE 1 END"
_DRAWERS: Final = {
    "hall": f"({_DOOR}) * 2 + ({_HELD})",
    "bay": f"({_STATUS}) * 2 + ({_DOOR})",
    "lane": f"((({_STATUS}) * 5 + ({_URGENCY})) * 4 + ({_TIER})) * 2 + ({_HELD})",
}
VALUES: Final = ", ".join(f"{name} = {value}" for name, value in _DRAWERS.items())
"""Where a ticket lies, as its other columns have it."""

_CASES: Final = sa.text("case_number IS NOT NULL")
_HELD_BY_SOMEBODY: Final = sa.text("assigned_to IS NOT NULL")
_HELD_CASES: Final = sa.text("case_number IS NOT NULL AND assigned_to IS NOT NULL")

_INDEXES: Final = (
    (["hall", "submitted_at", "id"], None),
    (["hall", "last_activity_at", "id"], None),
    (["hall", "priority_score", "id"], _CASES),
    (["lane", "submitted_at", "id"], None),
    (["lane", "last_activity_at", "id"], None),
    (["lane", "id"], None),
    (["lane", "priority_score", "id"], _CASES),
    (["lane", "case_number", "id"], _CASES),
    (["assigned_to", "bay", "submitted_at", "id", "lane"], _HELD_BY_SOMEBODY),
    (["assigned_to", "bay", "last_activity_at", "id", "lane"], _HELD_BY_SOMEBODY),
    (["assigned_to", "lane", "id"], _HELD_BY_SOMEBODY),
    (["assigned_to", "lane", "priority_score", "id"], _HELD_CASES),
    (["assigned_to", "bay", "case_number", "id", "lane"], _HELD_CASES),
)


def upgrade() -> None:
    """Say of every ticket where it lies."""
    for name in _DRAWERS:
        # SQLite wants a default for the rows that are there. Nothing is ever left to it.
        number = sa.Column(name, sa.SmallInteger(), nullable=False, server_default="0")
        op.add_column("tickets", number)
    op.execute(f"UPDATE tickets SET {VALUES}")  # noqa: S608  # the figures above
    if op.get_bind().dialect.name == "postgresql":
        for name in _DRAWERS:
            op.alter_column("tickets", name, server_default=None)
    for columns, where in _INDEXES:
        op.create_index(
            op.f(f"ix_tickets_{'_'.join(columns)}"),
            "tickets",
            columns,
            unique=False,
            postgresql_where=where,
            sqlite_where=where,
        )
