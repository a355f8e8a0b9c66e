"""`helpdesk calendar`: what operators ask of a calendar, and days off from outside."""

import json
import os
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from helpdesk_server.commands.all import helpdesk

CALENDARS = """
[[calendars]]
key = "jakarta"
name = "Jakarta office"
zone = "Asia/Jakarta"

[calendars.windows]
monday = ["08:00-12:00", "13:00-17:00"]
friday = ["08:00-12:00", "13:00-17:00"]

[[calendars.holidays]]
on = 2027-12-31
name = "Stock-taking"

[[calendars]]
key = "always"
name = "Round the clock"
zone = "UTC"
windows = [{ days = ["monday"], hours = ["00:00-24:00"] }]
"""
DRILL = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Drill\r\nDTSTART:20260522T130000\r\n"
    "DURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Ask(Protocol):
    """Runs `helpdesk calendar` with these words, over a directory with two calendars."""

    def __call__(self, *words: str) -> Result: ...


@pytest.fixture
def ask(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)
    environ = {"HELPDESK_DATABASE_URL": database}
    file = tmp_path / "calendars.toml"
    file.write_text(CALENDARS)
    CliRunner().invoke(helpdesk, ["migrate"], env=environ)
    loaded = CliRunner().invoke(helpdesk, ["directory", "load", str(file)], env=environ)
    assert loaded.exit_code == 0, loaded.output

    def command(*words: str) -> Result:
        return CliRunner().invoke(helpdesk, ["calendar", *words], env=environ)

    return command


def test_calendars_are_listed_by_key_with_their_versions(ask: Ask) -> None:
    shown = [line.split()[:2] for line in ask("show").stdout.splitlines()]

    assert shown == [["always", "UTC"], ["jakarta", "Asia/Jakarta"]]


def test_a_calendar_is_shown_with_its_hours_and_days_off(ask: Ask) -> None:
    shown = ask("show", "JAKARTA").stdout

    assert "monday     08:00-12:00  13:00-17:00\ntuesday    -\n" in shown
    assert "off  2027-12-31  Stock-taking\n" in shown


def test_a_calendar_is_told_as_json(ask: Ask) -> None:
    [told] = json.loads(ask("show", "jakarta", "--json").stdout)["calendars"]

    assert told["windows"][0] == {"day": "monday", "hours": "08:00-12:00"}
    assert told["holidays"] == [
        {"on": "2027-12-31", "name": "Stock-taking", "yearly": False, "hours": "00:00-24:00"}
    ]


@pytest.mark.parametrize("start", ["2026-05-22T12:05", "2026-05-22T05:05Z"])
def test_what_is_due_is_told_on_the_calendars_wall(ask: Ask, start: str) -> None:
    assert ask("due", "jakarta", start, "2h").stdout == "2026-05-22 15:00:00+07:00\n"


def test_what_is_due_is_told_as_json_in_utc(ask: Ask) -> None:
    told = json.loads(ask("due", "jakarta", "2026-05-22T12:05", "2h", "--json").stdout)

    assert (told["start"], told["due"]) == ("2026-05-22T05:05:00.000Z", "2026-05-22T08:00:00.000Z")


def test_working_time_between_two_times_is_told_in_hours(ask: Ask) -> None:
    assert ask("between", "jakarta", "2026-05-18", "2026-06-18").stdout == "72:00:00\n"


def test_working_time_is_told_as_json_in_seconds(ask: Ask) -> None:
    told = ask("between", "jakarta", "2026-05-22T12:05", "2026-05-22T15:00", "--json").stdout

    assert json.loads(told)["seconds"] == 7200


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("show", "nowhere"), "There is no calendar 'nowhere' in the directory"),
        (("due", "jakarta", "soon", "2h"), "'soon' is no date or time"),
        (("between", "jakarta", "2026-05-22", "2026-05-32"), "'2026-05-32' is no date or time"),
        (("holidays", "XX", "2026"), "no holidays are known of the country 'XX'"),
        (("holidays", "ID", "2026", "--into", "nowhere"), "There is no calendar 'nowhere'"),
    ],
)
def test_what_cannot_be_told_is_refused_in_one_line(
    ask: Ask, words: tuple[str, ...], refusal: str
) -> None:
    result = ask(*words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"helpdesk: {refusal}")


