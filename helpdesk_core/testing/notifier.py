"""The contract of a notifier: whatever the other side does, an attempt ends, and tells how."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import partial
from typing import Final, Protocol

import attrs
import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, Notifier
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.strategies import AWKWARD_TEXTS
from helpdesk_core.text import is_storable

DEADLINE: Final = 0.3
"""Seconds that an attempt may take, when the other side is slow."""
AMPLE: Final = 5.0
"""Seconds that an attempt may take, when it is not."""
A_MOMENT: Final = 1.5
"""Seconds beyond a deadline, on a machine that is busy."""
TWINS: Final = 8
"""Threads that share a notifier."""


class Conduct(Enum):
    """How the other side behaves."""

    TAKES = "takes what it is given"
    FAILS = "hears the whole message and says: not now"
    REFUSES = "hears the whole message and says: never"
    HANGS = "hears the whole message and says nothing"
    DRIPS = "hears the whole message and begins an answer that never ends, byte by byte"
    BREAKS = "hears the whole message and breaks the connection"
    BABBLES = "hears the whole message and answers what is no answer"
    IS_GONE = "is not there any more"


class Peer(Protocol):
    """The other side of the channel, on loopback, and the way to it."""

    def behave(self, conduct: Conduct) -> None:
        """From now on, do this."""
        ...

    def notifier(self, deadline: float) -> Notifier:
        """The channel to this peer; an attempt takes at most so many seconds."""
        ...

    def notice(self, number: int) -> Notice:
        """A notice that this peer can be told, with the id `builders.an_id(number)`."""
        ...

    def heard(self) -> Sequence[str]:
        """What came with each message in whole, from the first on: its id in it, as text."""
        ...


class NotifierContract:
    """What `ports.Notifier` promises, as tests.

    Subclass it under a name that pytest collects, and give the subclass one fixture:

    `peer`: a `Peer` for each test, which takes what it is given until told otherwise.
    `peers.ScriptedPeer` makes one of any protocol in which a request is followed by an answer.
    """

    def test_what_is_taken_is_sent(self, peer: Peer) -> None:
        delivery = peer.notifier(AMPLE).deliver(peer.notice(3001))

        assert (DeliveryResult.SENT, 1) == (delivery.result, len(peer.heard()))

    def test_every_try_carries_the_same_id(self, peer: Peer) -> None:
        """So that the other side can tell a repetition."""
        notice, notifier = peer.notice(3001), peer.notifier(AMPLE)
        peer.behave(Conduct.FAILS)
        first = notifier.deliver(notice)
        peer.behave(Conduct.TAKES)
        second = notifier.deliver(notice)

        assert [DeliveryResult.FAILED, DeliveryResult.SENT] == [first.result, second.result]
        assert [True, True] == [str(notice.id) in heard for heard in peer.heard()]

    def test_two_notices_carry_two_ids(self, peer: Peer) -> None:
        one, two = peer.notice(3001), peer.notice(3002)
        for notice in (one, two):
            _ = peer.notifier(AMPLE).deliver(notice)

        assert [True, False] == [str(one.id) in heard for heard in peer.heard()]

    def test_what_is_not_taken_now_has_failed_for_a_reason(self, peer: Peer) -> None:
        delivery = _tried(peer, Conduct.FAILS)

        assert DeliveryResult.FAILED is delivery.result
        assert delivery.reason

    def test_what_is_never_taken_is_refused_for_a_reason(self, peer: Peer) -> None:
        """Nobody tries it again."""
        delivery = _tried(peer, Conduct.REFUSES)

        assert DeliveryResult.REFUSED is delivery.result
        assert delivery.reason

    @pytest.mark.parametrize("conduct", [Conduct.HANGS, Conduct.DRIPS])
    def test_nobody_stretches_the_deadline(self, peer: Peer, conduct: Conduct) -> None:
        delivery, took = _timed(partial(_tried, peer, conduct, DEADLINE))

        assert DeliveryResult.FAILED is delivery.result
        assert took < DEADLINE + A_MOMENT

    @pytest.mark.parametrize("conduct", [Conduct.BREAKS, Conduct.BABBLES, Conduct.IS_GONE])
    def test_what_goes_wrong_is_told_and_not_raised(self, peer: Peer, conduct: Conduct) -> None:
        delivery = _tried(peer, conduct)

        assert DeliveryResult.FAILED is delivery.result
        assert delivery.reason

    @pytest.mark.parametrize("conduct", Conduct)
    def test_every_reason_can_be_stored(self, peer: Peer, conduct: Conduct) -> None:
        assert is_storable(_tried(peer, conduct, DEADLINE).reason)

    def test_an_attempt_that_hangs_holds_up_no_other(self, peer: Peer) -> None:
        notifier = peer.notifier(A_MOMENT)
        peer.behave(Conduct.HANGS)
        with ThreadPoolExecutor(1) as threads:
            hanging = threads.submit(notifier.deliver, peer.notice(3001))
            _wait_until(lambda: len(peer.heard()) == 1)
            peer.behave(Conduct.TAKES)
            other = notifier.deliver(peer.notice(3002))
            is_first = not hanging.done()

        assert (DeliveryResult.SENT, True) == (other.result, is_first)

        assert DeliveryResult.FAILED is hanging.result().result

    def test_threads_share_a_notifier(self, peer: Peer) -> None:
        notifier = peer.notifier(AMPLE)
        notices = [peer.notice(3001 + number) for number in range(TWINS)]
        told = at_once([partial(notifier.deliver, notice) for notice in notices])

        assert [Delivery(result=DeliveryResult.SENT)] * TWINS == told
        arrived = [sum(str(notice.id) in heard for heard in peer.heard()) for notice in notices]
        assert [1] * TWINS == arrived

    @pytest.mark.parametrize("text", AWKWARD_TEXTS)
    def test_whatever_was_typed_can_be_told(self, peer: Peer, text: str) -> None:
        notice = peer.notice(3001)
        facts = dict.fromkeys([*notice.facts, "text", "subject"], text)
        delivery = peer.notifier(AMPLE).deliver(attrs.evolve(notice, facts=facts))

        assert DeliveryResult.SENT is delivery.result

    @pytest.mark.parametrize("recipient", AWKWARD_TEXTS)
    def test_whatever_the_recipient_nothing_is_raised(self, peer: Peer, recipient: str) -> None:
        notice = attrs.evolve(peer.notice(3001), recipient=recipient)

        assert peer.notifier(AMPLE).deliver(notice).result in DeliveryResult


def _tried(peer: Peer, conduct: Conduct, deadline: float = AMPLE) -> Delivery:
    notifier = peer.notifier(deadline)
    peer.behave(conduct)
    return notifier.deliver(peer.notice(3001))


def _timed(act: Callable[[], Delivery]) -> tuple[Delivery, float]:
    """What came of it, and how many seconds it took."""
    started = time.monotonic()
    delivery = act()
    return delivery, time.monotonic() - started


def _wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + AMPLE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)
