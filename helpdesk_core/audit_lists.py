"""Looking through the audit trail: what is wanted of it, and where a page of it ends."""

from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.audit import AuditRecord, Subject


@attrs.frozen(kw_only=True)
class AuditWanted:
    """Records that fit everything that is not None; `until` is left out, `since` is not.

    `kind` is the value of an `AuditKind` or an `EventKind`. Times are those of recording.
    """

    subject: Subject | None = None
    actor_id: UUID | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, record: AuditRecord) -> bool:
        """True when the record is wanted."""
        return (
            self.subject in (None, record.subject)
            and self.actor_id in (None, record.actor_id)
            and self.kind in (None, record.kind)
            and (self.since is None or record.noted_at >= self.since)
            and (self.until is None or record.noted_at < self.until)
        )


@attrs.frozen(kw_only=True)
class AuditPlace:
    """Where a record is in the list of all: by when it was noted, then by its chain's place."""

    noted_at: datetime
    subject: Subject
    number: int
    position: int

    @property
    def order(self) -> tuple[object, ...]:
        """What the list is sorted by, the greatest first."""
        return (self.noted_at, *self.subject.place, self.number, self.position)


def audit_place(record: AuditRecord) -> AuditPlace:
    """Where the record is in the list of all."""
    return AuditPlace(
        noted_at=record.noted_at,
        subject=record.subject,
        number=record.number,
        position=record.position,
    )
