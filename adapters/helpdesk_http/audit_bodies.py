"""What admins are shown of the audit trail, as records; and where a page of it ended, as text."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Self
from uuid import UUID

import attrs

from helpdesk_core.audit import AuditRecord, read_subject
from helpdesk_core.audit_lists import AuditPlace
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import is_blank
from helpdesk_core.text import read_instant, read_uuid
from helpdesk_core.use_cases.auditing import LONGEST_SUBJECT, AuditPage

LONGEST_CURSOR: Final = 400
"""Characters."""
NO_CURSOR: Final = "Cursor must be a nextCursor of a page before"

_PARTS: Final = 4
_LARGEST: Final = 2**31


@attrs.frozen(kw_only=True)
class AuditRecordBody:
    """One record: who did what, when, to what, and from where.

    `at` is when it became true, `notedAt` when it was recorded. `actorId`, `who` and `origin` are
    null where nobody is known, or was erased: `erased` says so. `hash` seals the record to the one
    before it in its object's chain.
    """

    object: str
    number: int
    position: int
    kind: str
    at: datetime
    noted_at: datetime
    actor_id: UUID | None
    who: str | None
    origin: str | None
    status: str | None
    details: Mapping[str, str]
    erased: bool
    hash: str

    @classmethod
    def of(cls, record: AuditRecord) -> Self:
        """The record as it is."""
        return cls(
            object=str(record.subject),
            number=record.number,
            position=record.position,
            kind=record.kind,
            at=record.at,
            noted_at=record.noted_at,
            actor_id=record.actor_id,
            who=record.who,
            origin=record.origin,
            status=record.status,
            details=record.details,
            erased=record.is_erased,
            hash=(record.hash or b"").hex(),
        )


@attrs.frozen(kw_only=True)
class AuditBody:
    """A page of the trail, noted last first; `nextCursor` is null on the last page."""

    success: bool = True
    records: Sequence[AuditRecordBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: AuditPage) -> Self:
        """The page."""
        return cls(
            records=[AuditRecordBody.of(each) for each in page.records],
            next_cursor=place_text(page.next) if page.next else None,
        )


def place_text(place: AuditPlace) -> str:
    """The place in ASCII that needs no escaping in a URL."""
    noted = place.noted_at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [noted, str(place.subject), place.number, place.position]
    plain = json.dumps(parts, separators=(",", ":")).encode("ascii")
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode("ascii")


def read_place(value: object) -> AuditPlace | None:
    """The place in a text, None where nothing was sent. Raises Invalid for anything else."""
    if is_blank(value):
        return None
    place = _read(value) if isinstance(value, str) and len(value) <= LONGEST_CURSOR else None
    if place is None or place_text(place) != value:
        raise Invalid(NO_CURSOR, cursor="not a cursor")
    return place


def _read(text: str) -> AuditPlace | None:
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    return _place(*parts) if isinstance(parts, list) and len(parts) == _PARTS else None


def _place(noted: object, written: object, number: object, position: object) -> AuditPlace | None:
    at = read_instant(noted)
    named = isinstance(written, str) and len(written) <= LONGEST_SUBJECT and written.isascii()
    subject = read_subject(str(written)) if named else None
    if at is None or subject is None or (subject.is_ticket and read_uuid(subject.id) is None):
        return None
    if type(number) is not int or type(position) is not int:
        return None
    if not (0 <= number < _LARGEST and 0 <= position < _LARGEST):
        return None
    return AuditPlace(noted_at=at, subject=subject, number=number, position=position)
