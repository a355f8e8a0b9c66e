"""Verifying the whole audit trail, a page at a time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, Generic, Protocol, TypeVar

import attrs

from helpdesk_core.audit import AuditKind, AuditRecord, Subject, SubjectKind
from helpdesk_core.audit_lists import AuditWanted
from helpdesk_core.checkpoints import ChainEnd, Checkpoint, Fold, Seal
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.verifying import ChainWatch, CheckpointWatch, Fault, Finding

PAGE: Final = 500
"""Records, ends or seals that are read at once."""
LOOKS: Final = 5
"""Times a chain is looked at before something is found in it: it may be growing just now."""
BEGINNING: Final = Subject(kind=SubjectKind.DESK, id="trail")
"""The chain that says since when there are chains, where a desk is older than they."""

Item = TypeVar("Item")
Cursor = TypeVar("Cursor")


@attrs.frozen(kw_only=True)
class Root:
    """A root that is kept elsewhere: the number of a checkpoint, and its hash."""

    number: int
    hash: bytes


class Verification:
    """One walk through the whole trail. The numbers are of what was looked at so far."""

    def __init__(self, ports: Ports, root: Root | None = None) -> None:
        self._ports = ports
        self._root = root
        self.chains = 0
        self.records = 0
        self.checkpoints = 0

    def findings(self) -> Iterator[Finding]:
        """Everything that was changed, taken away or moved, as it is found; nothing when sound.

        The desk may be at work meanwhile. Raises Unavailable.
        """
        yield from self._among_checkpoints()
        with self._ports.begin() as uow:
            ends, seals, records = _Groups(_ends(uow)), _Groups(_seals(uow)), _Groups(_records(uow))
            while subjects := [it for it in (ends.next, seals.next, records.next) if it]:
                subject = min(subjects, key=lambda it: it.place)
                watch = ChainWatch(subject, seals.of(subject))
                for record in records.of(subject):
                    self.records += 1
                    watch.look(record)
                self.chains += 1
                end = [*ends.of(subject), None][0]
                if watch.findings(end):
                    yield from _seen_again(self._ports, subject)

    def _among_checkpoints(self) -> Iterator[Finding]:
        watch, is_known = CheckpointWatch(), self._root is None
        with self._ports.begin() as uow:
            for checkpoint in _checkpoints(uow):
                self.checkpoints += 1
                yield from watch.look(checkpoint, _folded(uow, checkpoint))
                is_known = is_known or self._root == _root_of(checkpoint)
        if not is_known:
            yield Finding(fault=Fault.ROOT_UNKNOWN, number=self._root.number if self._root else 0)


def trail_begun(ports: Ports) -> AuditRecord | None:
    """The record of when the chains began, of a desk that is older than they; else None.

    What happened before it is vouched for since then only.
    """
    with ports.begin() as uow:
        wanted = AuditWanted(subject=BEGINNING, kind=AuditKind.CHAINS_BEGUN.value)
        found = uow.audit_records(wanted, limit=1)
    return found[0] if found else None


def _root_of(checkpoint: Checkpoint) -> Root:
    return Root(number=checkpoint.number, hash=checkpoint.hash)


def _seen_again(ports: Ports, subject: Subject) -> tuple[Finding, ...]:
    """What is found in the chain however often it is looked at."""
    found: tuple[Finding, ...] = ()
    for _ in range(LOOKS):
        with ports.begin() as uow:
            end = uow.chain_end(subject)
            watch = ChainWatch(subject, _those_of(subject, _seals(uow, (subject, 0))))
            for record in _those_of(subject, _records(uow, (subject, 0, 0))):
                watch.look(record)
        found = watch.findings(end)
        if not found:
            break
    return found


class _OfAChain(Protocol):
    @property
    def subject(self) -> Subject: ...


Chained = TypeVar("Chained", bound=_OfAChain)


class _Groups(Generic[Chained]):
    """Things in the order of their chains, those of one chain at a time."""

    def __init__(self, items: Iterable[Chained]) -> None:
        self._groups = groupby(items, key=lambda it: it.subject)
        self._ahead = next(self._groups, None)

    @property
    def next(self) -> Subject | None:
        """The chain that is next; None at the end."""
        return self._ahead[0] if self._ahead else None

    def of(self, subject: Subject) -> Iterator[Chained]:
        """What there is of the chain, to be taken before anything else; it is the next or not."""
        if self._ahead is not None and self._ahead[0] == subject:
            yield from self._ahead[1]
            self._ahead = next(self._groups, None)


def _those_of(subject: Subject, items: Iterable[Chained]) -> Iterator[Chained]:
    for item in items:
        if item.subject != subject:
            return
        yield item


def _ends(uow: UnitOfWork) -> Iterator[ChainEnd]:
    return _paged(lambda after: uow.chain_ends(after, limit=PAGE), lambda it: it.subject, None)


def _seals(uow: UnitOfWork, start: tuple[Subject, int] | None = None) -> Iterator[Seal]:
    return _paged(
        lambda after: uow.seals(after, limit=PAGE), lambda it: (it.subject, it.checkpoint), start
    )


def _records(
    uow: UnitOfWork, start: tuple[Subject, int, int] | None = None
) -> Iterator[AuditRecord]:
    return _paged(
        lambda after: uow.chain_records(after, limit=PAGE),
        lambda it: (it.subject, it.number, it.position),
        start,
    )


def _checkpoints(uow: UnitOfWork) -> Iterator[Checkpoint]:
    return _paged(lambda after: uow.checkpoints(after or 0, limit=PAGE), lambda it: it.number, None)


def _folded(uow: UnitOfWork, checkpoint: Checkpoint) -> Fold:
    fold = Fold()
    fold.take(
        _paged(
            lambda after: uow.seals_of(checkpoint.number, after, limit=PAGE),
            lambda it: it.subject,
            None,
        )
    )
    return fold


def _paged(
    read: Callable[[Cursor | None], tuple[Item, ...]],
    place: Callable[[Item], Cursor],
    after: Cursor | None,
) -> Iterator[Item]:
    """All of it, a page after another, from behind that place."""
    while page := read(after):
        yield from page
        after = place(page[-1])
