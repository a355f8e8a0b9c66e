"""What an answer means for a notice, the same for every channel that speaks HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_outward.answers import Answer, Silence

LONGEST_WAIT: Final = timedelta(hours=24)
"""No server is left alone for longer than this, whatever it asks for."""

LONGEST_REASON: Final = 300
"""Characters."""

MAY_PASS: Final = frozenset({401, 402, 403, 407, 408, 409, 421, 423, 424, 425, 429})
"""Refusals that are tried again: of our rights, until we mend them, and of the moment."""

_TAKEN = range(200, 300)
_REDIRECTED = range(300, 400)
_REFUSED = range(400, 500)
_DIGITS: Final = 9
"""So many are more seconds than anybody may ask for."""


def judged(answer: Answer | Silence, now: Callable[[], datetime]) -> Delivery:
    """Sent with 2xx. Refused with 4xx, 410 among them, but for those that may pass. Else failed.

    A redirect is not followed, and failed: the operator mends the address while it is tried again.
    """
    if isinstance(answer, Silence):
        return Delivery(result=DeliveryResult.FAILED, reason=one_line(answer.why))
    if answer.status in _TAKEN:
        return Delivery(result=DeliveryResult.SENT)
    reason = _reason(answer)
    if answer.status in _REFUSED and answer.status not in MAY_PASS:
        return Delivery(result=DeliveryResult.REFUSED, reason=reason)
    wait = waited_for(answer.retry_after, now())
    return Delivery(result=DeliveryResult.FAILED, reason=reason, wait=wait)


def waited_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """How long a Retry-After asks to wait (RFC 9110, 10.2.3), at most a day; None for no sense."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text) if len(text) <= _DIGITS else 10**_DIGITS
        return min(timedelta(seconds=seconds), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        # Without a zone it is Greenwich's all the same: HTTP knows no other.
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def one_line(text: str) -> str:
    """The text on one line of at most 300 characters, fit to be stored and shown."""
    fit = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(fit.split())[:LONGEST_REASON]


def _reason(answer: Answer) -> str:
    if answer.status in _REDIRECTED:
        return f"answered {answer.status}: redirects are not followed"
    said = f": {answer.excerpt}" if answer.excerpt.strip() else ""
    return one_line(f"answered {answer.status}{said}")
