"""`helpdesk sla`: swept, explained, replayed and re-pinned from the command line."""

import json
import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from helpdesk_core.kinds import EventKind
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.testing.builders import a_case, a_case_ticket, a_change, an_event, an_id
from helpdesk_core.testing.stores import put
from helpdesk_core.tickets import Event
from helpdesk_server.commands.all import helpdesk
from helpdesk_sql import open_store, upgrade

OPENED = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
CASE = a_case_ticket(
    submitted_at=OPENED,
    ticket_date=OPENED,
    last_activity_at=OPENED,
    next_due_at=OPENED,
    case=a_case(
        urgency=Urgency.HIGH,
        customer_type=CustomerType.BUSINESS,
        response_due_at=OPENED + timedelta(hours=4),
        resolution_due_at=OPENED + timedelta(hours=48),
    ),
)


class Run(Protocol):
    def __call__(self, *words: str) -> Result: ...


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands on a desk with a case of before, opened thirty hours ago."""
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)
    upgrade(database)
    with closing(open_store(database)) as store:
        put(store, a_change(CASE, an_event(at=OPENED)))

    def command(*words: str) -> Result:
        done = CliRunner().invoke(
            helpdesk, ("sla", *words), env={"HELPDESK_DATABASE_URL": database}
        )
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done

    return command


def history(database: str) -> tuple[Event, ...]:
    with closing(open_store(database)) as store, store.begin() as uow:
        return uow.history(CASE.id)


def test_a_sweep_finds_what_became_true_once(run: Run, database: str) -> None:
    assert json.loads(run("sweep", "--json").stdout) == {"found": 2, "failed": 0}
    assert run("sweep").stdout == "0 warnings and breaches found, 0 tickets failed\n"
    assert [it.at - OPENED for it in history(database) if it.kind is EventKind.BREACHED] == [
        timedelta(hours=4)
    ]


@pytest.mark.parametrize("named", [str(CASE.id), CASE.case.number if CASE.case else ""])
def test_a_ticket_is_explained_in_words(run: Run, named: str) -> None:
    told = run("explain", named).stdout.splitlines()

    assert told[0].startswith(f"ticket {CASE.id}, OPEN, held to BUSINESS HIGH (")
    assert told[2] == "first response: 4 h by the clock, breached"
    assert f"due {OPENED + timedelta(hours=4):%a %Y-%m-%d %H:%M}" in told[4]


def test_a_ticket_is_explained_as_the_api_does(run: Run) -> None:
    told = json.loads(run("explain", "--json", str(CASE.id)).stdout)

    assert (told["ticketId"], told["policy"]["name"]) == (str(CASE.id), "BUSINESS HIGH")
    assert [each["metric"] for each in told["promises"]] == ["firstResponse", "resolution"]


def test_an_unknown_ticket_is_said_to_be_unknown(run: Run) -> None:
    done = run("explain", str(an_id(9)))

    assert (done.exit_code, done.stderr) == (1, "helpdesk: Ticket not found\n")


IN_TEN_MINUTES = """
[[policies]]
key = "cases"
name = "Cases"
door = "support"
targets = [{ metric = "resolution", amount = "10m" }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "new.toml"
    _ = file.write_text(IN_TEN_MINUTES)
    return file


def test_a_replay_tells_every_verdict_that_differs_and_the_sums(run: Run, file: Path) -> None:
    told = run("replay", "--policy", str(file)).stdout.splitlines()

    assert told[0].startswith("CW-2026-0000001000  none -> ")
    assert told[1].startswith("  resolution: pending (due ")
    assert told[2:] == [
        "1 tickets, 1 with another verdict",
        "first response: 0.00 % met, would be 0.00 %",
        "resolution: - met, would be 0.00 %",
    ]


def test_a_replay_is_told_as_json(run: Run, file: Path) -> None:
    told = json.loads(run("replay", "--json", "--policy", str(file)).stdout)

    (ticket,) = told["tickets"]
    assert (ticket["ticketId"], ticket["turns"][0]["after"]["verdict"]) == (
        str(CASE.id),
        "breached",
    )
    assert (told["seen"], told["changed"]) == (1, 1)
    assert told["replayed"]["resolution"] == {
        "pending": 0,
        "met": 0,
        "breached": 1,
        "dropped": 0,
        "percent": 0.0,
    }


def test_a_replay_of_a_span_without_tickets_is_told_as_well(run: Run, file: Path) -> None:
    told = json.loads(run("replay", "--json", "--policy", str(file), "--to", "2020-01-01").stdout)

    assert told == {"tickets": [], "seen": 0, "changed": 0, "real": {}, "replayed": {}}


def test_re_pinning_wants_to_be_meant(run: Run) -> None:
    done = run("repin")

    assert done.exit_code == 1
    assert "--preview" in done.stderr


def test_re_pinning_is_previewed_and_done_once(run: Run, database: str) -> None:
    preview = json.loads(run("repin", "--preview", "--json").stdout)
    assert [it["pin"] for it in preview["tickets"]] == [None]
    assert len(history(database)) == 1

    done = json.loads(run("repin", "--yes", "--json").stdout)
    assert [it["ticketId"] for it in done["tickets"]] == [str(CASE.id)]
    assert history(database)[-1].kind is EventKind.REPINNED
    assert json.loads(run("repin", "--yes", "--json").stdout)["seen"] == 0
