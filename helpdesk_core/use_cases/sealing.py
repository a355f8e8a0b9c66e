"""Sealing the chains of the audit trail under a root, now and then; see `checkpoints`."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from helpdesk_core.audit import Subject
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_core.checkpoints import OVERLAP, ChainEnd, Checkpoint, in_order, next_checkpoint
from helpdesk_core.errors import DuplicateId
from helpdesk_core.ports import Ports, UnitOfWork

BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
LOOKED_AT_ONCE: Final = 1000
"""Records that are looked at for chains to seal together."""


def seal_chains(ports: Ports) -> int:
    """Seal every chain that changed since it was last sealed, and answer with how many there were.

    Several checkpoints are made when there are many. Whoever loses to another process leaves the
    rest to it. Raises Unavailable.
    """
    sealed = 0
    with suppress(DuplicateId):
        for made in _checkpoints(ports):
            sealed += made.seals
    return sealed


def read_root(ports: Ports) -> Checkpoint | None:
    """The latest root over all chains, or None before the first."""
    with ports.begin() as uow:
        return uow.last_checkpoint()


def _checkpoints(ports: Ports) -> Iterator[Checkpoint]:
    """Make them. All but the last of a round leave the next round to look at as much again."""
    now = ports.now()
    with ports.begin() as uow:
        first = uow.last_checkpoint()
    since = first.until - OVERLAP if first else None
    until = first.until if first else BEFORE_ALL
    after: AuditPlace | None = None
    made = first
    while True:
        with ports.begin() as uow:
            noted = uow.audit_records(AuditWanted(since=since), after=after, limit=LOOKED_AT_ONCE)
            is_last = len(noted) < LOOKED_AT_ONCE
            ends = _unsealed(uow, {it.subject for it in noted})
            if ends or (is_last and made is not first):
                made = next_checkpoint(made, ends, at=now, until=now if is_last else until)
                uow.save_checkpoint(made, ends)
                uow.commit()
                yield made
        if is_last:
            return
        after = audit_place(noted[-1])


def _unsealed(uow: UnitOfWork, subjects: set[Subject]) -> tuple[ChainEnd, ...]:
    ends = (uow.chain_end(subject) for subject in subjects)
    return in_order(end for end in ends if end and not _is_sealed(uow, end))


def _is_sealed(uow: UnitOfWork, end: ChainEnd) -> bool:
    seal = uow.latest_seal(end.subject)
    return seal is not None and seal.hash == end.hash
