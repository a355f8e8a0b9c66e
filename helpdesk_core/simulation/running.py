"""Running a plan: what comes in, who takes it, what becomes of it, and what the report says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.contributions import Contribution, contribution_of
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.report import MonthlyReport, monthly_report
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.kpi.scoring import scoring_of
from helpdesk_core.kpi.tally import NOTHING, Tally
from helpdesk_core.kpi.units import MonthSums, Unit, unit_of, zone_of
from helpdesk_core.simulation.demand import Demand, demand
from helpdesk_core.simulation.histories import changes_of, fate_of
from helpdesk_core.simulation.plans import Plan
from helpdesk_core.simulation.queueing import Taken, served
from helpdesk_core.simulation.shifts import Shift, shifts_of
from helpdesk_core.sla_choice import policy_for
from helpdesk_core.sla_policies import Kept, Policy, standings_under
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_core.working_hours import open_spans, working_time


@attrs.frozen(kw_only=True)
class Simulated:
    """A ticket as it is at the end, how it came to that, and how it stands under its policy."""

    changes: tuple[Change, ...]
    policy: Policy
    kept: tuple[Kept, ...]

    @property
    def ticket(self) -> Ticket:
        """As the last change left it."""
        return self.changes[-1].ticket

    @property
    def history(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        return tuple(happened for change in self.changes for happened in change.events)


@attrs.frozen(kw_only=True)
class Load:
    """How long an agent worked on tickets, of the working time there was for them."""

    agent: Agent
    busy: timedelta
    worked: timedelta


@attrs.frozen(kw_only=True)
class Simulation:
    """What became of a plan: every ticket, each month's report, and each agent's load."""

    plan: Plan
    tickets: tuple[Simulated, ...]
    reports: tuple[MonthlyReport, ...]
    loads: tuple[Load, ...]


def simulate(
    plan: Plan,
    directory: Directory,
    *,
    cases: CasePolicy = CONTRACT_CASES,
    rules: Rules = CONTRACT_RULES,
) -> Simulation:
    """Run a plan on the departments, people, calendars and promises of a directory.

    The same plan and directory come to the same simulation, to the microsecond. Histories end with
    the last month, in UTC; what is open then, is open.
    """
    since, until = _span(plan, directory)
    demands = demand(plan, directory)
    shifts = {each: shifts_of(each, plan, directory) for each in _by_key(directory)}
    fates = {it.key: fate_of(it, plan) for it in demands}
    taken = tuple(served(demands, shifts, lambda it: fates[it.key].service))
    tickets = tuple(
        _simulated(changes_of(it, by, fates[it.key], plan, until), directory, cases, until)
        for it, by in taken
    )
    return Simulation(
        plan=plan,
        tickets=tickets,
        reports=_reports(plan, tickets, directory, rules, until),
        loads=tuple(_loads(shifts, taken, since, until)),
    )


def _span(plan: Plan, directory: Directory) -> tuple[datetime, datetime]:
    """From where the first month begins first to where the last one ends last."""
    zones = {zone_of(it, directory) for it in directory.departments.values()} or {"UTC"}
    since = min(plan.month.span(zone)[0] for zone in zones)
    return since, max(plan.each_month[-1].span(zone)[1] for zone in zones)


def _by_key(directory: Directory) -> tuple[UUID, ...]:
    departments = sorted(directory.departments.values(), key=lambda it: it.key)
    return tuple(department.id for department in departments)


def _simulated(
    changes: tuple[Change, ...], directory: Directory, cases: CasePolicy, until: datetime
) -> Simulated:
    policy = policy_for(changes[0].ticket, directory, cases)
    history = (happened for change in changes for happened in change.events)
    return Simulated(changes=changes, policy=policy, kept=standings_under(policy, history, until))


def _reports(
    plan: Plan,
    tickets: Iterable[Simulated],
    directory: Directory,
    rules: Rules,
    until: datetime,
) -> tuple[MonthlyReport, ...]:
    found = [_contribution(each, directory, rules) for each in tickets]
    counted = [each for each in found if each is not None]
    return tuple(
        monthly_report(month, _sums(month, counted), directory, now=until, rules=rules)
        for month in plan.each_month
    )


def _contribution(each: Simulated, directory: Directory, rules: Rules) -> Contribution | None:
    ticket = each.ticket
    if ticket.kpi_type_id is None:
        return None
    scoring = scoring_of(directory.kpi_types[ticket.kpi_type_id], directory)
    latest = {it.target.promise.metric: it.standings[-1] for it in each.kept if it.standings}
    return contribution_of(ticket, scoring, latest, each.policy.calendar, rules)


def _sums(month: Month, found: Iterable[Contribution]) -> MonthSums:
    tallies: defaultdict[Unit, Tally] = defaultdict(lambda: NOTHING)
    outages: defaultdict[Unit, list[Outage]] = defaultdict(list)
    for each in found:
        outages[unit_of(each)].extend(each.outages)
        if each.month == month:
            tallies[unit_of(each)] += each.tally
    return MonthSums(tallies=tallies, outages=outages)


def _loads(
    shifts: Mapping[UUID, Sequence[Shift]],
    served_by: Iterable[tuple[Demand, Taken | None]],
    since: datetime,
    until: datetime,
) -> Iterator[Load]:
    """Of each agent, by the hours of all their departments."""
    hours: defaultdict[Agent, list[Calendar]] = defaultdict(list)
    for shift in chain.from_iterable(shifts.values()):
        hours[shift.agent].append(shift.calendar)
    busy: defaultdict[UUID, timedelta] = defaultdict(timedelta)
    for wanted, taken in served_by:
        if taken is not None and wanted.lasts is None:
            done_at = min(taken.done_at, until)
            busy[taken.shift.agent.id] += working_time(
                taken.shift.calendar, taken.begun_at, done_at
            )
    for agent, calendars in hours.items():
        worked = _worked_by_any(calendars, since, until)
        yield Load(agent=agent, busy=busy[agent.id], worked=worked)


def _worked_by_any(calendars: Iterable[Calendar], since: datetime, until: datetime) -> timedelta:
    """The time between two instants in which at least one of the calendars is open."""
    spans = chain.from_iterable(open_spans(each, since, until) for each in calendars)
    worked, reached = timedelta(), since
    for opens, closes in sorted(spans):
        worked += max(closes - max(opens, reached), timedelta())
        reached = max(reached, closes)
    return worked
