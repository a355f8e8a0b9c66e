"""What tickets count for, as a store keeps it and sums it up."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.errors import HelpdeskError, StaleTicket
from helpdesk_core.kpi.cells import Cell, Counted, Sums, cell_of, difference, together
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.tally import Sum, Tally
from helpdesk_core.kpi.units import Unit
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.testing.builders import NOW, a_case_ticket, a_change, a_ticket, an_event, an_id
from helpdesk_core.testing.directories import INCIDENT, NETWORK, SUPPORT
from helpdesk_core.testing.races import RACERS, at_once
from helpdesk_core.testing.stores import A_FEW_EXAMPLES, OverADesk, Store, read
from helpdesk_core.tickets import EventKind, Ticket

MAY: Final = Month(2026, 5)
JUNE: Final = Month(2026, 6)
NOWHERE: Final = Counted(contribution=None)
OUT: Final = Outage(NOW, NOW + timedelta(hours=2, microseconds=1))
"""Something was out for two hours."""
_LARGE: Final = 10**15


def a_contribution(**fields: Any) -> Contribution:  # noqa: ANN401  # any field of the record
    """What a ticket of SUPPORT counts for that met what was promised, in May."""
    contribution = Contribution(
        month=MAY,
        department_id=SUPPORT,
        kpi_type_id=INCIDENT,
        tally=Tally(tickets=1, scored=1, passed=1, points=7_207_200_000 * 100),
    )
    return attrs.evolve(contribution, **fields)


def counted_as(**fields: Any) -> Counted:  # noqa: ANN401  # as above
    """A ticket that is counted as `a_contribution`."""
    return Counted(contribution=a_contribution(**fields))


def tallies() -> st.SearchStrategy[Tally]:
    """Anything that a ticket may come to, and more."""
    numbers = st.integers(0, 3) | st.integers(-_LARGE, _LARGE)
    return st.builds(
        Tally,
        tickets=numbers,
        left_out=numbers,
        pending=numbers,
        scored=numbers,
        passed=numbers,
        points=numbers,
        figures=st.lists(st.builds(Sum, numbers, numbers), max_size=6),
    )


def contributions() -> st.SearchStrategy[Contribution]:
    """Anything that a ticket of SUPPORT may count for."""
    spans = st.builds(
        lambda began, length: Outage(NOW + began, None if length is None else NOW + began + length),
        st.timedeltas(timedelta(-99), timedelta(99)),
        st.none() | st.timedeltas(timedelta(microseconds=1), timedelta(99)),
    )
    return st.builds(
        a_contribution,
        month=st.sampled_from([MAY, JUNE, Month(1970, 1), Month(2199, 12)]),
        tally=tallies(),
        outages=st.lists(spans, max_size=1).map(tuple),
    )


class FiguresKept(OverADesk):
    """What tickets count for. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_a_ticket_that_was_only_saved_is_not_counted(self, desk: Store) -> None:
        _put(desk, a_ticket())

        assert (None, (an_id(1000),), False) == (
            read(desk, lambda uow: uow.counted(an_id(1000))),
            read(desk, lambda uow: uow.uncounted(limit=9)),
            _is_whole(desk),
        )

    def test_no_ticket_at_all_is_a_whole_desk(self, desk: Store) -> None:
        assert _is_whole(desk)

    def test_of_no_ticket_nothing_is_counted(self, desk: Store) -> None:
        assert read(desk, lambda uow: uow.counted(an_id(1000))) is None

    @given(contribution=st.none() | contributions())
    @A_FEW_EXAMPLES
    def test_what_a_ticket_is_counted_as_is_kept(
        self, desk: Store, contribution: Contribution | None
    ) -> None:
        after = Counted(contribution=contribution)
        before = read(desk, lambda uow: uow.counted(an_id(1000)))
        if before is None:
            _put(desk, a_ticket(), after)
        else:
            _recount(desk, a_ticket(), before, after)

        assert after == read(desk, lambda uow: uow.counted(an_id(1000)))
        assert difference(None, after) == _sums(desk)
        assert _is_whole(desk)

    def test_a_case_may_be_counted_as_nothing(self, desk: Store) -> None:
        _put(desk, a_case_ticket(), NOWHERE)

        assert NOWHERE == read(desk, lambda uow: uow.counted(an_id(1000)))
        assert _is_whole(desk)

    def test_sums_are_those_of_all_tickets(self, desk: Store) -> None:
        counts = [counted_as(), counted_as(tally=Tally(tickets=1, pending=1)), NOWHERE]
        counts += [counted_as(month=JUNE, tally=Tally(tickets=1, figures=[Sum(7, 1), Sum(-3, 2)]))]
        for number, counted in enumerate(counts, start=1000):
            _put(desk, a_ticket(number), counted)

        assert _sum_of(*counts) == _sums(desk)

    def test_sums_are_read_by_months(self, desk: Store) -> None:
        months = [MAY.plus(it) for it in range(-2, 3)]
        for number, month in enumerate(months, start=1000):
            _put(desk, a_ticket(number), counted_as(month=month))

        with desk.begin() as uow, uow.figures() as figures:
            assert months[1:4] == sorted(
                cell.month for cell in figures.sums(MAY.plus(-1), MAY.plus(1))
            )

    def test_a_changed_ticket_is_counted_otherwise(self, desk: Store) -> None:
        later = counted_as(month=JUNE, outages=(OUT,))
        _put(desk, a_ticket(), counted_as())

        with desk.begin() as uow:
            uow.save(a_change(a_ticket(version=2), an_event(EventKind.NOTED)))
            uow.count(a_ticket(version=2), counted_as(), later)
            uow.commit()

        assert (later, difference(None, later)) == (
            read(desk, lambda uow: uow.counted(an_id(1000))),
            _sums(desk),
        )

    def test_a_ticket_that_was_read_is_counted_otherwise(self, desk: Store) -> None:
        """As the use cases do it: what was read need not be written again."""
        routed = counted_as(department_id=NETWORK)
        _put(desk, a_ticket(), counted_as())

        with desk.begin() as uow:
            held = uow.ticket(an_id(1000))
            assert held is not None
            moved = attrs.evolve(held, version=2, department_id=NETWORK)
            uow.save(a_change(moved, an_event(EventKind.ROUTED)))
            uow.count(moved, uow.counted(an_id(1000)), routed)
            uow.commit()

        assert (routed, difference(None, routed)) == (
            read(desk, lambda uow: uow.counted(an_id(1000))),
            _sums(desk),
        )

    def test_a_change_that_counts_nothing_leaves_what_was_counted(self, desk: Store) -> None:
        _put(desk, a_ticket(), counted_as(outages=(OUT,)))

        with desk.begin() as uow:
            uow.save(a_change(a_ticket(version=2), an_event(EventKind.NOTED)))
            uow.commit()

        assert counted_as(outages=(OUT,)) == read(desk, lambda uow: uow.counted(an_id(1000)))

    def test_a_stored_ticket_is_counted_without_a_change(self, desk: Store) -> None:
        _put(desk, a_ticket())

        _recount(desk, a_ticket(), None, counted_as())
        with desk.begin() as uow:
            assert (a_ticket(), counted_as(), ()) == (
                uow.ticket(an_id(1000)),
                uow.counted(an_id(1000)),
                uow.uncounted(limit=9),
            )
        assert difference(None, counted_as()) == _sums(desk)

    @pytest.mark.parametrize("version", [1, 3])
    def test_a_ticket_of_another_version_is_not_counted(self, desk: Store, version: int) -> None:
        _put(desk, a_ticket(), counted_as())
        _put(desk, a_ticket(version=2))

        with pytest.raises(StaleTicket):
            _recount(desk, a_ticket(version=version), counted_as(), NOWHERE)
        assert difference(None, counted_as()) == _sums(desk)

    @pytest.mark.parametrize(
        "held", [None, NOWHERE, counted_as(month=JUNE), counted_as(tally=Tally(tickets=2))]
    )
    def test_a_ticket_that_is_counted_otherwise_is_not_counted(
        self, desk: Store, held: Counted | None
    ) -> None:
        _put(desk, a_ticket(), counted_as())

        with pytest.raises(StaleTicket):
            _recount(desk, a_ticket(), held, NOWHERE)
        assert difference(None, counted_as()) == _sums(desk)

    def test_a_change_is_refused_where_the_ticket_was_counted_otherwise_meanwhile(
        self, desk: Store
    ) -> None:
        _put(desk, a_ticket())
        with desk.begin() as uow:
            held, counted = uow.ticket(an_id(1000)), uow.counted(an_id(1000))
            assert held is not None
            _recount(desk, a_ticket(), None, counted_as())
            changed = attrs.evolve(held, version=2)
            uow.save(a_change(changed, an_event(EventKind.NOTED)))
            uow.count(changed, counted, counted_as())
            with pytest.raises(StaleTicket):
                uow.commit()

        assert difference(None, counted_as()) == _sums(desk)

    def test_what_is_not_committed_is_not_summed_up(self, desk: Store) -> None:
        with desk.begin() as uow:
            uow.save(a_change())
            uow.count(a_ticket(), None, counted_as())

        assert not _sums(desk)

    def test_sums_are_corrected(self, desk: Store) -> None:
        _put(desk, a_ticket(), counted_as())

        with desk.begin() as uow:
            uow.correct({cell_of(a_contribution()): Tally(points=5)})
            uow.commit()

        assert {cell_of(a_contribution()): a_contribution().tally + Tally(points=5)} == _sums(desk)

    def test_what_comes_to_nothing_is_left_out(self, desk: Store) -> None:
        _put(desk, a_ticket(), counted_as())

        _recount(desk, a_ticket(), counted_as(), NOWHERE)
        assert not _sums(desk)

    def test_the_tickets_behind_a_row_are_found_the_greatest_first(self, desk: Store) -> None:
        for number in range(1000, 1005):
            _put(desk, a_ticket(number), counted_as(tally=Tally(tickets=number)))
        for number, other in enumerate((NOWHERE, counted_as(month=JUNE), None), start=1010):
            _put(desk, a_ticket(number), other)

        cell = cell_of(a_contribution())
        found = read(desk, lambda uow: uow.tickets_behind(cell, limit=3))
        rest = read(desk, lambda uow: uow.tickets_behind(cell, before=found[-1][0].id, limit=3))
        assert [
            (a_ticket(number), a_contribution(tally=Tally(tickets=number)))
            for number in range(1004, 999, -1)
        ] == [*found, *rest]

    def test_no_ticket_is_behind_another_row(self, desk: Store) -> None:
        _put(desk, a_ticket(), counted_as())

        cell = Cell(MAY, NETWORK, INCIDENT)
        assert () == read(desk, lambda uow: uow.tickets_behind(cell, limit=3))

    def test_outages_are_found_that_lie_within_a_span_in_part(self, desk: Store) -> None:
        hour = timedelta(hours=1)
        outages = {
            "before": Outage(NOW - hour, NOW),
            "into": Outage(NOW - hour, NOW + timedelta(microseconds=1)),
            "within": Outage(NOW, NOW + hour),
            "throughout": Outage(NOW - hour, None),
            "out of": Outage(NOW + timedelta(minutes=59), None),
            "after": Outage(NOW + hour, NOW + 2 * hour),
        }
        for number, outage in enumerate(outages.values(), start=1000):
            _put(desk, a_ticket(number), counted_as(outages=(outage,)))
        _put(desk, a_ticket(1010), counted_as())

        with desk.begin() as uow, uow.figures() as figures:
            found = figures.outages(NOW, NOW + hour)
        wanted = [outages[name] for name in ("into", "within", "throughout", "out of")]
        assert {Unit(SUPPORT, INCIDENT): sorted(wanted, key=repr)} == {
            unit: sorted(those, key=repr) for unit, those in found.items()
        }

    def test_every_ticket_is_read_with_what_happened(self, desk: Store) -> None:
        _put(desk, a_ticket(1001), counted_as())
        _put(desk, a_ticket(1000))
        _put(desk, a_case_ticket(1002), NOWHERE)

        with desk.begin() as uow, uow.figures() as figures:
            assert [
                (a_ticket(1000), (an_event(),), None),
                (a_ticket(1001), (an_event(),), counted_as()),
                (a_case_ticket(1002), (an_event(),), NOWHERE),
            ] == [attrs.astuple(it, recurse=False) for it in figures.tickets()]

    def test_figures_are_those_of_one_moment(self, desk: Store) -> None:
        _put(desk, a_ticket(), counted_as())

        with desk.begin() as uow, uow.figures() as figures:
            before = figures.sums(MAY, MAY)
            _put(desk, a_ticket(1001), counted_as())
            _put(desk, a_ticket(1002))
            assert before == figures.sums(MAY, MAY)
            assert figures.is_whole()
            assert [an_id(1000)] == [it.ticket.id for it in figures.tickets()]

    def test_of_twenty_who_count_a_ticket_one_wins(self, desk: Store) -> None:
        _put(desk, a_ticket())

        outcomes = at_once([partial(_recount, desk, a_ticket(), None, counted_as())] * RACERS)
        assert [StaleTicket] * (RACERS - 1) == _refusals(outcomes)
        assert difference(None, counted_as()) == _sums(desk)

    def test_twenty_who_add_to_one_row_all_succeed(self, desk: Store) -> None:
        """And twenty more who move from one row to the other, either way."""

        def act(number: int) -> None:
            here, there = counted_as(), counted_as(month=JUNE)
            first, then = (here, there) if number % 2 else (there, here)
            _put(desk, a_ticket(number), first)
            _recount(desk, a_ticket(number), first, then)
            _recount(desk, a_ticket(number), then, first)

        outcomes = at_once([partial(act, number) for number in range(1000, 1000 + RACERS)])
        half = RACERS // 2
        here = _sum_of(*[counted_as()] * half, *[counted_as(month=JUNE)] * half)
        assert [None] * RACERS == outcomes
        assert here == _sums(desk)


def _put(store: Store, ticket: Ticket, counted: Counted | None = None) -> None:
    """Commit a ticket, new or of the next version, and what it is counted as for the first time."""
    with store.begin() as uow:
        uow.save(a_change(ticket))
        if counted is not None:
            uow.count(ticket, None, counted)
        uow.commit()


def _recount(store: Store, ticket: Ticket, before: Counted | None, after: Counted) -> None:
    with store.begin() as uow:
        uow.count(ticket, before, after)
        uow.commit()


def _sums(store: Store) -> Sums:
    def ask(uow: UnitOfWork) -> Sums:
        with uow.figures() as figures:
            return figures.sums(Month(1, 1), Month(9998, 12))

    return read(store, ask)


def _is_whole(store: Store) -> bool:
    def ask(uow: UnitOfWork) -> bool:
        with uow.figures() as figures:
            return figures.is_whole()

    return read(store, ask)


def _sum_of(*counts: Counted) -> Sums:
    return together(difference(None, counted) for counted in counts)


def _refusals(outcomes: list[HelpdeskError | None]) -> list[type]:
    return [type(outcome) for outcome in outcomes if outcome is not None]
