"""A workbook, read back by another library."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell import Cell as ReadCell
from openpyxl.cell import MergedCell

from helpdesk_core.kpi.sheets import Table
from helpdesk_sheets import workbook

NOW = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\ufeff=1",
    "{=1+1}",
    "http://example.com",
    "internal:Sheet1!A1",
    "mailto:a@example.com",
    "1",
    "1e5",
    "nan",
    "",
    "x" * 40_000,
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


def read(*tables: Table) -> Iterator[ReadCell | MergedCell]:
    """All cells under the headings."""
    book = load_workbook(io.BytesIO(workbook(tables, created=NOW)))
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=2):
            yield from row


def column(*cells: str | int | Decimal | None) -> Table:
    return Table(name="It", columns=("One",), rows=tuple((cell,) for cell in cells))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_a_number_or_a_link(text: str) -> None:
    cells = list(read(column(text, "end")))

    assert {("s", None)} >= {(it.data_type, it.hyperlink) for it in cells if it.value is not None}


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5))
def test_text_is_read_back(some: list[str]) -> None:
    assert some == [cell.value for cell in read(column(*some))]


def test_numbers_are_numbers() -> None:
    assert [3, 94.99, None, -0.34] == [
        cell.value for cell in read(column(3, Decimal("94.99"), None, Decimal("-0.34")))
    ]


def test_each_table_is_a_sheet() -> None:
    tables = (column(1), Table(name="Other", columns=("Two",), rows=()))
    book = load_workbook(io.BytesIO(workbook(tables, created=NOW)))

    assert ["It", "Other"] == book.sheetnames


def test_the_same_tables_are_the_same_bytes() -> None:
    assert workbook([column(1)], created=NOW) == workbook([column(1)], created=NOW)
