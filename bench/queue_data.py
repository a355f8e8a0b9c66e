"""A queue as desks have it: half of it cases, most of it finished, the unfinished the latest.

Every filter fits some thirty of a thousand tickets, so that pages are full at any size; but for the
agent who is new, and has five.
"""

# ruff: noqa: PLR2004, S311  # shares that are drawn by chance, and no secrets

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Final, TypeAlias
from uuid import UUID

import psycopg
import sqlalchemy as sa
from desk_data import agent_id, department_id, kpi_type_id, submitted_at, submitter, ticket_id

from helpdesk_core.kpi.cells import Counted
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
from helpdesk_core.tickets import Status, Ticket
from helpdesk_sql.counting import counted_columns
from helpdesk_sql.kept import Kept
from helpdesk_sql.rows import ticket_columns
from helpdesk_sql.tables import tickets

BUSY: Final = agent_id(0)
"""An agent who has a third of all tickets."""
NEW: Final = agent_id(1)
"""An agent who has five."""

Made: TypeAlias = Callable[[int, int], Ticket]
"""Makes one of so many tickets."""

_UNFINISHED: Final = (Status.OPEN, Status.OPEN, Status.IN_PROGRESS, Status.WAITING)
_FINISHED: Final = (*(Status.CLOSED,) * 6, Status.RESOLVED, Status.REJECTED, Status.CANCELLED)


def fill_queue(
    engine: sa.Engine,
    query: Kept,
    size: int,
    made: Made | None = None,
    counted: Callable[[Ticket], Counted | None] = lambda _: None,
) -> None:
    """Put so many tickets into an empty desk by the statement that inserts a case.

    `made` makes each of them, `ticket` unless given; `counted` says what each counts for, and the
    sums are the caller's. The indexes are built when all are there.
    """
    with engine.connect() as connection:
        indexes = sorted(tickets.indexes, key=lambda index: str(index.name))
        for index in indexes:
            index.drop(connection)
        make = made or ticket
        tickets_made = (make(number, size) for number in range(size))
        rows = (query.parameters(_row(it, counted(it))) for it in tickets_made)
        if connection.dialect.name == "sqlite":
            _fill_sqlite(connection, query, rows)
        else:
            _copy(connection, rows)
        for index in indexes:
            index.create(connection)
        with suppress(sa.exc.DatabaseError):
            connection.exec_driver_sql(
                "ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE tickets"
            )


def _row(made: Ticket, counted: Counted | None) -> dict[str, object]:
    none = dict.fromkeys(column.key for column in tickets.c)
    return none | ticket_columns(made) | counted_columns(counted)


def _fill_sqlite(
    connection: sa.Connection, query: Kept, rows: Iterator[tuple[object, ...]]
) -> None:
    connection.exec_driver_sql("BEGIN")
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.executemany(query.sql, rows)
    connection.exec_driver_sql("COMMIT")


def _copy(connection: sa.Connection, rows: Iterator[tuple[object, ...]]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    # By name: the columns of a table stand in the order in which they were added.
    columns = ", ".join(tickets.c.keys())
    with driver.cursor().copy(f"COPY tickets ({columns}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def ticket(number: int, size: int) -> Ticket:
    """One of so many tickets; the last tenth is unfinished, but for a few old ones."""
    random = Random(number)
    at = submitted_at(number)
    is_unfinished = number >= size * 9 // 10 or random.random() < 0.01
    status = random.choice(_UNFINISHED if is_unfinished else _FINISHED)
    is_case = random.random() < 0.5
    name, address = submitter(number)
    return Ticket(
        id=ticket_id(number),
        status=status,
        department_id=None if is_case else department_id(number),
        kpi_type_id=None if is_case else kpi_type_id(number),
        ticket_date=at,
        description="The printer on the second floor hums. " * 5,
        submitter_name=name,
        submitter_email=address,
        submitted_at=at,
        assigned_to=_assignee(number, size, random, status),
        last_activity_at=at + timedelta(seconds=random.randrange(2_000_000)),
        case=_case(number, random) if is_case else None,
    )


def _assignee(number: int, size: int, random: Random, status: Status) -> UUID | None:
    if number % (size // 5) == 7:
        return NEW
    if status is Status.OPEN or random.random() < 0.05:
        return None
    return BUSY if random.random() < 1 / 3 else agent_id(random.randrange(2, 50))


def _case(number: int, random: Random) -> SupportCase:
    urgency = random.choices([*Urgency], [4, 3, 2, 1])[0]
    tier = random.choices([*CustomerType], [6, 3, 1])[0]
    issue = random.choice([*IssueType])
    at = submitted_at(number)
    return SupportCase(
        number=f"CW-2026-{number * 0x9E37_79B9_7F4A_7C15 % (1 << 50):013X}",
        customer_type=tier,
        issue_type=issue,
        urgency=urgency,
        subject="The printer on the second floor hums",
        priority_score=15 * urgency.rank + len(tier.value) + len(issue.value),
        response_due_at=at + timedelta(hours=8),
        resolution_due_at=at + timedelta(hours=72),
    )
