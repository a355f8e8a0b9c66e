"""What a store finds, and in which order."""

from datetime import timedelta
from itertools import count
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_message,
    a_ticket,
    an_event,
    an_id,
)
from helpdesk_core.testing.stores import A_FEW_EXAMPLES, OverADesk, Store, put, read
from helpdesk_core.testing.strategies import CASE_TWINS, NEAR_TWINS, names
from helpdesk_core.text import fold
from helpdesk_core.tickets import EventKind, Ticket

MANY: Final = 100_000


class Found(OverADesk):
    """Look-ups and their order. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_what_is_not_there_is_not_found(self, store: Store) -> None:
        with store.begin() as uow:
            found = (
                uow.ticket(an_id(1)),
                uow.messages(an_id(1)),
                uow.history(an_id(1)),
                uow.tickets_by_email("ana@example.com", limit=10),
                uow.tickets_by_name("Ana", limit=10),
                uow.token(bytes(32)),
                uow.tokens(),
                uow.ticket_by_number("CW-2026-001"),
                uow.attachments(an_id(1)),
                uow.attachment_ids((an_id(1),)),
            )

        assert (None, (), (), (), (), None, (), None, (), frozenset()) == found

    def test_a_ticket_shows_what_was_said_and_done_on_it_and_on_no_other(self, desk: Store) -> None:
        mine = a_change(a_ticket(1001), an_event(at=NOW), message=a_message(2001))
        others = a_change(a_ticket(1002), an_event(EventKind.NOTED), message=a_message(2002))
        put(desk, mine, others)

        assert (mine.events, (mine.message,)) == read(
            desk, lambda uow: (uow.history(an_id(1001)), uow.messages(an_id(1001)))
        )

    def test_messages_come_oldest_first_and_by_id_where_equal(self, desk: Store) -> None:
        said = [
            a_message(2000 + number, created_at=NOW + timedelta(microseconds=number // 3))
            for number in range(12)
        ]
        shuffled = Random(7).sample(said, len(said))  # noqa: S311  # an order, no secret
        put(
            desk,
            *(
                a_change(a_ticket(version=version), message=message)
                for version, message in enumerate(shuffled, start=1)
            ),
        )

        assert tuple(said) == read(desk, lambda uow: uow.messages(an_id(1000)))

    def test_history_comes_in_the_order_in_which_it_was_stored(self, desk: Store) -> None:
        """Whatever the events' own times say."""
        done = [
            tuple(an_event(kind, at=NOW - timedelta(hours=version)) for kind in list(EventKind))
            for version in range(12)
        ]
        for version, happened in enumerate(done, start=1):
            put(desk, a_change(a_ticket(version=version), *happened))

        assert tuple(event for happened in done for event in happened) == read(
            desk, lambda uow: uow.history(an_id(1000))
        )

    def test_tickets_come_newest_first_and_the_greater_id_first_where_equal(
        self, desk: Store
    ) -> None:
        oldest_first = [
            a_ticket(1000 + number, submitted_at=NOW + timedelta(microseconds=number // 3))
            for number in range(12)
        ]
        shuffled = Random(7).sample(oldest_first, len(oldest_first))  # noqa: S311  # as above
        put(desk, *(a_change(ticket) for ticket in shuffled))

        newest_first = tuple(reversed(oldest_first))
        assert (newest_first, newest_first) == _by_both(desk, "Ana", "ana@example.com", limit=MANY)

    @pytest.mark.parametrize("limit", [1, 2, 3, 4])
    def test_no_more_tickets_are_found_than_asked_for(self, desk: Store, limit: int) -> None:
        """And they are the newest."""
        tickets = [
            a_ticket(1000 + number, submitted_at=NOW - timedelta(days=number))
            for number in range(3)
        ]
        put(desk, *(a_change(ticket) for ticket in tickets))

        wanted = tuple(tickets[:limit])
        assert (wanted, wanted) == _by_both(desk, "Ana", "ana@example.com", limit=limit)

    @pytest.mark.parametrize("twins", CASE_TWINS)
    def test_a_name_is_found_in_any_case(self, desk: Store, twins: tuple[str, ...]) -> None:
        stored = [
            a_ticket(number, submitter_name=name) for number, name in enumerate(twins, start=1000)
        ]
        put(desk, *(a_change(ticket) for ticket in stored))

        everyone = {ticket.id for ticket in stored}
        assert [everyone] * len(twins) == [_ids_by_name(desk, name) for name in twins]

    @pytest.mark.parametrize("twins", CASE_TWINS)
    def test_an_address_is_found_in_any_case(self, desk: Store, twins: tuple[str, ...]) -> None:
        addresses = [f"{name}@Example.com" for name in twins]
        stored = [
            a_ticket(number, submitter_email=address)
            for number, address in enumerate(addresses, start=1000)
        ]
        put(desk, *(a_change(ticket) for ticket in stored))

        everyone = {ticket.id for ticket in stored}
        assert [everyone] * len(twins) == [_ids_by_email(desk, address) for address in addresses]

    @pytest.mark.parametrize(("name", "other"), NEAR_TWINS)
    def test_a_name_that_is_another_is_not_found(self, desk: Store, name: str, other: str) -> None:
        """No part of a name, no pattern, no look-alike."""
        put(desk, a_change(a_ticket(1001, submitter_name=name)))
        put(desk, a_change(a_ticket(1002, submitter_name=other)))

        assert ({an_id(1001)}, {an_id(1002)}) == (
            _ids_by_name(desk, name),
            _ids_by_name(desk, other),
        )

    def test_a_pattern_finds_nobody(self, desk: Store) -> None:
        put(desk, a_change(a_ticket()))

        patterns = ["%", "_na", "A%", "*", ".*", "An?", "", "[A-Z]na"]
        assert [set()] * len(patterns) == [_ids_by_name(desk, name) for name in patterns]

    def test_space_around_a_name_does_not_matter(self, desk: Store) -> None:
        put(desk, a_change(a_ticket(submitter_name="  Ana\u00a0")))

        assert {an_id(1000)} == _ids_by_name(desk, "\tana ")

    def test_the_longest_name_is_found(self, desk: Store) -> None:
        """Two hundred letters that fold to three each."""
        put(desk, a_change(a_ticket(submitter_name="ΐ" * 200)))

        assert {an_id(1000)} == _ids_by_name(desk, "ΐ" * 200)

    @A_FEW_EXAMPLES
    @given(stored=st.lists(names(), min_size=1, max_size=6), asked=names())
    def test_names_are_one_when_they_fold_to_one(
        self, desk: Store, stored: list[str], asked: str
    ) -> None:
        """On every store alike, in every script."""
        tickets = [a_ticket(next(_numbers), submitter_name=name) for name in stored]
        put(desk, *(a_change(ticket) for ticket in tickets))

        wanted = {it.id for it in tickets if fold(it.submitter_name) == fold(asked)}
        found = _ids_by_name(desk, asked)
        assert wanted == found & {ticket.id for ticket in tickets}

    def test_a_ticket_is_found_by_the_name_it_has_now(self, desk: Store) -> None:
        put(desk, a_change(a_ticket()))
        renamed = a_ticket(version=2, submitter_name="Erased", submitter_email="no@example.com")
        put(desk, a_change(renamed))

        assert ((), (renamed,)) == (
            sum(_by_both(desk, "Ana", "ana@example.com", limit=10), ()),
            read(desk, lambda uow: uow.tickets_by_name("erased", limit=10)),
        )


_numbers = count(10_000)
"""Ids for examples, which share a store."""


def _by_both(
    store: Store, name: str, email: str, *, limit: int
) -> tuple[tuple[Ticket, ...], tuple[Ticket, ...]]:
    return read(
        store,
        lambda uow: (
            uow.tickets_by_name(name, limit=limit),
            uow.tickets_by_email(email, limit=limit),
        ),
    )


def _ids_by_name(store: Store, name: str) -> set[object]:
    found = read(store, lambda uow: uow.tickets_by_name(name, limit=MANY))
    return {ticket.id for ticket in found}


def _ids_by_email(store: Store, email: str) -> set[object]:
    found = read(store, lambda uow: uow.tickets_by_email(email, limit=MANY))
    return {ticket.id for ticket in found}
