"""Reading the audit trail, as admins do."""

from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.audit import AuditKind, AuditRecord, Subject, read_subject
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import all_of, is_blank, whole_number
from helpdesk_core.kinds import EventKind
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import is_storable, read_address, read_instant, read_uuid

PAGE: Final = 50
"""Records on a page unless it is said."""
LARGEST_PAGE: Final = 200
LONGEST_SUBJECT: Final = 100
"""Characters of an object's name in the trail."""
KINDS: Final = tuple(sorted({it.value for it in (*AuditKind, *EventKind)}))
"""Everything that a record may be of."""


@attrs.frozen(kw_only=True)
class RawAuditQuery:
    """What somebody wants to see of the trail, as it came. `object_` is such as `ticket:<id>`."""

    object_: object = None
    actor: object = None
    kind: object = None
    from_: object = None
    to: object = None
    limit: object = None


@attrs.frozen(kw_only=True)
class AuditPage:
    """Some of the trail, noted last first. `next` is where the page ends when others may follow."""

    records: tuple[AuditRecord, ...]
    next: AuditPlace | None


def read_audit(
    ports: Ports, raw: RawAuditQuery, caller: Caller, *, after: AuditPlace | None = None
) -> AuditPage:
    """A page of the trail, behind the place `after`.

    Raises NotSignedIn, Forbidden, and Invalid with every fault in its details.
    """
    _ = allow(caller, Act.READ_AUDIT)
    with ports.begin() as uow:
        read = all_of(
            subject=lambda: _subject(raw.object_),
            actor_id=lambda: _actor(uow, raw.actor),
            kind=lambda: _kind(raw.kind),
            since=lambda: _instant(raw.from_, field="from", label="From"),
            until=lambda: _instant(raw.to, field="to", label="To"),
            limit=lambda: whole_number(
                raw.limit, field="limit", label="Limit", default=PAGE, most=LARGEST_PAGE
            ),
        )
        limit = read.pop("limit")
        found = uow.audit_records(AuditWanted(**read), after=after, limit=limit + 1)
    records = found[:limit]
    return AuditPage(records=records, next=audit_place(records[-1]) if len(found) > limit else None)


def _subject(value: object) -> Subject | None:
    if is_blank(value):
        return None
    short = isinstance(value, str) and len(value) <= LONGEST_SUBJECT and is_storable(value)
    subject = read_subject(str(value)) if short else None
    if subject is None or (subject.is_ticket and read_uuid(subject.id) is None):
        raise Invalid("Object must be a kind and an id, such as ticket:<id>", object="no object")
    return subject


def _actor(uow: UnitOfWork, value: object) -> UUID | None:
    if is_blank(value):
        return None
    address = read_address(value)
    actor = read_uuid(value) if address is None else _id_at(uow, address)
    if actor is None:
        raise Invalid(
            "Actor must be the id or the address of somebody who acted", actor="nobody known"
        )
    return actor


def _id_at(uow: UnitOfWork, address: str) -> UUID | None:
    agent = uow.directory().agent_at(address)
    return agent.id if agent else next((it.id for it in uow.people_at(address)), None)


def _kind(value: object) -> str | None:
    if is_blank(value):
        return None
    if value not in KINDS:
        raise Invalid("Kind is not one that is recorded", kind=f"must be one of {', '.join(KINDS)}")
    return str(value)


def _instant(value: object, *, field: str, label: str) -> datetime | None:
    instant = read_instant(value)
    if instant is None and not is_blank(value):
        raise Invalid(f"{label} must be an ISO 8601 instant", **{field: "no instant"})
    return instant
