"""What a submitter hears of the assignee's mail, and how long it may take."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event, Semaphore
from uuid import UUID

import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, MailOutcome, MailStatus
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.tickets import EventKind
from helpdesk_server.courier import REMEMBERED, PromptCourier

LONG = 30.0  # seconds; no test waits so long
SHORT = 10.0  # seconds; less than the courier would wait
SENT = MailOutcome(status=MailStatus.SENT)
QUEUED = MailOutcome(
    status=MailStatus.SKIPPED, reason="The mail is queued and will be sent shortly"
)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def notice(number: int = 1) -> Notice:
    return Notice(
        id=UUID(int=number),
        ticket_id=UUID(int=0),
        kind=EventKind.ASSIGNED,
        audience=Audience.ASSIGNEE,
        channel=Channel.MAIL,
        recipient="agent@example.com",
        facts={},
        created_at=datetime(2026, 5, 22, tzinfo=UTC),
    )


def delivery(result: DeliveryResult) -> Delivery:
    return Delivery(result=result, reason="550 5.1.1 <agent@example.com> unknown")


def test_sent_is_said_when_the_mail_server_took_it(pool: ThreadPoolExecutor) -> None:
    nudged = Event()
    courier = PromptCourier(nudge=nudged.set, wait=LONG, waiters=1)

    answer = pool.submit(courier.outcome, notice())
    assert nudged.wait(LONG)
    courier.tell(notice(), delivery(DeliveryResult.SENT))

    assert SENT == answer.result()


def test_nobody_waits_while_mail_is_not_prompt() -> None:
    nudged = Event()
    courier = PromptCourier(nudge=nudged.set, wait=LONG, waiters=1, is_prompt=lambda: False)

    assert (QUEUED, True) == (courier.outcome(notice()), nudged.is_set())


def test_an_outcome_told_before_it_is_asked_for_is_not_lost() -> None:
    courier = PromptCourier(nudge=lambda: None, wait=LONG, waiters=1)

    courier.tell(notice(), delivery(DeliveryResult.SENT))

    assert SENT == courier.outcome(notice())


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (DeliveryResult.FAILED, "The mail could not be sent now and will be tried again"),
        (DeliveryResult.REFUSED, "The mail server refused the mail"),
    ],
)
def test_what_the_mail_server_said_stays_inside(result: DeliveryResult, reason: str) -> None:
    courier = PromptCourier(nudge=lambda: None, wait=LONG, waiters=1)

    courier.tell(notice(), delivery(result))

    assert MailOutcome(status=MailStatus.ERROR, reason=reason) == courier.outcome(notice())


def test_a_mail_that_is_still_queued_is_skipped_with_that_reason() -> None:
    courier = PromptCourier(nudge=lambda: None, wait=0.01, waiters=1)

    assert QUEUED == courier.outcome(notice())


def test_the_outcome_of_another_mail_is_not_taken_for_ones_own() -> None:
    courier = PromptCourier(nudge=lambda: None, wait=0.01, waiters=1)

    courier.tell(notice(2), delivery(DeliveryResult.SENT))

    assert QUEUED == courier.outcome(notice(1))


def test_a_wait_of_zero_never_waits_but_nudges() -> None:
    nudges: list[bool] = []
    courier = PromptCourier(nudge=lambda: nudges.append(True), wait=0, waiters=4)

    assert (QUEUED, [True]) == (courier.outcome(notice()), nudges)


def test_more_than_the_waiters_are_answered_at_once(pool: ThreadPoolExecutor) -> None:
    nudged = Semaphore(0)
    courier = PromptCourier(nudge=nudged.release, wait=LONG, waiters=2)
    seated = [pool.submit(courier.outcome, notice(number)) for number in (1, 2)]
    assert all(nudged.acquire(timeout=LONG) for _ in seated)

    third = pool.submit(courier.outcome, notice(3)).result(timeout=SHORT)
    for number in (1, 2):
        courier.tell(notice(number), delivery(DeliveryResult.SENT))

    assert [QUEUED, SENT, SENT] == [third, *(answer.result() for answer in seated)]


def test_no_seats_means_no_waiting() -> None:
    courier = PromptCourier(nudge=lambda: None, wait=LONG, waiters=0)

    assert QUEUED == courier.outcome(notice())


def test_a_seat_is_free_again_after_the_wait(pool: ThreadPoolExecutor) -> None:
    courier = PromptCourier(nudge=lambda: None, wait=0.2, waiters=1)
    courier.outcome(notice(1))

    answer = pool.submit(courier.outcome, notice(2))
    with pytest.raises(TimeoutError):  # it waits
        answer.result(timeout=0.05)
    courier.tell(notice(2), delivery(DeliveryResult.SENT))

    assert SENT == answer.result()


def test_outcomes_nobody_asks_for_are_forgotten_oldest_first() -> None:
    courier = PromptCourier(nudge=lambda: None, wait=0, waiters=1)
    for number in range(REMEMBERED + 1):
        courier.tell(notice(number), delivery(DeliveryResult.SENT))

    assert [QUEUED, SENT] == [courier.outcome(notice(0)), courier.outcome(notice(1))]
