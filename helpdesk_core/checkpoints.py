"""Roots over all chains: each seals where the chains ended that changed since the one before it.

A chain of its own shows that no record in it was changed. That none is missing at its end, and no
chain as a whole, shows the checkpoint that found it there; and each checkpoint is sealed to the one
before it, so that whoever keeps the last hash elsewhere can prove all of them.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import attrs

from helpdesk_core.audit import FIRST, Subject

OVERLAP: Final = timedelta(minutes=15)
"""So far a checkpoint looks back behind the last one: for clocks that differ, and slow commits."""

_FORM: Final = b"helpdesk checkpoint 1"


@attrs.frozen(kw_only=True)
class ChainEnd:
    """Where a chain ends: its last record's number and hash. A ticket's number is its version."""

    subject: Subject
    number: int
    hash: bytes


@attrs.frozen(kw_only=True)
class Seal(ChainEnd):
    """Where a chain ended at a checkpoint, named by its number."""

    checkpoint: int


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A root. Numbers count from 1; `seals` is how many chains it seals.

    What was noted before `until` is under this root or one before it.
    """

    number: int
    at: datetime
    until: datetime
    seals: int
    hash: bytes


class Fold:
    """Takes in the ends of chains, in the order of their subjects as text, for one hash."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(_FORM)
        self.count = 0

    def take(self, ends: Iterable[ChainEnd]) -> None:
        """Take in some more."""
        for end in ends:
            self.count += 1
            self._hash.update(f"\n{end.subject} {end.number} {end.hash.hex()}".encode())

    def hash_of(self, number: int, at: datetime, until: datetime, previous: bytes) -> bytes:
        """The hash of a checkpoint that seals these, after the one with the hash `previous`."""
        last = self._hash.copy()
        times = f"{at.isoformat()} {until.isoformat()}"
        last.update(f"\n{number} {self.count} {times} {previous.hex()}".encode())
        return last.digest()


def next_checkpoint(
    previous: Checkpoint | None, ends: Iterable[ChainEnd], *, at: datetime, until: datetime
) -> Checkpoint:
    """The checkpoint after `previous` that seals these ends, in the order of `in_order`."""
    fold = Fold()
    fold.take(ends)
    number = previous.number + 1 if previous else 1
    digest = fold.hash_of(number, at, until, previous.hash if previous else FIRST)
    return Checkpoint(number=number, at=at, until=until, seals=fold.count, hash=digest)


def seal_of(end: ChainEnd, checkpoint: Checkpoint) -> Seal:
    """The seal that the checkpoint puts on the end of a chain."""
    return Seal(subject=end.subject, number=end.number, hash=end.hash, checkpoint=checkpoint.number)


def in_order(ends: Iterable[ChainEnd]) -> tuple[ChainEnd, ...]:
    """The ends in the order in which a checkpoint seals them."""
    return tuple(sorted(ends, key=lambda end: str(end.subject)))
