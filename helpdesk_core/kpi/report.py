"""The monthly report: rows, and what they roll up to by group, department and country.

It is computed over the whole desk and then narrowed to what somebody asked for or may see, so that
a score means the same in every view of it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import attrs

from helpdesk_core.directory import Country, Department, Directory, KpiGroup
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.roll_up import Colour, average, colour_of
from helpdesk_core.kpi.rows import Desk, Row, rows_of
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.kpi.units import MonthSums
from helpdesk_core.people import Role, User
from helpdesk_core.text import fold


@attrs.frozen(kw_only=True)
class Scored:
    """Something with a score in percent; None where nothing in it is scored, or not to be shown."""

    score: Fraction | None

    @property
    def colour(self) -> Colour | None:
        """Of the score."""
        return colour_of(self.score)


@attrs.frozen(kw_only=True)
class GroupReport(Scored):
    """A KPI group in a department: the average of its rows."""

    group: KpiGroup
    rows: tuple[Row, ...]


@attrs.frozen(kw_only=True)
class DepartmentReport(Scored):
    """A department: the average of its groups, by name."""

    department: Department
    groups: tuple[GroupReport, ...]

    @property
    def rows(self) -> Iterator[Row]:
        """Of all its groups."""
        return (row for group in self.groups for row in group.rows)


@attrs.frozen(kw_only=True)
class CountryReport(Scored):
    """A country: the average of its departments, by name."""

    country: Country
    departments: tuple[DepartmentReport, ...]


@attrs.frozen(kw_only=True)
class MonthlyReport(Scored):
    """A month of the desk: the average of its countries, by name."""

    month: Month
    countries: tuple[CountryReport, ...]

    @property
    def rows(self) -> Iterator[Row]:
        """Of all its departments."""
        return (row for country in self.countries for it in country.departments for row in it.rows)


def monthly_report(
    month: Month,
    sums: MonthSums,
    directory: Directory,
    *,
    now: datetime,
    rules: Rules = CONTRACT_RULES,
) -> MonthlyReport:
    """The report of a month as it stands now, over all departments of the directory."""
    desk = Desk(month=month, sums=sums, directory=directory, rules=rules, now=now)
    countries = tuple(
        _country(country, desk)
        for country in sorted(directory.countries.values(), key=lambda it: (fold(it.name), it.id))
    )
    return MonthlyReport(month=month, countries=countries, score=_average(countries))


def narrowed(
    report: MonthlyReport, *, country_id: UUID | None = None, department_id: UUID | None = None
) -> MonthlyReport:
    """The part of a report that somebody asked for; the scores in it stay those of the whole."""
    return _kept(
        report,
        lambda department: (
            department_id in (None, department.id) and country_id in (None, department.country_id)
        ),
    )


def seen_by(report: MonthlyReport, viewer: User, directory: Directory) -> MonthlyReport:
    """The part of a report that somebody may see.

    Management and admins see all of it. An agent sees the departments that they work in, without
    the scores of countries and of the desk, which tell of others; a customer sees nothing.
    """
    if viewer.role in {Role.MANAGEMENT, Role.ADMIN}:
        return report
    agent = directory.agents.get(viewer.id) if viewer.role is Role.AGENT else None
    own = _kept(report, lambda it: agent is not None and agent.works_in(it.id))
    countries = tuple(attrs.evolve(country, score=None) for country in own.countries)
    return attrs.evolve(own, countries=countries, score=None)


def _country(country: Country, desk: Desk) -> CountryReport:
    departments = tuple(
        _department(department, desk)
        for department in sorted(
            desk.directory.departments.values(), key=lambda it: (fold(it.name), it.id)
        )
        if department.country_id == country.id
    )
    return CountryReport(country=country, departments=departments, score=_average(departments))


def _department(department: Department, desk: Desk) -> DepartmentReport:
    rows: dict[UUID, list[Row]] = {}
    for row in rows_of(department, desk):
        rows.setdefault(row.kpi_type.group_id, []).append(row)
    found = (desk.directory.kpi_groups[group_id] for group_id in rows)
    groups = tuple(
        GroupReport(
            group=group,
            rows=tuple(rows[group.id]),
            score=average(row.score for row in rows[group.id]),
        )
        for group in sorted(found, key=lambda it: (fold(it.name), it.id))
    )
    return DepartmentReport(department=department, groups=groups, score=_average(groups))


def _average(parts: Iterable[Scored]) -> Fraction | None:
    return average(part.score for part in parts)


def _kept(report: MonthlyReport, is_kept: Callable[[Department], bool]) -> MonthlyReport:
    """The report with these departments, and the countries that have any."""
    kept = (
        attrs.evolve(
            country,
            departments=tuple(it for it in country.departments if is_kept(it.department)),
        )
        for country in report.countries
    )
    return attrs.evolve(report, countries=tuple(it for it in kept if it.departments))
