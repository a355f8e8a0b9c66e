"""Telling a submitter, within the request, how the assignee's mail fared."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import BoundedSemaphore, Condition
from typing import Final
from uuid import UUID

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, MailOutcome, MailStatus
from helpdesk_core.use_cases.intake import MAIL_QUEUED

QUEUED: Final = MailOutcome(status=MailStatus.SKIPPED, reason=MAIL_QUEUED)
OUTCOMES: Final[Mapping[DeliveryResult, MailOutcome]] = {
    DeliveryResult.SENT: MailOutcome(status=MailStatus.SENT),
    DeliveryResult.FAILED: MailOutcome(
        status=MailStatus.ERROR, reason="The mail could not be sent now and will be tried again"
    ),
    DeliveryResult.REFUSED: MailOutcome(
        status=MailStatus.ERROR, reason="The mail server refused the mail"
    ),
}
"""What the public hears of each result; never what the mail server said."""

REMEMBERED: Final = 512
"""Outcomes kept for whoever asks a moment too late; many more than requests run at once."""


class PromptCourier:
    """Nudges the delivery and waits a short moment for its word.

    `wait` is in seconds, 0 never waits. At most `waiters` threads wait at the same time, and nobody
    does while mail `is_prompt` no longer; whoever comes then is answered at once. Threads share it.
    """

    def __init__(
        self,
        *,
        nudge: Callable[[], None],
        wait: float,
        waiters: int,
        is_prompt: Callable[[], bool] = lambda: True,
    ) -> None:
        self._nudge = nudge
        self._wait = wait
        self._is_prompt = is_prompt
        self._seats = BoundedSemaphore(waiters) if waiters > 0 else None
        self._outcomes: OrderedDict[UUID, MailOutcome] = OrderedDict()
        self._told = Condition()

    def outcome(self, notice: Notice) -> MailOutcome:
        """How a committed notice fared: sent only after the mail server took it."""
        seats = self._seats if self._is_prompt() else None
        if seats is None or not seats.acquire(blocking=False):
            self._nudge()
            return self._known(notice, 0)
        try:
            self._nudge()
            return self._known(notice, self._wait)
        finally:
            seats.release()

    def tell(self, notice: Notice, delivery: Delivery) -> None:
        """Take note of what came of an attempt, and wake who waits for it."""
        with self._told:
            self._outcomes[notice.id] = OUTCOMES[delivery.result]
            while len(self._outcomes) > REMEMBERED:
                _ = self._outcomes.popitem(last=False)
            self._told.notify_all()

    def _known(self, notice: Notice, wait: float) -> MailOutcome:
        with self._told:
            _ = self._told.wait_for(lambda: notice.id in self._outcomes, wait)
            return self._outcomes.pop(notice.id, QUEUED)
