"""Figures as CSV: what is read back is what was written, and nothing in it is a formula."""

import csv
import io
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.report import monthly_report
from helpdesk_core.kpi.sheets import Table, csv_text, guarded, report_tables
from helpdesk_core.kpi.tally import POINTS, Sum, Tally
from helpdesk_core.kpi.units import MonthSums, Unit
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.testing.directories import INCIDENT, REPORT, SUPPORT

MARKS = "=+-@"
nasty = st.sampled_from(" \t\r\n\x00;,'\"=+-@\uff1d\ufeff\u200bab1")
texts = st.text(nasty, max_size=12) | st.text()
cells = st.none() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | texts


def begins_a_formula(text: str) -> bool:
    """True when a sheet that skips what cannot be seen might find a formula, or begins a cell."""
    seen = unicodedata.normalize("NFKC", text).lstrip("".join(map(chr, range(33))) + "\u200b\ufeff")
    return seen[:1] in set(MARKS) or text[:1] in {"\t", "\r", "\n", "\x00"}


@given(texts)
def test_guarded_text_begins_no_formula(text: str) -> None:
    assert not begins_a_formula(guarded(text))


@given(texts, st.sampled_from(";\t\r\n"))
def test_no_part_of_it_does_where_another_locale_ends_a_cell(text: str, end: str) -> None:
    _, *parts = guarded(text).split(end)

    assert not any(part[:1] in set(MARKS) for part in parts)


@given(st.text(st.characters(categories=["L", "N"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert text == guarded(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\ufeff-1", "'\ufeff-1"),
        ("\uff1d1", "'\uff1d1"),
        ("\tx", "'\tx"),
        ("a;=1", "a;'=1"),
        ("a-b", "a-b"),
    ],
)
def test_what_a_sheet_might_compute_is_guarded(text: str, safe: str) -> None:
    assert safe == guarded(text)


@given(st.lists(st.lists(cells, min_size=2, max_size=2).map(tuple), max_size=4))
def test_csv_reads_back(rows: list[tuple[str | int | Decimal | None, ...]]) -> None:
    table = Table(name="It", columns=("One", "Two"), rows=tuple(rows))
    read = list(csv.reader(io.StringIO(csv_text(table), newline="")))

    assert read[1:] == [
        ["" if it is None else guarded(it) if isinstance(it, str) else str(it) for it in row]
        for row in rows
    ]


def test_the_report_has_a_line_for_each_row() -> None:
    tally = Tally(
        tickets=3,
        pending=1,
        scored=2,
        passed=1,
        points=150 * POINTS,
        figures=(Sum(10 * 60_000, 2), Sum(100 * 60_000, 1)),
    )
    sums = MonthSums(tallies={Unit(SUPPORT, INCIDENT): tally})
    found = monthly_report(
        Month(2026, 5), sums, a_directory(), now=datetime(2026, 7, 1, tzinfo=UTC)
    )
    rows, _ = report_tables(found)
    (line,) = [row for row in rows.rows if row[7] == 3]
    directory = a_directory()

    assert line == (
        "2026-05",
        "Indonesia",
        directory.departments[SUPPORT].name,
        "Incidents",
        None,
        directory.kpi_types[INCIDENT].name,
        "rr",
        3,
        0,
        1,
        2,
        1,
        Decimal("75.00"),
        "red",
        Decimal("75.00"),
        Decimal("95.00"),
        "fail",
        "Response 5.00 minutes; Resolution 100.00 minutes",
    )


def test_scores_are_listed_from_the_whole_to_its_parts() -> None:
    found = monthly_report(
        Month(2026, 5), MonthSums(), a_directory(), now=datetime(2026, 7, 1, tzinfo=UTC)
    )
    _, scores = report_tables(found)

    assert (None, None, None) == scores.rows[0][1:4]


def test_a_time_of_day_is_shown_as_one() -> None:
    tally = Tally(tickets=2, scored=2, points=200 * POINTS, figures=(Sum((990 + 991) * 60, 2),))
    sums = MonthSums(tallies={Unit(SUPPORT, REPORT): tally})
    found = monthly_report(
        Month(2026, 5), sums, a_directory(), now=datetime(2026, 7, 1, tzinfo=UTC)
    )
    rows, _ = report_tables(found)

    assert "Submitted at 16:30" in {row[-1] for row in rows.rows}
