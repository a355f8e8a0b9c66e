"""`helpdesk simulate`: the same months for the same seed, over the desk's own directory."""

import json
import os
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from helpdesk_server.commands.all import helpdesk
from helpdesk_server.sample import directory_document

HOLIDAY = """
[[calendars]]
key = "jakarta-office"
name = "Closed but for an hour"
zone = "Asia/Jakarta"
windows = { monday = ["08:00-09:00"] }
"""


class Simulate(Protocol):
    """Runs `helpdesk simulate` for May 2026 with these words."""

    def __call__(self, *words: str) -> Result: ...


@pytest.fixture
def simulated(database: str, monkeypatch: pytest.MonkeyPatch) -> Simulate:
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)
    environ = {"HELPDESK_DATABASE_URL": database}
    CliRunner().invoke(helpdesk, ["migrate"], env=environ)

    def command(*words: str) -> Result:
        usual = ["simulate", "--month", "2026-05", "--tickets", "30"]
        return CliRunner().invoke(helpdesk, [*usual, *words], env=environ)

    return command


def test_the_same_seed_prints_the_same_months(simulated: Simulate) -> None:
    assert simulated("--seed", "7").stdout == simulated("--seed", "7").stdout


def test_another_seed_prints_others(simulated: Simulate) -> None:
    assert simulated("--seed", "7").stdout != simulated("--seed", "8").stdout


def test_a_desk_without_departments_is_lent_the_samples(simulated: Simulate) -> None:
    result = simulated()

    assert (result.exit_code, result.stderr) == (
        0,
        "helpdesk: the desk has no departments; these months are the sample's\n",
    )
    assert "Access Request" in result.stdout


def test_the_months_are_told_as_json_with_the_report_of_each(simulated: Simulate) -> None:
    told = json.loads(simulated("--months", "2", "--json").stdout)

    [outcome] = told["outcomes"]
    assert outcome["directory"] == "as it is"
    assert [month["month"] for month in outcome["months"]] == ["2026-05", "2026-06"]
    assert {it["metric"] for it in outcome["promises"]} == {"first response", "resolution"}
    assert {"name", "busyHours", "workingHours"} == set(outcome["agents"][0])


def test_another_directory_file_is_run_beside_the_desks_own(
    simulated: Simulate, tmp_path: Path
) -> None:
    file = tmp_path / "closed.toml"
    file.write_text(HOLIDAY)

    told = json.loads(simulated("--policy", str(file), "--json").stdout)

    own, other = told["outcomes"]
    assert (own["directory"], other["directory"]) == ("as it is", "with closed.toml")
    assert own["months"] != other["months"]


def test_a_file_that_changes_nothing_comes_to_the_same(simulated: Simulate, tmp_path: Path) -> None:
    file = tmp_path / "same.json"
    file.write_text(json.dumps(directory_document(), default=str))

    own, other = json.loads(simulated("--policy", str(file), "--json").stdout)["outcomes"]

    assert {**own, "directory": ""} == {**other, "directory": ""}


@pytest.mark.parametrize("month", ["2026-13", "may", "1969-12", "2201-01"])
def test_what_is_no_month_is_wrong_usage(simulated: Simulate, month: str) -> None:
    result = simulated("--month", month)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "is no month such as 2026-05" in result.stderr
