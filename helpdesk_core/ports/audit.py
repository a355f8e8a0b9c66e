"""How the audit trail is written and read."""

from typing import Protocol

from helpdesk_core.audit import AuditRecord, Entry
from helpdesk_core.audit_lists import AuditPlace, AuditWanted


class AuditTrail(Protocol):
    """The audit trail's part of a unit of work. A ticket's events go into it by `save`."""

    def record(self, entry: Entry) -> None:
        """Gather an entry about anything but a ticket.

        At `commit` it becomes the next record of its subject's chain, sealed to the one before it,
        whoever writes to that chain at the same time.
        """
        ...

    def audit_records(
        self, wanted: AuditWanted, *, after: AuditPlace | None = None, limit: int
    ) -> tuple[AuditRecord, ...]:
        """At most `limit` of the records that are wanted, noted last first; see `AuditPlace`.

        Those up to and with the place `after` are left out. A ticket's events that were never
        sealed are none.
        """
        ...
