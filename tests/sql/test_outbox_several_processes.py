"""Many notices and eight workers in four processes: each is delivered once, in its order.

A thousand notices; ten thousand in `nox -s delivery`.
"""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
import sqlalchemy as sa

from helpdesk_core.ports import NoticeState
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.stores import put
from helpdesk_sql import SqlStore
from helpdesk_sql.rows import notice_columns
from helpdesk_sql.tables import outbox

TICKETS: Final = int(os.environ.get("HELPDESK_TEST_NOTICES", "1000")) // 20
RECIPIENTS: Final = 2
EACH: Final = 10
"""Notices of a ticket to a recipient: a line."""
AT_ONCE: Final = 25
LONG: Final = timedelta(minutes=10)

DELIVERS: Final = """
import os, sys, time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from helpdesk_core.errors import Unavailable
from helpdesk_sql import open_store

url, at_once = sys.argv[1], int(sys.argv[2])
outbox = open_store(url, pool_size=2).outbox

def answered(ask, *arguments, **options):
    while True:
        try:
            return ask(*arguments, **options)
        except Unavailable:  # the other writers took too long
            time.sleep(0.01)

def work(_):
    while claims := answered(outbox.claim, limit=at_once, lease=timedelta(minutes=10)):
        for claim in claims:
            said = (time.monotonic_ns(), claim.notice.id.hex.encode(), claim.attempt)
            os.write(1, b"%d %s %d\\n" % said)
            assert answered(outbox.sent, claim)

_ = input()
with ThreadPoolExecutor(2) as threads:
    _ = list(threads.map(work, range(2)))
"""
"""Delivers on two threads until there is nothing; says when it delivered which, at what attempt."""


def fill(desk: SqlStore) -> dict[UUID, tuple[UUID, str]]:
    """The notices, with the line of each."""
    numbers = range(1000, 1000 + TICKETS)
    with desk.begin() as uow:
        for number in numbers:
            uow.save(a_change(a_ticket(number)))
        uow.commit()
    notices = [
        a_notice(
            1_000_000 + place * TICKETS * RECIPIENTS + number * RECIPIENTS + who,
            ticket_id=an_id(number),
            recipient=f"{who}@example.com",
        )
        for place in range(EACH)
        for number in numbers
        for who in range(RECIPIENTS)
    ]
    queued = {
        "state": NoticeState.QUEUED,
        "attempts": 0,
        "due_at": notices[0].created_at,
        "reason": "",
        "is_behind": False,
    }
    with desk.engine.connect() as connection:
        _ = connection.exec_driver_sql("BEGIN")
        rows = [notice_columns(notice) | queued for notice in notices]
        _ = connection.execute(sa.insert(outbox), rows)
        _ = connection.exec_driver_sql("COMMIT")
    return {notice.id: (notice.ticket_id, notice.recipient) for notice in notices}


@contextmanager
def workers(desk: SqlStore, amount: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """So many processes that wait to be told to go."""
    url = desk.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", DELIVERS, url, str(AT_ONCE)]
    with ExitStack() as stack:
        started = []
        for _ in range(amount):
            process = stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            started.append(process)
        yield started


def delivered(desk: SqlStore, processes: int) -> list[tuple[int, UUID, int]]:
    """What they said, in the order of time."""
    with workers(desk, processes) as started:
        for process in started:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate()[0] for process in started]
        assert [0] * processes == [process.returncode for process in started]
    lines = (line.split() for text in said for line in text.splitlines())
    return sorted((int(at), UUID(hex=notice), int(attempt)) for at, notice, attempt in lines)


def test_notices_are_delivered_once_each_in_order(desk: SqlStore) -> None:
    lines = fill(desk)
    said = delivered(desk, 4)
    while some := delivered(desk, 1):  # what was held when the others went home
        said += some
    in_line: defaultdict[Any, list[UUID]] = defaultdict(list)
    for _, notice_id, _ in said:
        in_line[lines[notice_id]].append(notice_id)

    assert dict.fromkeys(lines, 1) == Counter(notice_id for _, notice_id, _ in said)
    assert [] == [ids for ids in in_line.values() if ids != sorted(ids)]
    assert {1} == {attempt for *_, attempt in said}


@pytest.mark.parametrize("settle", ["sent", "retry", "give_up"])
def test_who_slept_through_the_lease_changes_nothing(desk: SqlStore, settle: str) -> None:
    put(desk, a_change(), notices=(a_notice(),))
    (late,) = desk.outbox.claim(limit=1, lease=timedelta(0))
    (rival,) = desk.outbox.claim(limit=1, lease=LONG)
    before = desk.outbox.standing(late.notice.id)
    told = {
        "sent": lambda: desk.outbox.sent(late),
        "retry": lambda: desk.outbox.retry(late, after=LONG, reason="late"),
        "give_up": lambda: desk.outbox.give_up(late, reason="late"),
    }

    assert not told[settle]()
    assert before == desk.outbox.standing(late.notice.id)
    assert desk.outbox.sent(rival)
