"""The sample desk as a visitor meets it: whatever it prints to try works when it is pasted."""

import argparse
import json
import re
import shlex
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from helpdesk_core.ports import NoticeState
from helpdesk_sql import open_store
from tests.server.conftest import MailServer, Running, Start, comes_true

CURL = argparse.ArgumentParser()
CURL.add_argument("-s", action="store_true", required=True)
CURL.add_argument("url")
CURL.add_argument("-H", action="append", default=[])
CURL.add_argument("-d", "--data-binary", dest="body")
CURL.add_argument("-X")
"""What the printed commands use of it."""


def printed_commands(demo: Running) -> list[str]:
    """The curl lines that the demo printed, in their order."""
    return [line for line in demo.said.splitlines() if line.startswith("curl ")]


def run_line(line: str, demo: Running) -> str:
    """What a shell prints for the line; without curl on this machine, what curl would get."""
    if shutil.which("curl"):
        done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=20)
        return done.stdout.decode()
    asked = CURL.parse_args(shlex.split(line)[1:])
    headers = dict(header.split(": ", 1) for header in asked.H)
    method = asked.X or ("GET" if asked.body is None else "POST")
    return demo.send(
        method, asked.url.removeprefix(demo.address), asked.body, headers
    ).body.decode()


def run_command(line: str, demo: Running) -> Any:  # noqa: ANN401  # any JSON value
    """The JSON that comes back."""
    return json.loads(run_line(line, demo))


def the_line(demo: Running, part: str) -> str:
    """The only printed command that has this in it."""
    (line,) = (line for line in printed_commands(demo) if part in line)
    return line


def test_a_demo_on_postgresql_with_a_mail_server_sends_real_mail(
    start: Start, fresh_postgres_url: str, mail_server: MailServer
) -> None:
    demo = start("demo", DATABASE_URL=fresh_postgres_url, SMTP_URL=mail_server.url)

    submitted = run_command(printed_commands(demo)[1], demo)
    code = demo.terminate()

    assert ("sent", 1, 0) == (
        submitted["assignmentEmail"]["status"],
        len(mail_server.sink.mails),
        code,
    )


