"""Workers that are killed at named points, again and again; and some that are killed in a commit.

    python dying_worker.py deliver DATABASE_URL SINK TIMES POINT [POINT ...]
    python dying_worker.py submit DATABASE_URL SINK TIMES POINT [POINT ...]

`deliver` forks workers, one after another: TIMES of them kill themselves (SIGKILL) when they come
to the first point, as many at the next; the last worker delivers what is left. `submit` forks
workers that save a ticket with its notice and kill themselves before or after the commit. Prints
how many were killed. The sink is a file: a line for each notice that it took, its id, written in
one piece.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import random
from time import monotonic, sleep
from typing import Final

from helpdesk_core.notices import Notice
from helpdesk_core.ports import (
    Claim,
    Delivery,
    DeliveryResult,
    NoticeState,
    Outbox,
    UnitOfWork,
)
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.delivering import deliver_next
from helpdesk_server.gates import DestinationGate
from helpdesk_sql import open_store

LEASE: Final = timedelta(milliseconds=150)
"""Long for a file that takes a line, and short for a test that waits for it to run out."""

Reach = Callable[[str], None]


class Sink:
    """A far side that keeps what it took, whatever becomes of who gave it."""

    def __init__(self, path: str, reach: Reach) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._reach = reach

    def deliver(self, notice: Notice) -> Delivery:
        self._reach("before the sink took it")
        _ = os.write(self._file, f"{notice.id}\n".encode())
        self._reach("after the sink took it")
        return Delivery(result=DeliveryResult.SENT)


class Leased:
    """An outbox whose leases are short, and the points around its transactions."""

    def __init__(self, outbox: Outbox, reach: Reach) -> None:
        self._outbox = outbox
        self._reach = reach

    def __getattr__(self, name: str) -> object:
        return getattr(self._outbox, name)

    def claim(
        self, *, limit: int, lease: timedelta, without: frozenset[str] = frozenset()
    ) -> tuple[Claim, ...]:
        self._reach("before the claim")
        claims = self._outbox.claim(limit=limit, lease=LEASE, without=without)
        self._reach("after the claim")
        return claims

    def sent(self, claim: Claim) -> bool:
        self._reach("before it is marked")
        marked = self._outbox.sent(claim)
        self._reach("after it is marked")
        return marked


def killing_at(point: str) -> Reach:
    def reach(reached: str) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


def deliver(url: str, sink: str, point: str) -> None:
    """Deliver until nothing is queued."""
    reach = killing_at(point)
    store = open_store(url)
    outbox = Leased(store.outbox, reach)
    gate = DestinationGate(seats=1, clock=monotonic, die=random)
    notifiers = {Channel.MAIL: Sink(sink, reach)}
    while store.outbox.counts()[NoticeState.QUEUED]:
        found = deliver_next(
            outbox,  # type: ignore[arg-type]  # the rest of it is handed on
            notifiers,
            gate,
            now=lambda: datetime.now(UTC),
            wait=lambda _channel, _failed: timedelta(0),
            tell=lambda _notice, _delivery: None,
        )
        if not found:
            sleep(0.01)
    store.close()


def submit(url: str, point: str, number: int) -> None:
    """Save a ticket and its notice, and commit."""
    reach, ticket = killing_at(point), a_ticket(number)
    store = open_store(url)
    with store.begin() as uow:
        save(uow, a_change(ticket), a_notice(number, ticket_id=ticket.id), reach)
    store.close()


def save(uow: UnitOfWork, change: Change, notice: Notice, reach: Reach) -> None:
    uow.save(change, (notice,))
    reach("before the commit")
    uow.commit()
    reach("after the commit")


def was_killed(work: Callable[[], None]) -> bool:
    """Do the work in a process of its own; True when it was killed."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        assert os.waitstatus_to_exitcode(status) == 0
        return False
    assert os.WTERMSIG(status) == signal.SIGKILL
    return True


def main(act: str, url: str, sink: str, times: int, points: list[str]) -> int:
    """How many were killed."""
    killed = 0
    for number, point in enumerate((point for point in points for _ in range(times)), 1):
        if act == "submit":
            killed += was_killed(partial(submit, url, point, number))
        else:
            killed += was_killed(partial(deliver, url, sink, point))
    if act == "deliver":
        assert not was_killed(partial(deliver, url, sink, "nowhere"))
    return killed


if __name__ == "__main__":
    act, url, sink, times, *points = sys.argv[1:]
    print(main(act, url, sink, int(times), points))  # noqa: T201
