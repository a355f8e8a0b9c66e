"""What a commit stores: all of what was gathered, or nothing, and never without being asked."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import attrs
import pytest

from helpdesk_core.errors import (
    DuplicateId,
    DuplicateReply,
    HelpdeskError,
    StaleDirectory,
    StaleTicket,
)
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.testing.builders import (
    a_case,
    a_case_ticket,
    a_change,
    a_directory,
    a_message,
    a_notice,
    a_reply,
    a_ticket,
    a_token,
    an_attachment,
    an_event,
    an_id,
)
from helpdesk_core.testing.stores import Store, put, read, stocked
from helpdesk_core.tickets import Change, EventKind

Save: TypeAlias = Callable[[UnitOfWork], object]


def _save_all(uow: UnitOfWork, *changes: Change) -> None:
    for change in changes:
        uow.save(change)


REFUSED: Final[Mapping[str, tuple[type[HelpdeskError], Save]]] = {
    "a new ticket of a taken id": (
        DuplicateId,
        lambda uow: uow.save(a_change(a_ticket(1000))),
    ),
    "a message of a taken id": (
        DuplicateId,
        lambda uow: uow.save(a_change(a_ticket(1008), message=a_message(2000))),
    ),
    "a notice of a taken id": (
        DuplicateId,
        lambda uow: uow.save(a_change(a_ticket(1008)), (a_notice(3000),)),
    ),
    "a file of a taken id": (
        DuplicateId,
        lambda uow: uow.save(a_change(a_ticket(1008), attachment=an_attachment(6000))),
    ),
    "a case of a taken number": (
        DuplicateId,
        lambda uow: uow.save(a_change(a_case_ticket(1008, case=a_case(1007)))),
    ),
    "two cases of one number": (
        DuplicateId,
        lambda uow: _save_all(
            uow,
            a_change(a_case_ticket(1006)),
            a_change(a_case_ticket(1008, case=a_case(1006))),
        ),
    ),
    "an answer to what was answered": (
        DuplicateReply,
        lambda uow: uow.save_reply(a_reply(7000)),
    ),
    "two new tickets of one id": (
        DuplicateId,
        lambda uow: _save_all(uow, a_change(a_ticket(1008)), a_change(a_ticket(1008))),
    ),
    "a token of a taken id": (
        DuplicateId,
        lambda uow: uow.save_token(a_token(4000, digest=bytes(32))),
    ),
    "a token of a taken digest": (
        DuplicateId,
        lambda uow: uow.save_token(attrs.evolve(a_token(4000), id=an_id(4001))),
    ),
    "a change of the version before": (
        StaleTicket,
        lambda uow: uow.save(a_change(a_ticket(1000, version=2))),
    ),
    "a change that leaves a version out": (
        StaleTicket,
        lambda uow: uow.save(a_change(a_ticket(1000, version=4))),
    ),
    "a change of a ticket that is not stored": (
        StaleTicket,
        lambda uow: uow.save(a_change(a_ticket(1008, version=2))),
    ),
    "a directory of the stored version": (
        StaleDirectory,
        lambda uow: uow.save_directory(a_directory(version=2)),
    ),
    "a directory of a version before": (
        StaleDirectory,
        lambda uow: uow.save_directory(a_directory(version=1)),
    ),
    "a directory that leaves a version out": (
        StaleDirectory,
        lambda uow: uow.save_directory(a_directory(version=4)),
    ),
}
"""What a store refuses that holds what `held` puts there."""


class Commits:
    """All or nothing. Part of `UnitOfWorkContract`, which says what to provide."""

    @pytest.fixture
    def held(self, store: Store) -> Store:
        """A store with one of each: the ticket and the directory of version 2, a case, the rest."""
        stocked(store)
        with store.begin() as uow:
            first = a_change(message=a_message(2000), attachment=an_attachment(6000))
            uow.save(first, (a_notice(3000),))
            uow.save(a_change(a_case_ticket(1007)))
            uow.save(a_change(a_ticket(version=2), an_event(EventKind.NOTED)))
            uow.save_directory(a_directory(version=2))
            uow.save_token(a_token(4000))
            uow.save_reply(a_reply(7000))
            uow.commit()
        return store

    def test_what_is_not_committed_is_not_stored(self, held: Store) -> None:
        with held.begin() as uow:
            _save_one_of_each(uow)

        assert _nothing_of_them(held)

    def test_what_was_gathered_before_an_exception_is_not_stored(self, held: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            _commit(held, _save_one_of_each, lambda _: divmod(1, 0))

        assert _nothing_of_them(held)

    def test_a_unit_of_work_reads_what_is_committed_not_what_it_gathered(self, held: Store) -> None:
        with held.begin() as uow:
            _save_one_of_each(uow)
            seen = (uow.ticket(an_id(1009)), uow.history(an_id(1009)), uow.directory().version)
            uow.commit()

        assert (None, (), 2) == seen

    def test_what_is_committed_is_there_for_the_next(self, held: Store) -> None:
        _commit(held, _save_one_of_each)

        with held.begin() as uow:
            assert uow.ticket(an_id(1009)) == a_ticket(1009)
            assert uow.history(an_id(1009)) == (an_event(),)
            assert uow.messages(an_id(1009)) == (a_message(2009),)
            assert uow.directory() == a_directory(version=3)
            assert uow.token(a_token(4009).digest) == a_token(4009)
            assert uow.attachments(an_id(1009)) == (an_attachment(6009),)
            assert uow.reply(a_reply(7009).request) == a_reply(7009)

    def test_a_unit_of_work_sees_what_another_commits_meanwhile(self, held: Store) -> None:
        with held.begin() as early:
            before = (early.ticket(an_id(1009)), early.directory().version)
            with held.begin() as other:
                _save_one_of_each(other)
                other.commit()
            after = (early.ticket(an_id(1009)), early.directory().version)

        assert ((None, 2), (a_ticket(1009), 3)) == (before, after)

    def test_a_unit_of_work_may_store_nothing(self, held: Store) -> None:
        with held.begin() as uow:
            uow.commit()

        assert _nothing_of_them(held)

    @pytest.mark.parametrize("name", REFUSED)
    def test_what_cannot_be_is_refused(self, held: Store, name: str) -> None:
        refusal, save = REFUSED[name]

        with held.begin() as uow:
            _ = save(uow)
            with pytest.raises(refusal):
                uow.commit()

    @pytest.mark.parametrize("name", REFUSED)
    def test_nothing_is_stored_where_the_last_of_several_is_refused(
        self, held: Store, name: str
    ) -> None:
        refusal, save = REFUSED[name]

        with pytest.raises(refusal):
            _commit(held, _save_new_ticket, save)
        assert _nothing_of_them(held)
        assert _as_it_was_held(held)

    @pytest.mark.parametrize("name", REFUSED)
    def test_nothing_is_stored_where_the_first_of_several_is_refused(
        self, held: Store, name: str
    ) -> None:
        refusal, save = REFUSED[name]

        with pytest.raises(refusal):
            _commit(held, save, _save_new_ticket)
        assert _nothing_of_them(held)
        assert _as_it_was_held(held)

    @pytest.mark.parametrize("name", REFUSED)
    def test_a_refusal_leaves_the_way_free(self, held: Store, name: str) -> None:
        """The ids of what was not stored may be used, by the next unit of work."""
        refusal, save = REFUSED[name]
        with pytest.raises(refusal):
            _commit(held, _save_new_ticket, save)

        _commit(held, _save_one_of_each)
        assert not _nothing_of_them(held)

    def test_several_changes_of_one_ticket_fit_in_one_commit(self, held: Store) -> None:
        kinds = [EventKind.SUBMITTED, EventKind.ASSIGNED, EventKind.CLOSED]
        put(
            held,
            *(
                a_change(a_ticket(1009, version=version), an_event(kind))
                for version, kind in enumerate(kinds, start=1)
            ),
        )

        assert (3, kinds) == read(
            held,
            lambda uow: (
                getattr(uow.ticket(an_id(1009)), "version", None),
                [event.kind for event in uow.history(an_id(1009))],
            ),
        )

    def test_a_thousand_tickets_fit_in_one_commit(self, held: Store) -> None:
        with held.begin() as uow:
            for number in range(10_000, 11_000):
                notices = (a_notice(number, ticket_id=an_id(number)),)
                ticket = a_ticket(number, submitter_name="Crowd")
                uow.save(a_change(ticket, message=a_message(number)), notices)
            uow.commit()

        assert 1000 == len(read(held, lambda uow: uow.tickets_by_name("crowd", limit=2000)))


def _commit(store: Store, *saves: Save) -> None:
    with store.begin() as uow:
        for save in saves:
            _ = save(uow)
        uow.commit()


def _save_new_ticket(uow: UnitOfWork) -> None:
    said = a_change(a_ticket(1009), message=a_message(2009), attachment=an_attachment(6009))
    uow.save(said, (a_notice(3009),))


def _save_one_of_each(uow: UnitOfWork) -> None:
    _save_new_ticket(uow)
    uow.save_directory(a_directory(version=3))
    uow.save_token(a_token(4009))
    uow.save_reply(a_reply(7009))


def _nothing_of_them(store: Store) -> bool:
    with store.begin() as uow:
        return (None, (), (), (), a_directory(version=2), None, None) == (
            uow.ticket(an_id(1009)),
            uow.history(an_id(1009)),
            uow.messages(an_id(1009)),
            uow.attachments(an_id(1009)),
            uow.directory(),
            uow.token(a_token(4009).digest),
            uow.reply(a_reply(7009).request),
        )


def _as_it_was_held(store: Store) -> bool:
    with store.begin() as uow:
        return (
            a_ticket(version=2),
            (an_event(), an_event(EventKind.NOTED)),
            (a_message(2000),),
            (an_attachment(6000),),
            None,
            a_case_ticket(1007),
            a_token(4000),
            a_reply(7000),
        ) == (
            uow.ticket(an_id(1000)),
            uow.history(an_id(1000)),
            uow.messages(an_id(1000)),
            uow.attachments(an_id(1000)),
            uow.ticket(an_id(1008)),
            uow.ticket_by_number(a_case(1007).number),
            uow.token(a_token(4000).digest),
            uow.reply(a_reply(7000).request),
        )