def test_what_the_demo_prints_to_try_at_the_first_door_works(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    options, submitted, found, status, refused = (
        run_command(line, demo) for line in printed_commands(demo)[:5]
    )
    assert demo.process.stdout
    demo.terminate()
    printed = demo.process.stdout.read().decode()

    assert (4, "ONPROGRESS", "sent", [submitted["id"]]) == (
        len(options["departments"]),
        submitted["status"],
        submitted["assignmentEmail"]["status"],
        [ticket["id"] for ticket in found["tickets"]],
    )
    assert (True, {"error": "Sign in to reply to this ticket."}) == (
        bool(status["firstAgentReplyAt"]),
        refused,
    )
    assert submitted["id"] in printed
    assert 0 == demo.process.returncode


def test_what_the_demo_prints_to_try_as_a_customer_works(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    opened = run_command(the_line(demo, "/api/support/case "), demo)
    followed = run_command(the_line(demo, "/case/status"), demo)
    escalated = run_command(the_line(demo, "/case/escalate"), demo)
    cancelled = run_command(the_line(demo, "/case/cancel"), demo)

    assert [True] * 4 == [it["success"] for it in (opened, followed, escalated, cancelled)]
    assert ("IN_PROGRESS", True) == (followed["case"]["status"], bool(followed["updates"]))
    assert escalated["caseNumber"] != cancelled["caseNumber"]


def test_a_case_that_is_opened_in_the_demo_prints_who_is_told(start: Start, database: str) -> None:
    demo = start("demo")
    opened = run_command(the_line(demo, "/api/support/case "), demo)
    assert comes_true(lambda: told(database) == (4, 0))
    demo.terminate()
    assert demo.process.stdout
    printed = demo.process.stdout.read().decode()

    assert ["+6565550100", "maya@bakery.example", "staff@example.com", "terminal"] == sorted(
        re.findall(r"^  \| To: (.*)$", printed, re.MULTILINE)
    )
    assert (2, 1, 1) == tuple(
        printed.count(f"{what}:\n") for what in ("Mail", "Text message", "Webhook")
    )
    assert 4 <= printed.count(opened["caseNumber"])


def told(database: str) -> tuple[int, int]:
    """How many notices went out, and how many still wait."""
    with closing(open_store(database)) as store:
        counts = store.outbox.counts()
    return counts[NoticeState.SENT], counts[NoticeState.QUEUED]


def test_what_the_demo_prints_to_try_as_staff_works(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    queue = run_command(the_line(demo, "/cases?"), demo)
    case, updated, uploaded, assigned, tickets = (
        run_command(line, demo)
        for line in printed_commands(demo)
        if "Bearer" in line and not any(part in line for part in LOOKED_AT_APART)
    )

    assert [True] * 5 == [it["success"] for it in (queue, case, updated, uploaded, assigned)]
    assert (5, {"OPEN"}) == (len(queue["cases"]), {it["status"] for it in queue["cases"]})
    assert case["case"]["caseNumber"] == updated["caseNumber"]
    assert ("seen.txt", 12) == (uploaded["attachment"]["name"], uploaded["attachment"]["size"])
    assert assigned["assignedTo"]
    assert {"intake", "support"} == {it["door"] for it in tickets["tickets"]}


LOOKED_AT_APART = ("/cases?", "/metrics", "/sla", "/performance", "/audit")


def test_what_the_demo_prints_to_read_of_promises_and_figures_works(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    promises = run_command(the_line(demo, "/sla"), demo)
    dashboard = run_command(the_line(demo, "/dashboard"), demo)
    table = run_line(the_line(demo, "/monthly.csv"), demo)
    trail = run_command(the_line(demo, "/audit"), demo)

    assert ["firstResponse", "resolution"] == [it["metric"] for it in promises["promises"]]
    assert (True, 6) == (dashboard["isWhole"], len(dashboard["trends"][0]["points"]))
    assert table.splitlines()[0].removeprefix("\ufeff").startswith('"Month","Country"')
    assert 5 == len(trail["records"])


def test_a_demo_does_not_begin_by_telling_of_a_past_that_nobody_lived(
    start: Start, database: str
) -> None:
    demo = start("demo")
    _ = run_command(printed_commands(demo)[1], demo)
    assert comes_true(lambda: told(database)[0] > 0)

    assert not {"warned", "breached"} & kinds_told(database)


def kinds_told(database: str) -> set[str]:
    """Of what kind everything is that the desk tells."""
    with closing(open_store(database)) as store:
        return {it.notice.kind.value for it in store.outbox.recent(limit=1000)}


def test_what_the_demo_prints_to_ask_of_the_desk_itself_works(start: Start) -> None:
    demo = start("demo", DATABASE_URL="")
    health = run_command(the_line(demo, "/health"), demo)
    ready = run_command(the_line(demo, "/ready"), demo)
    figures = run_line(the_line(demo, "/metrics"), demo)
    described = run_command(the_line(demo, "/openapi.json"), demo)
    (page,) = re.findall("open (http.*/docs)\n", demo.said)

    assert ("healthy", True) == (health["status"], ready["ready"])
    assert 'helpdesk_requests_total{method="GET",route="/health",status="200"} 1.0' in figures
    assert "3.1.0" == described["openapi"]
    assert 200 == demo.send("GET", page.removeprefix(demo.address), None, {}).status


def test_the_demo_s_token_is_kept_nowhere(start: Start, tmp_path: Path) -> None:
    demo = start("demo")
    (token,) = set(re.findall(r"hd_[0-9A-Za-z_-]{43}", demo.said))
    demo.terminate()

    assert f"An admin's token, good for a day: {token}\n" in demo.said
    kept = [found.read_bytes() for found in tmp_path.rglob("*") if found.is_file()]
    assert kept
    assert not any(token.encode() in each for each in kept)


def test_a_demo_that_counts_its_cases_prints_commands_that_work(start: Start) -> None:
    demo = start("demo", CASE_NUMBERS="sequential", CASE_PREFIX="TRY")
    opened = run_command(the_line(demo, "/api/support/case "), demo)
    followed = run_command(the_line(demo, "/case/status"), demo)

    assert re.fullmatch(r"TRY-20[0-9]{2}-[0-9]{3}", opened["caseNumber"])
    assert followed["success"]


def test_a_demo_with_a_database_keeps_it_over_restarts(start: Start) -> None:
    first = start("demo")
    submitted = run_command(printed_commands(first)[1], first)
    first.terminate()

    second = start("demo")
    found = run_command(the_line(second, "/lookup?"), second)

    assert [submitted["id"]] == [ticket["id"] for ticket in found["tickets"]]
