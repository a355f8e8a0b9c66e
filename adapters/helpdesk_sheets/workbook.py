"""A workbook in the format of Office Open XML, as bytes.

Text is written as text: it is never a formula, a link or a number, whatever it looks like.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from xlsxwriter import Workbook

from helpdesk_core.kpi.sheets import Cell, Table

LONGEST_CELL: Final = 32_767
"""Characters that a cell holds; text is cut there."""
_LONGEST_NAME: Final = 31
_WIDEST: Final = 40
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(tables: Iterable[Table], *, created: datetime) -> bytes:
    """A workbook with a sheet for each table, made at an aware instant; the same, to the byte."""
    written = io.BytesIO()
    with Workbook(written, _OPTIONS) as book:
        book.set_properties({"created": created.replace(tzinfo=None)})
        heading = book.add_format({"bold": True})
        decimals = book.add_format({"num_format": "0.00"})
        for table in tables:
            sheet = book.add_worksheet(table.name[:_LONGEST_NAME])
            _write(sheet, table, heading, decimals)
    return written.getvalue()


def _write(sheet: Any, table: Table, heading: Any, decimals: Any) -> None:  # noqa: ANN401
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, heading)
        sheet.set_column(column, column, _width(table, column))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, decimals)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, decimals: Any) -> None:  # noqa: ANN401
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_CELL])
    elif isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell), decimals)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _width(table: Table, column: int) -> int:
    shown = (str(row[column]) for row in table.rows if row[column] is not None)
    return min(max(map(len, (table.columns[column], *shown))) + 2, _WIDEST)
