"""The audit trail in SQL."""

from uuid import UUID

import attrs
import sqlalchemy as sa

from helpdesk_core.audit import FIRST, AuditRecord, Entry, SubjectKind, sealed
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_sql.kept import Driver, Record
from helpdesk_sql.queries.audit import AuditQueries
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.rows import audit_columns, audit_record_of


@attrs.frozen
class AuditWrite:
    """An entry, to become the next record of its chain; whoever else writes to it waits."""

    queries: AuditQueries
    entry: Entry

    def apply(self, connection: sa.Connection, driver: Driver) -> None:  # noqa: ARG002
        """Seal the entry to the end of its chain as it is now."""
        subject = str(self.entry.subject)
        begin, end = self.queries.begin_chain, self.queries.end_of_chain
        empty = {"subject": subject, "number": 0, "hash": FIRST}
        _ = driver.execute(begin.sql, begin.parameters(empty))
        rows = driver.execute(end.sql, end.parameters({"subject": subject})).fetchall()
        [held] = end.records(rows)
        record = sealed(self.entry, number=held["number"] + 1, previous=held["hash"])
        insert, move = self.queries.insert_record, self.queries.move_end
        _ = driver.execute(insert.sql, insert.parameters(audit_columns(record)))
        moved = {"held": subject, "number": record.number, "hash": record.hash}
        _ = driver.execute(move.sql, move.parameters(moved))


class SqlAudit(Gathering):
    """The audit trail's part of the unit of work."""

    def record(self, entry: Entry) -> None:
        """Gather an entry about anything but a ticket."""
        self._writes.append(AuditWrite(self._queries.audit, entry))

    def audit_records(
        self, wanted: AuditWanted, *, after: AuditPlace | None = None, limit: int
    ) -> tuple[AuditRecord, ...]:
        """At most `limit` of the records that are wanted, noted last first."""
        found = [
            *self._of_tickets(wanted, after, limit),
            *self._of_others(wanted, after, limit),
        ]
        found.sort(key=lambda it: audit_place(it).order, reverse=True)
        return tuple(found[:limit])

    def _of_tickets(
        self, wanted: AuditWanted, after: AuditPlace | None, limit: int
    ) -> list[AuditRecord]:
        given, subject = _given(wanted), wanted.subject
        if subject is not None:
            if subject.kind is not SubjectKind.TICKET:
                return []
            given["subject"] = UUID(subject.id)
        if after is not None and after.subject.kind is SubjectKind.TICKET:
            given["behind"] = None
            place = {
                "place_noted_at": after.noted_at,
                "place_ticket_id": UUID(after.subject.id),
                "place_version": after.number,
                "place_position": after.position,
            }
        else:
            place = {}
            if after is not None:  # at one instant tickets come behind all others
                given["not_after"] = after.noted_at
        query = self._queries.audit.list_tickets(frozenset(given))
        found = self._session.read(query, **given, **place, most=limit)
        return [audit_record_of(record) for record in found]

    def _of_others(
        self, wanted: AuditWanted, after: AuditPlace | None, limit: int
    ) -> list[AuditRecord]:
        given, subject = _given(wanted), wanted.subject
        if subject is not None:
            if subject.kind is SubjectKind.TICKET:
                return []
            given["subject"] = str(subject)
        if after is not None and after.subject.kind is not SubjectKind.TICKET:
            given["behind"] = None
            place = {
                "place_at": after.noted_at,
                "place_subject": str(after.subject),
                "place_number": after.number,
            }
        else:
            place = {}
            if after is not None:
                given["before"] = after.noted_at
        query = self._queries.audit.list_others(frozenset(given))
        found = self._session.read(query, **given, **place, most=limit)
        return [audit_record_of(record) for record in found]


def _given(wanted: AuditWanted) -> Record:
    given = {
        "actor_id": wanted.actor_id,
        "kind": wanted.kind,
        "since": wanted.since,
        "until": wanted.until,
    }
    return {name: value for name, value in given.items() if value is not None}
