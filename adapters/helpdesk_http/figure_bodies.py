"""What is shown of the figures, as records: scores in percent, to two decimals, cut downwards."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Self
from uuid import UUID

import attrs

from helpdesk_core.kpi.dashboard import CountryTile, Point, Trend, UnitLine
from helpdesk_core.kpi.report import CountryReport, DepartmentReport, GroupReport
from helpdesk_core.kpi.roll_up import Colour, two_decimals
from helpdesk_core.kpi.rows import Average, Row, UnitUptime
from helpdesk_core.use_cases.figures import DashboardNow, Monthly
from helpdesk_http.dialects import ENVELOPE


def shown(value: Fraction | None) -> float | None:
    """The value as it is shown."""
    return None if value is None else float(two_decimals(value))


@attrs.frozen(kw_only=True)
class AverageBody:
    """The mean of one of a rule's figures over `count` tickets, null over none."""

    key: str
    label: str
    unit: str
    value: float | None
    count: int

    @classmethod
    def of(cls, average: Average) -> Self:
        """The mean, and what of."""
        figure = average.figure
        return cls(
            key=figure.key,
            label=figure.label,
            unit=figure.unit,
            value=shown(average.value),
            count=average.count,
        )


@attrs.frozen(kw_only=True)
class UnitBody:
    """A unit's uptime in percent of the month so far, null in one that has not begun."""

    kpi_type_id: UUID
    name: str
    uptime: float | None
    is_reached: bool | None

    @classmethod
    def of(cls, unit: UnitUptime) -> Self:
        """The unit, as it fared."""
        return cls(
            kpi_type_id=unit.kpi_type.id,
            name=unit.kpi_type.name,
            uptime=shown(unit.uptime),
            is_reached=unit.is_reached,
        )


@attrs.frozen(kw_only=True)
class RowBody:
    """What the tickets of a KPI type in a department came to.

    `tickets` count, `leftOut` were dated on a day off. Of those that count `pending` are not
    decided yet, and of the `scored` ones `passed` had nothing against them. `value` is held against
    `threshold`, both in the rule's own unit. Null where there is nothing to judge.
    """

    department_id: UUID
    department: str
    kpi_type_id: UUID
    name: str
    sub_group: str | None
    rule_type: str
    score: float | None
    colour: Colour | None
    passes: bool | None
    value: float | None
    threshold: float | None
    tickets: int
    left_out: int
    pending: int
    scored: int
    passed: int
    averages: Sequence[AverageBody]
    units: Sequence[UnitBody]

    @classmethod
    def of(cls, row: Row) -> Self:
        """The row as it stands."""
        tally, verdict = row.tally, row.verdict
        return cls(
            department_id=row.department.id,
            department=row.department.name,
            kpi_type_id=row.kpi_type.id,
            name=row.kpi_type.name,
            sub_group=row.kpi_type.sub_group,
            rule_type=row.kpi_type.rule,
            score=shown(row.score),
            colour=row.colour,
            passes=verdict.passes,
            value=shown(verdict.value),
            threshold=shown(verdict.threshold),
            tickets=tally.tickets,
            left_out=tally.left_out,
            pending=tally.pending,
            scored=tally.scored,
            passed=tally.passed,
            averages=[AverageBody.of(average) for average in row.averages],
            units=[UnitBody.of(unit) for unit in row.units],
        )


@attrs.frozen(kw_only=True)
class GroupReportBody:
    """A KPI group in a department; its score is the average of its rows'."""

    id: UUID
    name: str
    score: float | None
    colour: Colour | None
    rows: Sequence[RowBody]

    @classmethod
    def of(cls, report: GroupReport) -> Self:
        """The group, with its rows in the order of the directory."""
        return cls(
            id=report.group.id,
            name=report.group.name,
            score=shown(report.score),
            colour=report.colour,
            rows=[RowBody.of(row) for row in report.rows],
        )


@attrs.frozen(kw_only=True)
class DepartmentReportBody:
    """A department; its score is the average of its groups'."""

    id: UUID
    name: str
    abbreviation: str
    score: float | None
    colour: Colour | None
    groups: Sequence[GroupReportBody]

    @classmethod
    def of(cls, report: DepartmentReport) -> Self:
        """The department, with its groups by name."""
        return cls(
            id=report.department.id,
            name=report.department.name,
            abbreviation=report.department.abbreviation,
            score=shown(report.score),
            colour=report.colour,
            groups=[GroupReportBody.of(group) for group in report.groups],
        )


