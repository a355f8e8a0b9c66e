"""Delivering what waits in the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from helpdesk_core.notices import KEPT_TRYING, Channel, Notice, retry_after
from helpdesk_core.ports import Claim, Delivery, DeliveryResult, Notifier, Outbox

LEASE: Final = timedelta(minutes=1)
"""How long a claim holds: longer than any notifier's own deadline for one notice.

It is also how long a notice waits whose deliverer died with it in hand.
"""


def deliver_next(
    outbox: Outbox,
    notifiers: Mapping[Channel, Notifier],
    *,
    now: Callable[[], datetime],
    tell: Callable[[Notice, Delivery], None],
) -> bool:
    """Claim one due notice, try to deliver it, record what came of it, and tell.

    True when there was one. A notice that failed is due again later, until it is too old; one that
    was refused is dead. Raises Unavailable when the outbox does not answer; the lease then runs out
    and the notice is delivered again under the same id.
    """
    for claim in outbox.claim(limit=1, lease=LEASE):
        delivery = notifiers[claim.notice.channel].deliver(claim.notice)
        _record(outbox, claim, delivery, now())
        tell(claim.notice, delivery)
        return True
    return False


def _record(outbox: Outbox, claim: Claim, delivery: Delivery, now: datetime) -> None:
    if delivery.result is DeliveryResult.SENT:
        _ = outbox.sent(claim)
    elif delivery.result is DeliveryResult.REFUSED or _is_too_old(claim.notice, now):
        _ = outbox.give_up(claim, reason=delivery.reason)
    else:
        _ = outbox.retry(claim, after=retry_after(claim.attempt), reason=delivery.reason)


def _is_too_old(notice: Notice, now: datetime) -> bool:
    return now - notice.created_at >= KEPT_TRYING
