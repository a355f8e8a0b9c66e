"""The figures of two desks: after every step they are what counting everything again comes to."""

from collections.abc import Iterable
from typing import Any, Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from helpdesk_core.directory import Directory
from helpdesk_core.kpi.cells import difference, together
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.report import MonthlyReport, monthly_report, narrowed
from helpdesk_core.kpi.units import MonthSums, Unit, unit_of
from helpdesk_core.logged_work import RawWork
from helpdesk_core.people import OPERATOR, Caller
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW, a_directory
from helpdesk_core.testing.desk_inputs import EMAILS, WORKERS, bodies
from helpdesk_core.testing.desks import Desk, Refusal
from helpdesk_core.testing.side_by_side import SideBySide, has_tickets
from helpdesk_core.use_cases.counting import recounted
from helpdesk_core.use_cases.erasing import erase_person
from helpdesk_core.use_cases.figures import RawFigures, read_monthly
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.logging_work import (
    correct_own_work,
    log_own_work,
    withdraw_own_work,
)
from helpdesk_core.use_cases.recounting import check_figures
from helpdesk_core.use_cases.replaying import repin_ticket
from helpdesk_core.use_cases.sweeping import sweep_ticket, tickets_to_sweep

MONTHS: Final = tuple(Month.of(NOW, "UTC").plus(it) for it in (-1, 0, 1))
"""In which tickets are dated, for the most part."""

_LOGGED: Final = tuple(
    (str(department_id), kpi_type)
    for kpi_type in a_directory().kpi_types.values()
    for department_id in sorted(kpi_type.department_ids)
)


def works() -> st.SearchStrategy[RawWork]:
    """Work of every KPI type of `a_directory()`; what it asks for is not always answered well."""
    return st.sampled_from(_LOGGED).flatmap(
        lambda chosen: st.builds(
            RawWork,
            dept_id=st.just(chosen[0]),
            kpi_type_id=st.just(str(chosen[1].id)),
            ticket_date=st.sampled_from(["2026-05-22", "2026-05-23T05:00Z", "2026-04-30T20:00Z"]),
            description=bodies(),
            metrics=st.fixed_dictionaries(
                {field.key: _answers() for field in chosen[1].metric_schema}
            ),
            is_holiday_work=st.none() | st.booleans(),
        )
    )


def _answers() -> st.SearchStrategy[Any]:
    return st.sampled_from([1, 3, 5, 99, 99.5, "16:59", "17:01", "2026-05-22T05:05:00.000Z", None])


class FiguresOfTwo(SideBySide):
    """Rules of logged work, of sweeping, and of thresholds that are changed."""

    @rule(raw=works(), caller=st.sampled_from(WORKERS))
    def log_work(self, raw: RawWork, caller: Caller) -> None:
        logged = self.both(lambda desk: log_own_work(desk.ports, raw, caller))
        if not isinstance(logged, Refusal):
            self.taken_in(logged)

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), raw=works(), caller=st.sampled_from(WORKERS))
    def correct_work(self, which: int, raw: RawWork, caller: Caller) -> None:
        target = Target(ticket_id=str(self.ticket_id(which)))
        _ = self.both(lambda desk: correct_own_work(desk.ports, target, raw, caller))

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(WORKERS))
    def withdraw_work(self, which: int, caller: Caller) -> None:
        target = Target(ticket_id=str(self.ticket_id(which)))
        _ = self.both(lambda desk: withdraw_own_work(desk.ports, target, caller))

    @rule(most=st.integers(1, 3))
    def sweep(self, most: int) -> None:
        _ = self.both(lambda desk: _sweep(desk.ports, most))

    @rule(minutes=st.sampled_from([1, 60, 480, 10_000]), counts=st.booleans())
    def promise_otherwise(self, minutes: int, *, counts: bool) -> None:
        """For tickets that are yet to come; those that are there are scored as they were."""
        _ = self.both(lambda desk: _promise_otherwise(desk, minutes, counts=counts))

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from([OPERATOR, *WORKERS]))
    def repin(self, which: int, caller: Caller) -> None:
        ticket_id = self.ticket_id(which)
        _ = self.both(lambda desk: repin_ticket(desk.ports, ticket_id, caller))

    @rule(email=st.sampled_from(EMAILS))
    def erase(self, email: str) -> None:
        """Whoever is erased still counts."""
        _ = self.both(lambda desk: erase_person(desk.ports, email, OPERATOR))

    @invariant()
    def figures_are_what_counting_again_comes_to(self) -> None:
        for desk in (self.one, self.other):
            recount = check_figures(desk.ports)
            assert recount.is_right, recount
            for month in MONTHS:
                asked = RawFigures(month=str(month))
                read = read_monthly(desk.ports, asked, OPERATOR)
                assert (_from_scratch(desk.ports, month), True) == (read.report, read.is_whole)


def _from_scratch(ports: Ports, month: Month) -> MonthlyReport:
    """The report of a month, from every ticket's history."""
    now = ports.now()
    with ports.begin() as uow:
        directory = uow.directory()
        with uow.figures() as figures:
            counted = [recounted(ports, uow, directory, it, now) for it in figures.tickets()]
    sums = together(difference(None, it) for it in counted)
    report = monthly_report(
        month,
        MonthSums(
            tallies={
                Unit(cell.department_id, cell.kpi_type_id): tally
                for cell, tally in sums.items()
                if cell.month == month
            },
            outages=_outages(it.contribution for it in counted),
        ),
        directory,
        now=now,
        rules=ports.rules,
    )
    return narrowed(report)


def _outages(contributions: Iterable[Contribution | None]) -> dict[Unit, list[Outage]]:
    found: dict[Unit, list[Outage]] = {}
    for it in contributions:
        if it is not None:
            found.setdefault(unit_of(it), []).extend(it.outages)
    return found


def _sweep(ports: Ports, most: int) -> int:
    swept = [ticket_id for ticket_id, _ in zip(tickets_to_sweep(ports), range(most), strict=False)]
    return sum(sweep_ticket(ports, ticket_id) for ticket_id in swept)


def _promise_otherwise(desk: Desk, minutes: int, *, counts: bool) -> int:
    with desk.side.store.begin() as uow:
        held = uow.directory()
        uow.save_directory(_promising(held, minutes, counts=counts))
        uow.commit()
    return held.version + 1


def _promising(held: Directory, minutes: int, *, counts: bool) -> Directory:
    """Every threshold in minutes is this one, and every group contributes to uptime or none."""
    parameters = {"responseSlaMin": minutes, "resolutionSlaMin": minutes}
    return attrs.evolve(
        held,
        version=held.version + 1,
        kpi_types={
            key: attrs.evolve(it, parameters={**it.parameters, **parameters})
            for key, it in held.kpi_types.items()
        },
        kpi_groups={
            key: attrs.evolve(it, contributes_to_uptime=counts)
            for key, it in held.kpi_groups.items()
        },
    )
