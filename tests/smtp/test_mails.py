"""How a letter is made a mail, whatever its words are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.ports import Delivery, DeliveryResult, Letter
from helpdesk_core.testing.builders import a_notice
from helpdesk_smtp import SmtpNotifier, SmtpSettings, mail_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from helpdesk_core.notices import Notice

SETTINGS = SmtpSettings.from_url(
    "smtp://127.0.0.1:1", sender="desk@example.com", public_url="https://desk.example.com/"
)
TICKET = UUID("0190a1b2-0000-7000-8000-0000deadbeef")
LETTER = Letter(subject="It is done", text="Hello,\n\nit is done.\n", html="<p>It is done.</p>\n")
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

awkward = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from('\r\n\0\v\f\x1c\x1d\x1e\x85\u2028\u2029\u202e\t .>:=?<@,;"\\'),
    )
)
sendable = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\r\n\v\x85\u2028\t .=-_>"))
)


def a_mail(notice: Notice, letter: Letter = LETTER) -> EmailMessage:
    """The mail as the recipient's program reads it."""
    return message_from_bytes(mail_of(notice, letter, SETTINGS).as_bytes(), policy=default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_mail_has_its_words_as_text_and_as_html_the_text_first() -> None:
    mail = a_mail(a_notice())

    assert ["text/plain", "text/html"] == [it.get_content_type() for it in mail.iter_parts()]
    assert "multipart/alternative" == mail.get_content_type()
    assert (LETTER.text, LETTER.html) == (part(mail, "plain"), part(mail, "html"))


def test_the_headers_identify_the_mail_and_keep_machines_from_answering() -> None:
    notice = a_notice(ticket_id=TICKET, created_at=datetime(2026, 5, 22, tzinfo=UTC))
    mail = a_mail(notice)
    thread = "<ticket.0190a1b2-0000-7000-8000-0000deadbeef@example.com>"

    assert {
        "From": "desk@example.com",
        "To": "one@example.com",
        "Subject": "It is done",
        "Date": "Fri, 22 May 2026 00:00:00 +0000",
        "Message-ID": f"<{notice.id}@example.com>",
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    } == {name: mail[name] for name in mail if name[:4] not in {"Cont", "MIME"}}


def test_ids_stay_whole_however_long_the_sender_s_domain_is() -> None:
    domain = f"{'a' * 60}.{'b' * 60}.example"
    settings = SmtpSettings.from_url(
        "smtp://localhost", sender=f"desk@{domain}", public_url="https://desk.example.com"
    )
    raw = mail_of(a_notice(), LETTER, settings).as_bytes()
    ids = re.findall(rf"<[^<>]+@{re.escape(domain)}>".encode(), raw)

    assert 3 == len(ids)


def test_a_mail_has_the_same_bytes_whenever_it_is_made() -> None:
    assert 1 == len({mail_of(a_notice(), LETTER, SETTINGS).as_bytes() for _ in range(3)})


@given(subject=awkward, text=sendable, html=sendable)
def test_no_words_add_a_header_or_break_a_line(subject: str, text: str, html: str) -> None:
    letter = Letter(subject=subject, text=text, html=html)
    raw = mail_of(a_notice(), letter, SETTINGS).as_bytes()
    head, _, rest = raw.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]

    assert [
        b"From",
        b"To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"In-Reply-To",
        b"References",
        b"Auto-Submitted",
        b"X-Auto-Response-Suppress",
        b"MIME-Version",
        b"Content-Type",
    ] == names
    assert raw.isascii()
    assert set(raw.replace(b"\r\n", b"")).isdisjoint(b"\r\n\0")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert rest


@given(text=sendable, html=sendable)
def test_no_words_end_their_part_of_the_mail(text: str, html: str) -> None:
    boundary = f"--=_{a_notice().id.hex}"
    letter = Letter(subject="It", text=f"{boundary}\n{text}\n{boundary}--", html=html + boundary)
    mail = a_mail(a_notice(), letter)

    assert ["text/plain", "text/html"] == [it.get_content_type() for it in mail.iter_parts()]
    assert part(mail, "plain").startswith(f"{boundary}\n")


@given(subject=awkward)
def test_no_control_reaches_the_subject(subject: str) -> None:
    mail = a_mail(a_notice(), Letter(subject=subject, text="", html=""))

    assert UNFIT.search(mail["Subject"]) is None


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "one",
        "one@example.com\r\nBcc: two@example.com",
        "one@example.com, two@example.com",
        "one@example.com two@example.com",
        "<one@example.com>",
        "One <one@example.com>",
        '"one two"@example.com',
        "one@[127.0.0.1]",
        "one@example.com\u2028two",
        "one@example.com\x85two",
        "one\u202e@example.com",
        "one\uff20example.com",
        "=?utf-8?q?two=40example.com?=@example.com",
        "one\0@example.com",
        "one@ex\ud800ample.com",
        f"{'x' * 250}@example.com",
    ],
)
def test_a_recipient_that_is_not_one_address_is_refused_for_good(recipient: str) -> None:
    reason = "the recipient is not an e-mail address"
    notifier = SmtpNotifier(SETTINGS, lambda _: LETTER)

    assert Delivery(result=DeliveryResult.REFUSED, reason=reason) == notifier.deliver(
        a_notice(recipient=recipient)
    )


@pytest.mark.parametrize(
    "recipient",
    [
        "a!#$%&'*+-/?=^`{|}~@example.com",
        f"{'x' * 64}@{'y' * 60}.{'z' * 60}.example.com",
    ],
)
def test_an_odd_address_is_the_only_one_in_the_mail(recipient: str) -> None:
    (address,) = a_mail(a_notice(recipient=recipient))["To"].addresses

    assert recipient == address.addr_spec


def test_a_notice_without_words_is_tried_again_later() -> None:
    """Its template may be mended, or a newer release may have put it into the outbox."""
    wordless: dict[Notice, Letter] = {}

    assert Delivery(result=DeliveryResult.FAILED, reason="making the mail: KeyError") == (
        SmtpNotifier(SETTINGS, lambda notice: wordless[notice]).deliver(a_notice(facts=()))
    )
