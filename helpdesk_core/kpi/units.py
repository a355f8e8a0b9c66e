"""What figures are kept of: a department and a KPI type, and what is kept of them for a month."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import attrs

from helpdesk_core.directory import Department, Directory, KpiType
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.tally import Tally


class Unit(NamedTuple):
    """The work of one KPI type in one department: a row of the monthly report."""

    department_id: UUID
    kpi_type_id: UUID


@attrs.frozen(kw_only=True)
class MonthSums:
    """What is kept of a month: each unit's tally, and the outages of it that reach into the month.

    A unit that is missing comes to nothing.
    """

    tallies: Mapping[Unit, Tally] = attrs.field(factory=dict)
    outages: Mapping[Unit, Sequence[Outage]] = attrs.field(factory=dict)


def unit_of(contribution: Contribution) -> Unit:
    """Whose row the contribution goes into."""
    return Unit(contribution.department_id, contribution.kpi_type_id)


def zone_of(department: Department, directory: Directory) -> str:
    """The IANA name of the zone by whose clocks the department's months are told."""
    calendar = directory.calendar_of(department.id)
    return calendar.zone if calendar else "UTC"


def tells_of_outages(kpi_type: KpiType, department: Department, directory: Directory) -> bool:
    """True when the KPI type is a unit of the department: its group contributes to uptime."""
    group = directory.kpi_groups[kpi_type.group_id]
    is_mapped = department.id in kpi_type.department_ids
    return is_mapped and group.contributes_to_uptime and not kpi_type.is_calculated
