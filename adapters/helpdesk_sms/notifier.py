"""The channel: one request to the gateway for each notice, within a deadline."""

import base64
import re
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import attrs

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_outward import PRIVATE_TOO, Outward, Request, judged, without
from helpdesk_sms.settings import SmsSettings
from helpdesk_sms.templates import Message

NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
"""A telephone number of any country (E.164): a plus sign and 7 to 15 digits."""

SHORTEST_SECRET: Final = 4
"""Characters; what is shorter says nothing, and stands in many words."""

USER_AGENT: Final = "helpdesk-core sms"


def utc_now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


class SmsNotifier:
    """Hands text messages to a gateway, from any thread; `write` puts a notice into words.

    Sent: the gateway answered 2xx. Refused: the recipient is no number of E.164, or the gateway
    answered a 4xx that will not pass by itself (see `helpdesk_outward.judging.MAY_PASS`). Failed:
    anything else, redirects and our own credentials included; a Retry-After is handed on. `trust`
    says whom TLS trusts; the system's own authorities unless told.
    """

    def __init__(
        self,
        settings: SmsSettings,
        write: Callable[[Notice], str],
        *,
        trust: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._write = write
        self._outward = Outward(PRIVATE_TOO, deadline=settings.deadline, trust=trust)
        self._secrets = _secrets(settings)
        self._now = now

    def deliver(self, notice: Notice) -> Delivery:
        """Try once to hand the message to the gateway. Never raises."""
        if not NUMBER.fullmatch(notice.recipient):
            reason = "the recipient is not a telephone number like +62215550100"
            return Delivery(result=DeliveryResult.REFUSED, reason=reason)
        try:
            message = Message(to=notice.recipient, text=self._write(notice), id=str(notice.id))
            request = self._request(message)
            return judged(without(self._outward.send(request), self._secrets), self._now)
        except Exception as error:  # noqa: BLE001  # no words for it yet: try again later
            reason = f"making the message: {type(error).__name__}"
            return Delivery(result=DeliveryResult.FAILED, reason=reason)

    def _request(self, message: Message) -> Request:
        settings = self._settings
        headers = {"User-Agent": USER_AGENT}
        if settings.body is not None:
            headers["Content-Type"] = settings.media.value
        if settings.id_header is not None:
            headers[settings.id_header] = message.id
        query = settings.query.filled(message).decode("ascii")
        path = settings.target.path + (f"?{query}" if query else "")
        return Request(
            target=attrs.evolve(settings.target, path=path),
            method=settings.method,
            headers=headers | dict(settings.headers),
            body=None if settings.body is None else settings.body.filled(message),
        )


def _secrets(settings: SmsSettings) -> frozenset[str]:
    """Whatever the settings say word for word, and each of its words."""
    body = frozenset[str]() if settings.body is None else settings.body.fixed
    values = [*settings.headers.values(), *settings.query.fixed, *body]
    values += [_credential(value) for value in settings.headers.values()]
    words = {word for value in values for word in (value, *value.replace(":", " ").split())}
    return settings.target.keys | {word for word in words if len(word) >= SHORTEST_SECRET}


def _credential(header: str) -> str:
    """User and password, as Basic authorization says them; nothing for another header."""
    scheme, _, encoded = header.partition(" ")
    try:
        known = base64.b64decode(encoded if scheme == "Basic" else "", validate=True)
        return known.decode("utf-8")
    except ValueError:
        return ""
