"""What waits in the outbox goes out, once it can; what cannot is given up with its reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import attrs
import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import NOW, a_change, a_notice
from helpdesk_core.use_cases.delivering import LEASE, deliver_next
from helpdesk_memory import MemoryDesk

SENT = Delivery(result=DeliveryResult.SENT)
FAILED = Delivery(result=DeliveryResult.FAILED, reason="The server is busy")
REFUSED = Delivery(result=DeliveryResult.REFUSED, reason="No such mailbox")


@attrs.define
class MailServer:
    """A far side that answers as it was told to, and remembers what it was given."""

    answer: Delivery | BaseException = SENT
    given: list[Notice] = attrs.field(factory=list)

    def deliver(self, notice: Notice) -> Delivery:
        """Take note of the notice and answer."""
        self.given.append(notice)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@attrs.define
class Doorkeeper:
    """A gate that keeps `closed` closed, and remembers who came and went."""

    closed: frozenset[str] = frozenset()
    seen: list[object] = attrs.field(factory=list)

    @contextmanager
    def claiming(self) -> Iterator[frozenset[str]]:
        """Take note of when claiming begins and ends."""
        self.seen.append("claiming")
        yield self.closed
        self.seen.append("claimed")

    def enter(self, destination: str) -> None:
        """Take note of who comes."""
        self.seen.append(("in", destination))

    def leave(self, destination: str, result: DeliveryResult) -> None:
        """Take note of who goes, and how it went."""
        self.seen.append(("out", destination, result.value))


def growing(channel: Channel, failed: int) -> timedelta:
    """Ten seconds for each failed attempt; text messages are tried twice as often."""
    return timedelta(seconds=failed * (5 if channel is Channel.SMS else 10))


@attrs.define
class Post:
    """A desk's outbox on its way to one mail server; `told` is what came of each attempt."""

    desk: MemoryDesk
    server: MailServer = attrs.field(factory=MailServer)
    gate: Doorkeeper = attrs.field(factory=Doorkeeper)
    told: list[tuple[Notice, Delivery]] = attrs.field(factory=list)
    died: list[tuple[Notice, Delivery]] = attrs.field(factory=list)

    def deliver_next(self) -> bool:
        """Deliver the next one that is due, if any."""
        return deliver_next(
            self.desk.outbox,
            {Channel.MAIL: self.server, Channel.SMS: self.server},
            self.gate,
            now=self.desk.clock,
            wait=growing,
            tell=lambda notice, delivery: self.told.append((notice, delivery)),
            died=lambda notice, delivery: self.died.append((notice, delivery)),
        )

    def states(self) -> dict[str, int]:
        """How many notices are in each state that any is in."""
        counts = self.desk.outbox.counts()
        return {state.value: count for state, count in counts.items() if count}


@pytest.fixture
def post(desk: MemoryDesk) -> Post:
    """An outbox with one notice."""
    return posted(desk, a_notice(1))


def posted(desk: MemoryDesk, *notices: Notice) -> Post:
    """An outbox with those notices."""
    with desk.ports.begin() as uow:
        uow.save(a_change(), notices)
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


@pytest.mark.parametrize(
    ("channel", "seconds"), [("mail", [0, 10, 30, 60, 100]), ("sms", [0, 5, 15, 30, 50, 75, 105])]
)
def test_what_failed_is_tried_again_by_the_schedule_of_its_channel(
    desk: MemoryDesk, channel: str, seconds: list[int]
) -> None:
    post = posted(desk, a_notice(1, channel=Channel(channel)))
    post.server.answer = FAILED
    tried = []
    while post.desk.clock() < NOW + timedelta(minutes=2):
        if post.deliver_next():
            tried.append((post.desk.clock() - NOW).total_seconds())
        post.desk.clock.set(post.desk.clock() + timedelta(seconds=1))

    assert seconds == tried


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (timedelta(seconds=3), timedelta(seconds=10)),
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(days=365), timedelta(hours=24)),
        (timedelta(seconds=-3), timedelta(seconds=10)),
    ],
)
def test_whoever_asks_to_be_left_alone_is_for_a_day_at_most(
    post: Post, asked: timedelta, waited: timedelta
) -> None:
    """And never tried sooner than the schedule has it."""
    post.server.answer = attrs.evolve(FAILED, wait=asked)
    _ = post.deliver_next()
    standing = post.desk.outbox.standing(a_notice(1).id)

    assert standing is not None
    assert NOW + waited == standing.due_at


