"""The monthly report of simulated tickets: the desk's own, over what each of them counts for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from helpdesk_core.directory import Directory
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.counting import counted_at
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.report import MonthlyReport, monthly_report
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.kpi.tally import NOTHING, Tally
from helpdesk_core.kpi.units import MonthSums, Unit, unit_of
from helpdesk_core.simulation.standing import Simulated


def reports_of(
    months: Sequence[Month],
    tickets: Iterable[Simulated],
    directory: Directory,
    rules: Rules,
    at: datetime,
) -> tuple[MonthlyReport, ...]:
    """The report of each month as it stands at an instant."""
    found = (counted_at(at, it.ticket, it.policy, it.history, rules) for it in tickets)
    counted = [it.contribution for it in found if it.contribution is not None]
    return tuple(
        monthly_report(month, _sums(month, counted), directory, now=at, rules=rules)
        for month in months
    )


def _sums(month: Month, found: Iterable[Contribution]) -> MonthSums:
    tallies: defaultdict[Unit, Tally] = defaultdict(lambda: NOTHING)
    outages: defaultdict[Unit, list[Outage]] = defaultdict(list)
    for each in found:
        outages[unit_of(each)].extend(each.outages)
        if each.month == month:
            tallies[unit_of(each)] += each.tally
    return MonthSums(tallies=tallies, outages=outages)
