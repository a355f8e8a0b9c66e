"""The ways on which a notice leaves the desk, and what came of it."""

from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Protocol, TypeAlias

import attrs

from helpdesk_core.notices import Notice


class DeliveryResult(Enum):
    """What came of one attempt to deliver a notice."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class Delivery:
    """One attempt: taken by the other side, failed for now, or refused for good.

    `reason` is for operators and may hold what the other side said; it is never shown to the
    public. `wait` is how long the other side asks to be left alone.
    """

    result: DeliveryResult
    reason: str = ""
    wait: timedelta | None = None


class Notifier(Protocol):
    """A channel. It never raises, and never takes longer than a deadline of its own."""

    def deliver(self, notice: Notice) -> Delivery:
        """Try once to deliver the notice, under its id."""
        ...


@attrs.frozen(kw_only=True)
class Letter:
    """What a mail says: its subject, on one line, and the same words as plain text and as HTML."""

    subject: str
    text: str
    html: str


Write: TypeAlias = Callable[[Notice], Letter]
"""The words of a notice that goes by mail; the same whenever they are asked for.

What it raises is a fault in the words: the notice waits until they are mended.
"""


class MailStatus(Enum):
    """What contract A says of the assignment's mail; the value is its word."""

    SENT = "sent"
    SKIPPED = "skipped"
    ERROR = "error"


@attrs.frozen(kw_only=True)
class MailOutcome:
    """What became of a mail within the request. `reason` is user-safe; None when it was sent."""

    status: MailStatus
    reason: str | None = None


class Courier(Protocol):
    """Whoever sees to it that committed notices go out, and can say how one fared."""

    def outcome(self, notice: Notice) -> MailOutcome:
        """How a committed notice fared, after at most a short moment of waiting. Never raises."""
        ...
