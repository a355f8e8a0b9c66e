"""What is known of files comes back as it was saved, with the tickets they belong to."""

from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.retention import is_outlived
from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_message,
    a_ticket,
    an_attachment,
    an_event,
    an_id,
)
from helpdesk_core.testing.stores import OverADesk, Store, put, read
from helpdesk_core.testing.strategies import AWKWARD_TEXTS
from helpdesk_core.tickets import Change, EventKind, Ticket

A_MOMENT: Final = timedelta(microseconds=1)
LATER: Final = NOW + timedelta(days=3)


class FilesKept(OverADesk):
    """Attachments. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_a_file_comes_back_with_every_field(self, desk: Store) -> None:
        attachment = an_attachment(
            size=2**40,
            digest=bytes(range(224, 256)),
            created_at=NOW.replace(microsecond=999_999),
            looks_secret=True,
            removed_at=NOW + timedelta(days=1, microseconds=1),
        )
        put(desk, a_change(attachment=attachment))

        assert (attachment,) == _files(desk)

    def test_a_file_of_a_customer_was_added_by_nobody(self, desk: Store) -> None:
        put(desk, a_change(attachment=an_attachment(added_by=None)))

        assert (an_attachment(added_by=None),) == _files(desk)

    def test_a_file_may_be_added_by_somebody_outside_the_directory(self, desk: Store) -> None:
        put(desk, a_change(attachment=an_attachment(added_by=an_id(999))))

        assert (an_attachment(added_by=an_id(999)),) == _files(desk)

    def test_awkward_names_come_back_letter_by_letter(self, desk: Store) -> None:
        names = [text for text in AWKWARD_TEXTS if len(text) <= 200]
        files = [an_attachment(number, name=name) for number, name in enumerate(names, start=6000)]
        put(desk, *_one_by_one(files))

        assert tuple(files) == _files(desk)

    def test_files_come_oldest_first_and_by_id_where_equal(self, desk: Store) -> None:
        files = [
            an_attachment(6000 + number, created_at=NOW + timedelta(microseconds=number // 3))
            for number in range(12)
        ]
        shuffled = Random(7).sample(files, len(files))  # noqa: S311  # an order, no secret
        put(desk, *_one_by_one(shuffled))

        assert tuple(files) == _files(desk)

    def test_a_ticket_shows_its_own_files_and_no_other_s(self, desk: Store) -> None:
        put(
            desk,
            a_change(a_ticket(1000), attachment=an_attachment(6000)),
            a_change(a_ticket(1001), attachment=an_attachment(6001)),
        )

        assert (an_attachment(6000),) == _files(desk)

    def test_the_files_among_some_ids_are_known(self, desk: Store) -> None:
        """Whichever ticket they belong to."""
        put(
            desk,
            a_change(a_ticket(1000), attachment=an_attachment(6000)),
            a_change(a_ticket(1001), attachment=an_attachment(6001)),
        )
        among = (an_id(6001), an_id(1000), an_id(6000), an_id(6002))

        assert {an_id(6000), an_id(6001)} == read(desk, lambda uow: uow.attachment_ids(among))

    def test_a_file_that_is_not_asked_about_is_not_told_of(self, desk: Store) -> None:
        put(desk, a_change(attachment=an_attachment()))

        assert [frozenset(), frozenset()] == [
            read(desk, lambda uow: uow.attachment_ids(())),
            read(desk, lambda uow: uow.attachment_ids((an_id(6001),))),
        ]

    def test_a_thousand_ids_may_be_asked_about_at_once(self, desk: Store) -> None:
        put(desk, a_change(attachment=an_attachment(6500)))
        among = tuple(an_id(number) for number in range(6000, 7000))

        assert {an_id(6500)} == read(desk, lambda uow: uow.attachment_ids(among))

    def test_a_file_that_is_removed_is_told_of_with_its_ticket_alone(self, desk: Store) -> None:
        """Its bytes belong to no ticket any more."""
        gone = an_attachment(removed_at=NOW)
        put(desk, a_change(attachment=gone))

        assert ((gone,), frozenset()) == (
            _files(desk),
            read(desk, lambda uow: uow.attachment_ids((gone.id,))),
        )

    def test_files_are_let_go_of_by_their_own_age_and_their_ticket_s(self, desk: Store) -> None:
        """As `is_outlived` has it, around the instant and at it."""
        instants = (NOW - A_MOMENT, NOW, NOW + A_MOMENT)
        files: dict[UUID, tuple[Ticket, set[Attachment]]] = {}
        for number, (ended, came) in enumerate(product((None, *instants), instants), start=1000):
            ticket = a_ticket(number, closed_at=ended)
            gone, held = (
                an_attachment(number + 5000, created_at=came, removed_at=NOW - timedelta(days=1)),
                an_attachment(number + 6000, created_at=came),
            )
            put(desk, a_change(ticket, attachment=held))
            put(desk, a_change(attrs.evolve(ticket, version=2), attachment=gone))
            files[ticket.id] = ticket, {gone, held}
        _let_go(desk, before=NOW)

        expected = {
            ticket_id: {
                attrs.evolve(it, removed_at=LATER) if is_outlived(it, ticket, NOW) else it
                for it in held
            }
            for ticket_id, (ticket, held) in files.items()
        }
        with desk.begin() as uow:
            assert expected == {ticket_id: set(uow.attachments(ticket_id)) for ticket_id in files}
        assert 1 == [it.removed_at for held in expected.values() for it in held].count(LATER)

    def test_letting_go_touches_nothing_else_of_the_ticket(self, desk: Store) -> None:
        ticket = a_ticket(closed_at=NOW)
        put(desk, a_change(ticket, attachment=an_attachment()))
        _let_go(desk, before=NOW + A_MOMENT)

        assert (ticket, (an_event(),), (an_attachment(removed_at=LATER),)) == read(
            desk,
            lambda uow: (
                uow.ticket(ticket.id),
                uow.history(ticket.id),
                uow.attachments(ticket.id),
            ),
        )

    def test_a_file_that_was_let_go_of_stays_as_it_is(self, desk: Store) -> None:
        put(desk, a_change(a_ticket(closed_at=NOW), attachment=an_attachment()))
        _let_go(desk, before=NOW + A_MOMENT)
        _let_go(desk, before=NOW + 2 * A_MOMENT, at=LATER + A_MOMENT)

        assert (an_attachment(removed_at=LATER),) == _files(desk)

    def test_nothing_is_let_go_of_without_a_commit(self, desk: Store) -> None:
        put(desk, a_change(a_ticket(closed_at=NOW), attachment=an_attachment()))
        with desk.begin() as uow:
            uow.let_files_go(NOW + A_MOMENT, at=LATER)

        assert (an_attachment(),) == _files(desk)

    def test_a_message_names_files_in_the_order_in_which_it_was_said(self, desk: Store) -> None:
        named = (an_id(6002), an_id(6000), an_id(6001))
        message = a_message(attachment_ids=named)
        put(desk, *_one_by_one([an_attachment(6000), an_attachment(6001), an_attachment(6002)]))
        put(desk, a_change(a_ticket(version=4), message=message))

        assert (message,) == read(desk, lambda uow: uow.messages(an_id(1000)))

    def test_a_file_and_a_message_about_it_fit_in_one_change(self, desk: Store) -> None:
        message = a_message(attachment_ids=(an_id(6000),))
        put(desk, a_change(message=message, attachment=an_attachment(6000)))

        assert ((message,), (an_attachment(6000),)) == read(
            desk, lambda uow: (uow.messages(an_id(1000)), uow.attachments(an_id(1000)))
        )


def _let_go(store: Store, *, before: datetime, at: datetime = LATER) -> None:
    with store.begin() as uow:
        uow.let_files_go(before, at=at)
        uow.commit()


def _files(store: Store) -> tuple[Attachment, ...]:
    return read(store, lambda uow: uow.attachments(an_id(1000)))


def _one_by_one(files: list[Attachment]) -> list[Change]:
    """The changes that add the files to one ticket, the first of them new."""
    return [
        a_change(a_ticket(version=version), an_event(EventKind.ATTACHED), attachment=attachment)
        for version, attachment in enumerate(files, start=1)
    ]