@attrs.frozen(kw_only=True)
class CountryReportBody:
    """A country; its score is the average of its departments', null for who may not see it."""

    id: UUID
    name: str
    abbreviation: str
    score: float | None
    colour: Colour | None
    departments: Sequence[DepartmentReportBody]

    @classmethod
    def of(cls, report: CountryReport) -> Self:
        """The country, with its departments by name."""
        return cls(
            id=report.country.id,
            name=report.country.name,
            abbreviation=report.country.abbreviation,
            score=shown(report.score),
            colour=report.colour,
            departments=[DepartmentReportBody.of(it) for it in report.departments],
        )


@attrs.frozen(kw_only=True)
class MonthlyBody:
    """A month's report as it stood at `asOf`; `score` is the average of all countries'.

    While `isWhole` is false, tickets from before there were figures are still being counted.
    """

    success: bool = True
    month: str
    as_of: datetime
    is_whole: bool
    score: float | None
    colour: Colour | None
    countries: Sequence[CountryReportBody]

    @classmethod
    def of(cls, monthly: Monthly) -> Self:
        """The report, with its countries by name."""
        report = monthly.report
        return cls(
            month=str(report.month),
            as_of=monthly.at,
            is_whole=monthly.is_whole,
            score=shown(report.score),
            colour=report.colour,
            countries=[CountryReportBody.of(country) for country in report.countries],
        )


@attrs.frozen(kw_only=True)
class TileBody:
    """A country's score this month, and in the month before."""

    id: UUID
    name: str
    abbreviation: str
    score: float | None
    colour: Colour | None
    previous: float | None

    @classmethod
    def of(cls, tile: CountryTile) -> Self:
        """The country's."""
        return cls(
            id=tile.country.id,
            name=tile.country.name,
            abbreviation=tile.country.abbreviation,
            score=shown(tile.score),
            colour=tile.colour,
            previous=shown(tile.previous),
        )


@attrs.frozen(kw_only=True)
class PointBody:
    """A score of a month, null where there is none."""

    month: str
    score: float | None
    colour: Colour | None

    @classmethod
    def of(cls, point: Point) -> Self:
        """The month's."""
        return cls(month=str(point.month), score=shown(point.score), colour=point.colour)


@attrs.frozen(kw_only=True)
class TrendBody:
    """A country's score month by month, the oldest first; of the whole desk where it is null."""

    country_id: UUID | None
    country: str | None
    points: Sequence[PointBody]

    @classmethod
    def of(cls, trend: Trend) -> Self:
        """The country's, or the desk's."""
        country = trend.country
        return cls(
            country_id=country.id if country else None,
            country=country.name if country else None,
            points=[PointBody.of(point) for point in trend.points],
        )


@attrs.frozen(kw_only=True)
class UnitLineBody:
    """A unit of a department, and its uptime this month in percent."""

    department_id: UUID
    department: str
    kpi_type_id: UUID
    name: str
    uptime: float | None
    is_reached: bool | None

    @classmethod
    def of(cls, line: UnitLine) -> Self:
        """The unit's."""
        return cls(
            department_id=line.department.id,
            department=line.department.name,
            **attrs.asdict(UnitBody.of(line.unit)),
        )


@attrs.frozen(kw_only=True)
class DashboardBody:
    """What management looks at first, as it stood at `asOf`.

    `uptime` is the share of units that reached their uptime, in percent, month by month; `units`
    are this month's, the worst first; `watchList` has the rows that do not pass, the worst first.
    `isWhole` as in a month's report.
    """

    success: bool = True
    month: str
    as_of: datetime
    is_whole: bool
    countries: Sequence[TileBody]
    trends: Sequence[TrendBody]
    uptime: Sequence[PointBody]
    units: Sequence[UnitLineBody]
    watch_list: Sequence[RowBody]

    @classmethod
    def of(cls, now: DashboardNow) -> Self:
        """The dashboard."""
        board = now.dashboard
        return cls(
            month=str(board.month),
            as_of=now.at,
            is_whole=now.is_whole,
            countries=[TileBody.of(tile) for tile in board.countries],
            trends=[TrendBody.of(trend) for trend in board.trends],
            uptime=[PointBody.of(point) for point in board.uptime],
            units=[UnitLineBody.of(line) for line in board.units],
            watch_list=[RowBody.of(row) for row in board.watch_list],
        )


def monthly_json(monthly: Monthly) -> bytes:
    """The report as the API answers it."""
    return ENVELOPE.written(MonthlyBody.of(monthly))


def dashboard_json(now: DashboardNow) -> bytes:
    """The dashboard as the API answers it."""
    return ENVELOPE.written(DashboardBody.of(now))
