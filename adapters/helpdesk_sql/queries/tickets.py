"""Statements on tickets, what happened to them and what was said.

Lists of the queue are made in `listing`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import attrs
import sqlalchemy as sa

from helpdesk_sql.counting import COUNTED
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.rows import CASE_COLUMNS
from helpdesk_sql.tables import IS_INTAKE, messages, ticket_events, tickets

UPDATES: Final = 256
"""Updates of some columns of a ticket that are kept compiled; those used last."""

_KEYS: Final = ("submitter_email_key", "submitter_name_key", "hall", "bay", "lane")
TICKET: Final = [column for column in tickets.c if column.key not in (*_KEYS, *COUNTED)]
"""Everything that a ticket is made of."""
_WITH_COUNTED: Final = [*(tickets.c[name] for name in COUNTED), *TICKET]
_INTAKE: Final = [column for column in TICKET if column.key not in CASE_COLUMNS]
_INTAKE_STORED: Final = (*(column.key for column in _INTAKE), *_KEYS, *COUNTED)
_MESSAGE: Final = [column for column in messages.c if column.key != "ticket_id"]
EVENT: Final = [
    column for column in ticket_events.c if column.key not in ("ticket_id", "version", "position")
]


@attrs.frozen(kw_only=True)
class TicketQueries:
    """Statements on tickets; parameters are named after columns, else in the comment."""

    ticket: Kept
    ticket_by_number: Kept
    messages: Kept
    history: Kept
    tickets_by_email: Kept  # key, most
    tickets_by_name: Kept  # key, most
    insert_ticket: Kept
    insert_case: Kept
    update: Callable[[frozenset[str]], Kept]  # as many columns; held_id, held_version
    update_counted: Callable[[frozenset[str]], Kept]  # held_counted_in, held_counted_as besides
    insert_event: Kept
    insert_message: Kept


def ticket_queries(dialect: sa.Dialect) -> TicketQueries:
    """Compile them."""
    return TicketQueries(
        ticket=keep(by(tickets.c.id, *_WITH_COUNTED), dialect, tail="case_number"),
        ticket_by_number=keep(by(tickets.c.case_number, *_WITH_COUNTED), dialect),
        messages=keep(
            by(messages.c.ticket_id, *_MESSAGE).order_by(messages.c.created_at, messages.c.id),
            dialect,
        ),
        history=keep(
            by(ticket_events.c.ticket_id, *EVENT).order_by(
                ticket_events.c.version, ticket_events.c.position
            ),
            dialect,
        ),
        tickets_by_email=keep(_newest(tickets.c.submitter_email_key), dialect),
        tickets_by_name=keep(_newest(tickets.c.submitter_name_key), dialect),
        insert_ticket=keep(sa.insert(tickets).values(_bound(*_INTAKE_STORED)), dialect),
        insert_case=keep(sa.insert(tickets), dialect),
        update=lru_cache(UPDATES)(lambda names: keep(_update(names), dialect)),
        update_counted=lru_cache(UPDATES)(lambda names: keep(guarded(_update(names)), dialect)),
        insert_event=keep(sa.insert(ticket_events), dialect),
        insert_message=keep(sa.insert(messages), dialect),
    )


def _newest(key: sa.Column[str]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_INTAKE)
        .where(key == sa.bindparam("key"), IS_INTAKE)
        .order_by(tickets.c.submitted_at.desc(), tickets.c.id.desc())
        .limit(sa.bindparam("most", type_=sa.BigInteger))
    )


def _bound(*names: str) -> dict[str, sa.BindParameter[Any]]:
    return {name: sa.bindparam(name) for name in names}


def _update(names: frozenset[str]) -> sa.Update:
    return (
        sa.update(tickets)
        .where(tickets.c.id == sa.bindparam("held_id"))
        .where(tickets.c.version == sa.bindparam("held_version"))
        .values(_bound(*sorted(names - {"id"})))
    )


def guarded(update: sa.Update) -> sa.Update:
    """The same for a ticket that is counted as it was held to be."""
    for name in ("counted_in", "counted_as"):
        column = tickets.c[name]
        held = sa.bindparam(f"held_{name}", type_=column.type)
        update = update.where(column.is_not_distinct_from(held))
    return update
