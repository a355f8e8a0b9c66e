"""The rows of a monthly report: each unit's sums, judged by the rule of its KPI type."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from uuid import UUID

import attrs

from helpdesk_core.directory import Department, Directory, KpiType, in_order
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import uptime
from helpdesk_core.kpi.roll_up import Colour, colour_of
from helpdesk_core.kpi.rules import Figure, Judgement, Rule, Rules
from helpdesk_core.kpi.tally import NOTHING, Tally
from helpdesk_core.kpi.units import MonthSums, Unit, tells_of_outages, zone_of
from helpdesk_core.kpi.uptime import reached, tally_of_units


@attrs.frozen(kw_only=True)
class Average:
    """The mean of one of a rule's figures, in its unit, over `count` tickets; None over none."""

    figure: Figure
    value: Fraction | None
    count: int


@attrs.frozen(kw_only=True)
class UnitUptime:
    """A unit's uptime in percent of the month, as far as it has passed, and whether it is enough.

    None of a month that has not begun.
    """

    kpi_type: KpiType
    uptime: Fraction | None
    is_reached: bool | None


@attrs.frozen(kw_only=True)
class Row:
    """What the tickets of one KPI type in one department came to in a month.

    `units` are those that a calculated one is calculated from. A rule that the desk does not have
    judges nothing.
    """

    month: Month
    department: Department
    kpi_type: KpiType
    rule: Rule | None
    tally: Tally
    verdict: Judgement
    units: tuple[UnitUptime, ...] = ()

    @property
    def score(self) -> Fraction | None:
        """In percent, 0 to 100; None where there is nothing to score."""
        return self.verdict.score

    @property
    def colour(self) -> Colour | None:
        """Of the score."""
        return colour_of(self.score)

    @property
    def averages(self) -> tuple[Average, ...]:
        """The mean of each of the rule's figures."""
        return tuple(_averages(self.rule.figures, self.tally)) if self.rule else ()

    @property
    def kpi_type_ids(self) -> tuple[UUID, ...]:
        """Those whose tickets are behind it, in its month and its department."""
        if self.kpi_type.is_calculated:
            return tuple(unit.kpi_type.id for unit in self.units)
        return (self.kpi_type.id,)


@attrs.frozen(kw_only=True)
class Desk:
    """What rows are made from: the sums of a month, and the directory and the rules of today."""

    month: Month
    sums: MonthSums
    directory: Directory
    rules: Rules
    now: datetime

    @cached_property
    def kpi_types(self) -> Mapping[UUID, Sequence[KpiType]]:
        """By department: those that are mapped to it and those it has figures of, in order."""
        found: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for unit in self.sums.tallies:
            found[unit.department_id].add(unit.kpi_type_id)
        for kpi_type in self.directory.kpi_types.values():
            for department_id in kpi_type.department_ids:
                found[department_id].add(kpi_type.id)
        held = self.directory.kpi_types
        return {key: in_order(held[each] for each in ids) for key, ids in found.items()}


def rows_of(department: Department, desk: Desk) -> Iterator[Row]:
    """A row for each KPI type of the department, and for each that it has figures of.

    By display order, name, id.
    """
    for kpi_type in desk.kpi_types.get(department.id, ()):
        make = _calculated if kpi_type.is_calculated else _row
        yield make(department, kpi_type, desk)


def _row(department: Department, kpi_type: KpiType, desk: Desk) -> Row:
    tally = desk.sums.tallies.get(Unit(department.id, kpi_type.id), NOTHING)
    return _judged(department, kpi_type, tally, desk)


def _calculated(department: Department, kpi_type: KpiType, desk: Desk) -> Row:
    units = tuple(unit_uptimes(department, kpi_type, desk))
    known = (unit.uptime for unit in units if unit.uptime is not None)
    tally = tally_of_units(known, kpi_type.parameters)
    return attrs.evolve(_judged(department, kpi_type, tally, desk), units=units)


def unit_uptimes(department: Department, kpi_type: KpiType, desk: Desk) -> Iterator[UnitUptime]:
    """The uptime of each unit of a department, held against the parameters of a KPI type."""
    since, until = desk.month.span(zone_of(department, desk.directory))
    for watched in desk.kpi_types[department.id]:
        if not tells_of_outages(watched, department, desk.directory):
            continue
        outages = desk.sums.outages.get(Unit(department.id, watched.id), ())
        share = uptime(outages, since, min(until, desk.now))
        is_reached = None if share is None else reached(share, kpi_type.parameters)
        yield UnitUptime(kpi_type=watched, uptime=share, is_reached=is_reached)


def _judged(department: Department, kpi_type: KpiType, tally: Tally, desk: Desk) -> Row:
    rule = desk.rules.get(kpi_type.rule)
    return Row(
        month=desk.month,
        department=department,
        kpi_type=kpi_type,
        rule=rule,
        tally=tally,
        verdict=rule.judge(tally, kpi_type.parameters) if rule else Judgement(),
    )


def _averages(figures: Sequence[Figure], tally: Tally) -> Iterator[Average]:
    for place, figure in enumerate(figures):
        total, count = tally.figure(place).total, tally.figure(place).count
        value = Fraction(total, count * figure.parts) if count else None
        yield Average(figure=figure, value=value, count=count)
