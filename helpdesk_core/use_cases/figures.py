"""Reading the figures: the monthly report and the dashboard.

They are what they would be if every ticket were counted again at that moment: what time alone has
changed since a ticket was counted is found out by whoever reads.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import attrs

from helpdesk_core.directory import Country, Department, Directory, KpiType
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import all_of, is_blank
from helpdesk_core.kpi.cells import Sums, difference, together
from helpdesk_core.kpi.dashboard import Dashboard, dashboard, months_until
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.report import MonthlyReport, monthly_report, narrowed, seen_by
from helpdesk_core.kpi.units import MonthSums, Unit
from helpdesk_core.people import Caller, User
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Figures, Ports, UnitOfWork
from helpdesk_core.text import is_storable
from helpdesk_core.use_cases.counting import recounted

Named = TypeVar("Named", Country, Department, KpiType)

LONGEST_NAME: Final = 200
"""Characters by which something is named."""
_A_DAY: Final = timedelta(days=1)
"""No zone's month begins or ends further from UTC's."""


@attrs.frozen(kw_only=True)
class RawFigures:
    """Which part of which month somebody wants to see, as it came."""

    month: object = None
    country: object = None
    department: object = None


@attrs.frozen(kw_only=True)
class Monthly:
    """A month's report as it stands `at` an instant.

    `is_whole` is False while tickets of before there were figures are not counted yet.
    """

    report: MonthlyReport
    at: datetime
    is_whole: bool


@attrs.frozen(kw_only=True)
class DashboardNow:
    """The dashboard as it stands `at` an instant; `is_whole` as of a report."""

    dashboard: Dashboard
    at: datetime
    is_whole: bool


def read_monthly(ports: Ports, raw: RawFigures, caller: Caller) -> Monthly:
    """The report of a month, this one unless it is said, as far as the caller may see it.

    Raises NotSignedIn, Forbidden, and Invalid with every fault in its details.
    """
    viewer = allow(caller, Act.READ_FIGURES)
    with ports.begin() as uow:
        reader = _Reader(ports, uow, uow.directory(), ports.now())
        asked = all_of(
            month=lambda: wanted_month(raw.month, reader.now),
            country=lambda: wanted(
                raw.country, reader.directory.country_named, field="country", label="Country"
            ),
            department=lambda: wanted(
                raw.department,
                reader.directory.department_named,
                field="department",
                label="Department",
            ),
        )
        month, country, department = asked["month"], asked["country"], asked["department"]
        read = reader.read(month, month)
    report = narrowed(
        read.report(month, viewer),
        country_id=country.id if country else None,
        department_id=department.id if department else None,
    )
    return Monthly(report=report, at=reader.now, is_whole=read.is_whole)


def read_dashboard(ports: Ports, caller: Caller) -> DashboardNow:
    """The dashboard of this month, as far as the caller may see it.

    Raises NotSignedIn and Forbidden.
    """
    viewer = allow(caller, Act.READ_FIGURES)
    with ports.begin() as uow:
        reader = _Reader(ports, uow, uow.directory(), ports.now())
        months = months_until(Month.of(reader.now, "UTC"))
        read = reader.read(months[0], months[-1])
    reports = [read.report(month, viewer) for month in months]
    return DashboardNow(dashboard=dashboard(reports), at=reader.now, is_whole=read.is_whole)


def wanted_month(value: object, now: datetime) -> Month:
    """The month of a text like 2026-05; where nothing was sent, this one on the clocks of UTC.

    Raises Invalid.
    """
    month = Month.of(now, "UTC") if is_blank(value) else Month.read(value)
    if month is None:
        raise Invalid("Month must be written like 2026-05", month="not a month")
    return month


def wanted(
    value: object, find: Callable[[str], Named | None], *, field: str, label: str
) -> Named | None:
    """What a text names, by id, key or name; None where nothing was sent. Raises Invalid."""
    if is_blank(value):
        return None
    is_name = isinstance(value, str) and len(value) <= LONGEST_NAME and is_storable(value)
    found = find(value.strip()) if isinstance(value, str) and is_name else None
    if found is None:
        raise Invalid(f"There is no such {label}", **{field: "unknown"})
    return found


@attrs.frozen
class _Reader:
    """Who reads figures: from where, and as of when."""

    _ports: Ports
    _uow: UnitOfWork
    directory: Directory
    now: datetime

    def read(self, first: Month, last: Month) -> "_Figures":
        """The figures of some months that follow one another, all of one moment."""
        since, until = first.span("UTC")[0] - _A_DAY, last.span("UTC")[1] + _A_DAY
        with self._uow.figures() as figures:
            return _Figures(
                sums=together([figures.sums(first, last), *self._passed(figures, first, last)]),
                outages=figures.outages(since, until),
                is_whole=figures.is_whole(),
                reader=self,
            )

    def _passed(self, figures: Figures, first: Month, last: Month) -> Iterator[Sums]:
        """What time alone has changed of the sums since they were added up."""
        for held in figures.overdue(first, last, self.now):
            found = recounted(self._ports, self._uow, self.directory, held, self.now)
            yield difference(held.counted, found)

    def report(self, month: Month, sums: MonthSums) -> MonthlyReport:
        """The report of a month of these sums."""
        return monthly_report(month, sums, self.directory, now=self.now, rules=self._ports.rules)


@attrs.frozen(kw_only=True)
class _Figures:
    """The figures of some months, as they were at one moment."""

    sums: Sums
    outages: Mapping[Unit, Sequence[Outage]]
    is_whole: bool
    reader: _Reader

    def report(self, month: Month, viewer: User) -> MonthlyReport:
        """The report of one of the months, as far as somebody may see it."""
        tallies = {
            Unit(cell.department_id, cell.kpi_type_id): tally
            for cell, tally in self.sums.items()
            if cell.month == month
        }
        report = self.reader.report(month, MonthSums(tallies=tallies, outages=self._of(month)))
        return seen_by(report, viewer, self.reader.directory)

    def _of(self, month: Month) -> Mapping[Unit, Sequence[Outage]]:
        """The outages that reach into a month, wherever its clocks are."""
        begins, ends = month.span("UTC")
        since, until = begins - _A_DAY, ends + _A_DAY
        return {
            unit: [it for it in outages if it.began < until and (it.ended or until) > since]
            for unit, outages in self.outages.items()
        }
