"""Statements that find people, and let them be forgotten."""

from collections.abc import Iterable
from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_core.ports import NoticeState
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.tables import (
    attachments,
    audit_records,
    messages,
    outbox,
    replies,
    ticket_events,
    tickets,
    tokens,
)

HUSHED: Final = "the person was erased"
"""Why a notice is dead whose words were about somebody who is erased."""

_NOTICE: Final = [
    outbox.c[name]
    for name in (
        *("id", "ticket_id", "kind", "channel", "audience"),
        *("recipient", "language", "facts", "created_at"),
    )
]
_SUBMITTER: Final = [
    tickets.c[name] for name in ("id", "submitted_by", "assigned_to", "submitter_email")
]
_WORDS: Final = ("who", "origin", "details", "salt", "commitment")
_IS_QUEUED: Final = outbox.c.state == sa.literal_column(f"'{NoticeState.QUEUED.value}'")


@attrs.frozen(kw_only=True)
class ErasingQueries:
    """Statements on what is known of people; parameters are after columns, else in the comment."""

    submitters: Kept  # id, most
    authors: Kept  # after_id, last_id
    recipients: Kept  # after_id, last_id
    actors: Kept  # after_id, last_id
    notices: Kept
    replace_event_words: Kept  # of_ticket_id, of_version, of_position
    replace_record_words: Kept  # of_subject, of_number
    replace_message: Kept  # of_id
    replace_attachment: Kept  # of_id
    replace_token: Kept  # of_id
    replace_facts: Kept  # of_id
    hush: Kept  # of_ticket, to
    forget_replies: Kept  # words


def erasing_queries(dialect: sa.Dialect) -> ErasingQueries:
    """Compile them."""
    events, records = ticket_events.c, audit_records.c
    return ErasingQueries(
        submitters=keep(
            sa.select(*_SUBMITTER)
            .where(tickets.c.id > sa.bindparam("id"))
            .order_by(tickets.c.id)
            .limit(sa.bindparam("most", type_=sa.BigInteger)),
            dialect,
        ),
        authors=keep(_among(messages, "author_id", "author_email"), dialect),
        recipients=keep(_among(outbox, "recipient"), dialect),
        actors=keep(_among(ticket_events, "actor_id", "who"), dialect),
        notices=keep(by(outbox.c.ticket_id, *_NOTICE).order_by(outbox.c.id), dialect),
        replace_event_words=keep(
            _replace((events.ticket_id, events.version, events.position), _WORDS), dialect
        ),
        replace_record_words=keep(_replace((records.subject, records.number), _WORDS), dialect),
        replace_message=keep(
            _replace((messages.c.id,), ("author_name", "author_email", "body")), dialect
        ),
        replace_attachment=keep(_replace((attachments.c.id,), ("name", "removed_at")), dialect),
        replace_token=keep(_replace((tokens.c.id,), ("email", "revoked_at")), dialect),
        replace_facts=keep(_replace((outbox.c.id,), ("facts",)), dialect),
        hush=keep(_hush(), dialect),
        forget_replies=keep(_forget_replies(dialect), dialect),
    )


def _among(table: sa.Table, *names: str) -> sa.Select[*tuple[Any, ...]]:
    ticket_id = table.c.ticket_id
    return sa.select(ticket_id, *(table.c[name] for name in names)).where(
        ticket_id > sa.bindparam("after_id", type_=ticket_id.type),
        ticket_id <= sa.bindparam("last_id", type_=ticket_id.type),
    )


def _replace(key: Iterable[sa.Column[Any]], names: Iterable[str]) -> sa.Update:
    columns = tuple(key)
    return (
        sa.update(columns[0].table)
        .where(*(it == sa.bindparam(f"of_{it.key}", type_=it.type) for it in columns))
        .values({name: sa.bindparam(name) for name in names})
    )


def _hush() -> sa.Update:
    """Whatever is behind another notice of its line is not behind it any more: all are dead."""
    return (
        sa.update(outbox)
        .where(outbox.c.ticket_id == sa.bindparam("of_ticket", type_=outbox.c.ticket_id.type))
        .where(outbox.c.recipient == sa.bindparam("to", type_=sa.Text))
        .values(
            recipient="",
            facts={},
            state=sa.case(
                (_IS_QUEUED, sa.literal_column(f"'{NoticeState.DEAD.value}'")),
                else_=sa.type_coerce(outbox.c.state, sa.Text),
            ),
            reason=sa.case((_IS_QUEUED, sa.literal_column(f"'{HUSHED}'")), else_=""),
            is_behind=False,
            lease=None,
        )
    )


def _forget_replies(dialect: sa.Dialect) -> sa.Delete:
    words = sa.bindparam("words", type_=sa.LargeBinary)
    find = sa.func.instr if dialect.name == "sqlite" else sa.func.pg_catalog.position
    return sa.delete(replies).where(find(replies.c.body, words) > sa.literal_column("0"))
