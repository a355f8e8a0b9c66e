"""The audit trail in memory."""

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

from helpdesk_core.audit import FIRST, AuditRecord, Entry, Subject, sealed, ticket_subject
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_core.chains import record_of
from helpdesk_core.checkpoints import ChainEnd, Checkpoint, Seal, seal_of
from helpdesk_core.errors import DuplicateId
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
            sealed_ones = [it for it in self._every() if it.hash is not None]
        placed = [(audit_place(it).order, it) for it in sealed_ones if wanted.fits(it)]
        placed.sort(key=lambda pair: pair[0], reverse=True)
        found = (it for place, it in placed if after is None or place < after.order)
        return tuple(record for record, _ in zip(found, range(limit), strict=False))

    def chain_end(self, subject: Subject) -> ChainEnd | None:
        """Where the chain should end."""
        with self._store.lock:
            return next((it for it in self._ends() if it.subject == subject), None)

    def chain_ends(self, after: Subject | None, *, limit: int) -> tuple[ChainEnd, ...]:
        """Where the chains behind that one should end."""
        with self._store.lock:
            ends = sorted(self._ends(), key=lambda it: it.subject.place)
        return tuple(it for it in ends if not after or it.subject.place > after.place)[:limit]

    def chain_records(
        self, after: tuple[Subject, int, int] | None, *, limit: int
    ) -> tuple[AuditRecord, ...]:
        """Records behind that place of that chain, and of the chains behind it."""
        with self._store.lock:
            placed = [((it.subject.place, it.number, it.position), it) for it in self._every()]
        placed.sort(key=lambda pair: pair[0])
        start = (after[0].place, *after[1:]) if after else None
        return tuple(it for place, it in placed if start is None or place > start)[:limit]

    def last_checkpoint(self) -> Checkpoint | None:
        """The latest checkpoint."""
        with self._store.lock:
            return self._store.checkpoints[-1] if self._store.checkpoints else None

    def checkpoints(self, after: int, *, limit: int) -> tuple[Checkpoint, ...]:
        """The checkpoints behind that number."""
        with self._store.lock:
            return tuple(it for it in self._store.checkpoints if it.number > after)[:limit]

    def seals(self, after: tuple[Subject, int] | None, *, limit: int) -> tuple[Seal, ...]:
        """The seals of that chain behind that checkpoint, and of the chains behind it."""
        with self._store.lock:
            placed = [((it.subject.place, it.checkpoint), it) for it in self._store.seals]
        placed.sort(key=lambda pair: pair[0])
        start = (after[0].place, after[1]) if after else None
        return tuple(it for place, it in placed if start is None or place > start)[:limit]

    def seals_of(self, checkpoint: int, after: Subject | None, *, limit: int) -> tuple[Seal, ...]:
        """The seals of a checkpoint behind that chain's."""
        with self._store.lock:
            held = [it for it in self._store.seals if it.checkpoint == checkpoint]
        held.sort(key=lambda it: str(it.subject))
        return tuple(it for it in held if not after or str(it.subject) > str(after))[:limit]

    def latest_seal(self, subject: Subject) -> Seal | None:
        """The latest seal on the chain."""
        with self._store.lock:
            held = [it for it in self._store.seals if it.subject == subject]
        return max(held, key=lambda it: it.checkpoint, default=None)

    def save_checkpoint(self, checkpoint: Checkpoint, ends: tuple[ChainEnd, ...]) -> None:
        """Gather a checkpoint and its seals."""
        self._writes.append(lambda: self._put_checkpoint(checkpoint, ends))

    def _put_checkpoint(self, checkpoint: Checkpoint, ends: tuple[ChainEnd, ...]) -> Undo:
        made, seals = self._store.checkpoints, self._store.seals
        if any(it.number == checkpoint.number for it in made):
            raise DuplicateId
        self._store.checkpoints = (*made, checkpoint)
        self._store.seals = (*seals, *(seal_of(it, checkpoint) for it in ends))

        def undo() -> None:
            self._store.checkpoints, self._store.seals = made, seals

        return undo

    def _ends(self) -> Iterator[ChainEnd]:
        for ticket in self._store.tickets.values():
            if ticket.seal is not None:
                subject = ticket_subject(ticket.id)
                yield ChainEnd(subject=subject, number=ticket.version, hash=ticket.seal)
        yield from self._store.chain_ends.values()

    def _every(self) -> Iterator[AuditRecord]:
        for ticket_id in self._store.history:
            yield from self._of_ticket(ticket_id)
        for chain in self._store.audit.values():
            yield from chain

    def _of_ticket(self, ticket_id: UUID) -> tuple[AuditRecord, ...]:
        return tuple(
            record_of(ticket_id, it.version, it.position, it.event)
            for it in self._store.history.get(ticket_id, ())
        )

    def _put_entry(self, entry: Entry) -> Undo:
        subject, store = entry.subject, self._store
        end = store.chain_ends.get(subject)
        record = sealed(
            entry, number=end.number + 1 if end else 1, previous=end.hash if end else FIRST
        )
        moved = ChainEnd(subject=subject, number=record.number, hash=record.hash or FIRST)
        with ExitStack() as undos:
            _ = undos.callback(put(store.chain_ends, subject, moved))
            _ = undos.callback(put(store.audit, subject, (*store.audit.get(subject, ()), record)))
            return undos.pop_all().close