def test_what_failed_at_first_is_sent_when_the_server_is_back(post: Post) -> None:
    post.server.answer = FAILED
    _ = post.deliver_next()
    post.server.answer = SENT
    _ = post.desk.clock.advance(minutes=1)
    _ = post.deliver_next()

    assert ([FAILED, SENT], {"sent": 1}) == ([told for _, told in post.told], post.states())


@pytest.mark.parametrize(("channel", "hours"), [("mail", 48), ("sms", 2)])
@pytest.mark.parametrize(
    ("short_of", "state"), [(timedelta(microseconds=1), "queued"), (timedelta(0), "dead")]
)
def test_what_still_fails_when_its_channels_time_is_over_is_given_up(
    desk: MemoryDesk, channel: str, hours: int, short_of: timedelta, state: str
) -> None:
    post = posted(desk, a_notice(1, channel=Channel(channel)))
    post.server.answer = FAILED
    post.desk.clock.set(NOW + timedelta(hours=hours) - short_of)
    _ = post.deliver_next()

    assert {state: 1} == post.states()


def test_what_nobody_serves_is_dead_with_its_reason(desk: MemoryDesk) -> None:
    post = posted(desk, a_notice(1, channel=Channel.WEBHOOK, recipient="metrics"))
    _ = post.deliver_next()
    standing = desk.outbox.standing(a_notice(1).id)

    assert standing is not None
    assert ("dead", "nobody serves this channel") == (standing.state.value, standing.reason)


def test_a_gate_is_entered_while_claiming_and_left_afterwards(post: Post) -> None:
    _ = post.deliver_next()

    assert ["claiming", ("in", "mail"), "claimed", ("out", "mail", "sent")] == post.gate.seen


def test_where_nothing_is_due_nobody_enters(desk: MemoryDesk) -> None:
    post = Post(desk)
    _ = post.deliver_next()

    assert ["claiming", "claimed"] == post.gate.seen


def test_a_gate_is_left_by_whoever_breaks_down(post: Post) -> None:
    """And the notice waits for its next attempt, as after any other failure."""
    post.server.answer = ZeroDivisionError("private words")
    _ = post.deliver_next()
    standing = post.desk.outbox.standing(a_notice(1).id)

    assert standing is not None
    assert ("out", "mail", "failed") == post.gate.seen[-1]
    assert ("queued", "ZeroDivisionError", NOW + timedelta(seconds=10)) == (
        standing.state.value,
        standing.reason,
        standing.due_at,
    )


def test_whoever_is_interrupted_leaves_the_gate_and_the_notice(post: Post) -> None:
    post.server.answer = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        _ = post.deliver_next()

    assert ("out", "mail", "failed") == post.gate.seen[-1]
    assert {"queued": 1} == post.states()


def test_a_closed_destination_is_passed_over(desk: MemoryDesk) -> None:
    post = posted(desk, a_notice(1), a_notice(2, channel=Channel.SMS, recipient="+491234567"))
    post.gate.closed = frozenset({"mail"})

    assert (True, False) == (post.deliver_next(), post.deliver_next())
    assert ["+491234567"] == [notice.recipient for notice in post.server.given]


def test_only_what_dies_is_told_to_operators(desk: MemoryDesk) -> None:
    post = posted(desk, a_notice(1), a_notice(2, recipient="two@example.com"))
    _ = post.deliver_next()
    post.server.answer = REFUSED
    _ = post.deliver_next()

    assert [(a_notice(2, recipient="two@example.com"), REFUSED)] == post.died


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
