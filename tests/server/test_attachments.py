"""Files in a real server: whole, in little memory, and still there after it was killed."""

import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import attrs
import pytest

from helpdesk_sql import upgrade
from tests.server.conftest import PATIENCE, Running, Start, plain_environ

MIB = 1024 * 1024
CASE = {
    "name": "John Doe",
    "email": "john@example.com",
    "subject": "See the log",
    "message": "It is attached",
}


@pytest.fixture
def token(database: str) -> str:
    """An agent's token for an empty desk."""
    upgrade(database)
    environ = {**plain_environ(), "HELPDESK_DATABASE_URL": database}
    words = ["token", "create", "--email", "agent@example.com", "--role", "agent"]
    made = subprocess.run(
        [sys.executable, "-m", "helpdesk_server", *words],
        env=environ,
        capture_output=True,
        check=True,
        text=True,
        timeout=PATIENCE,
    )
    return made.stdout.strip()


@attrs.frozen
class Case:
    """A case of a running server."""

    server: Running
    token: str
    number: str

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = self.server.connect()
        try:
            headers = {"Authorization": f"Bearer {self.token}"}
            room = f"/api/internal/support/case/{self.number}/attachments"
            connection.request(method, room + path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def upload(self, body: bytes) -> tuple[int, str]:
        """Send a file; answers with the status and the file's id."""
        status, said = self.ask("POST", "?name=server.log", body)
        return status, said.partition(b'"id":"')[2][:36].decode()

    def download(self, attachment_id: str) -> tuple[int, bytes]:
        return self.ask("GET", f"/{attachment_id}")


def opened(server: Running, token: str) -> Case:
    return Case(server, token, server.ask("POST", "/api/support/case", CASE).json["caseNumber"])


def peak(server: Running) -> int:
    """Bytes of the server that were in memory at most."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_a_file_of_nine_megabytes_comes_back_byte_for_byte_in_little_memory(
    start: Start, token: str
) -> None:
    case = opened(start("serve"), token)
    _ = case.download(case.upload(b"small")[1])
    before, body = peak(case.server), secrets.token_bytes(9 * MIB)

    status, attachment_id = case.upload(body)
    fetched = case.download(attachment_id)

    assert (200, (200, True)) == (status, (fetched[0], fetched[1] == body))
    assert peak(case.server) - before < 6 * MIB


def test_ten_long_files_at_once_come_and_go_in_little_memory(start: Start, token: str) -> None:
    server = start("serve")
    cases = [opened(server, token) for _ in range(5)]
    before, body = peak(server), secrets.token_bytes(9 * MIB)

    with ThreadPoolExecutor(10) as threads:
        uploads = [*threads.map(partial(Case.upload, body=body), [*cases, *cases])]
        downloads = threads.map(Case.download, [*cases, *cases], [it for _, it in uploads])
        fetched = [it == (200, body) for it in downloads]

    assert [200] * 10 == [status for status, _ in uploads]
    assert [True] * 10 == fetched
    assert peak(server) - before < 20 * MIB


def test_what_was_answered_is_kept_when_the_server_is_killed(start: Start, token: str) -> None:
    first = opened(start("serve"), token)
    body = secrets.token_bytes(3 * MIB)
    _, attachment_id = first.upload(body)
    first.server.kill()

    assert (200, body) == attrs.evolve(first, server=start("serve")).download(attachment_id)


def test_a_file_that_is_too_large_is_refused_in_shape_before_it_is_sent(
    start: Start, token: str
) -> None:
    case = opened(start("serve"), token)
    connection = case.server.connect()
    room = f"/api/internal/support/case/{case.number}/attachments?name=a.log"
    connection.putrequest("POST", room)
    connection.putheader("Content-Length", str(10 * MIB + 1))
    connection.endheaders()
    reply = connection.getresponse()
    said = reply.read()
    connection.close()

    assert (
        413,
        b'{"success":false,"error":"The file is too large","code":"TOO_LARGE","details":{}}',
    ) == (reply.status, said)
