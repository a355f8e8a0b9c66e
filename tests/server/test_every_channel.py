"""One case, one process, every channel as its settings say: real mail, real requests."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import attrs
import pytest

from helpdesk_core.use_cases.directory import load_directory
from helpdesk_server.sample import directory_document
from helpdesk_server.settings import from_environ
from helpdesk_server.wiring import plug
from helpdesk_sql import upgrade
from tests.server.conftest import MailServer, Start, comes_true
from tests.server.test_support_processes import CASE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@attrs.frozen
class Asked:
    path: str
    headers: Mapping[str, str]
    body: dict[str, object]


@attrs.frozen
class Sink:
    """A server of HTTP that takes every POST."""

    url: str
    asked: list[Asked]

    def at(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.path == path]


@pytest.fixture
def sink() -> Iterator[Sink]:
    asked: list[Asked] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append(Asked(self.path, headers, json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Sink(f"http://127.0.0.1:{server.server_port}", asked)
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_urgent_case_is_told_by_every_channel(
    start: Start, database: str, mail_server: MailServer, sink: Sink, tmp_path: Path
) -> None:
    upgrade(database)
    desk = plug(from_environ({"HELPDESK_DATABASE_URL": database}))
    load_directory(desk.ports, directory_document())
    desk.close()
    secrets = tmp_path / "secrets"
    secrets.write_text(f"{SECRET}, {SECRET}\n")
    server = start(
        "serve",
        SMTP_URL=mail_server.url,
        STAFF_MAIL="staff@example.com",
        SMS_URL=f"{sink.url}/sms",
        SMS_HEADERS="Authorization: Bearer hunter2",
        WEBHOOK_URLS=f"crm={sink.url}/crm",
        WEBHOOK_SECRET_FILE=str(secrets),
        WEBHOOK_ALLOW_PRIVATE="yes",
    )

    opened = server.ask("POST", "/api/support/case", {**CASE, "urgency": "CRITICAL"})

    assert comes_true(lambda: (len(sink.asked), len(mail_server.sink.mails)) == (2, 2))
    (webhook,), (message,) = sink.at("/crm"), sink.at("/sms")
    number = opened.json["caseNumber"]
    assert ("case.created", 2) == (
        webhook.body["type"],
        len(webhook.headers["webhook-signature"].split()),
    )
    assert ("Bearer hunter2", "+6565550100", message.headers["idempotency-key"]) == (
        message.headers["authorization"],
        message.body["to"],
        message.body["id"],
    )
    assert number in str(message.body["text"])
    assert {"maya@bakery.example", "staff@example.com"} == {
        mail["To"] for mail in mail_server.sink.mails
    }
    assert all(number in mail["Subject"] for mail in mail_server.sink.mails)
