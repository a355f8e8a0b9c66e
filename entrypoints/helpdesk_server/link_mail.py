"""Sign-in links go out from memory: a mail that is good for minutes waits in no table."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import Condition, Thread
from time import monotonic
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import attrs
from structlog.typing import FilteringBoundLogger

from helpdesk_core.ports import Delivery, DeliveryResult, Letter
from helpdesk_core.sign_ins import LinkMail

MOST_WAITING: Final = 1000
"""Mails that wait at once; one more is lost."""
PAUSES: Final = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds after each attempt that failed; the last one again and again."""


@runtime_checkable
class SendsLetters(Protocol):
    """A channel that also takes a letter which belongs to no ticket."""

    def send(
        self, write: Callable[[], Letter], *, to: str, letter_id: UUID, at: datetime
    ) -> Delivery:
        """Try once to send the letter. Never raises."""
        ...


@attrs.frozen(order=True)
class _Waiting:
    """A mail, due at an instant of the running clock."""

    due: float
    letter_id: UUID
    mail: LinkMail = attrs.field(order=False)
    attempt: int = attrs.field(default=0, order=False)


class LinkMailer:
    """Mails links, from any thread, by a thread that is there while something waits.

    What fails is tried again until its link is good no more. What waits when the process ends is
    lost, and so is what comes when too much waits; whoever asked asks again.
    """

    def __init__(  # noqa: PLR0913  # what it works with
        self,
        channel: SendsLetters,
        write: Callable[[LinkMail], Letter],
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], UUID],
        log: FilteringBoundLogger,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._channel = channel
        self._write = write
        self._now = now
        self._new_id = new_id
        self._log = log
        self._pauses = pauses
        self._changed = Condition()
        self._waiting: list[_Waiting] = []
        self._is_at_work = False

    def send(self, mail: LinkMail) -> None:
        """See to it that the mail goes out; comes back at once and never raises."""
        self._put(_Waiting(monotonic(), self._new_id(), mail))

    def _put(self, waiting: _Waiting) -> None:
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._log.error("sign-in link not mailed", reason="too many wait")
                return
            heappush(self._waiting, waiting)
            self._changed.notify()
            if not self._is_at_work:
                with suppress(RuntimeError):  # no thread now: with the next mail there may be
                    Thread(target=self._work, name="link-mail", daemon=True).start()
                    self._is_at_work = True

    def _work(self) -> None:
        while (waiting := self._next()) is not None:
            self._try(waiting)

    def _next(self) -> _Waiting | None:
        """What is due next, when it is; None when nothing waits, and the thread ends."""
        with self._changed:
            while self._waiting:
                pause = self._waiting[0].due - monotonic()
                if pause <= 0:
                    return heappop(self._waiting)
                _ = self._changed.wait(pause)
            self._is_at_work = False
            return None

    def _try(self, waiting: _Waiting) -> None:
        mail = waiting.mail
        delivery = self._channel.send(
            lambda: self._write(mail), to=mail.email, letter_id=waiting.letter_id, at=mail.asked_at
        )
        if delivery.result is DeliveryResult.SENT:
            return
        pause = self._pauses[min(waiting.attempt, len(self._pauses) - 1)]
        is_in_time = self._now() + timedelta(seconds=pause) < mail.expires_at
        if delivery.result is DeliveryResult.FAILED and is_in_time:
            self._put(attrs.evolve(waiting, due=monotonic() + pause, attempt=waiting.attempt + 1))
        else:  # Whose it was is nobody's business.
            self._log.warning("sign-in link not mailed", result=delivery.result.value)
