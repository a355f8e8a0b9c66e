"""Real processes: what was acknowledged survives, and nothing that hangs outside hangs us."""

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from helpdesk_core.ports import NoticeState
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_server.sample import directory_document
from helpdesk_server.settings import from_environ
from helpdesk_server.wiring import plug
from helpdesk_sql import open_store, upgrade
from tests.server.conftest import MailServer, Running, Start, comes_true

LONG = "10"  # seconds; more than a test waits for a mail that hangs


@pytest.fixture
def desk(database: str) -> str:
    """The address of a database that holds the sample directory and no ticket."""
    upgrade(database)
    opened = plug(from_environ({"HELPDESK_DATABASE_URL": database}))
    load_directory(opened.ports, directory_document())
    opened.close()
    return database


def a_submission(running: Running) -> dict[str, Any]:
    """What a stranger may send to the desk, with an agent chosen."""
    options = running.ask("GET", "/api/intake/options").json
    department = options["departments"][0]
    return {
        "deptId": department["id"],
        "kpiTypeId": options["kpiTypesByDept"][department["id"]][0]["id"],
        "userId": department["users"][0]["id"],
        "ticketDate": "2026-05-22T05:05:00.000Z",
        "description": "The printer is on fire",
        "createdByName": "Ana",
        "createdByEmail": "ana@example.com",
    }


def notices(database: str) -> Mapping[NoticeState, int]:
    store = open_store(database)
    try:
        return store.outbox.counts()
    finally:
        store.close()


def test_what_was_answered_201_survives_a_kill_and_its_mail_goes_out_once(
    start: Start, desk: str, mail_server: MailServer
) -> None:
    first = start("serve")
    body = a_submission(first)
    submitted = first.ask("POST", "/api/intake", body)
    first.kill()

    second = start("serve", SMTP_URL=mail_server.url)
    found = second.ask("GET", f"/api/intake/status/{submitted.json['id']}")
    assert comes_true(lambda: notices(desk)[NoticeState.SENT] == 1)
    code = second.terminate()

    assert (201, 200, "The printer is on fire", 0) == (
        submitted.status,
        found.status,
        found.json["description"],
        code,
    )
    assert [f"<ticket.{submitted.json['id']}@localhost.localdomain>"] == [
        mail["References"].strip() for mail in mail_server.sink.mails
    ]


@pytest.mark.usefixtures("desk")
def test_a_mail_that_is_taken_in_time_is_told_as_sent(
    start: Start, mail_server: MailServer
) -> None:
    server = start("serve", SMTP_URL=mail_server.url, MAIL_WAIT=LONG)

    reply = server.ask("POST", "/api/intake", a_submission(server))

    assert (201, {"status": "sent"}) == (reply.status, reply.json["assignmentEmail"])
    assert 1 == len(mail_server.sink.mails)


def test_sigterm_lets_the_request_in_flight_finish_though_its_mail_hangs(
    start: Start, desk: str, hanging_mail_server: str
) -> None:
    server = start("serve", SMTP_URL=hanging_mail_server, MAIL_WAIT="1")
    body = a_submission(server)

    with ThreadPoolExecutor() as pool:
        answer = pool.submit(server.ask, "POST", "/api/intake", body)
        assert comes_true(lambda: notices(desk)[NoticeState.QUEUED] == 1)
        code = server.terminate()
    reply = answer.result()

    assert (0, 201, "skipped", "The mail is queued and will be sent shortly") == (
        code,
        reply.status,
        reply.json["assignmentEmail"]["status"],
        reply.json["assignmentEmail"]["reason"],
    )
    assert 1 == notices(desk)[NoticeState.QUEUED]


def test_a_worker_delivers_what_a_server_without_mail_left(
    start: Start, desk: str, mail_server: MailServer
) -> None:
    server = start("serve")
    server.ask("POST", "/api/intake", a_submission(server))

    worker = start("worker", SMTP_URL=mail_server.url)
    delivered = comes_true(lambda: len(mail_server.sink.mails) == 1)
    code = worker.terminate()

    assert (True, 0, 1) == (delivered, code, notices(desk)[NoticeState.SENT])


def test_nobody_who_reads_no_log_freezes_the_server(start: Start) -> None:
    server = start("serve", stderr=subprocess.PIPE, LOG_FORMAT="json")
    connection = server.connect()

    answers = 0
    for _ in range(800):  # some 140 kB of log into a pipe that holds 64
        connection.request("GET", "/nowhere")
        reply = connection.getresponse()
        reply.read()
        answers += reply.status == 404
    connection.close()

    assert (800, 0) == (answers, server.terminate())


@pytest.mark.usefixtures("desk")
def test_each_request_is_one_line_of_log_that_names_nobody(start: Start) -> None:
    server = start("serve", stderr=subprocess.PIPE, LOG_FORMAT="json")
    server.ask("GET", "/api/intake/lookup?q=ana@example.com")
    server.ask("POST", "/api/intake", a_submission(server))
    server.terminate()

    assert server.process.stderr
    said = server.process.stderr.read().decode()
    lines = [json.loads(line) for line in said.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [
        ("GET", "/api/intake/lookup", 200),
        ("GET", "/api/intake/options", 200),
        ("POST", "/api/intake", 201),
    ] == [(line["method"], line["route"], line["status"]) for line in requests]
    assert all(line["ms"] >= 0 and line["request_id"] for line in requests)
    assert ("example.com" in said, "fire" in said, "127.0.0.1" in said) == (False, False, False)
