"""What a mail says: pure, plain text, and nobody's words but ours outside the quotation."""

from collections.abc import Mapping
from email.headerregistry import HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.notices import Notice
from helpdesk_core.tickets import EventKind
from helpdesk_smtp.addresses import wire_address
from helpdesk_core.plain_text import one_line, quoted
from helpdesk_smtp.settings import SmtpSettings

LONGEST_IN_SUBJECT: Final = 60
"""Characters of one name in the subject."""
LONGEST_IN_BODY: Final = 300
"""Characters of one fact on its line."""


@attrs.frozen(kw_only=True)
class Wording:
    """Our own words about a kind of event."""

    subject: str
    opening: str
    quoting: str


WORDINGS: Final[Mapping[EventKind, Wording]] = {
    EventKind.ASSIGNED: Wording(
        subject="Ticket assigned to you",
        opening="A ticket was assigned to you.",
        quoting="The submitter wrote:",
    ),
    EventKind.REASSIGNED: Wording(
        subject="Ticket reassigned to you",
        opening="A ticket that somebody else had was assigned to you.",
        quoting="The submitter wrote:",
    ),
    EventKind.CUSTOMER_REPLIED: Wording(
        subject="Customer replied",
        opening="The customer wrote on a ticket that is assigned to you.",
        quoting="The customer wrote:",
    ),
}

_BODY: Final = """\
Hello {recipient_name},

{opening}

Department:   {department}
KPI type:     {kpi_type}
Submitted by: {submitter} ({submitter_is})
Ticket:       {ticket_id}
Status:       {status_url}

{quoting}

{text}
"""


def _policy() -> "EmailPolicy[EmailMessage]":
    # Left to itself, the library breaks an id that is too long for a line into encoded words.
    headers = HeaderRegistry()
    for name in ("references", "in-reply-to"):
        headers.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type]  # a mixin, as wanted
    return SMTP.clone(header_factory=headers)


_POLICY: Final = _policy()


def letter(notice: Notice, settings: SmtpSettings) -> EmailMessage:
    """The mail of a notice: the same bytes whenever it is made, its Message-ID the notice's.

    All mails of a ticket refer to one id, so that they are shown together. Raises ValueError when
    the recipient is no address, KeyError for a kind of event that has no words.
    """
    recipient = wire_address(notice.recipient)
    if recipient is None:
        raise ValueError("the recipient is not an e-mail address")
    thread = f"<ticket.{notice.ticket_id}@{settings.domain}>"
    mail = EmailMessage(policy=_POLICY.clone(utf8=not recipient.isascii()))
    mail["From"] = settings.sender
    mail["To"] = recipient
    mail["Subject"] = _subject(notice)
    mail["Date"] = notice.created_at
    mail["Message-ID"] = f"<{notice.id}@{settings.domain}>"
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's machine answers it
    mail["X-Auto-Response-Suppress"] = "All"  # and Exchange's neither
    mail.set_content(_body(notice, settings), cte="quoted-printable")
    return mail


def status_url(ticket_id: UUID, settings: SmtpSettings) -> str:
    """Where the ticket can be seen."""
    return f"{settings.public_url}/api/intake/status/{ticket_id}"


def _subject(notice: Notice) -> str:
    department, kpi_type = (
        one_line(notice.facts.get(name, ""), LONGEST_IN_SUBJECT)
        for name in ("department", "kpiType")
    )
    # The last digits: the first ones are the time, and the same for tickets of the same minute.
    short_id = notice.ticket_id.hex[-8:]
    return f"{WORDINGS[notice.kind].subject}: {department}, {kpi_type} [{short_id}]"


def _body(notice: Notice, settings: SmtpSettings) -> str:
    facts = {name: one_line(fact, LONGEST_IN_BODY) for name, fact in notice.facts.items()}
    wording = WORDINGS[notice.kind]
    return _BODY.format(
        recipient_name=facts.get("recipientName", ""),
        opening=wording.opening,
        department=facts.get("department", ""),
        kpi_type=facts.get("kpiType", ""),
        submitter=f"{facts.get('submittedBy', '')} <{facts.get('submittedByEmail', '')}>",
        submitter_is=facts.get("submitterIs", "not verified"),
        ticket_id=notice.ticket_id,
        status_url=status_url(notice.ticket_id, settings),
        quoting=wording.quoting,
        text=quoted(notice.facts.get("text", "")),
    )
