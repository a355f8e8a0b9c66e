"""The dashboard: this month beside the last, six months of trend, uptime, and what to look at."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

import attrs

from helpdesk_core.directory import Country, Department
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.report import CountryReport, MonthlyReport, Scored
from helpdesk_core.kpi.roll_up import average
from helpdesk_core.kpi.rows import Row, UnitUptime
from helpdesk_core.text import fold

MONTHS_SHOWN: Final = 6
"""Months of a trend, the present one among them."""


@attrs.frozen(kw_only=True)
class CountryTile(Scored):
    """A country's score this month, and in the month before."""

    country: Country
    previous: Fraction | None


@attrs.frozen(kw_only=True)
class Point(Scored):
    """A score of a month."""

    month: Month


@attrs.frozen(kw_only=True)
class Trend:
    """A score over the months, the oldest first; without a country it is the desk's."""

    country: Country | None
    points: tuple[Point, ...]


@attrs.frozen(kw_only=True)
class UnitLine:
    """A unit's uptime this month."""

    department: Department
    unit: UnitUptime


@attrs.frozen(kw_only=True)
class Dashboard:
    """What management looks at first.

    `uptime` is the share of units that reached their uptime, month by month, and `units` those of
    this month, the worst first. `watch_list` has this month's rows that do not pass, the worst
    first.
    """

    month: Month
    countries: tuple[CountryTile, ...]
    trends: tuple[Trend, ...]
    uptime: tuple[Point, ...]
    units: tuple[UnitLine, ...]
    watch_list: tuple[Row, ...]


def months_until(month: Month, number: int = MONTHS_SHOWN) -> tuple[Month, ...]:
    """So many months, of which this one is the last."""
    return tuple(month.plus(passed) for passed in range(1 - number, 1))


def dashboard(reports: Sequence[MonthlyReport]) -> Dashboard:
    """The dashboard of the last of these months, which follow one another; one at least.

    The reports are those that the viewer may see.
    """
    present = reports[-1]
    return Dashboard(
        month=present.month,
        countries=tuple(_tiles(reports)),
        trends=tuple(_trends(reports)),
        uptime=tuple(Point(month=it.month, score=share_of_units(it.rows)) for it in reports),
        units=tuple(_units(present)),
        watch_list=watch_list(present.rows),
    )


def watch_list(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that do not pass, by score from the lowest, then as they come."""
    failed = (row for row in rows if row.verdict.passes is False)
    return tuple(sorted(failed, key=lambda row: row.score or 0))


def share_of_units(rows: Iterable[Row]) -> Fraction | None:
    """The share, in percent, of all units that reached their uptime, each of them once a row."""
    known = (unit.is_reached for row in rows for unit in row.units)
    return average(Fraction(100 * it) for it in known if it is not None)


def _tiles(reports: Sequence[MonthlyReport]) -> Iterator[CountryTile]:
    before = {it.country.id: it.score for report in reports[-2:-1] for it in report.countries}
    for it in reports[-1].countries:
        yield CountryTile(country=it.country, score=it.score, previous=before.get(it.country.id))


def _trends(reports: Sequence[MonthlyReport]) -> Iterator[Trend]:
    yield Trend(country=None, points=tuple(_point(it.month, it) for it in reports))
    for shown in reports[-1].countries:
        yield Trend(
            country=shown.country,
            points=tuple(_point(it.month, _of_country(it, shown.country)) for it in reports),
        )


def _of_country(report: MonthlyReport, country: Country) -> CountryReport | None:
    return next((it for it in report.countries if it.country.id == country.id), None)


def _point(month: Month, scored: Scored | None) -> Point:
    return Point(month=month, score=scored.score if scored else None)


def _units(report: MonthlyReport) -> Iterator[UnitLine]:
    lines = (
        UnitLine(department=row.department, unit=unit)
        for row in report.rows
        for unit in row.units
        if unit.uptime is not None
    )
    yield from sorted(lines, key=_worst)


def _worst(line: UnitLine) -> tuple[Fraction, str]:
    return line.unit.uptime or Fraction(), fold(line.department.name)