def test_national_holidays_are_printed_and_kept_nowhere(ask: Ask) -> None:
    printed = ask("holidays", "id", "2026", "--language", "en_US").stdout

    assert "2026-08-17  Independence Day\n" in printed
    assert "Independence" not in ask("show", "jakarta").stdout


def test_national_holidays_tell_their_estimates_as_json(ask: Ask) -> None:
    told = json.loads(ask("holidays", "ID", "2031", "--language", "en_US", "--json").stdout)

    estimated = {day["name"]: day["estimated"] for day in told["holidays"]}
    assert estimated["Eid al-Fitr (estimated)"]
    assert not estimated["Independence Day"]


def test_national_holidays_are_brought_into_a_calendar_beside_its_own(ask: Ask) -> None:
    brought = ask("holidays", "ID", "2026", "--into", "jakarta")
    shown = ask("show", "jakarta").stdout

    assert "added 2026-08-17  Hari Kemerdekaan Republik Indonesia\n" in brought.stdout
    assert "off  2026-08-17  Hari Kemerdekaan Republik Indonesia\n" in shown
    assert "off  2027-12-31  Stock-taking\n" in shown


def test_bringing_them_again_changes_nothing(ask: Ask) -> None:
    _ = ask("holidays", "ID", "2026", "--into", "jakarta")

    assert ask("holidays", "ID", "2026", "--into", "jakarta").stdout == "nothing changed\n"


def test_a_date_that_is_known_takes_the_place_of_its_estimate(ask: Ask, tmp_path: Path) -> None:
    guess = tmp_path / "guess.ics"
    name = "Hari Raya Idul Fitri (perkiraan)"
    event = DRILL.replace("Drill", name).replace(":20260522T130000", ";VALUE=DATE:20260319")
    guess.write_text(event.replace("DURATION:PT1H\r\n", ""))
    _ = ask("import", str(guess), "--into", "jakarta")

    brought = ask("holidays", "ID", "2026", "--into", "jakarta").stdout

    assert f"removed 2026-03-19  {name}\n" in brought
    assert "added 2026-03-21  Hari Raya Idul Fitri\n" in brought


def test_days_off_are_brought_from_a_file_on_the_calendars_wall(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "drill.ics"
    file.write_text(DRILL)

    told = json.loads(ask("import", str(file), "--into", "jakarta", "--json").stdout)

    assert told["removed"] == []
    assert told["added"] == [
        {"on": "2026-05-22", "name": "Drill", "yearly": False, "hours": "13:00-14:00"}
    ]


def test_a_file_that_is_none_is_refused_and_nothing_is_changed(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "none.ics"
    file.write_text("Drill on Friday")

    result = ask("import", str(file), "--into", "jakarta")

    assert (result.exit_code, result.stderr) == (
        1,
        f"helpdesk: {file}: the file is no iCalendar file\n",
    )


def test_days_off_that_would_close_every_day_are_refused(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "always.ics"
    every_day = "RRULE:FREQ=YEARLY\r\nEND:VEVENT"
    days = "".join(
        f"BEGIN:VEVENT\r\nSUMMARY:Off\r\nDTSTART;VALUE=DATE:2000{month:02}{day:02}\r\n{every_day}\r\n"
        for month in range(1, 13)
        for day in range(1, 32)
        if day <= (29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31)
    )
    file.write_text(f"BEGIN:VCALENDAR\r\n{days}END:VCALENDAR\r\n")

    result = ask("import", str(file), "--into", "jakarta")

    assert result.exit_code == 1
    assert "is closed every day of every year" in result.stderr
