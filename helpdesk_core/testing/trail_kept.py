"""The audit trail is append-only, chained an object, and found sound until somebody tampers."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import attrs
import pytest

from helpdesk_core.audit import (
    FIRST,
    AuditKind,
    AuditRecord,
    Entry,
    Subject,
    agent_subject,
    hash_of,
    token_subject,
)
from helpdesk_core.audit_lists import AuditPlace, AuditWanted, audit_place
from helpdesk_core.chains import sealed_change
from helpdesk_core.checkpoints import ChainEnd, next_checkpoint
from helpdesk_core.errors import DuplicateId
from helpdesk_core.kinds import EventKind
from helpdesk_core.people import Caller
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.testing.builders import NOW, a_change, a_ticket, an_event, an_id
from helpdesk_core.testing.races import RACERS, at_once
from helpdesk_core.testing.stores import OverADesk, Store, put, read

SALT: Final = bytes(range(16))
EVERYTHING: Final = AuditWanted()
HOUR: Final = timedelta(hours=1)


def an_entry(subject: Subject | None = None, **fields: object) -> Entry:
    """An entry about an agent, of whom nobody says who did it."""
    entry = Entry(
        subject=subject or agent_subject(an_id(7)),
        kind=AuditKind.CHANGED.value,
        at=NOW,
        details={"changed": "phone"},
        salt=SALT,
    )
    return attrs.evolve(entry, **fields)  # type: ignore[arg-type]  # whatever field is named


def put_entries(store: Store, *entries: Entry) -> None:
    """Commit the entries in one unit of work."""
    with store.begin() as uow:
        for entry in entries:
            uow.record(entry)
        uow.commit()


def put_sealed(store: Store, number: int, at: datetime = NOW) -> None:
    """Commit a new ticket of two events that are sealed to its chain."""
    events = (an_event(at=at), an_event(EventKind.ASSIGNED, at=at, details={"agentId": "7"}))
    change = a_change(a_ticket(number), *events)
    caller = Caller(origin="203.0.113.9")
    put(store, sealed_change(change, caller, now=at, random=lambda amount: SALT[:amount]))


def everything(store: Store) -> tuple[AuditRecord, ...]:
    """All records, noted last first."""
    return read(store, lambda uow: uow.audit_records(EVERYTHING, limit=1000))


def ends_of(uow: UnitOfWork) -> tuple[ChainEnd, ...]:
    """Where all chains should end."""
    return uow.chain_ends(None, limit=1000)


class TrailKept(OverADesk):
    """The audit trail. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_an_entry_comes_back_whole_and_sealed(self, desk: Store) -> None:
        entry = an_entry(
            actor_id=an_id(3),
            who="Ana <ana@example.com>, admin",
            origin="2001:db8::/64",
            details={"changed": "phone", "name": "Budi \N{SNOWMAN}"},
        )
        put_entries(desk, entry)

        [found] = everything(desk)
        assert (entry.who, entry.details, entry.salt, 1, hash_of(found, FIRST)) == (
            found.who,
            found.details,
            found.salt,
            found.number,
            found.hash,
        )

    def test_what_is_not_committed_is_not_recorded(self, desk: Store) -> None:
        with desk.begin() as uow:
            uow.record(an_entry())

        assert () == everything(desk)

    def test_each_record_is_sealed_to_the_one_before_it_in_its_chain(self, desk: Store) -> None:
        other = token_subject(an_id(9))
        put_entries(desk, an_entry(), an_entry(other))
        put_entries(desk, an_entry())

        chain = read(desk, lambda uow: uow.chain_records(None, limit=9))[:2]
        assert [1, 2] == [it.number for it in chain]
        assert all(it.hash == hash_of(it, before.hash or FIRST) for before, it in pairwise(chain))

    def test_everybody_who_writes_to_one_chain_at_once_is_in_it(self, desk: Store) -> None:
        _ = at_once([lambda: put_entries(desk, an_entry())] * RACERS)

        chain = read(desk, lambda uow: uow.chain_records(None, limit=99))
        assert list(range(1, RACERS + 1)) == [it.number for it in chain]
        assert all(it.hash == hash_of(it, before.hash or FIRST) for before, it in pairwise(chain))

    def test_a_ticket_s_events_are_records_of_its_chain(self, desk: Store) -> None:
        put_sealed(desk, 1000)

        first, second = read(desk, lambda uow: uow.chain_records(None, limit=9))
        assert ((1, 0), (1, 1), hash_of(second, first.hash or FIRST), "203.0.113.9") == (
            (first.number, first.position),
            (second.number, second.position),
            second.hash,
            first.origin,
        )

    def test_an_event_that_was_never_sealed_is_no_record(self, desk: Store) -> None:
        put(desk, a_change(a_ticket()))

        assert ((), ()) == (everything(desk), read(desk, ends_of))

    def test_the_ends_of_chains_are_their_last_records(self, desk: Store) -> None:
        put_sealed(desk, 1000)
        put_entries(desk, an_entry(), an_entry())

        records = read(desk, lambda uow: uow.chain_records(None, limit=9))
        last = {it.subject: (it.number, it.hash) for it in records}
        ends = read(desk, lambda uow: uow.chain_ends(None, limit=9))
        assert last == {it.subject: (it.number, it.hash) for it in ends}
        with desk.begin() as uow:
            assert ends == tuple(uow.chain_end(it.subject) for it in ends)

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_pages_of_any_size_hold_all_in_order(self, desk: Store, limit: int) -> None:
        for number in range(3):
            put_sealed(desk, 1000 + number, NOW + number * HOUR)
            put_entries(desk, an_entry(at=NOW + number * HOUR), an_entry(token_subject(an_id(9))))

        whole = everything(desk)
        after: AuditPlace | None = None
        paged: list[AuditRecord] = []
        with desk.begin() as uow:
            while page := uow.audit_records(EVERYTHING, after=after, limit=limit):
                paged.extend(page)
                after = audit_place(page[-1])

        assert sorted(whole, key=lambda it: audit_place(it).order, reverse=True) == paged
        assert 12 == len(paged)

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_chains_come_a_page_after_another_too(self, desk: Store, limit: int) -> None:
        for number in range(3):
            put_sealed(desk, 1000 + number)
            put_entries(desk, an_entry(agent_subject(an_id(number))), an_entry())

        records: list[AuditRecord] = []
        place: tuple[Subject, int, int] | None = None
        ends: list[ChainEnd] = []
        subject: Subject | None = None
        with desk.begin() as uow:
            while page := uow.chain_records(place, limit=limit):
                records.extend(page)
                place = (page[-1].subject, page[-1].number, page[-1].position)
            while some := uow.chain_ends(subject, limit=limit):
                ends.extend(some)
                subject = some[-1].subject

        key = [(it.subject.place, it.number, it.position) for it in records]
        assert (sorted(key), 12) == (key, len(key))
        assert list(dict.fromkeys(it.subject for it in records)) == [it.subject for it in ends]

    @pytest.mark.parametrize(
        "wanted",
        [
            AuditWanted(subject=agent_subject(an_id(7))),
            AuditWanted(subject=Subject(kind=agent_subject(an_id(7)).kind, id="nobody")),
            AuditWanted(actor_id=an_id(3)),
            AuditWanted(kind="assigned"),
            AuditWanted(kind="changed", since=NOW + HOUR),
            AuditWanted(until=NOW + HOUR),
            AuditWanted(since=NOW, until=NOW + HOUR, actor_id=an_id(3)),
        ],
    )
    def test_only_what_is_wanted_is_found(self, desk: Store, wanted: AuditWanted) -> None:
        for number in range(3):
            put_sealed(desk, 1000 + number, NOW + number * HOUR)
            put_entries(
                desk,
                an_entry(at=NOW + number * HOUR),
                an_entry(token_subject(an_id(9)), actor_id=an_id(3), at=NOW + number * HOUR),
            )

        assert tuple(it for it in everything(desk) if wanted.fits(it)) == read(
            desk, lambda uow: uow.audit_records(wanted, limit=100)
        )

    def test_a_checkpoint_comes_back_with_its_seals(self, desk: Store) -> None:
        put_sealed(desk, 1000)
        put_entries(desk, an_entry())
        ends = read(desk, lambda uow: uow.chain_ends(None, limit=9))
        ends = tuple(sorted(ends, key=lambda it: str(it.subject)))
        made = next_checkpoint(None, ends, at=NOW, until=NOW - HOUR)
        with desk.begin() as uow:
            uow.save_checkpoint(made, ends)
            uow.commit()

        assert (made, (made,), ends) == read(
            desk,
            lambda uow: (
                uow.last_checkpoint(),
                uow.checkpoints(0, limit=9),
                tuple(_end_of(it) for it in uow.seals_of(1, None, limit=9)),
            ),
        )
        assert set(ends) == {_end_of(it) for it in read(desk, lambda uow: uow.seals(None, limit=9))}
        with desk.begin() as uow:
            latest = [uow.latest_seal(end.subject) for end in ends]
        assert [1, 1] == [it.checkpoint for it in latest if it]

    def test_a_checkpoint_s_number_is_taken_once(self, desk: Store) -> None:
        made = next_checkpoint(None, (), at=NOW, until=NOW)
        with desk.begin() as uow:
            uow.save_checkpoint(made, ())
            uow.commit()

        with desk.begin() as uow:
            uow.save_checkpoint(made, ())
            with pytest.raises(DuplicateId):
                uow.commit()


def _end_of(end: ChainEnd) -> ChainEnd:
    return ChainEnd(subject=end.subject, number=end.number, hash=end.hash)
