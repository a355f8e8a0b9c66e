"""The channel: a mail for each notice, within a deadline."""

import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from threading import Thread
from typing import Final
from uuid import UUID

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, Letter, Write
from helpdesk_smtp.addresses import wire_address
from helpdesk_smtp.attempt import Attempt
from helpdesk_smtp.lines import Lines
from helpdesk_smtp.mails import letter_mail, mail_of
from helpdesk_smtp.settings import SmtpSettings, Tls

IDLE: Final = 5.0
"""Seconds that a connection waits for another mail; servers wait for minutes."""


class SmtpNotifier:
    """Hands mails to a mail server, from any thread; one connection carries many, in turn.

    `write` has the words. Sent: the server took the mail. Refused: it will not have this recipient
    or this message, ever. Failed: anything else, our own credentials and every trouble with TLS
    included; nothing is ever sent in the clear when TLS was asked for. `context` says whom TLS
    trusts; the system's own authorities unless told. A connection waits `idle` seconds for the next
    mail; with 0 each mail has one of its own.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        write: Write,
        *,
        context: ssl.SSLContext | None = None,
        idle: float = IDLE,
    ) -> None:
        self._settings = settings
        self._write = write
        wants_tls = settings.tls is not Tls.NONE
        self._context = context or (ssl.create_default_context() if wants_tls else None)
        self._lines = Lines(idle)

    def deliver(self, notice: Notice) -> Delivery:
        """Try once to deliver the notice, within the settings' deadline. Never raises.

        An attempt runs on a thread of its own, which is left behind when it is late: its connection
        is cut, so it sends nothing more, and it ends as soon as the resolver does.
        """
        return self._tried(
            notice.recipient, lambda: mail_of(notice, self._write(notice), self._settings)
        )

    def send(
        self, write: Callable[[], Letter], *, to: str, letter_id: UUID, at: datetime
    ) -> Delivery:
        """Try once to send a letter that belongs to no ticket; else as `deliver`."""
        return self._tried(
            to, lambda: letter_mail(write(), self._settings, to=to, letter_id=letter_id, at=at)
        )

    def _tried(self, to: str, make: Callable[[], EmailMessage]) -> Delivery:
        recipient = wire_address(to)
        if recipient is None:
            reason = "the recipient is not an e-mail address"
            return Delivery(result=DeliveryResult.REFUSED, reason=reason)
        try:
            attempt = Attempt(
                self._settings, self._context, self._lines, recipient=recipient, mail=make()
            )
            thread = Thread(target=attempt.run, name="mail", daemon=True)
            thread.start()
        except Exception as error:  # noqa: BLE001  # no words for it yet, no thread: try again later
            return Delivery(
                result=DeliveryResult.FAILED, reason=f"making the mail: {type(error).__name__}"
            )
        thread.join(self._settings.deadline)
        return attempt.cut()

    def close(self) -> None:
        """End the connections that wait; mails that come later have one each."""
        self._lines.close()
