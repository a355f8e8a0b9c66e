"""Running a plan: what comes in, who takes it, what becomes of it, and what the report says."""

from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.directory import Directory
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.report import MonthlyReport
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.kpi.units import zone_of
from helpdesk_core.simulation.demand import demand
from helpdesk_core.simulation.histories import changes_of, fate_of
from helpdesk_core.simulation.loads import Load, loads_of
from helpdesk_core.simulation.plans import Plan
from helpdesk_core.simulation.queueing import served
from helpdesk_core.simulation.reporting import reports_of
from helpdesk_core.simulation.shifts import shifts_of
from helpdesk_core.simulation.standing import Simulated
from helpdesk_core.sla_choice import policy_for
from helpdesk_core.sla_policies import standings_under
from helpdesk_core.tickets import Change


@attrs.frozen(kw_only=True)
class Simulation:
    """What became of a plan by `ends_at`: every ticket, each month's report, each agent's load."""

    plan: Plan
    ends_at: datetime
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
    made = (changes_of(it, by, fates[it.key], plan, until) for it, by in taken)
    tickets = tuple(_simulated(each, directory, cases, until) for each in made if each)
    return Simulation(
        plan=plan,
        ends_at=until,
        tickets=tickets,
        reports=reports_of(plan.each_month, tickets, directory, rules, until),
        loads=tuple(loads_of(shifts, taken, since, until)),
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
