"""Months from a seed: the same again, valid by the ticket's own moves, no stream moved."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Window
from helpdesk_core.directory import Agent, Country, Department, Directory, KpiGroup, KpiType
from helpdesk_core.kpi.ic import IC
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.report import MonthlyReport
from helpdesk_core.people import OPERATOR, Caller
from helpdesk_core.simulation.demand import Demand, demand
from helpdesk_core.simulation.histories import fate_of
from helpdesk_core.simulation.plans import Plan
from helpdesk_core.simulation.queueing import served
from helpdesk_core.simulation.running import Simulation, simulate
from helpdesk_core.simulation.shifts import shifts_of
from helpdesk_core.simulation.streams import Stream
from helpdesk_core.simulation.summary import promises, statuses
from helpdesk_core.tickets import TRANSITIONS, EventKind, Status
from helpdesk_core.use_cases.figures import RawFigures, read_monthly
from helpdesk_core.use_cases.storing import store
from helpdesk_core.working_hours import working_time
from helpdesk_memory import MemoryDesk

MAY = Month(2026, 5)
BUSY = Plan(month=MAY, tickets=40, waits=0.4, reopens=0.3, rejects=0.2, outages=2.0)
DESK, NIGHTS, GROUP, WATCHED, COUNTRY, HOURS = (UUID(int=n) for n in range(1, 7))

OFFICE = Calendar(
    id=HOURS,
    key="office",
    name="Office",
    zone="Asia/Jakarta",
    windows=tuple(Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))),
    holidays=(Holiday(date(2026, 5, 14), "Ascension Day"),),
)
laws = settings(max_examples=12, deadline=None)
plans = st.builds(
    Plan,
    month=st.builds(Month, st.integers(2024, 2028), st.integers(1, 12)),
    seed=st.integers(0, 2**63),
    months=st.integers(1, 2),
    tickets=st.integers(0, 40),
    service=st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes)),
    off_hours=st.floats(0, 1),
    waits=st.floats(0, 1),
    reopens=st.floats(0, 1),
    rejects=st.floats(0, 1),
    away=st.floats(0, 0.5),
    outages=st.just(0.0) | st.floats(0.01, 5),
)


def a_kpi_type(number: int, key: str, group: UUID, *departments: UUID) -> KpiType:
    return KpiType(
        id=UUID(int=number),
        key=key,
        name=key.title(),
        group_id=group,
        rule="rr",
        formula="rr",
        parameters={"responseSlaMin": 60, "resolutionSlaMin": 240},
        department_ids=frozenset(departments),
    )


def a_desk(agents: int = 2) -> Directory:
    """An office with so many agents, beside two who work nights for a desk without a calendar."""
    office = Department(
        id=DESK, key="desk", name="Desk", abbreviation="D", country_id=COUNTRY, calendar_id=HOURS
    )
    nights = attrs.evolve(office, id=NIGHTS, key="nights", name="Nights", calendar_id=None)
    homes = [DESK] * agents + [NIGHTS] * 2
    people = [
        Agent(
            id=UUID(int=100 + n),
            name=f"{home} {n:03}",
            email=f"agent{n}.{home}@example.com",
            department_ids=frozenset({home}),
        )
        for n, home in enumerate(homes)
    ]
    types = [
        a_kpi_type(20, "ad-hoc", GROUP, DESK, NIGHTS),
        a_kpi_type(21, "access", GROUP, DESK),
        a_kpi_type(22, "network", WATCHED, DESK),
        attrs.evolve(
            a_kpi_type(23, "servers", WATCHED, DESK),
            rule="ic",
            metric_schema=IC.schema,
            parameters={},
            is_open_to_intake=False,
        ),
        attrs.evolve(
            a_kpi_type(24, "uptime", GROUP, DESK), rule="uptime", parameters={"target": 99.5}
        ),
    ]
    return Directory(
        calendars={HOURS: OFFICE},
        countries={COUNTRY: Country(id=COUNTRY, key="id", name="Indonesia", abbreviation="ID")},
        departments={DESK: office, NIGHTS: nights},
        agents={agent.id: agent for agent in people},
        kpi_groups={
            GROUP: KpiGroup(id=GROUP, key="work", name="Work"),
            WATCHED: KpiGroup(id=WATCHED, key="up", name="Up", contributes_to_uptime=True),
        },
        kpi_types={kpi_type.id: kpi_type for kpi_type in types},
    )


def an_office(agents: int) -> Directory:
    """The office alone, with one kind of work."""
    whole = a_desk(agents)
    return attrs.evolve(
        whole,
        departments={DESK: whole.departments[DESK]},
        kpi_types={UUID(int=20): whole.kpi_types[UUID(int=20)]},
    )


@laws
@given(plans)
def test_the_same_seed_comes_to_the_same_months(plan: Plan) -> None:
    assert simulate(plan, a_desk()) == simulate(plan, a_desk())


def test_another_seed_comes_to_other_months() -> None:
    other = attrs.evolve(BUSY, seed=2)

    assert simulate(BUSY, a_desk()).tickets != simulate(other, a_desk()).tickets


def test_a_seed_comes_to_the_same_months_on_every_python() -> None:
    stream = Stream(1, "arrival", MAY)

    assert [stream.below(1000) for _ in range(5)] == [481, 512, 983, 844, 612]


class TestHistories:
    @laws
    @given(plans)
    def test_each_status_follows_by_the_table(self, plan: Plan) -> None:
        for ticket in simulate(plan, a_desk()).tickets:
            held = [change.ticket.status for change in ticket.changes]
            assert held[0] in {Status.OPEN, None}
            for before, after in pairwise(held):
                assert before is after or (before and after in TRANSITIONS[before])

    @laws
    @given(plans)
    def test_each_change_follows_the_one_before(self, plan: Plan) -> None:
        for ticket in simulate(plan, a_desk()).tickets:
            times = [happened.at for happened in ticket.history]
            versions = [change.ticket.version for change in ticket.changes]
            assert times == sorted(times)
            assert versions == [*range(1, len(versions) + 1)]

    def test_ids_are_nobody_elses(self) -> None:
        found = simulate(BUSY, a_desk())
        ids = [it.ticket.id for it in found.tickets]
        said = [it.message.id for each in found.tickets for it in each.changes if it.message]

        assert len({*ids, *said}) == len(ids) + len(said)

    def test_everything_that_can_happen_does(self) -> None:
        kinds = {it.kind for each in simulate(BUSY, a_desk()).tickets for it in each.history}

        assert kinds == {
            EventKind.SUBMITTED,
            EventKind.ASSIGNED,
            EventKind.AGENT_REPLIED,
            EventKind.CUSTOMER_REPLIED,
            EventKind.WAITED,
            EventKind.RESUMED,
            EventKind.RESOLVED,
            EventKind.REOPENED,
            EventKind.REJECTED,
            EventKind.LOGGED,
        }

    def test_a_department_without_people_leaves_its_tickets_open(self) -> None:
        found = simulate(attrs.evolve(BUSY, outages=0.0), an_office(0))

        assert statuses(found) == {Status.OPEN: 40}


def by_key(plan: Plan) -> dict[str, Demand]:
    return {each.key: each for each in demand(plan, a_desk())}


class TestStreams:
    @laws
    @given(plans, plans)
    def test_what_becomes_of_tickets_moves_nobodys_arrival(self, plan: Plan, other: Plan) -> None:
        same = attrs.evolve(
            other,
            month=plan.month,
            seed=plan.seed,
            months=plan.months,
            tickets=plan.tickets,
            off_hours=plan.off_hours,
            outages=plan.outages,
        )

        assert demand(plan, a_desk()) == demand(same, a_desk())

    @laws
    @given(plans, st.integers(1, 30))
    def test_the_tickets_that_came_before_more_did_are_as_they_were(
        self, plan: Plan, more: int
    ) -> None:
        busier = attrs.evolve(plan, tickets=plan.tickets + more)

        assert by_key(plan).items() <= by_key(busier).items()

    @laws
    @given(plans)
    def test_a_month_is_the_same_however_many_follow_it(self, plan: Plan) -> None:
        longer = attrs.evolve(plan, months=plan.months + 1)

        assert by_key(plan).items() <= by_key(longer).items()

    @laws
    @given(plans, st.floats(0, 1), st.floats(0, 1))
    def test_the_share_of_one_fate_leaves_the_others_be(
        self, plan: Plan, waits: float, rejects: float
    ) -> None:
        other = attrs.evolve(plan, waits=waits, rejects=rejects)
        for each in demand(plan, a_desk()):
            one, two = fate_of(each, plan), fate_of(each, other)
            assert (one.service, one.rework, one.reopened_after) == (
                two.service,
                two.rework,
                two.reopened_after,
            )

    @laws
    @given(plans, st.integers(1, 3))
    def test_more_people_move_nobodys_arrival(self, plan: Plan, agents: int) -> None:
        assert [it.key for it in demand(plan, a_desk())] == [
            it.key for it in demand(plan, a_desk(agents))
        ]


class TestQueue:
    @laws
    @given(plans, st.integers(1, 4))
    def test_with_one_more_who_is_never_away_no_ticket_is_begun_later(
        self, plan: Plan, agents: int
    ) -> None:
        """First come, first served, by equal hours: so it is of each ticket, and of the mean."""
        always_there = attrs.evolve(plan, away=0.0)
        few, more = (begun(always_there, an_office(n)) for n in (agents, agents + 1))

        assert all(later <= earlier for earlier, later in zip(few, more, strict=True))

    @laws
    @given(plans)
    def test_nobody_works_on_two_tickets_at_once(self, plan: Plan) -> None:
        wanted = demand(plan, an_office(2))
        shifts = {DESK: shifts_of(DESK, plan, an_office(2))}
        spans: dict[UUID, list[tuple[datetime, datetime]]] = {}
        for _, taken in served(wanted, shifts, lambda it: fate_of(it, plan).service):
            assert taken is not None
            spans.setdefault(taken.shift.agent.id, []).append((taken.begun_at, taken.done_at))

        for held in spans.values():
            edges = [edge for span in held for edge in span]
            assert edges == sorted(edges)

    @laws
    @given(plans)
    def test_nobody_is_busier_than_their_hours(self, plan: Plan) -> None:
        for load in simulate(plan, a_desk()).loads:
            assert load.busy <= load.worked

    def test_nobody_begins_on_a_day_on_which_they_are_away(self) -> None:
        plan = attrs.evolve(BUSY, away=0.5, outages=0.0)
        calendars = {it.agent.id: it.calendar for it in shifts_of(DESK, plan, an_office(2))}
        days = {it: {holiday.on for holiday in each.holidays} for it, each in calendars.items()}

        for ticket in simulate(plan, an_office(2)).tickets:
            if ticket.ticket.assigned_to is not None:
                begun_at = ticket.ticket.assigned_at
                assert begun_at is not None
                on = begun_at.astimezone(ZoneInfo(OFFICE.zone)).date()
                assert on not in days[ticket.ticket.assigned_to]


def begun(plan: Plan, directory: Directory) -> list[datetime]:
    wanted = demand(plan, directory)
    shifts = {DESK: shifts_of(DESK, plan, directory)}
    found = served(wanted, shifts, lambda it: fate_of(it, plan).service)
    return [taken.begun_at for _, taken in found if taken is not None]


class TestDemand:
    def test_what_comes_in_at_work_comes_in_working_time(self) -> None:
        plan = attrs.evolve(BUSY, off_hours=0.0, outages=0.0)
        second = timedelta(seconds=1)

        for each in demand(plan, an_office(1)):
            assert working_time(OFFICE, each.at, each.at + second) > timedelta()

    def test_so_many_tickets_come_in_a_month_as_were_asked_for(self) -> None:
        plan = attrs.evolve(BUSY, months=3, outages=0.0)

        months = [Month.of(each.at, "Asia/Jakarta") for each in demand(plan, an_office(1))]
        assert {month: months.count(month) for month in months} == dict.fromkeys(
            plan.each_month, 40
        )

    @pytest.mark.parametrize("key", ["network", "servers"])
    def test_outages_of_a_unit_do_not_overlap(self, key: str) -> None:
        plan = attrs.evolve(BUSY, outages=200.0)
        found = [it for it in demand(plan, a_desk()) if it.unit.kpi_type.key == key]

        edges = [edge for it in found if it.lasts for edge in (it.at, it.at + it.lasts)]
        assert len(found) > 100
        assert edges == sorted(edges)


class TestReport:
    @settings(max_examples=5, deadline=None)
    @given(plans)
    def test_a_desk_that_stored_the_same_changes_reports_the_same(self, plan: Plan) -> None:
        found = simulate(plan, a_desk())

        assert reported_by(a_memory_desk(found), plan) == found.reports

    def test_uptime_is_told_of_what_was_out(self) -> None:
        found = simulate(attrs.evolve(BUSY, outages=20.0), a_desk())
        [row] = [it for it in found.reports[0].rows if it.kpi_type.key == "uptime"]

        down = {it.kpi_type.key: 100 - (it.uptime or 0) for it in row.units}
        assert down.keys() == {"network", "servers"}
        assert all(0 < share < 20 for share in down.values())

    def test_the_report_is_of_the_tickets(self) -> None:
        found = simulate(BUSY, a_desk())
        rows = [row for row in found.reports[0].rows if not row.kpi_type.is_calculated]
        counted = sum(row.tally.tickets + row.tally.left_out for row in rows)

        dropped = sum(it.ticket.status is Status.REJECTED for it in found.tickets)
        assert counted == len(found.tickets) - dropped

    def test_promises_are_summed_up_by_their_verdicts(self) -> None:
        found = simulate(BUSY, a_desk())

        summaries = list(promises(found))
        promised = sum(it.ticket.status is not None for it in found.tickets)
        assert [sum(it.verdicts.values()) for it in summaries] == [promised] * 2
        assert all(0 <= (it.compliance or 0) <= 100 for it in summaries)

    def test_more_people_keep_more_promises(self) -> None:
        plan = attrs.evolve(BUSY, tickets=200, service=timedelta(hours=4), away=0.0, waits=0.0)
        few, many = (next(promises(simulate(plan, an_office(n)))) for n in (2, 8))

        assert (few.compliance or 0) < (many.compliance or 0)


def a_memory_desk(found: Simulation) -> MemoryDesk:
    """A desk at which everything that was simulated was done, at its time."""
    desk = MemoryDesk(datetime(2024, 1, 1, tzinfo=UTC))
    with desk.ports.begin() as uow:
        uow.save_directory(attrs.evolve(a_desk(), version=1))
        uow.commit()
    changes = [change for each in found.tickets for change in each.changes]
    for change in sorted(changes, key=lambda it: it.events[0].at):
        desk.clock.set(change.events[0].at)
        with desk.ports.begin() as uow:
            _ = store(desk.ports, uow, change, uow.directory(), Caller())
    desk.clock.set(found.ends_at)
    return desk


def reported_by(desk: MemoryDesk, plan: Plan) -> tuple[MonthlyReport, ...]:
    return tuple(
        read_monthly(desk.ports, RawFigures(month=str(month)), OPERATOR).report
        for month in plan.each_month
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": 0},
        {"months": 121},
        {"tickets": -1},
        {"tickets": 1_000_001},
        {"waits": 1.1},
        {"away": -0.1},
        {"service": timedelta(seconds=59)},
        {"outage": timedelta(days=367)},
        {"outages": 1001.0},
        {"outages": 0.001},
        {"off_hours": float("nan")},
    ],
)
def test_a_plan_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=rf"^{next(iter(wrong))} must be"):
        attrs.evolve(BUSY, **wrong)
