"""`helpdesk sla`: swept, explained, replayed and re-pinned from the command line."""

import json
import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
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
