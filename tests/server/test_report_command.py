"""`helpdesk report`: a month, the dashboard, and the proof of the figures."""

import csv
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from helpdesk_core.people import STRANGER
from helpdesk_core.testing.builders import a_change, a_directory, a_raw_intake, a_ticket
from helpdesk_core.testing.stores import put, stocked
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_server.commands.all import helpdesk
from helpdesk_sql import SqlStore, open_store, upgrade

MAY = "2026-05"


class Run(Protocol):
    def __call__(self, *words: str) -> Result: ...


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A desk of three tickets in May, all of them counted."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    upgrade(url)
    with desk_at(url) as store:
        stocked(store)
        for _ in range(3):
            _ = submit_ticket(
                ports_over(store, new_id=uuid4), a_raw_intake(a_directory()), STRANGER
            )
    return url


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)
    environ = {
        "HELPDESK_DATABASE_URL": url,
        "HELPDESK_FILES_URL": f"file://{tmp_path / 'files'}",
    }

    def command(*words: str) -> Result:
        return CliRunner().invoke(helpdesk, ("report", *words), env=environ)

    return command


@contextmanager
def desk_at(url: str) -> Iterator[SqlStore]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


def tamper(url: str, statement: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        _ = connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_month_is_printed_as_the_api_answers_it(run: Run) -> None:
    report = json.loads(run("monthly", MAY, "--json").stdout)

    assert (MAY, True, ["Germany", "Indonesia"]) == (
        report["month"],
        report["isWhole"],
        [country["name"] for country in report["countries"]],
    )


def test_a_month_is_printed_as_csv(run: Run) -> None:
    rows = csv.DictReader(
        io.StringIO(run("monthly", MAY, "--department", "support", "--csv").stdout)
    )

    assert [("Support", "Incident", "3")] == [
        (row["Department"], row["KPI type"], row["Tickets"])
        for row in rows
        if row["Tickets"] != "0"
    ]


def test_a_month_is_written_as_a_workbook(run: Run) -> None:
    book = load_workbook(io.BytesIO(run("monthly", MAY, "--xlsx").stdout_bytes))

    assert ["Rows", "Scores"] == book.sheetnames


def test_a_month_is_printed_for_people(run: Run) -> None:
    assert "Incident" in run("monthly", MAY).stdout


def test_the_dashboard_is_printed_for_people(run: Run) -> None:
    assert "last month" in run("dashboard").stdout


def test_the_dashboard_is_printed_as_the_api_answers_it(run: Run) -> None:
    assert 6 == len(json.loads(run("dashboard", "--json").stdout)["uptime"])


@pytest.mark.parametrize("words", [("2026-13",), (MAY, "--country", "nowhere")])
def test_what_makes_no_sense_is_refused(run: Run, words: tuple[str, ...]) -> None:
    assert 1 == run("monthly", *words).exit_code


def test_figures_that_are_right_pass_the_check(run: Run) -> None:
    checked = run("rebuild", "--check")

    assert (0, "3 tickets counted again\nevery figure is right\n") == (
        checked.exit_code,
        checked.stdout,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tallies SET tickets = tickets + 1",
        "DELETE FROM tallies",
        "UPDATE tickets SET counted_as = '1 0 0 1 1 5'",
        "UPDATE tickets SET counted_in = 0, counted_as = NULL",
        "UPDATE tickets SET counted_in = counted_in + 1",
    ],
)
def test_figures_that_somebody_changed_are_found_named_and_mended(
    run: Run, url: str, statement: str
) -> None:
    tamper(url, statement)
    checked = run("rebuild", "--check")
    still = run("rebuild", "--check")
    mended = run("rebuild")

    assert (1, 1, 0) == (checked.exit_code, still.exit_code, mended.exit_code)
    assert f"wrong: {MAY}, Support, Incident" in checked.stdout
    assert f"mended: {MAY}, Support, Incident" in mended.stdout
    assert 0 == run("rebuild", "--check").exit_code


def test_a_desk_that_was_not_counted_yet_says_so_and_is_counted(run: Run, url: str) -> None:
    with desk_at(url) as store:
        put(store, a_change(a_ticket(9000)))
    before = run("monthly", MAY, "--json")
    _ = run("rebuild")
    after = run("monthly", MAY, "--json")

    assert "not counted yet" in before.stderr
    assert [False, True] == [json.loads(it.stdout)["isWhole"] for it in (before, after)]
    assert [3, 4] == [_tickets(it) for it in (before, after)]


def _tickets(result: Result) -> int:
    return sum(
        row["tickets"]
        for country in json.loads(result.stdout)["countries"]
        for department in country["departments"]
        for group in department["groups"]
        for row in group["rows"]
        if row["ruleType"] == "rr"
    )
