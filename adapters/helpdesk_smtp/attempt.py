"""One try at handing one letter to the mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from enum import Enum
from typing import Final

from helpdesk_core.plain_text import one_line
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_smtp.lines import Lines
from helpdesk_smtp.settings import SmtpSettings, Tls
from helpdesk_smtp.wire import Lifeline, Wire

LONGEST_REASON: Final = 300
"""Characters."""


class Stage(Enum):
    """How far an attempt has come; the value is how a reason begins."""

    CONNECTING = "connecting"
    GREETING = "greeting"
    SECURING = "securing the connection"
    SIGNING_IN = "signing in"
    SENDER = "naming the sender"
    RECIPIENT = "naming the recipient"
    MESSAGE = "handing over the message"


ABOUT_THE_MAIL: Final = frozenset({Stage.RECIPIENT, Stage.MESSAGE})
"""Where a refusal is about this mail. Before, it is about us, and the mail waits until we mend."""

ABOUT_OUR_RIGHTS: Final = frozenset({530, 534, 535, 538})
"""Replies that ask to sign in, or to do it better (RFC 4954), at whatever stage."""

GOING: Final = 421
"""The server ends the connection (RFC 5321), perhaps only because it had enough mails."""

_TAKEN = range(200, 300)
_PERMANENT = range(500, 600)
_REPLIES = range(200, 600)


class Attempt:
    """Speaks with the server. `delivery` is what came of it, None as long as nothing has.

    It speaks over a line that waits, and leaves its own to the next when both sides are done with
    it. `run` and whoever waits for it are on different threads; `cut` is for the one who waits.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        context: ssl.SSLContext | None,
        lines: Lines,
        *,
        recipient: str,
        mail: EmailMessage,
    ) -> None:
        self._settings = settings
        self._context = context
        self._lines = lines
        self._recipient = recipient
        self._mail = mail
        self._lifeline = Lifeline()
        self._stage = Stage.CONNECTING
        self._wire: Wire | None = None
        self._is_in_step = False
        self._was_left = False
        self.delivery: Delivery | None = None

    def run(self) -> None:
        """Hand the letter over. Never raises."""
        try:
            self.delivery = self._over_a_kept_line() or self._over_a_new_line()
        except Exception as error:  # noqa: BLE001  # whatever goes wrong, the mail is tried again
            self.delivery = self._failed(self._told(error))
        finally:
            is_whole = self._lifeline.let_go()
            self._part(may_wait=is_whole and self._is_in_step)

    def cut(self) -> Delivery:
        """End it now, and say what came of it."""
        delivery = self.delivery
        late = self._failed(f"no end within {self._settings.deadline:g} seconds")
        self._lifeline.cut()
        return delivery or late

    def _over_a_kept_line(self) -> Delivery | None:
        """What came of it over a line that waited; None when a new one is needed.

        That is when none waits or the server left it, as long as no byte of the message is said.
        """
        self._wire = self._lines.take()
        if self._wire is None:
            return None
        try:
            if self._wire.is_good_still(self._lifeline):
                delivery = self._hand_over(self._wire)
                if not self._was_left:
                    return delivery
        except (OSError, smtplib.SMTPException):
            if self._stage is Stage.MESSAGE:
                raise
        self._part(may_wait=False)
        return None

    def _over_a_new_line(self) -> Delivery:
        self._stage, self._is_in_step = Stage.CONNECTING, False
        self._wire = Wire(self._settings, self._context, self._lifeline)
        self._open(self._wire)
        return self._hand_over(self._wire)

    def _open(self, wire: Wire) -> None:
        """Greet, secure and sign in, as far as the settings say. Raises when any of it fails."""
        self._stage = Stage.GREETING
        wire.ehlo_or_helo_if_needed()
        if self._settings.tls is Tls.STARTTLS:
            self._stage = Stage.SECURING
            wire.starttls(context=self._context)
            self._stage = Stage.GREETING
            wire.ehlo_or_helo_if_needed()
        if self._settings.user is not None and self._settings.password is not None:
            self._stage = Stage.SIGNING_IN
            wire.login(self._settings.user, self._settings.password)

    def _hand_over(self, wire: Wire) -> Delivery:
        wire.mails += 1
        options = _options(self._recipient)
        if options and not wire.has_extn("smtputf8"):
            self._is_in_step = True
            reason = "the mail server takes no address with letters beyond ASCII"
            return Delivery(result=DeliveryResult.REFUSED, reason=reason)
        self._stage = Stage.SENDER
        code, text = wire.mail(self._settings.sender, options)
        if code in _TAKEN:
            self._stage = Stage.RECIPIENT
            code, text = wire.rcpt(self._recipient)
        if code in _TAKEN:
            self._stage = Stage.MESSAGE
            code, text = _data(wire, self._mail.as_bytes())
        self._is_in_step = code in _REPLIES and code != GOING
        self._was_left = code == GOING and self._stage is not Stage.MESSAGE
        return self._judged(code, text)

    def _judged(self, code: int, text: bytes) -> Delivery:
        if code in _TAKEN:
            return Delivery(result=DeliveryResult.SENT)
        failed = self._failed(_reply(code, text))
        about_mail = self._stage in ABOUT_THE_MAIL and code not in ABOUT_OUR_RIGHTS
        if code in _PERMANENT and about_mail:
            return Delivery(result=DeliveryResult.REFUSED, reason=failed.reason)
        return failed

    def _failed(self, what: str) -> Delivery:
        reason = one_line(f"{self._stage.value}: {what}", LONGEST_REASON)
        return Delivery(result=DeliveryResult.FAILED, reason=reason)

    def _told(self, error: Exception) -> str:
        """What an operator may read of it: never what was said while signing in."""
        if self._stage is Stage.SIGNING_IN or not isinstance(error, OSError):
            code = getattr(error, "smtp_code", "")
            return f"{type(error).__name__} {code}"
        if isinstance(error, smtplib.SMTPResponseException):
            return _reply(error.smtp_code, error.smtp_error)
        return str(error.strerror or error)

    def _part(self, *, may_wait: bool) -> None:
        """Leave the line to the next mail, or end it."""
        wire, self._wire = self._wire, None
        if wire is not None and may_wait:
            self._lines.keep(wire)
        elif wire is not None:
            wire.hang_up()


def _options(recipient: str) -> tuple[str, ...]:
    return () if recipient.isascii() else ("SMTPUTF8", "BODY=8BITMIME")


def _data(wire: Wire, mail: bytes) -> tuple[int, bytes]:
    """The server's word on the message, whether it came before or after its bytes."""
    try:
        return wire.data(mail)
    except smtplib.SMTPDataError as refused:
        return refused.smtp_code, _bytes(refused.smtp_error)


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {_bytes(text).decode('utf-8', 'replace')}"


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
