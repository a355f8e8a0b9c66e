"""A letter as a mail: its headers, and its words as text and as HTML."""

from datetime import datetime
from email.headerregistry import HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Final
from uuid import UUID

from helpdesk_core.notices import Notice
from helpdesk_core.plain_text import one_line
from helpdesk_core.ports import Letter
from helpdesk_smtp.addresses import wire_address
from helpdesk_smtp.settings import SmtpSettings

LONGEST_SUBJECT: Final = 200
"""Characters."""


def _policy() -> "EmailPolicy[EmailMessage]":
    # Left to itself, the library breaks an id that is too long for a line into encoded words.
    headers = HeaderRegistry()
    for name in ("references", "in-reply-to"):
        headers.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type]  # a mixin, as wanted
    return SMTP.clone(header_factory=headers)


_POLICY: Final = _policy()


def mail_of(notice: Notice, letter: Letter, settings: SmtpSettings) -> EmailMessage:
    """The mail of a notice: the same bytes whenever it is made, its Message-ID the notice's.

    All mails of a ticket refer to one id, so that they are shown together. Raises ValueError when
    the recipient is no address.
    """
    return letter_mail(
        letter,
        settings,
        to=notice.recipient,
        letter_id=notice.id,
        at=notice.created_at,
        thread=f"<ticket.{notice.ticket_id}@{settings.domain}>",
    )


def letter_mail(  # noqa: PLR0913  # a mail's worth of headers
    letter: Letter,
    settings: SmtpSettings,
    *,
    to: str,
    letter_id: UUID,
    at: datetime,
    thread: str | None = None,
) -> EmailMessage:
    """A letter as a mail, its Message-ID made of `letter_id`. Raises ValueError for no address."""
    recipient = wire_address(to)
    if recipient is None:
        raise ValueError("the recipient is not an e-mail address")
    mail = EmailMessage(policy=_POLICY.clone(utf8=not recipient.isascii()))
    mail["From"] = settings.sender
    mail["To"] = recipient
    mail["Subject"] = one_line(letter.subject, LONGEST_SUBJECT)
    mail["Date"] = at
    mail["Message-ID"] = f"<{letter_id}@{settings.domain}>"
    if thread is not None:
        mail["In-Reply-To"] = thread
        mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's machine answers it
    mail["X-Auto-Response-Suppress"] = "All"  # and Exchange's neither
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # Quoted-printable writes no `=_`, so that no line of a letter ends its part.
    mail.set_boundary(f"=_{letter_id.hex}")
    return mail
