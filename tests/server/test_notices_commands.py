"""`helpdesk notices`: the table that is in force, and a notice's words before anybody gets them."""

import json
import os
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from helpdesk_core.routing import CONTRACT_ROUTING
from helpdesk_server.commands.all import helpdesk
from tests.server.conftest import SAMPLE_FILE

NO_WORD_OF_RESOLVED = """
[[notices]]
door = "support"
event = "resolved"
audience = "customer"
channel = "mail"
send = false
"""


class Run(Protocol):
    def __call__(self, *words: str, **settings: str) -> Result: ...


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)

    def command(*words: str, **settings: str) -> Result:
        given = {"DATABASE_URL": database, **settings}
        environ = {f"HELPDESK_{name}": it for name, it in given.items()}
        return CliRunner().invoke(helpdesk, ("notices", *words), env=environ)

    return command


def cells(result: Result) -> set[tuple[str, ...]]:
    return {
        tuple(it[name] for name in ("door", "event", "audience", "channel"))
        for it in json.loads(result.stdout)
    }


def test_the_table_is_the_contract_s(run: Run) -> None:
    expected = {
        (door.value, event.value, route.audience.value, route.channel.value)
        for door, routes in CONTRACT_ROUTING.items()
        for event, told in routes.items()
        for route in told
    }

    assert expected == cells(run("show", "--json"))


def test_the_table_says_for_whom_alone_a_route_is(run: Run) -> None:
    shown = run("show").stdout.splitlines()

    assert ["DOOR", "EVENT", "AUDIENCE", "CHANNEL", "ONLY", "FOR"] == shown[0].split()
    assert ["support", "submitted", "staff", "sms", "CRITICAL", "HIGH"] in [
        line.split() for line in shown
    ]


def test_what_the_directory_says_is_in_the_table(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(SAMPLE_FILE.read_text() + NO_WORD_OF_RESOLVED)
    environ = {"HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path}/desk.sqlite3"}
    loaded = CliRunner().invoke(helpdesk, ("directory", "load", str(file)), env=environ)

    assert 0 == loaded.exit_code, loaded.stderr
    assert ("support", "resolved", "customer", "mail") not in cells(run("show", "--json"))


def test_a_mail_is_previewed_whole(run: Run) -> None:
    result = run("preview", "submitted", "--language", "en")

    assert (0, "") == (result.exit_code, result.stderr)
    assert result.stdout.startswith("Mail:\nTo: somebody@example.com\nSubject: ")
    assert "CW-2026-7QK4M2" in result.stdout


def test_a_customer_s_mail_is_previewed_without_a_stranger_s_words(run: Run) -> None:
    assert "Budi Santoso" not in run("preview", "submitted").stdout


def test_each_language_has_its_words(run: Run) -> None:
    said = {run("preview", "submitted", "--language", it).stdout for it in ("en", "id")}

    assert 2 == len(said)


def test_without_a_language_it_is_the_desk_s(run: Run) -> None:
    asked = run("preview", "submitted", "--language", "id").stdout

    assert asked == run("preview", "submitted", LANGUAGE="id").stdout


def test_the_html_part_is_previewed_alone(run: Run) -> None:
    shown = run("preview", "submitted", "--html").stdout

    assert "<html" in shown
    assert "Subject:" not in shown


def test_a_text_message_is_previewed(run: Run) -> None:
    result = run("preview", "escalated", "--audience", "staff", "--channel", "sms")

    heading, recipient, text = result.stdout.splitlines()
    assert ("Text message:", "To: +62215550100") == (heading, recipient)
    assert 0 < len(text) <= 160


def test_a_webhook_is_previewed(run: Run) -> None:
    shown = run("preview", "assigned", "--audience", "systems", "--channel", "webhook")

    assert "case.assigned" == json.loads(shown.stdout.splitlines()[2])["type"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "helpdesk: 'nonsense' is not an event; there are: submitted, "),
        (("noted",), "helpdesk: no customer is ever told of noted"),
        (("submitted", "--channel", "sms"), "helpdesk: customer cannot be reached by sms"),
        (("submitted", "--audience", "cats"), "helpdesk: 'cats' is not an audience; there are: "),
    ],
)
def test_what_never_is_cannot_be_previewed(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run("preview", *words)

    assert (1, "") == (result.exit_code, result.stdout)
    assert result.stderr.startswith(said)
    assert 1 == len(result.stderr.splitlines())


def test_a_template_that_fails_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "layout.txt").write_text("{{ nonsense }}")

    result = run("preview", "submitted", TEMPLATES=str(tmp_path))

    assert 1 == result.exit_code
    assert result.stderr.startswith("helpdesk: cannot be written: UndefinedError: ")


@pytest.mark.usefixtures("run")
def test_wrong_templates_end_the_start_with_a_line_each(database: str, tmp_path: Path) -> None:
    (tmp_path / "layout.txt").write_text("{{ nonsense }} {{ folly }}")
    environ = {"HELPDESK_DATABASE_URL": database, "HELPDESK_TEMPLATES": str(tmp_path)}

    result = CliRunner().invoke(helpdesk, ("serve", "--port", "0"), env=environ)

    assert 2 == result.exit_code
    assert {"folly", "nonsense"} == {line.split()[4][:-1] for line in result.stderr.splitlines()}


def looked(run_doctor: Result) -> dict[str, tuple[bool, str]]:
    found = json.loads(run_doctor.stdout)["findings"]
    return {it["about"]: (it["ok"], it["said"]) for it in found}


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("settings", "about", "is_well", "said"),
    [
        ({}, "mailboxes", True, "set HELPDESK_STAFF_MAIL: without it nobody is told of a case"),
        ({"STAFF_MAIL": "s@example.com"}, "mailboxes", True, "set HELPDESK_MANAGEMENT_MAIL: "),
        ({}, "templates", True, "every notice has its words"),
        ({}, "text messages", True, "none is sent: HELPDESK_SMS_URL is not set"),
        ({"SMS_URL": "http://10.0.0.1/send"}, "text messages", True, "10.0.0.1 is asked with POST"),
        ({"SMS_URL": "http://10.0.0.1/", "SMS_BODY": "{}"}, "text messages", False, "HELPDESK_SMS"),
        ({}, "webhooks", True, "no system is told"),
        (
            {"WEBHOOK_URLS": "crm=https://crm.example.com/hook"},
            "webhooks",
            False,
            "HELPDESK_WEBHOOK_SECRET: an endpoint needs a secret",
        ),
    ],
)
def test_the_doctor_says_what_notices_need(
    database: str, settings: dict[str, str], about: str, said: str, *, is_well: bool
) -> None:
    environ = {
        f"HELPDESK_{name}": it for name, it in {**settings, "DATABASE_URL": database}.items()
    }

    found = looked(CliRunner().invoke(helpdesk, ("doctor", "--json"), env=environ))

    assert is_well == found[about][0]
    assert found[about][1].startswith(said)


@pytest.mark.usefixtures("run")
def test_the_doctor_finds_every_fault_of_the_templates(database: str, tmp_path: Path) -> None:
    (tmp_path / "layout.txt").write_text("{{ nonsense }} {{ folly }}")
    environ = {"HELPDESK_DATABASE_URL": database, "HELPDESK_TEMPLATES": str(tmp_path)}

    is_well, said = looked(CliRunner().invoke(helpdesk, ("doctor", "--json"), env=environ))[
        "templates"
    ]

    assert not is_well
    assert ("nonsense" in said, "folly" in said) == (True, True)
