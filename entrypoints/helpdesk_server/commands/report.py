"""`helpdesk report`: the figures of the desk, and whether they are what they must be."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

import click

from helpdesk_core.kpi.cells import Cell
from helpdesk_core.kpi.roll_up import two_decimals
from helpdesk_core.kpi.sheets import csv_text, report_tables
from helpdesk_core.people import OPERATOR
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.figures import (
    DashboardNow,
    Monthly,
    RawFigures,
    read_dashboard,
    read_monthly,
)
from helpdesk_core.use_cases.recounting import Recount, check_figures, rebuild_figures
from helpdesk_http import dashboard_json, monthly_json
from helpdesk_server.command_line import Refused, print_json, read_settings, say
from helpdesk_server.commands.listing import table
from helpdesk_server.commands.opening import opened
from helpdesk_server.sheets import sheets
from helpdesk_server.wiring import Desk

NOT_WHOLE: Final = "some tickets are not counted yet; `helpdesk report rebuild` counts them now"
TOLD_EVERY: Final = 10_000
"""Tickets after which an operator hears how far it is."""
MOST_NAMED: Final = 50
"""Cells that are named at most."""


@click.group()
def report() -> None:
    """Scores: a month's report, the dashboard, and whether the figures are right."""


@report.command()
@click.argument("month", required=False)
@click.option("--country", help="Only this country, by id, key or name.")
@click.option("--department", help="Only this department, by id, key or name.")
@click.option("--csv", "form", flag_value="csv", help="Print the rows as CSV.")
@click.option("--xlsx", "form", flag_value="xlsx", help="Write a workbook to stdout.")
@click.option("--json", "form", flag_value="json", help="Print the report as JSON.")
def monthly(
    month: str | None, country: str | None, department: str | None, form: str | None
) -> None:
    """Print the report of a MONTH such as 2026-05; of this one unless it is said."""
    raw = RawFigures(month=month, country=country, department=department)
    with quiet_desk() as desk:
        read = read_monthly(desk.ports, raw, OPERATOR)
    if not read.is_whole:
        say(f"warning: {NOT_WHOLE}")
    _FORMS[form](read)


@report.command()
@click.option("--json", "as_json", is_flag=True, help="Print the dashboard as JSON.")
def dashboard(*, as_json: bool) -> None:
    """Print this month beside the last, six months of trend, uptime, and what to look at."""
    with quiet_desk() as desk:
        read = read_dashboard(desk.ports, OPERATOR)
    if not read.is_whole:
        say(f"warning: {NOT_WHOLE}")
    if as_json:
        print_json(json.loads(dashboard_json(read)))
    else:
        click.echo("\n".join(dashboard_lines(read)))


@report.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a figure is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def rebuild(*, check: bool, as_json: bool) -> None:
    """Count every ticket again, and mend the figures where they are wrong.

    Others may work meanwhile: what is compared is the desk as it was at one moment.
    """
    look: Callable[..., Recount] = check_figures if check else rebuild_figures
    with quiet_desk() as desk:
        found = look(desk.ports, tell=tell)
        names = [name_of(cell, desk.ports) for cell in found.cells]
    if as_json:
        print_json(recount_record(found, names))
    else:
        click.echo("\n".join(recount_lines(found, names, is_mended=not check)))
    if check and not found.is_right:
        raise Refused("the figures are not what they must be; `helpdesk report rebuild` mends them")


def quiet_desk() -> AbstractContextManager[Desk]:
    """The desk of the environment's settings."""
    return opened(read_settings())


def tell(looked_at: int) -> None:
    """Say now and then how far it is."""
    if looked_at % TOLD_EVERY == 0:
        say(f"{looked_at} tickets looked at")


def print_csv(read: Monthly) -> None:
    """The rows as CSV, without a byte order mark: whoever pipes it knows what it is."""
    rows, *_ = report_tables(read.report)
    _ = sys.stdout.write(csv_text(rows))


