"""What waits in the outbox goes out, once it can; what cannot is given up with its reason."""

from datetime import timedelta

import attrs
import pytest

from helpdesk_core.notices import Channel, Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import NOW, a_change, a_notice
from helpdesk_core.use_cases.delivering import LEASE, deliver_next
from helpdesk_memory import MemoryDesk

SENT = Delivery(result=DeliveryResult.SENT)
FAILED = Delivery(result=DeliveryResult.FAILED, reason="The server is busy")
REFUSED = Delivery(result=DeliveryResult.REFUSED, reason="No such mailbox")


@attrs.define
class MailServer:
    """A far side that answers as it was told to, and remembers what it was given."""

    answer: Delivery = SENT
    given: list[Notice] = attrs.field(factory=list)

    def deliver(self, notice: Notice) -> Delivery:
        """Take note of the notice and answer."""
        self.given.append(notice)
        return self.answer


@attrs.define
class Post:
    """A desk's outbox on its way to one mail server; `told` is what came of each attempt."""

    desk: MemoryDesk
    server: MailServer = attrs.field(factory=MailServer)
    told: list[tuple[Notice, Delivery]] = attrs.field(factory=list)

    def deliver_next(self) -> bool:
        """Deliver the next one that is due, if any."""
        return deliver_next(
            self.desk.outbox,
            {Channel.MAIL: self.server},
            now=self.desk.clock,
            tell=lambda notice, delivery: self.told.append((notice, delivery)),
        )

    def states(self) -> dict[str, int]:
        """How many notices are in each state that any is in."""
        counts = self.desk.outbox.counts()
        return {state.value: count for state, count in counts.items() if count}


@pytest.fixture
def post(desk: MemoryDesk) -> Post:
    """An outbox with one notice."""
    with desk.ports.begin() as uow:
        uow.save(a_change(), (a_notice(1),))
        uow.commit()
    return Post(desk)


def test_what_was_taken_is_sent_and_told(post: Post) -> None:
    assert (True, [a_notice(1)], {"sent": 1}, [(a_notice(1), SENT)]) == (
        post.deliver_next(),
        post.server.given,
        post.states(),
        post.told,
    )


def test_what_was_sent_is_not_sent_again(post: Post) -> None:
    _ = post.deliver_next()
    _ = post.desk.clock.advance(days=1)

    assert (False, 1) == (post.deliver_next(), len(post.server.given))


def test_an_empty_outbox_has_nothing_to_deliver(desk: MemoryDesk) -> None:
    assert not Post(desk).deliver_next()


def test_what_failed_is_tried_again_after_longer_and_longer_waits(post: Post) -> None:
    post.server.answer = FAILED
    tried = []
    while post.desk.clock() < NOW + timedelta(hours=3):
        if post.deliver_next():
            tried.append((post.desk.clock() - NOW).total_seconds())
        post.desk.clock.set(post.desk.clock() + timedelta(seconds=10))

    assert [0, 10, 70, 370, 2170, 5770, 9370] == tried


def test_what_failed_at_first_is_sent_when_the_server_is_back(post: Post) -> None:
    post.server.answer = FAILED
    _ = post.deliver_next()
    post.server.answer = SENT
    _ = post.desk.clock.advance(minutes=1)
    _ = post.deliver_next()

    assert ([FAILED, SENT], {"sent": 1}) == ([told for _, told in post.told], post.states())


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(hours=48) - timedelta(microseconds=1), "queued"),
        (timedelta(hours=48), "dead"),
    ],
)
def test_what_still_fails_after_two_days_is_given_up(
    post: Post, age: timedelta, state: str
) -> None:
    post.server.answer = FAILED
    post.desk.clock.set(NOW + age)
    _ = post.deliver_next()

    assert {state: 1} == post.states()


def test_what_was_refused_is_dead_and_told(post: Post) -> None:
    post.server.answer = REFUSED
    _ = post.deliver_next()
    _ = post.desk.clock.advance(days=1)

    assert (False, {"dead": 1}, [(a_notice(1), REFUSED)]) == (
        post.deliver_next(),
        post.states(),
        post.told,
    )


def test_whoever_does_not_come_back_leaves_the_notice_to_the_next(post: Post) -> None:
    _ = post.desk.outbox.claim(limit=1, lease=LEASE)
    at_once = post.deliver_next()
    _ = post.desk.clock.advance(minutes=1)

    assert (False, True) == (at_once, post.deliver_next())
