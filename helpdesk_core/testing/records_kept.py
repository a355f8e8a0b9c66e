"""Every field of every record comes back as it was saved."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.directory import Directory, Scalar
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.people import Role
from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_directory,
    a_full_ticket,
    a_message,
    a_ticket,
    a_token,
    an_event,
    an_id,
)
from helpdesk_core.testing.directories import ACCOUNTS, REPORT
from helpdesk_core.testing.drawn_directories import directories
from helpdesk_core.testing.stores import A_FEW_EXAMPLES, OverADesk, Store, put, read
from helpdesk_core.testing.strategies import (
    AWKWARD_TEXTS,
    attachments,
    events,
    messages,
    notices,
    tickets,
)
from helpdesk_core.tickets import Event, EventKind, Status, Ticket

_KINDS: Final[Mapping[str, Scalar]] = {
    "whole": 1,
    "broken": 1.0,
    "large": 2**53 + 1,
    "huge": 1e300,
    "tiny": 5e-324,
    "third": 1 / 3,
    "true": True,
    "text": "1",
    "": "",
}


def kinds(scalars: Mapping[str, Scalar]) -> dict[str, tuple[type, Scalar]]:
    """The values with their kinds, for 1, 1.0 and True are equal."""
    return {key: (type(value), value) for key, value in scalars.items()}


class RecordsKept(OverADesk):
    """Round trips. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_a_ticket_comes_back_with_every_field(self, desk: Store) -> None:
        ticket = a_full_ticket()
        put(desk, a_change(ticket))

        assert ticket == read(desk, lambda uow: uow.ticket(ticket.id))

    def test_a_ticket_comes_back_without_what_it_does_not_have(self, desk: Store) -> None:
        ticket = a_ticket()
        put(desk, a_change(ticket))

        assert ticket == read(desk, lambda uow: uow.ticket(ticket.id))

    def test_empty_text_stays_empty_text_and_is_not_none(self, desk: Store) -> None:
        ticket = a_ticket(description="", rejection_reason="", submitter_name="")
        message = a_message(author_name="", author_email="", body="")
        put(desk, a_change(ticket, message=message))

        assert (ticket, (message,)) == read(
            desk, lambda uow: (uow.ticket(ticket.id), uow.messages(ticket.id))
        )

    def test_work_that_was_logged_has_no_status(self, desk: Store) -> None:
        ticket = a_ticket(status=None)
        put(desk, a_change(ticket, an_event(EventKind.LOGGED, status=None)))

        assert ticket == read(desk, lambda uow: uow.ticket(ticket.id))

    def test_a_change_rewrites_every_field(self, desk: Store) -> None:
        put(desk, a_change(a_ticket()))
        changed = a_full_ticket(
            version=2,
            department_id=ACCOUNTS,
            kpi_type_id=REPORT,
            ticket_date=NOW + timedelta(days=1),
            description="It was the toaster.",
            submitter_name="Erased",
            submitter_email="erased@example.com",
            submitted_at=NOW + timedelta(seconds=1),
        )
        put(desk, a_change(changed))

        assert changed == read(desk, lambda uow: uow.ticket(changed.id))

    def test_a_change_takes_away_what_the_ticket_no_longer_has(self, desk: Store) -> None:
        put(desk, a_change(a_full_ticket()))
        changed = a_ticket(version=2)
        put(desk, a_change(changed))

        assert changed == read(desk, lambda uow: uow.ticket(changed.id))

    @pytest.mark.parametrize("status", [*Status, None])
    def test_every_status_is_kept(self, desk: Store, status: Status | None) -> None:
        ticket = a_ticket(status=status)
        put(desk, a_change(ticket, an_event(status=status)))

        assert (status, status) == read(
            desk,
            lambda uow: (_found(uow.ticket(ticket.id)).status, uow.history(ticket.id)[0].status),
        )

    def test_events_come_back_with_their_details(self, desk: Store) -> None:
        history = tuple(
            an_event(kind, actor_id=an_id(7), at=NOW, details={"kind": kind.value, "": "é\n'"})
            for kind in EventKind
        )
        put(desk, a_change(a_ticket(), *history))

        assert history == read(desk, lambda uow: uow.history(an_id(1000)))

    @pytest.mark.parametrize("author_type", AuthorType)
    @pytest.mark.parametrize("is_internal", [True, False])
    def test_a_message_comes_back_with_every_field(
        self,
        desk: Store,
        author_type: AuthorType,
        is_internal: bool,  # noqa: FBT001  # drawn
    ) -> None:
        message = a_message(author_type=author_type, is_internal=is_internal)
        put(desk, a_change(message=message))

        assert (message,) == read(desk, lambda uow: uow.messages(an_id(1000)))

    def test_a_message_comes_back_without_an_author(self, desk: Store) -> None:
        message = a_message(author_id=None, author_name=None, author_email=None)
        put(desk, a_change(message=message))

        assert (message,) == read(desk, lambda uow: uow.messages(an_id(1000)))

    def test_awkward_text_comes_back_letter_by_letter(self, desk: Store) -> None:
        said = [
            a_change(
                a_ticket(number, description=text, rejection_reason=text),
                an_event(details={"text": text}),
                message=a_message(number, body=text, author_name=text[:200]),
            )
            for number, text in enumerate(AWKWARD_TEXTS, start=1000)
        ]
        put(desk, *said)

        assert [(change.ticket, change.events, (change.message,)) for change in said] == [
            _whole(desk, change.ticket.id) for change in said
        ]

    def test_metrics_keep_their_kinds(self, desk: Store) -> None:
        put(desk, a_change(a_ticket(metrics=_KINDS)))

        stored = read(desk, lambda uow: _found(uow.ticket(an_id(1000))))
        assert kinds(_KINDS) == kinds(stored.metrics)

    @pytest.mark.parametrize(
        "instant",
        [
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
            datetime(2026, 5, 22, 5, 5, 59, 999_999, tzinfo=UTC),
            datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ],
    )
    def test_instants_are_kept_to_the_microsecond(self, desk: Store, instant: datetime) -> None:
        put(desk, a_change(a_ticket(submitted_at=instant), message=a_message(created_at=instant)))

        ticket, _, (message,) = _whole(desk, an_id(1000))
        assert (instant, instant) == (_found(ticket).submitted_at, message.created_at)

    def test_instants_come_back_in_utc(self, desk: Store) -> None:
        put(desk, a_change(a_full_ticket(), message=a_message()))

        ticket, (event,), (message,) = _whole(desk, an_id(1000))
        shown = [*attrs.astuple(_found(ticket)), event.at, message.created_at]
        offsets = {instant.utcoffset() for instant in shown if isinstance(instant, datetime)}
        assert {timedelta(0)} == offsets

    @A_FEW_EXAMPLES
    @given(data=st.data())
    def test_any_change_comes_back_whole(self, desk: Store, data: st.DataObject) -> None:
        number = next(_numbers)
        ticket = data.draw(tickets(an_id(number)))
        said = data.draw(messages(an_id(number)))
        attached = data.draw(attachments(an_id(number)))
        history = tuple(data.draw(st.lists(events(), min_size=1, max_size=4)))
        notice = data.draw(notices(an_id(number), ticket.id))
        change = a_change(ticket, *history, message=said, attachment=attached)
        put(desk, change, notices=(notice,))

        stored, *rest = _whole(desk, ticket.id)
        assert [ticket, kinds(ticket.metrics), history, (said,), (attached,)] == [
            stored,
            kinds(_found(stored).metrics),
            *rest,
            read(desk, lambda uow: uow.attachments(ticket.id)),
        ]

    def test_an_empty_store_has_an_empty_directory_of_version_0(self, store: Store) -> None:
        assert Directory() == read(store, lambda uow: uow.directory())

    def test_the_directory_comes_back_with_everything_in_it(self, desk: Store) -> None:
        assert a_directory() == read(desk, lambda uow: uow.directory())

    def test_parameters_keep_their_kinds(self, desk: Store) -> None:
        held = a_directory(version=2)
        report = attrs.evolve(held.kpi_types[REPORT], parameters=_KINDS)
        with desk.begin() as uow:
            uow.save_directory(attrs.evolve(held, kpi_types={**held.kpi_types, REPORT: report}))
            uow.commit()

        stored = read(desk, lambda uow: uow.directory())
        assert kinds(_KINDS) == kinds(stored.kpi_types[REPORT].parameters)

    def test_a_kpi_type_keeps_the_word_of_any_rule(self, desk: Store) -> None:
        held = a_directory(version=2)
        report = attrs.evolve(held.kpi_types[REPORT], rule="a-rule-of-ones-own")
        with desk.begin() as uow:
            uow.save_directory(attrs.evolve(held, kpi_types={**held.kpi_types, REPORT: report}))
            uow.commit()

        stored = read(desk, lambda uow: uow.directory())
        assert "a-rule-of-ones-own" == stored.kpi_types[REPORT].rule

    @A_FEW_EXAMPLES
    @given(drawn=directories())
    def test_any_directory_comes_back_whole(self, store: Store, drawn: Directory) -> None:
        with store.begin() as uow:
            directory = attrs.evolve(drawn, version=uow.directory().version + 1)
            uow.save_directory(directory)
            uow.commit()

        assert directory == read(store, lambda uow: uow.directory())

    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("expires_at", [None, datetime(2199, 12, 31, 0, 0, 0, 7, tzinfo=UTC)])
    def test_a_token_comes_back_with_every_field(
        self, store: Store, role: Role, expires_at: datetime | None
    ) -> None:
        token = a_token(role=role, expires_at=expires_at, digest=bytes(range(224, 256)))
        with store.begin() as uow:
            uow.save_token(token)
            uow.commit()

        assert token == read(store, lambda uow: uow.token(token.digest))


_numbers = count(10_000)
"""Ids for examples, which share a store."""


def _whole(
    store: Store, ticket_id: UUID
) -> tuple[Ticket | None, tuple[Event, ...], tuple[Message, ...]]:
    return read(
        store,
        lambda uow: (uow.ticket(ticket_id), uow.history(ticket_id), uow.messages(ticket_id)),
    )


def _found(ticket: Ticket | None) -> Ticket:
    assert ticket is not None
    return ticket
