"""Finding what was done to the audit trail behind the desk's back.

Everything here takes records one after another, so that a trail of any size is verified in the
memory of its longest list of erased places.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, TypeAlias

import attrs

from helpdesk_core.audit import ERASED_RECORDS, FIRST, AuditKind, AuditRecord, Subject, hash_of
from helpdesk_core.checkpoints import ChainEnd, Checkpoint, Fold, Seal
from helpdesk_core.kinds import EventKind

Place: TypeAlias = tuple[int, int]

ERASURES: Final = frozenset({AuditKind.PERSON_ERASED.value, EventKind.ERASED.value})
"""The kinds of records that say whose words were taken away."""

_PLACE: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})")

MOST_FINDINGS: Final = 100
"""Findings of one chain that are told of; a chain that was rewritten would else fill a disk."""


class Fault(Enum):
    """What is wrong; the value says it to a reader."""

    CHANGED = "the record is not as it was sealed, or the one before it is not"
    MISSING = "records are missing before this one"
    CUT = "records are missing at the end of the chain"
    GONE = "the whole chain is missing"
    UNSEALED = "the record was never sealed"
    HIDDEN = "words were removed, and no erasure says so"
    OTHER_END = "the chain is not the one that the checkpoint sealed"
    CHECKPOINT_CHANGED = "the checkpoint or its seals are not as they were made"
    CHECKPOINT_MISSING = "checkpoints are missing before this one"
    ROOT_UNKNOWN = "the trail does not have the root that is kept elsewhere"


@attrs.frozen(kw_only=True)
class Finding:
    """What is wrong, and where: `subject` None means among the checkpoints.

    `number` and `position` are the place in the chain; of a checkpoint, its number.
    """

    fault: Fault
    subject: Subject | None = None
    number: int = 0
    position: int = 0

    def __str__(self) -> str:
        where = f"{self.subject} {self.number}.{self.position}"
        return f"{where if self.subject else f'checkpoint {self.number}'}: {self.fault.value}"


class ChainWatch:
    """Looks at the records of one chain in their order, and at the seals on it."""

    def __init__(self, subject: Subject, seals: Iterable[Seal]) -> None:
        self._subject = subject
        self._seals = list(seals)[::-1]  # the next one last
        self._end = FIRST
        self._place: Place = (0, 0)
        self._erased: set[Place] = set()
        self._findings: list[Finding] = []

    def look(self, record: AuditRecord) -> None:
        """Look at the next record."""
        self._see_seals(record.number)
        place = (record.number, record.position)
        if record.hash is None:
            self._find(Fault.UNSEALED, place)
        elif record.hash != hash_of(record, self._end):
            follows = place in (
                (self._place[0], self._place[1] + 1),
                (self._place[0] + 1, 0),
            )
            self._find(Fault.CHANGED if follows else Fault.MISSING, place)
        if record.is_erased and record.hash is not None:
            self._erased.add(place)
        self._erased -= places_erased(record)
        self._place, self._end = place, record.hash or FIRST

    def findings(self, end: ChainEnd | None) -> tuple[Finding, ...]:
        """What was found, once every record was looked at; `end` is where the chain should end."""
        number, _ = self._place
        self._see_seals(number + 1)
        cut = [seal.number for seal in self._seals]
        if end is not None and end.hash != self._end:
            cut.append(max(end.number, number))
        if end is None and number:
            self._find(Fault.OTHER_END, self._place)
        if cut:
            fault = Fault.CUT if number else Fault.GONE
            is_other = number >= max(cut)
            self._find(Fault.OTHER_END if is_other else fault, self._place)
        for place in sorted(self._erased):
            self._find(Fault.HIDDEN, place)
        return tuple(self._findings[:MOST_FINDINGS])

    def _see_seals(self, number: int) -> None:
        """See that the chain was, before that number, where the checkpoints say it was."""
        while self._seals and self._seals[-1].number < number:
            seal = self._seals.pop()
            if seal.number != self._place[0] or seal.hash != self._end:
                self._find(Fault.OTHER_END, (seal.number, 0))

    def _find(self, fault: Fault, place: Place) -> None:
        number, position = place
        self._findings.append(
            Finding(fault=fault, subject=self._subject, number=number, position=position)
        )


class CheckpointWatch:
    """Looks at the checkpoints in their order."""

    def __init__(self) -> None:
        self.last: Checkpoint | None = None

    def look(self, checkpoint: Checkpoint, seals: Fold) -> tuple[Finding, ...]:
        """Look at the next one and what it seals."""
        previous, self.last = self.last, checkpoint
        number = previous.number + 1 if previous else 1
        if checkpoint.number != number:
            return (Finding(fault=Fault.CHECKPOINT_MISSING, number=checkpoint.number),)
        made = seals.hash_of(
            number, checkpoint.at, checkpoint.until, previous.hash if previous else FIRST
        )
        if made != checkpoint.hash or seals.count != checkpoint.seals:
            return (Finding(fault=Fault.CHECKPOINT_CHANGED, number=number),)
        return ()


def places_erased(record: AuditRecord) -> frozenset[Place]:
    """The places in its chain whose words an erasure took away; none for any other record."""
    details: object = record.details  # by whose hand nobody knows yet
    if record.kind not in ERASURES or not isinstance(details, Mapping):
        return frozenset()
    written = _PLACE.findall(str(details.get(ERASED_RECORDS, "")))
    return frozenset((int(number), int(position)) for number, position in written)


def written_places(records: Iterable[AuditRecord]) -> str:
    """The places of records, as an erasure writes them down."""
    return " ".join(f"{it.number}.{it.position}" for it in records)