def write_xlsx(read: Monthly) -> None:
    """The workbook, to stdout. Raises Refused on a terminal and without the extra."""
    workbook = sheets()
    if workbook is None:
        raise Refused("a workbook needs the extra: install helpdesk-core[sheets]")
    if sys.stdout.isatty():
        raise Refused("a workbook is no text; write it to a file: --xlsx > report.xlsx")
    _ = sys.stdout.buffer.write(workbook(report_tables(read.report), created=read.at))


def print_rows(read: Monthly) -> None:
    """The rows and what they roll up to, for people."""
    click.echo("\n".join(report_lines(read)))


def report_lines(read: Monthly) -> Iterator[str]:
    """What the rows roll up to, and the rows, each as a table."""
    rows, scores = report_tables(read.report)
    for sheet in (scores, rows):
        records = [dict(zip(sheet.columns, map(_text, row), strict=True)) for row in sheet.rows]
        yield from table(sheet.columns, records)
        yield ""


_FORMS: Final[dict[str | None, Callable[[Monthly], None]]] = {
    "csv": print_csv,
    "xlsx": write_xlsx,
    "json": lambda read: print_json(json.loads(monthly_json(read))),
    None: print_rows,
}


def dashboard_lines(read: DashboardNow) -> Iterator[str]:
    """The dashboard for people."""
    board = read.dashboard
    yield f"{board.month}, as of {read.at:%Y-%m-%d %H:%M} UTC"
    yield ""
    tiles = [
        {
            "country": tile.country.name,
            "score": _percent(tile.score),
            "colour": tile.colour.value if tile.colour else "-",
            "last month": _percent(tile.previous),
        }
        for tile in board.countries
    ]
    yield from table(("country", "score", "colour", "last month"), tiles)
    yield ""
    months = tuple(str(point.month) for point in board.uptime)
    trends = [
        {"trend": trend.country.name if trend.country else "everywhere"}
        | {str(point.month): _percent(point.score) for point in trend.points}
        for trend in board.trends
    ]
    trends.append({"trend": "uptime"} | {str(it.month): _percent(it.score) for it in board.uptime})
    yield from table(("trend", *months), trends)
    yield ""
    watched = [
        {
            "watch": row.kpi_type.name,
            "department": row.department.name,
            "score": _percent(row.score),
            "scored": str(row.tally.scored),
        }
        for row in board.watch_list
    ]
    yield from table(("watch", "department", "score", "scored"), watched)


def recount_record(found: Recount, names: list[str]) -> dict[str, Any]:
    """What was found, as JSON."""
    return {
        "isRight": found.is_right,
        "tickets": found.tickets,
        "uncounted": found.uncounted,
        "miscounted": [str(it.ticket.id) for it in found.miscounted],
        "cells": names,
    }


def recount_lines(found: Recount, names: list[str], *, is_mended: bool) -> Iterator[str]:
    """What was found, for people."""
    yield f"{found.tickets} tickets counted again"
    if found.is_right:
        yield "every figure is right"
        return
    yield f"{found.uncounted} were not counted yet"
    yield f"{len(found.miscounted)} were counted wrongly"
    done = "mended" if is_mended else "wrong"
    yield from (f"{done}: {name}" for name in names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        yield f"and {len(names) - MOST_NAMED} more"


def name_of(cell: Cell, ports: Ports) -> str:
    """The cell by the names of what it is of."""
    with ports.begin() as uow:
        directory = uow.directory()
    department = directory.departments.get(cell.department_id)
    kpi_type = directory.kpi_types.get(cell.kpi_type_id)
    return ", ".join(
        (
            str(cell.month),
            department.name if department else str(cell.department_id),
            kpi_type.name if kpi_type else str(cell.kpi_type_id),
        )
    )


def _percent(score: Any) -> str:  # noqa: ANN401  # a fraction or None
    return "-" if score is None else f"{two_decimals(score)}"


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
