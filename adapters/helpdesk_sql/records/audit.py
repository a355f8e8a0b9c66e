"""The audit trail in SQL."""

from uuid import UUID

import attrs
import sqlalchemy as sa

from helpdesk_core.audit import FIRST, AuditRecord, Entry, Subject, sealed
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_core.checkpoints import ChainEnd, Checkpoint, Seal
from helpdesk_sql.kept import Driver, Record
from helpdesk_sql.queries.audit import AuditQueries
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.rows import audit_columns, audit_record_of, with_subject


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

    def chain_end(self, subject: Subject) -> ChainEnd | None:
        """Where the chain should end."""
        if subject.is_ticket:
            found = self._session.read(self._audit.ticket_end, id=UUID(subject.id))
        else:
            found = self._session.read(self._audit.other_end, subject=str(subject))
        return ChainEnd(**with_subject(found[0])) if found else None

    def chain_ends(self, after: Subject | None, *, limit: int) -> tuple[ChainEnd, ...]:
        """Where the chains behind that one should end."""
        read, found = self._session.read, []
        if after is None or after.is_ticket:
            start = UUID(after.id) if after else UUID(int=0)
            found = read(self._audit.ticket_ends, id=start, most=limit)
        if len(found) < limit:
            start_of_others = str(after) if after and not after.is_ticket else ""
            rest = limit - len(found)
            found += read(self._audit.other_ends, subject=start_of_others, most=rest)
        return tuple(ChainEnd(**with_subject(record)) for record in found)

    def chain_records(
        self, after: tuple[Subject, int, int] | None, *, limit: int
    ) -> tuple[AuditRecord, ...]:
        """Records behind that place of that chain, and of the chains behind it."""
        found: list[Record] = []
        subject, number, position = after or (None, 0, 0)
        is_ticket = subject is None or subject.is_ticket
        if is_ticket:
            found = self._session.read(
                self._audit.ticket_records,
                place_ticket_id=UUID(subject.id) if subject else UUID(int=0),
                place_version=number,
                place_position=position,
                most=limit,
            )
        if len(found) < limit:
            found += self._session.read(
                self._audit.other_records,
                place_subject=str(subject) if not is_ticket else "",
                place_number=0 if is_ticket else number,
                most=limit - len(found),
            )
        return tuple(audit_record_of(record) for record in found)

    def last_checkpoint(self) -> Checkpoint | None:
        """The latest checkpoint."""
        found = self._session.read(self._audit.last_checkpoint)
        return Checkpoint(**found[0]) if found else None

    def checkpoints(self, after: int, *, limit: int) -> tuple[Checkpoint, ...]:
        """The checkpoints behind that number."""
        found = self._session.read(self._audit.checkpoints, number=after, most=limit)
        return tuple(Checkpoint(**record) for record in found)

    def seals(self, after: tuple[Subject, int] | None, *, limit: int) -> tuple[Seal, ...]:
        """The seals of that chain behind that checkpoint, and of the chains behind it."""
        subject, checkpoint = after or (None, 0)
        is_ticket = subject is None or subject.is_ticket
        place: Record = {"subject": str(subject or ""), "checkpoint": checkpoint}
        found: list[Record] = []
        if is_ticket:
            found = self._session.read(self._audit.ticket_seals, **place, most=limit)
            place = {"subject": "", "checkpoint": 0}
        if len(found) < limit:
            rest = limit - len(found)
            found += self._session.read(self._audit.other_seals, **place, most=rest)
        return tuple(Seal(**with_subject(record)) for record in found)

    def seals_of(self, checkpoint: int, after: Subject | None, *, limit: int) -> tuple[Seal, ...]:
        """The seals of a checkpoint behind that chain's."""
        found = self._session.read(
            self._audit.seals_of, checkpoint=checkpoint, subject=str(after or ""), most=limit
        )
        return tuple(Seal(**with_subject(record)) for record in found)

    def latest_seal(self, subject: Subject) -> Seal | None:
        """The latest seal on the chain."""
        found = self._session.read(self._audit.latest_seal, subject=str(subject))
        return Seal(**with_subject(found[0])) if found else None

    def save_checkpoint(self, checkpoint: Checkpoint, ends: tuple[ChainEnd, ...]) -> None:
        """Gather a checkpoint and its seals."""
        self._write(self._audit.insert_checkpoint, attrs.asdict(checkpoint))
        for end in ends:
            columns = {"subject": str(end.subject), "checkpoint": checkpoint.number}
            self._insert(
                self._audit.insert_seal, columns | {"number": end.number, "hash": end.hash}
            )

    @property
    def _audit(self) -> AuditQueries:
        return self._queries.audit

    def _of_tickets(
        self, wanted: AuditWanted, after: AuditPlace | None, limit: int
    ) -> list[AuditRecord]:
        given, subject = _given(wanted), wanted.subject
        if subject is not None:
            if not subject.is_ticket:
                return []
            given["subject"] = UUID(subject.id)
        if after is not None and after.subject.is_ticket:
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
        query = self._audit.list_tickets(frozenset(given))
        found = self._session.read(query, **given, **place, most=limit)
        return [audit_record_of(record) for record in found]

    def _of_others(
        self, wanted: AuditWanted, after: AuditPlace | None, limit: int
    ) -> list[AuditRecord]:
        given, subject = _given(wanted), wanted.subject
        if subject is not None:
            if subject.is_ticket:
                return []
            given["subject"] = str(subject)
        if after is not None and not after.subject.is_ticket:
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
        query = self._audit.list_others(frozenset(given))
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
