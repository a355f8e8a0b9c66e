"""How the audit trail is written, read and sealed."""

from typing import Protocol

from helpdesk_core.audit import AuditRecord, Entry, Subject
from helpdesk_core.audit_lists import AuditPlace, AuditWanted
from helpdesk_core.checkpoints import ChainEnd, Checkpoint, Seal


class AuditTrail(Protocol):
    """The audit trail's part of a unit of work. A ticket's events go into it by `save`.

    Chains come in the order of `Subject.place`, the records of each by number and position.
    """

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

    def chain_end(self, subject: Subject) -> ChainEnd | None:
        """Where the chain should end, or None when there is no such chain, or none was sealed."""
        ...

    def chain_ends(self, after: Subject | None, *, limit: int) -> tuple[ChainEnd, ...]:
        """Where the chains behind that one should end."""
        ...

    def chain_records(
        self, after: tuple[Subject, int, int] | None, *, limit: int
    ) -> tuple[AuditRecord, ...]:
        """Records behind that place of that chain, and of the chains behind it, sealed or not."""
        ...

    def last_checkpoint(self) -> Checkpoint | None:
        """The latest checkpoint, or None before the first."""
        ...

    def checkpoints(self, after: int, *, limit: int) -> tuple[Checkpoint, ...]:
        """The checkpoints behind that number, in their order."""
        ...

    def seals(self, after: tuple[Subject, int] | None, *, limit: int) -> tuple[Seal, ...]:
        """The seals of that chain behind that checkpoint, and of the chains behind it.

        In the order of the chains, those of each by their checkpoints.
        """
        ...

    def seals_of(self, checkpoint: int, after: Subject | None, *, limit: int) -> tuple[Seal, ...]:
        """The seals of a checkpoint behind that chain's, in the order of their subjects as text."""
        ...

    def latest_seal(self, subject: Subject) -> Seal | None:
        """The latest seal on the chain, or None before the first."""
        ...

    def save_checkpoint(self, checkpoint: Checkpoint, ends: tuple[ChainEnd, ...]) -> None:
        """Gather a checkpoint and its seals. `commit` raises DuplicateId when another was made."""
        ...
