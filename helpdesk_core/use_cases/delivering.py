"""Delivering what waits in the outbox."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Claim, Delivery, DeliveryResult, Notifier, Outbox
from helpdesk_core.routing import Channel

LEASE: Final = timedelta(minutes=1)
"""How long a claim holds: longer than any notifier's own deadline for one notice.

It is also how long a notice waits whose deliverer died with it in hand.
"""

KEPT_TRYING: Final[Mapping[Channel, timedelta]] = {
    Channel.MAIL: timedelta(hours=48),
    Channel.SMS: timedelta(hours=2),
    Channel.WEBHOOK: timedelta(hours=28),
}
"""A notice that could not be delivered for so long is given up."""

LONGEST_WAIT: Final = timedelta(hours=24)
"""No other side can ask to be left alone for longer."""


def nobody_mourns(notice: Notice, delivery: Delivery) -> None:
    """A notice died, and nobody is told."""


class Gate(Protocol):
    """Who may be tried now: not a destination that is down, nor one that is busy enough.

    One gate serves all threads of a process.
    """

    def claiming(self) -> AbstractContextManager[frozenset[str]]:
        """The destinations that are closed. One thread at a time claims."""
        ...

    def enter(self, destination: str) -> None:
        """One more is being tried there; said while claiming."""
        ...

    def leave(self, destination: str, result: DeliveryResult) -> None:
        """It came to this."""
        ...


def deliver_next(  # noqa: PLR0913  # one argument a part that the server brings
    outbox: Outbox,
    notifiers: Mapping[Channel, Notifier],
    gate: Gate,
    *,
    now: Callable[[], datetime],
    wait: Callable[[Channel, int], timedelta],
    tell: Callable[[Notice, Delivery], None],
    died: Callable[[Notice, Delivery], None] = nobody_mourns,
) -> bool:
    """Claim one due notice, try to deliver it, record what came of it, and tell.

    True when there was one. A notice that failed is due again after `wait` (of its channel and the
    failed attempts so far), or when the other side asks for it, until it is too old; one that was
    refused is dead, and so is one whose channel nobody serves; `died` is told of each once. What a
    notifier raises is a failure like any other: the name of its class is the reason. Raises
    Unavailable when the outbox does not answer; the lease then runs out and the notice is delivered
    again under the same id.
    """
    claim = _claimed(outbox, gate)
    if claim is None:
        return False
    delivery = _tried(notifiers, gate, claim.notice)
    if _record(outbox, claim, delivery, now(), wait):
        died(claim.notice, delivery)
    tell(claim.notice, delivery)
    return True


def _claimed(outbox: Outbox, gate: Gate) -> Claim | None:
    with gate.claiming() as closed:
        for claim in outbox.claim(limit=1, lease=LEASE, without=closed):
            gate.enter(claim.notice.destination)
            return claim
    return None


def _tried(notifiers: Mapping[Channel, Notifier], gate: Gate, notice: Notice) -> Delivery:
    result = DeliveryResult.FAILED
    try:
        delivery = _delivered(notifiers, notice)
        result = delivery.result
    finally:
        gate.leave(notice.destination, result)
    return delivery


def _delivered(notifiers: Mapping[Channel, Notifier], notice: Notice) -> Delivery:
    notifier = notifiers.get(notice.channel)
    if notifier is None:
        return Delivery(result=DeliveryResult.REFUSED, reason="nobody serves this channel")
    try:
        return notifier.deliver(notice)
    except Exception as fault:  # noqa: BLE001  # one bad notice is not tried for ever
        return Delivery(result=DeliveryResult.FAILED, reason=type(fault).__name__)


def _record(
    outbox: Outbox,
    claim: Claim,
    delivery: Delivery,
    now: datetime,
    wait: Callable[[Channel, int], timedelta],
) -> bool:
    """Write down what came of it; True when the notice died of it."""
    notice = claim.notice
    if delivery.result is DeliveryResult.SENT:
        _ = outbox.sent(claim)
    elif (
        delivery.result is DeliveryResult.REFUSED
        or now - notice.created_at >= KEPT_TRYING[notice.channel]
    ):
        return outbox.give_up(claim, reason=delivery.reason)
    else:
        after = max(wait(notice.channel, claim.attempt), delivery.wait or timedelta())
        _ = outbox.retry(claim, after=min(after, LONGEST_WAIT), reason=delivery.reason)
    return False
