"""The audit trail in memory."""

from collections.abc import Iterator
from uuid import UUID

from helpdesk_core.audit import FIRST, AuditRecord, Entry, sealed
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_core.chains import record_of
from helpdesk_memory.records.gathering import Gathering, Undo, put


class MemoryAudit(Gathering):
    """The audit trail's part of the unit of work."""

    def record(self, entry: Entry) -> None:
        """Gather an entry about anything but a ticket."""
        self._writes.append(lambda: self._put_entry(entry))

    def audit_records(
        self, wanted: AuditWanted, *, after: AuditPlace | None = None, limit: int
    ) -> tuple[AuditRecord, ...]:
        """At most `limit` of the records that are wanted, noted last first."""
        with self._store.lock:
            placed = [(audit_place(it).order, it) for it in self._every() if wanted.fits(it)]
        placed.sort(key=lambda pair: pair[0], reverse=True)
        found = (it for place, it in placed if after is None or place < after.order)
        return tuple(record for record, _ in zip(found, range(limit), strict=False))

    def _every(self) -> Iterator[AuditRecord]:
        for ticket_id in self._store.history:
            yield from (it for it in self._of_ticket(ticket_id) if it.hash is not None)
        for chain in self._store.audit.values():
            yield from chain

    def _of_ticket(self, ticket_id: UUID) -> tuple[AuditRecord, ...]:
        return tuple(
            record_of(ticket_id, it.version, it.position, it.event)
            for it in self._store.history.get(ticket_id, ())
        )

    def _put_entry(self, entry: Entry) -> Undo:
        chain = self._store.audit.get(entry.subject, ())
        previous = chain[-1].hash if chain else FIRST
        record = sealed(entry, number=len(chain) + 1, previous=previous or FIRST)
        return put(self._store.audit, entry.subject, (*chain, record))
