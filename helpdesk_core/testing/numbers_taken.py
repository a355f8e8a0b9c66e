"""The numbers of a series are given out one by one, each once, and for good."""

from functools import partial
from typing import Final

import pytest

from helpdesk_core.case_numbers import Numbering, sequential_number
from helpdesk_core.ports import CaseRules
from helpdesk_core.testing.builders import a_case_ticket, a_change, a_raw_case
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import OverADesk, Store, read
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.cases import submit_case

TAKERS: Final = 64
SERIES: Final = "CW-2026"


class NumbersTaken(OverADesk):
    """Series of numbers. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_a_series_counts_from_one(self, store: Store) -> None:
        assert [1, 2, 3] == [_next(store) for _ in range(3)]

    def test_each_series_counts_for_itself(self, store: Store) -> None:
        named = ["CW-2026", "CW-2027", "HD-2026", "cw-2026", "CW-2026"]

        assert [1, 1, 1, 1, 2] == [_next(store, series) for series in named]

    def test_one_unit_of_work_may_take_several(self, store: Store) -> None:
        with store.begin() as uow:
            taken = [uow.next_number(SERIES) for _ in range(3)]

        assert [1, 2, 3] == taken

    def test_a_number_is_taken_even_when_nothing_is_committed(self, store: Store) -> None:
        with store.begin() as uow:
            _ = uow.next_number(SERIES)

        assert 2 == _next(store)

    def test_a_number_is_taken_even_when_its_taker_fails(self, desk: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            _take_and_fail(desk)

        assert 2 == _next(desk)

    def test_a_number_may_be_taken_beside_what_is_gathered(self, desk: Store) -> None:
        with desk.begin() as uow:
            uow.save(a_change(a_case_ticket()))
            first = uow.next_number(SERIES)
            uow.commit()

        assert (1, 2) == (first, _next(desk))
        assert a_case_ticket() == read(desk, lambda uow: uow.ticket(a_case_ticket().id))

    def test_sixty_four_takers_get_sixty_four_numbers_without_a_gap(self, store: Store) -> None:
        taken = at_once([partial(_next, store)] * TAKERS)

        assert {*range(1, TAKERS + 1)} == set(taken)

    def test_sixty_four_cases_at_once_get_sixty_four_numbers(self, desk: Store) -> None:
        ports = ports_over(desk, cases=CaseRules(numbering=Numbering.SEQUENTIAL))
        _ = at_once([partial(submit_case, ports, a_raw_case())] * TAKERS)

        wanted = [sequential_number("CW", 2026, number) for number in range(1, TAKERS + 1)]
        assert None not in [_numbered(desk, number) for number in wanted]


def _next(store: Store, series: str = SERIES) -> int:
    return read(store, lambda uow: uow.next_number(series))


def _take_and_fail(store: Store) -> None:
    with store.begin() as uow:
        uow.save(a_change(a_case_ticket()))
        _ = divmod(uow.next_number(SERIES), 0)


def _numbered(store: Store, number: str) -> Ticket | None:
    return read(store, lambda uow: uow.ticket_by_number(number))
