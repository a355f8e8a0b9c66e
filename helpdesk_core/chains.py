"""A ticket's events as the records of its chain."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.audit import (
    FIRST,
    SALT_BYTES,
    AuditRecord,
    Mark,
    hash_of,
    ticket_subject,
)
from helpdesk_core.people import Caller, User
from helpdesk_core.tickets import Change, Event


def in_words(user: User | None) -> str | None:
    """Who somebody is, to a reader of the audit trail; None for nobody."""
    if user is None:
        return None
    name = f"{user.name} <{user.email}>" if user.email else user.name
    return f"{name}, {user.role.value}"


def sealed_change(
    change: Change, caller: Caller, *, now: datetime, random: Callable[[int], bytes]
) -> Change:
    """The change with its events sealed to the ticket's chain, and the ticket with its new end."""
    ticket, end, who = change.ticket, change.ticket.seal or FIRST, in_words(caller.user)
    subject, events = ticket_subject(ticket.id), list[Event]()
    for position, event in enumerate(change.events):
        record = AuditRecord(
            subject=subject,
            number=ticket.version,
            position=position,
            kind=event.kind.value,
            at=event.at,
            noted_at=now,
            actor_id=event.actor_id,
            who=who,
            origin=caller.origin,
            status=event.status.value if event.status else None,
            details=event.details,
            salt=random(SALT_BYTES),
            hash=None,
        )
        end = hash_of(record, end)
        events.append(_sealed(event, record, end))
    return attrs.evolve(change, ticket=attrs.evolve(ticket, seal=end), events=tuple(events))


def _sealed(event: Event, record: AuditRecord, digest: bytes) -> Event:
    mark = Mark(
        noted_at=record.noted_at,
        who=record.who,
        origin=record.origin,
        salt=record.salt,
        commitment=None,
        hash=digest,
    )
    return Event(
        kind=event.kind,
        at=event.at,
        actor_id=event.actor_id,
        status=event.status,
        details=event.details,
        mark=mark,
    )


def record_of(ticket_id: UUID, version: int, position: int, event: Event) -> AuditRecord:
    """The event in its place in the ticket's chain; one without a mark was never sealed."""
    mark = event.mark
    return AuditRecord(
        subject=ticket_subject(ticket_id),
        number=version,
        position=position,
        kind=event.kind.value,
        at=event.at,
        noted_at=mark.noted_at if mark else event.at,
        actor_id=event.actor_id,
        who=mark.who if mark else None,
        origin=mark.origin if mark else None,
        status=event.status.value if event.status else None,
        details=event.details,
        salt=mark.salt if mark else None,
        commitment=mark.commitment if mark else None,
        hash=mark.hash if mark else None,
    )
