"""Cases come back as they were saved, are found by their numbers, and by nothing else."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import Enum
from functools import partial
from typing import Final

import attrs
import pytest

from helpdesk_core.errors import DuplicateId
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_directory,
    a_full_case,
    a_ticket,
    an_event,
    an_id,
)
from helpdesk_core.testing.directories import ACTIVE_AGENT, SUPPORT
from helpdesk_core.testing.races import RACERS, at_once
from helpdesk_core.testing.stores import OverADesk, Store, put, read
from helpdesk_core.testing.strategies import AWKWARD_TEXTS
from helpdesk_core.tickets import EventKind, Ticket

NUMBER: Final = a_case().number
_LINES: Final = tuple(text for text in AWKWARD_TEXTS if len(text) <= 200)


class CasesKept(OverADesk):
    """Support cases. Part of `UnitOfWorkContract`, which says what to provide."""

    @pytest.mark.parametrize("case", [a_case(), a_full_case()], ids=["plain", "full"])
    def test_a_case_comes_back_with_every_field(self, desk: Store, case: SupportCase) -> None:
        ticket = a_case_ticket(case=case)
        put(desk, a_change(ticket))

        assert ticket == read(desk, lambda uow: uow.ticket(ticket.id))

    @pytest.mark.parametrize("case", [a_case(), a_full_case()], ids=["plain", "full"])
    def test_a_case_is_found_whole_by_its_number(self, desk: Store, case: SupportCase) -> None:
        ticket = a_case_ticket(case=case)
        put(desk, a_change(ticket))

        assert ticket == _numbered(desk, case.number)

    def test_every_kind_of_case_is_kept(self, desk: Store) -> None:
        kinds: list[Mapping[str, Enum]] = [
            *({"urgency": urgency} for urgency in Urgency),
            *({"customer_type": tier} for tier in CustomerType),
            *({"issue_type": issue} for issue in IssueType),
        ]
        tickets = [
            a_case_ticket(number, case=a_case(number, **kind))
            for number, kind in enumerate(kinds, start=1000)
        ]
        put(desk, *map(a_change, tickets))

        assert tickets == [_numbered(desk, number) for number in _numbers_of(tickets)]

    def test_awkward_text_in_a_case_comes_back_letter_by_letter(self, desk: Store) -> None:
        tickets = [
            a_case_ticket(
                number, case=a_case(number, subject=text, organization=text, project=text)
            )
            for number, text in enumerate(_LINES, start=1000)
        ]
        put(desk, *map(a_change, tickets))

        assert tickets == [_numbered(desk, number) for number in _numbers_of(tickets)]

    def test_a_change_rewrites_everything_of_a_case_but_its_number(self, desk: Store) -> None:
        put(desk, a_change(a_case_ticket()))
        changed = a_case_ticket(
            version=2, case=a_full_case(), department_id=SUPPORT, assigned_to=ACTIVE_AGENT
        )
        put(desk, a_change(changed, an_event(EventKind.ESCALATED)))

        assert changed == _numbered(desk, NUMBER)

    def test_a_change_takes_away_what_the_case_no_longer_has(self, desk: Store) -> None:
        put(desk, a_change(a_case_ticket(case=a_full_case())))
        changed = a_case_ticket(version=2)
        put(desk, a_change(changed))

        assert changed == _numbered(desk, NUMBER)

    def test_a_case_needs_no_directory(self, store: Store) -> None:
        put(store, a_change(a_case_ticket()))

        assert a_case_ticket() == _numbered(store, NUMBER)

    def test_a_case_without_a_department_stays_when_the_directory_changes(
        self, desk: Store
    ) -> None:
        put(desk, a_change(a_case_ticket()))
        with desk.begin() as uow:
            uow.save_directory(attrs.evolve(a_directory(version=2), kpi_types={}))
            uow.commit()

        assert a_case_ticket() == _numbered(desk, NUMBER)

    def test_a_number_that_is_no_case_s_finds_nothing(self, desk: Store) -> None:
        put(desk, a_change(a_case_ticket()), a_change(a_ticket(1001)))

        others = ["", NUMBER[:-1], NUMBER + "0", f"X{NUMBER}", "CW-2027-0000001000", "%", "_" * 18]
        assert [None] * len(others) == [_numbered(desk, other) for other in others]

    def test_numbers_of_different_prefixes_are_different_cases(self, desk: Store) -> None:
        one, other = (
            a_case_ticket(number, case=a_case(number=case_number))
            for number, case_number in [(1000, "CW-2026-001"), (1001, "HD-2026-001")]
        )
        put(desk, a_change(one), a_change(other))

        assert (one, other) == (_numbered(desk, "CW-2026-001"), _numbered(desk, "HD-2026-001"))

    def test_a_taken_number_is_refused(self, desk: Store) -> None:
        put(desk, a_change(a_case_ticket()))
        with pytest.raises(DuplicateId):
            put(desk, a_change(a_case_ticket(1001, case=a_case())))

        assert (a_case_ticket(), None) == (
            _numbered(desk, NUMBER),
            read(desk, lambda uow: uow.ticket(an_id(1001))),
        )

    def test_the_number_of_a_refused_case_is_free(self, desk: Store) -> None:
        put(desk, a_change(a_ticket(1000)))
        with pytest.raises(DuplicateId):
            put(desk, a_change(a_case_ticket(1001)), a_change(a_ticket(1000)))
        put(desk, a_change(a_case_ticket(1002, case=a_case(1001))))

        assert an_id(1002) == getattr(_numbered(desk, a_case(1001).number), "id", None)

    def test_of_twenty_cases_of_one_number_one_is_stored(self, desk: Store) -> None:
        tickets = [a_case_ticket(1000 + number, case=a_case()) for number in range(RACERS)]
        outcomes = at_once([partial(put, desk, a_change(ticket)) for ticket in tickets])

        refused = [type(outcome) for outcome in outcomes if outcome is not None]
        assert [DuplicateId] * (RACERS - 1) == refused

    def test_a_case_is_not_found_by_its_address_or_name(self, desk: Store) -> None:
        """However it stands: what the intake door looks up are intake tickets."""
        put(
            desk,
            a_change(a_case_ticket(1000)),
            a_change(a_case_ticket(1001, case=a_full_case(1001), department_id=SUPPORT)),
        )

        assert ((), ()) == _looked_up(desk, limit=10)

    def test_cases_take_no_intake_ticket_s_place_in_a_look_up(self, desk: Store) -> None:
        put(
            desk,
            a_change(a_ticket(1000)),
            *(
                a_change(a_case_ticket(number, submitted_at=NOW + timedelta(hours=1)))
                for number in range(1001, 1013)
            ),
        )

        assert ((a_ticket(1000),), (a_ticket(1000),)) == _looked_up(desk, limit=10)


def _numbered(store: Store, number: str) -> Ticket | None:
    return read(store, lambda uow: uow.ticket_by_number(number))


def _numbers_of(tickets: Iterable[Ticket]) -> list[str]:
    return [ticket.case.number for ticket in tickets if ticket.case]


def _looked_up(store: Store, *, limit: int) -> tuple[tuple[Ticket, ...], tuple[Ticket, ...]]:
    return read(
        store,
        lambda uow: (
            uow.tickets_by_name("Ana", limit=limit),
            uow.tickets_by_email("ana@example.com", limit=limit),
        ),
    )
