"""Statements on the records of attachments."""

from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.tables import IS_KEPT, attachments, tickets

AMONG: Final = 50
"""Ids that one look among many takes."""
LET_GO_AT_ONCE: Final = 1000
"""Files that are let go of at most at a time."""

_FILE: Final = [column for column in attachments.c if column.key != "ticket_id"]


@attrs.frozen(kw_only=True)
class FileQueries:
    """Statements on files; parameters are named after columns, else in the comment."""

    attachments: Kept
    attachment_ids: Kept  # id_0 to id_49
    insert_attachment: Kept
    let_files_go: Kept  # before, at


def file_queries(dialect: sa.Dialect) -> FileQueries:
    """Compile them."""
    return FileQueries(
        attachments=keep(
            by(attachments.c.ticket_id, *_FILE).order_by(
                attachments.c.created_at, attachments.c.id
            ),
            dialect,
        ),
        attachment_ids=keep(_attachment_ids(), dialect),
        insert_attachment=keep(sa.insert(attachments), dialect),
        let_files_go=keep(_let_files_go(), dialect),
    )


def _attachment_ids() -> sa.Select[*tuple[Any, ...]]:
    among = [sa.bindparam(f"id_{number}", type_=attachments.c.id.type) for number in range(AMONG)]
    return sa.select(attachments.c.id).where(attachments.c.id.in_(among), IS_KEPT)


def _let_files_go() -> sa.Update:
    """Marks the oldest outlived files as removed, as many as it may; see `retention`.

    Those that another transaction is at are left to it, so that none waits for the other.
    """
    before = sa.bindparam("before", type_=attachments.c.created_at.type)
    outlived = (
        sa.select(attachments.c.id)
        .join(tickets, tickets.c.id == attachments.c.ticket_id)
        .where(IS_KEPT, attachments.c.created_at < before, tickets.c.closed_at < before)
        .order_by(attachments.c.created_at, attachments.c.id)
        .limit(sa.literal_column(str(LET_GO_AT_ONCE)))
        .with_for_update(skip_locked=True, of=attachments)
        .cte("outlived")
    )
    return (
        sa.update(attachments)
        .where(attachments.c.id.in_(sa.select(outlived.c.id)))
        .values(removed_at=sa.bindparam("at", type_=attachments.c.removed_at.type))
    )
