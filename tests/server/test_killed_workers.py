"""Workers that are killed (kill -9) between a claim and its mark: no notice is lost, few repeat."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_core.ports import NoticeState
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.stores import stocked
from helpdesk_sql import SqlStore, open_store, upgrade
from tests.server.conftest import plain_environ

DYING_WORKER = Path(__file__).with_name("dying_worker.py")
TIMES = int(os.environ.get("HELPDESK_TEST_KILLS", "3"))
"""Kills at each point; `nox -s delivery` asks for many more."""
AT_MOST = 60 + 10 * TIMES  # seconds

UNSEEN = ("before the claim", "after the claim", "before the sink took it", "after it is marked")
SEEN = ("after the sink took it", "before it is marked")
"""Points at which the far side has a notice, and the outbox does not know it."""


@pytest.fixture(params=["sqlite_url", "fresh_postgres_url"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty desk, in the one database and in the other."""
    url: str = request.getfixturevalue(request.param)
    upgrade(url)
    return url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url, pool_size=2)
    stocked(opened)
    yield opened
    opened.close()


def killed(act: str, url: str, sink: Path, *points: str) -> int:
    """How many processes were killed there."""
    done = subprocess.run(
        [sys.executable, str(DYING_WORKER), act, url, str(sink), str(TIMES), *points],
        check=True,
        capture_output=True,
        text=True,
        timeout=AT_MOST,
        env=plain_environ(),
    )
    return int(done.stdout)


def taken(sink: Path) -> Counter[str]:
    """How often the sink took each id."""
    return Counter(sink.read_text().split() if sink.exists() else [])


def queue(store: SqlStore, notices: int) -> set[str]:
    """Queue so many notices, each of a ticket of its own."""
    for number in range(1, notices + 1):
        notice = a_notice(number, ticket_id=an_id(number))
        with store.begin() as uow:
            uow.save(a_change(a_ticket(number)), (notice,))
            uow.commit()
    return {str(an_id(number)) for number in range(1, notices + 1)}


def test_killed_where_the_far_side_knows_nothing_every_notice_is_taken_once(
    store: SqlStore, url: str, tmp_path: Path
) -> None:
    kills, sink = TIMES * len(UNSEEN), tmp_path / "taken"
    queued = queue(store, kills + 1)

    assert kills == killed("deliver", url, sink, *UNSEEN)

    assert dict.fromkeys(queued, 1) == taken(sink)
    assert len(queued) == store.outbox.counts()[NoticeState.SENT]


def test_killed_where_only_the_far_side_knows_each_kill_repeats_at_most_one_with_its_id(
    store: SqlStore, url: str, tmp_path: Path
) -> None:
    kills, sink = TIMES * len(SEEN), tmp_path / "taken"
    queued = queue(store, kills + 1)

    assert kills == killed("deliver", url, sink, *SEEN)

    found = taken(sink)
    assert queued == found.keys()
    assert len(queued) < found.total() <= len(queued) + kills
    assert len(queued) == store.outbox.counts()[NoticeState.SENT]


def test_there_is_a_notice_for_each_ticket_that_is_there_and_for_no_other(
    store: SqlStore, url: str, tmp_path: Path
) -> None:
    points = ("before the commit", "after the commit")

    assert 2 * TIMES == killed("submit", url, tmp_path / "taken", *points)

    with store.begin() as uow:
        found = [uow.ticket(an_id(number)) is not None for number in range(1, 2 * TIMES + 1)]
    assert [False] * TIMES + [True] * TIMES == found
    assert TIMES == store.outbox.counts()[NoticeState.QUEUED]
