"""The audit trail: a chain an object, and what happened to tickets sealed as it is now.

Whoever was asking was not kept before, so that these events have no words and no origin. The desk's
own chain says since when the chains can be trusted.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from helpdesk_core.audit import (
    FIRST,
    SALT_BYTES,
    AuditKind,
    AuditRecord,
    Entry,
    Subject,
    SubjectKind,
    hash_of,
    sealed,
    ticket_subject,
)
from helpdesk_sql.types import ByCodePoint, Id, Instant

revision: Final = "0009"
down_revision: Final = "0008"

_Row: TypeAlias = sa.Row[*tuple[Any, ...]]

TOGETHER: Final = 2000
"""Events that are sealed together."""

_ADDED: Final[tuple[tuple[str, sa.types.TypeEngine[Any]], ...]] = (
    ("noted_at", Instant()),
    ("who", sa.Text()),
    ("origin", sa.Text()),
    ("salt", sa.LargeBinary()),
    ("commitment", sa.LargeBinary()),
    ("hash", sa.LargeBinary()),
)
_EVENTS: Final = sa.table(
    "ticket_events",
    sa.column("ticket_id", Id),
    sa.column("version", sa.Integer),
    sa.column("position", sa.Integer),
    sa.column("kind", sa.Text),
    sa.column("at", Instant),
    sa.column("actor_id", Id),
    sa.column("status", sa.Text),
    sa.column("details", sa.JSON),
    sa.column("noted_at", Instant),
    sa.column("salt", sa.LargeBinary),
    sa.column("hash", sa.LargeBinary),
)
_TICKETS: Final = sa.table("tickets", sa.column("id", Id), sa.column("seal", sa.LargeBinary))


def upgrade() -> None:
    """Make room for the trail, and seal every event there is."""
    _create_tables()
    op.add_column("tickets", sa.Column("seal", sa.LargeBinary(), nullable=True))
    for name, kind in _ADDED:
        op.add_column("ticket_events", sa.Column(name, kind, nullable=True))
    events = _seal_events(op.get_bind())
    op.create_index(
        op.f("ix_ticket_events_noted_at_ticket_id_version_position"),
        "ticket_events",
        ["noted_at", "ticket_id", "version", "position"],
        unique=False,
    )
    if events:
        _say_since_when(op.get_bind(), events)


def _create_tables() -> None:
    op.create_table(
        "audit_chains",
        sa.Column("subject", ByCodePoint, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_audit_chains")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_records",
        sa.Column("subject", ByCodePoint, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", Id(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "number", name=op.f("pk_audit_records")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_audit_records_at_subject_number"),
        "audit_records",
        ["at", "subject", "number"],
        unique=False,
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("seals", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("subject", ByCodePoint, nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint"],
            ["audit_checkpoints.number"],
            name=op.f("fk_audit_seals_checkpoint_audit_checkpoints"),
        ),
        sa.PrimaryKeyConstraint("subject", "checkpoint", name=op.f("pk_audit_seals")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_audit_seals_checkpoint_subject"),
        "audit_seals",
        ["checkpoint", "subject"],
        unique=False,
    )


def _seal_events(connection: sa.Connection) -> int:
    """Seal all events to their tickets' chains; how many there were."""
    sealed_so_far, end, of_ticket = 0, FIRST, None
    for page in _pages(connection):
        marks, seals = [], {}
        for ticket_id, events in groupby(page, key=attrgetter("ticket_id")):
            end = end if ticket_id == of_ticket else FIRST
            of_ticket = ticket_id
            for event in events:
                salt = secrets.token_bytes(SALT_BYTES)
                end = hash_of(_record_of(event, salt), end)
                marks.append(_mark(event, salt, end))
            seals[ticket_id] = end
        _ = connection.execute(_MARK, marks)
        _ = connection.execute(_SEAL, [{"of": it, "end": seal} for it, seal in seals.items()])
        sealed_so_far += len(page)
    return sealed_so_far


_KEY: Final = (_EVENTS.c.ticket_id, _EVENTS.c.version, _EVENTS.c.position)
_MARK: Final = (
    sa.update(_EVENTS)
    .where(*(column == sa.bindparam(f"of_{column.key}") for column in _KEY))
    .values(noted_at=sa.bindparam("noted"), salt=sa.bindparam("salted"), hash=sa.bindparam("end"))
)
_SEAL: Final = (
    sa.update(_TICKETS).where(_TICKETS.c.id == sa.bindparam("of")).values(seal=sa.bindparam("end"))
)


def _pages(connection: sa.Connection) -> Iterator[Sequence[_Row]]:
    wanted = sa.select(
        *_KEY,
        _EVENTS.c.kind,
        _EVENTS.c.at,
        _EVENTS.c.actor_id,
        _EVENTS.c.status,
        _EVENTS.c.details,
    )
    first = wanted.order_by(*_KEY).limit(TOGETHER)
    page = connection.execute(first).all()
    while page:
        yield page
        last = [
            sa.literal(value, column.type) for column, value in zip(_KEY, page[-1], strict=False)
        ]
        page = connection.execute(first.where(sa.tuple_(*_KEY) > sa.tuple_(*last))).all()


def _record_of(event: _Row, salt: bytes) -> AuditRecord:
    return AuditRecord(
        subject=ticket_subject(event.ticket_id),
        number=event.version,
        position=event.position,
        kind=event.kind,
        at=event.at,
        noted_at=event.at,
        actor_id=event.actor_id,
        status=event.status,
        details=event.details,
        salt=salt,
        hash=None,
    )


def _mark(event: _Row, salt: bytes, end: bytes) -> dict[str, UUID | int | datetime | bytes]:
    return {
        "of_ticket_id": event.ticket_id,
        "of_version": event.version,
        "of_position": event.position,
        "noted": event.at,
        "salted": salt,
        "end": end,
    }


def _say_since_when(connection: sa.Connection, events: int) -> None:
    """Record that what happened before now is vouched for since now only."""
    entry = Entry(
        subject=Subject(kind=SubjectKind.DESK, id="trail"),
        kind=AuditKind.CHAINS_BEGUN.value,
        at=datetime.now(UTC),
        details={"events": str(events)},
        salt=secrets.token_bytes(SALT_BYTES),
    )
    record = sealed(entry, number=1, previous=FIRST)
    place = {
        "subject": str(entry.subject),
        "number": 1,
        "hash": record.hash,
    }
    words = {"kind": entry.kind, "at": entry.at, "details": entry.details, "salt": entry.salt}
    _ = connection.execute(sa.insert(_CHAINS), place)
    _ = connection.execute(sa.insert(_RECORDS), place | words)


_PLACE: Final = (
    sa.column("subject", sa.Text),
    sa.column("number", sa.Integer),
    sa.column("hash", sa.LargeBinary),
)
_CHAINS: Final = sa.table("audit_chains", *_PLACE)
_RECORDS: Final = sa.table(
    "audit_records",
    *(sa.column(column.key, column.type) for column in _PLACE),
    sa.column("kind", sa.Text),
    sa.column("at", Instant),
    sa.column("details", sa.JSON),
    sa.column("salt", sa.LargeBinary),
)
