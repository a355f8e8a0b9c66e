"""The delivery threads over a desk in memory, and a mail server that behaves as it is told."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Lock, current_thread
from time import monotonic, sleep

import pytest

from helpdesk_core.errors import Unavailable
from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, NoticeState
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import NOW, a_change, a_directory, a_notice, a_ticket
from helpdesk_core.use_cases.delivering import deliver_next
from helpdesk_memory import MemoryDesk
from helpdesk_server.delivery import DeliveryThreads
from helpdesk_server.gates import DestinationGate

PATIENCE = 10.0  # seconds until a test has failed
RARELY = 60.0  # seconds between polls, so that only a nudge wakes
OFTEN = 0.005  # seconds between polls


class MailServer:
    """Takes every mail, but for one recipient it hangs on until the gate opens."""

    def __init__(self, *, hangs_on: str = "") -> None:
        self.taken: list[str] = []
        self.hanging = Event()
        self.gate = Event()
        self._hangs_on = hangs_on

    def deliver(self, notice: Notice) -> Delivery:
        if notice.recipient == self._hangs_on:
            self.hanging.set()
            assert self.gate.wait(PATIENCE)
        self.taken.append(notice.recipient)
        return Delivery(result=DeliveryResult.SENT)


class Post:
    """A desk in memory, a mail server, and the threads between them."""

    def __init__(self, server: MailServer | None = None, *, threads: int = 2) -> None:
        self.desk = MemoryDesk(NOW)
        with self.desk.ports.begin() as uow:
            uow.save_directory(a_directory())
            uow.commit()
        self.server = server or MailServer()
        self.told: list[DeliveryResult] = []
        self.deliver_one = partial(
            deliver_next,
            self.desk.outbox,
            {Channel.MAIL: self.server},
            DestinationGate(seats=2 * threads, clock=monotonic, die=lambda: 0.0),
            now=self.desk.clock,
            wait=lambda _channel, _failed: timedelta(minutes=1),
            tell=lambda _, delivery: self.told.append(delivery.result),
        )
        self.threads = self.threads_polling(RARELY, threads)

    def threads_polling(self, poll: float, threads: int = 2) -> DeliveryThreads:
        log = logging.getLogger("tests.delivery")
        return DeliveryThreads(self.deliver_one, log=log, threads=threads, poll=poll)

    def queue(self, number: int, recipient: str) -> None:
        notice = a_notice(number, recipient=recipient)
        with self.desk.ports.begin() as uow:
            uow.save(a_change(a_ticket(number)), (notice,))
            uow.commit()

    def sent(self) -> int:
        return self.desk.outbox.counts()[NoticeState.SENT]


def comes_true(fact: Callable[[], bool]) -> bool:
    """Whether it is so before patience ends."""
    deadline = monotonic() + PATIENCE
    while not fact() and monotonic() < deadline:
        sleep(0.002)
    return fact()


def test_a_nudge_sends_what_waits() -> None:
    post = Post()
    post.threads.start()

    post.queue(1, "ann@example.com")
    post.threads.nudge()

    assert comes_true(lambda: post.sent() == 1 and post.told == [DeliveryResult.SENT])
    assert post.threads.stop(within=PATIENCE)


def test_what_waits_at_the_start_is_sent_without_a_nudge() -> None:
    post = Post()
    for number in range(1, 21):
        post.queue(number, f"{number}@example.com")

    post.threads.start()

    assert comes_true(lambda: post.sent() == 20)
    assert post.threads.stop(within=PATIENCE)
    assert 20 == len(set(post.server.taken)) == len(post.server.taken)


def test_what_nobody_nudges_for_is_found_by_polling() -> None:
    post = Post()
    threads = post.threads_polling(OFTEN)
    threads.start()
    sleep(4 * OFTEN)

    post.queue(1, "ann@example.com")

    assert comes_true(lambda: post.sent() == 1)
    assert threads.stop(within=PATIENCE)


def test_a_nudge_while_the_outbox_is_being_looked_at_is_not_lost() -> None:
    looks: list[int] = []
    looking, go_on = Event(), Event()

    def look() -> bool:
        looks.append(1)
        if len(looks) == 1:
            looking.set()
            assert go_on.wait(PATIENCE)
        return False

    threads = DeliveryThreads(look, log=logging.getLogger("tests"), threads=1, poll=RARELY)
    threads.start()
    assert looking.wait(PATIENCE)
    threads.nudge()
    go_on.set()

    assert comes_true(lambda: len(looks) == 2)
    assert threads.stop(within=PATIENCE)


def test_a_mail_server_that_hangs_on_one_mail_does_not_hold_up_the_others() -> None:
    post = Post(MailServer(hangs_on="slow@example.com"))
    post.queue(1, "slow@example.com")
    for number in range(2, 12):
        post.queue(number, f"{number}@example.com")

    post.threads.start()
    others_sent = comes_true(lambda: post.sent() == 10)
    post.server.gate.set()

    assert others_sent
    assert comes_true(lambda: post.sent() == 11)
    assert post.threads.stop(within=PATIENCE)


def test_stopping_does_not_wait_for_a_mail_server_that_hangs() -> None:
    post = Post(MailServer(hangs_on="slow@example.com"), threads=1)
    post.queue(1, "slow@example.com")
    post.threads.start()
    assert post.server.hanging.wait(PATIENCE)

    in_time = post.threads.stop(within=0.01)
    counts = post.desk.outbox.counts()
    post.server.gate.set()

    assert (False, 1) == (in_time, counts[NoticeState.QUEUED])
    assert post.threads.stop(within=PATIENCE)


def test_stopping_finishes_the_mail_that_is_being_sent() -> None:
    post = Post(MailServer(hangs_on="slow@example.com"), threads=1)
    post.queue(1, "slow@example.com")
    post.threads.start()
    assert post.server.hanging.wait(PATIENCE)

    post.server.gate.set()
    in_time = post.threads.stop(within=PATIENCE)

    assert (True, 1) == (in_time, post.sent())


def test_stopping_wakes_who_rests_and_starts_nothing_new() -> None:
    post = Post()
    post.threads.start()

    in_time = post.threads.stop(within=PATIENCE)
    post.queue(1, "ann@example.com")
    post.threads.nudge()

    assert (True, []) == (in_time, post.server.taken)


def test_threads_that_never_started_can_be_stopped() -> None:
    assert Post().threads.stop(within=0)


def test_several_workers_never_send_a_mail_twice() -> None:
    post = Post()
    workers = [post.threads_polling(OFTEN) for _ in range(3)]
    for number in range(1, 41):
        post.queue(number, f"{number}@example.com")

    for worker in workers:
        worker.start()

    assert comes_true(lambda: post.sent() == 40)
    assert all(worker.stop(within=PATIENCE) for worker in workers)
    assert 40 == len(post.server.taken)


class FailingOutbox:
    """Fails as often as it is told, then has one notice, then none."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.delivered = Event()
        self._lock = Lock()

    def deliver_one(self) -> bool:
        with self._lock:
            if self.failures:
                raise self.failures.pop()
            found = not self.delivered.is_set()
            self.delivered.set()
            return found


@pytest.mark.parametrize(
    ("failure", "said", "level"),
    [
        (Unavailable(), "the outbox does not answer", "WARNING"),
        (RuntimeError("a bug"), "a delivery broke off", "ERROR"),
    ],
)
def test_a_failure_is_logged_and_the_thread_goes_on(
    failure: Exception, said: str, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = FailingOutbox(failure, failure)
    log = logging.getLogger("tests.delivery")
    threads = DeliveryThreads(outbox.deliver_one, log=log, threads=1, poll=OFTEN)

    threads.start()

    assert outbox.delivered.wait(PATIENCE)
    assert threads.stop(within=PATIENCE)
    assert [(level, said)] * 2 == [(it.levelname, it.getMessage()) for it in caplog.records]


def test_nudges_do_not_hurry_an_outbox_that_fails() -> None:
    tries: list[str] = []

    def fail() -> bool:
        tries.append(current_thread().name)
        raise Unavailable

    threads = DeliveryThreads(fail, log=logging.getLogger("tests"), threads=1, poll=RARELY)
    threads.start()
    assert comes_true(lambda: bool(tries))
    for _ in range(50):
        threads.nudge()
        sleep(0.0005)

    assert threads.stop(within=PATIENCE)
    assert 1 == len(tries)
