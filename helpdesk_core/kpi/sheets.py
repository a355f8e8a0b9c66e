"""Figures as tables of cells, for sheets and for CSV.

A cell that came from people is text and stays text: no program that opens it may take it for a
formula. In CSV, which knows no kinds, such text is guarded by an apostrophe; a workbook keeps text
as it is and says that it is text.
"""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

import attrs

from helpdesk_core.kpi.report import MonthlyReport, Scored
from helpdesk_core.kpi.roll_up import two_decimals
from helpdesk_core.kpi.rows import Row
from helpdesk_core.kpi.rules import MINUTES_OF_DAY

Cell: TypeAlias = str | int | Decimal | None

# What a sheet takes for a formula begins so, in ASCII and in full width, whatever invisible stands
# before it; and not only at the beginning: another locale ends a cell at a semicolon.
_MARKS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_INVISIBLE: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u1680"
    "\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
)
_FORMULA = re.compile(f"(^(?=[\x00\t\r\n])|(?:^|[;\t\r\n])(?=[{_INVISIBLE}]*[{_MARKS}]))")


@attrs.frozen(kw_only=True)
class Table:
    """A sheet: its name, the names of its columns, and rows of as many cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def report_tables(report: MonthlyReport) -> tuple[Table, ...]:
    """The monthly report: one table of its rows, one of what they roll up to."""
    return _rows_table(report), _scores_table(report)


def csv_text(table: Table) -> str:
    """The table as CSV (RFC 4180), every cell quoted, text guarded."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return written.getvalue()


def guarded(text: str) -> str:
    """The text with an apostrophe before everything that a sheet might take for a formula."""
    return _FORMULA.sub(r"\1'", text)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else str(cell)


_ROW_COLUMNS: Final = (
    "Month",
    "Country",
    "Department",
    "KPI group",
    "Sub-group",
    "KPI type",
    "Rule",
    "Tickets",
    "Left out",
    "Pending",
    "Scored",
    "Passed",
    "Score (%)",
    "Colour",
    "Value",
    "Threshold",
    "Result",
    "Figures",
)


def _rows_table(report: MonthlyReport) -> Table:
    month = str(report.month)
    rows = (
        (month, country.country.name, department.department.name, group.group.name, *_cells(row))
        for country in report.countries
        for department in country.departments
        for group in department.groups
        for row in group.rows
    )
    return Table(name="Rows", columns=_ROW_COLUMNS, rows=tuple(rows))


def _cells(row: Row) -> tuple[Cell, ...]:
    tally, verdict = row.tally, row.verdict
    return (
        row.kpi_type.sub_group,
        row.kpi_type.name,
        row.kpi_type.rule,
        tally.tickets,
        tally.left_out,
        tally.pending,
        tally.scored,
        tally.passed,
        _number(row.score),
        row.colour.value if row.colour else None,
        _number(verdict.value),
        _number(verdict.threshold),
        None if verdict.passes is None else "pass" if verdict.passes else "fail",
        "; ".join(_figures(row)),
    )


def _figures(row: Row) -> Iterator[str]:
    for average in row.averages:
        if average.value is not None:
            yield f"{average.figure.label} {_read(average.value, average.figure.unit)}"


def _read(value: Fraction, unit: str) -> str:
    """The value as people read it: cut to two decimals, or to the minute of a day."""
    if unit == MINUTES_OF_DAY:
        hours, minutes = divmod(int(value), 60)
        return f"{hours:02}:{minutes:02}"
    return f"{two_decimals(value)} {unit}"


def _scores_table(report: MonthlyReport) -> Table:
    columns = ("Month", "Country", "Department", "KPI group", "Score (%)", "Colour")
    rows = ((str(report.month), *names, *_scored(scored)) for names, scored in _scores(report))
    return Table(name="Scores", columns=columns, rows=tuple(rows))


def _scores(report: MonthlyReport) -> Iterator[tuple[tuple[Cell, Cell, Cell], Scored]]:
    """Everything with a score above the rows, each after what it is a part of."""
    yield (None, None, None), report
    for country in report.countries:
        yield (country.country.name, None, None), country
        for department in country.departments:
            names = country.country.name, department.department.name
            yield (*names, None), department
            for group in department.groups:
                yield (*names, group.group.name), group


def _scored(scored: Scored) -> tuple[Cell, Cell]:
    return _number(scored.score), scored.colour.value if scored.colour else None


def _number(value: Fraction | None) -> Decimal | None:
    return None if value is None else two_decimals(value)
