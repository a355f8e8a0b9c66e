"""What is told of one ticket to one person comes in its order, however often a try fails."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from time import monotonic

import pytest

from helpdesk_core.kinds import EventKind
from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, NoticeState
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_raw_case
from helpdesk_core.use_cases.cases import RawKey, cancel_case, submit_case
from helpdesk_core.use_cases.delivering import deliver_next
from helpdesk_server.delivery import DeliveryThreads
from helpdesk_server.gates import DestinationGate
from helpdesk_server.settings import from_environ
from helpdesk_server.wiring import Desk, plug
from helpdesk_sql import upgrade
from tests.server.conftest import comes_true


class Stumbling:
    """Fails the first time that it is given a notice, and takes it the second time."""

    def __init__(self) -> None:
        self.taken: list[tuple[EventKind, str]] = []
        self._seen: set[object] = set()
        self._lock = Lock()

    def deliver(self, notice: Notice) -> Delivery:
        with self._lock:
            if notice.id not in self._seen:
                self._seen.add(notice.id)
                return Delivery(result=DeliveryResult.FAILED, reason="not now")
            self.taken.append((notice.kind, notice.recipient))
            return Delivery(result=DeliveryResult.SENT)


@pytest.fixture(params=["sqlite_url", "fresh_postgres_url"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk without a channel: whoever wants delivers."""
    url: str = request.getfixturevalue(request.param)
    upgrade(url)
    environ = {"HELPDESK_DATABASE_URL": url, "HELPDESK_STAFF_MAIL": "staff@example.com"}
    opened = plug(from_environ(environ), notifiers={})
    yield opened
    opened.close()


def test_received_comes_before_cancelled_for_each_who_is_told(desk: Desk) -> None:
    opened = submit_case(desk.ports, a_raw_case(email="ana@example.com"))
    assert opened.case
    _ = cancel_case(desk.ports, RawKey(case_number=opened.case.number), "It works again")
    server = Stumbling()
    threads = DeliveryThreads(
        partial(
            deliver_next,
            desk.store.outbox,
            {Channel.MAIL: server},
            DestinationGate(seats=8, clock=monotonic, die=lambda: 0.0),
            now=lambda: datetime.now(UTC),
            wait=lambda _channel, _failed: timedelta(milliseconds=30),
            tell=lambda _notice, _delivery: None,
        ),
        log=logging.getLogger("tests.order"),
        threads=4,
        poll=0.01,
    )

    threads.start()
    sent = comes_true(lambda: desk.store.outbox.counts()[NoticeState.SENT] == 4)
    threads.stop(within=5)

    assert sent
    for recipient in ("ana@example.com", "staff@example.com"):
        assert [EventKind.SUBMITTED, EventKind.CANCELLED] == [
            kind for kind, to in server.taken if to == recipient
        ]
