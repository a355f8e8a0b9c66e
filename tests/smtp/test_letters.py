"""What a letter says, whatever the facts are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.tickets import EventKind
from helpdesk_smtp import SmtpNotifier, SmtpSettings, letter

if TYPE_CHECKING:
    from email.message import EmailMessage

    from helpdesk_core.notices import Notice

SETTINGS = SmtpSettings.from_url(
    "smtp://127.0.0.1:1", sender="desk@example.com", public_url="https://desk.example.com/"
)
TICKET = UUID("0190a1b2-0000-7000-8000-0000deadbeef")
FACTS = {
    "ticketId": str(TICKET),
    "recipientName": "One",
    "department": "IT Support",
    "kpiType": "Incident",
    "submittedBy": "Ana",
    "submittedByEmail": "ana@example.org",
    "text": "The printer is on fire.\nPlease come.",
}
UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
KINDS = [EventKind.ASSIGNED, EventKind.REASSIGNED, EventKind.CUSTOMER_REPLIED]

awkward = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from('\r\n\0\v\f\x1c\x1d\x1e\x85\u2028\u2029\u202e\t .>:=?<@,;"\\'),
    )
)
facts = st.fixed_dictionaries({}, optional=dict.fromkeys(FACTS, awkward))


def a_letter(notice: Notice) -> EmailMessage:
    """The letter as the recipient's program reads it."""
    return message_from_bytes(letter(notice, SETTINGS).as_bytes(), policy=default)


def body(notice: Notice) -> str:
    return str(a_letter(notice).get_content()).replace("\r\n", "\n")


def test_a_letter_says_what_the_agent_needs() -> None:
    notice = a_notice(ticket_id=TICKET, facts=FACTS)

    assert (
        body(notice)
        == """\
Hello One,

A ticket was assigned to you.

Department:   IT Support
KPI type:     Incident
Submitted by: Ana <ana@example.org> (not verified)
Ticket:       0190a1b2-0000-7000-8000-0000deadbeef
Status:       https://desk.example.com/api/intake/status/0190a1b2-0000-7000-8000-0000deadbeef

The submitter wrote:

> The printer is on fire.
> Please come.
"""
    )


def test_a_letter_says_that_the_submitter_was_signed_in() -> None:
    notice = a_notice(facts=FACTS | {"submitterIs": "signed in"})

    assert "Submitted by: Ana <ana@example.org> (signed in)" in body(notice).splitlines()


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (EventKind.ASSIGNED, "Ticket assigned to you: IT Support, Incident [deadbeef]"),
        (EventKind.REASSIGNED, "Ticket reassigned to you: IT Support, Incident [deadbeef]"),
        (EventKind.CUSTOMER_REPLIED, "Customer replied: IT Support, Incident [deadbeef]"),
    ],
)
def test_the_subject_says_what_happened_where(kind: EventKind, subject: str) -> None:
    assert subject == a_letter(a_notice(kind=kind, ticket_id=TICKET, facts=FACTS))["Subject"]


def test_the_headers_identify_the_mail_and_keep_machines_from_answering() -> None:
    notice = a_notice(ticket_id=TICKET, facts=FACTS, created_at=datetime(2026, 5, 22, tzinfo=UTC))
    mail = a_letter(notice)
    thread = "<ticket.0190a1b2-0000-7000-8000-0000deadbeef@example.com>"

    assert {
        "From": "desk@example.com",
        "To": "one@example.com",
        "Date": "Fri, 22 May 2026 00:00:00 +0000",
        "Message-ID": f"<{notice.id}@example.com>",
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    } == {name: mail[name] for name in mail if name[:4] not in {"Subj", "Cont", "MIME"}}


def test_ids_stay_whole_however_long_the_sender_s_domain_is() -> None:
    domain = f"{'a' * 60}.{'b' * 60}.example"
    settings = SmtpSettings.from_url(
        "smtp://localhost", sender=f"desk@{domain}", public_url="https://desk.example.com"
    )
    raw = letter(a_notice(), settings).as_bytes()
    ids = re.findall(rf"<[^<>]+@{re.escape(domain)}>".encode(), raw)

    assert 3 == len(ids)


@pytest.mark.parametrize("field", ["submittedBy", "submittedByEmail", "text", "ticketId"])
def test_nothing_that_a_stranger_wrote_is_in_the_headers(field: str) -> None:
    raw = letter(a_notice(facts={**FACTS, field: "SPAM https://spam.example"}), SETTINGS).as_bytes()

    assert b"SPAM" not in raw.partition(b"\r\n\r\n")[0]


@given(facts=facts, kind=st.sampled_from(KINDS))
def test_no_facts_add_a_header_or_break_a_line(facts: dict[str, str], kind: EventKind) -> None:
    raw = letter(a_notice(kind=kind, facts=facts), SETTINGS).as_bytes()
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
        b"Content-Type",
        b"Content-Transfer-Encoding",
        b"MIME-Version",
    ] == names
    assert raw.isascii()
    assert set(raw.replace(b"\r\n", b"")).isdisjoint(b"\r\n\0")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert rest


EVERY_UNFIT = "".join(f"a{chr(point)}" for point in range(0x10000) if UNFIT.match(chr(point)))


@example(facts=dict.fromkeys(FACTS, EVERY_UNFIT), kind=EventKind.ASSIGNED)
@given(facts=facts, kind=st.sampled_from(KINDS))
def test_no_control_reaches_the_reader(facts: dict[str, str], kind: EventKind) -> None:
    notice = a_notice(kind=kind, facts=facts)

    assert UNFIT.search(a_letter(notice)["Subject"] + body(notice)) is None


def test_a_line_of_theirs_ends_wherever_a_reader_may_see_one_end() -> None:
    text = "a\nb\r\nc\rd\u2028e\u2029f\x85g"
    said = body(a_notice(facts={**FACTS, "text": text}))

    assert said.endswith("\n> a\n> b\n> c\n> d\n> e\n> f\n> g\n")


@given(text=awkward)
def test_no_line_of_a_stranger_passes_for_one_of_ours(text: str) -> None:
    said = body(a_notice(facts={**FACTS, "text": text}))
    theirs = said.partition("The submitter wrote:\n\n")[2].rstrip("\n").split("\n")

    assert {True} == {line[:1] in {">", ""} for line in theirs}
    assert said.count("\n\n") == 4 or not text.strip()


@given(name=awkward)
def test_no_name_makes_a_second_line(name: str) -> None:
    facts = {**FACTS, "submittedBy": name, "recipientName": name, "department": name}

    assert 15 == len(body(a_notice(facts=facts)).split("\n"))


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

    assert Delivery(result=DeliveryResult.REFUSED, reason=reason) == SmtpNotifier(SETTINGS).deliver(
        a_notice(recipient=recipient)
    )


@pytest.mark.parametrize(
    "recipient",
    [
        "a!#$%&'*+-/?=^`{|}~@example.com",
        f"{'x' * 64}@{'y' * 60}.{'z' * 60}.example.com",
    ],
)
def test_an_odd_address_is_the_only_one_in_the_letter(recipient: str) -> None:
    (address,) = a_letter(a_notice(recipient=recipient))["To"].addresses

    assert recipient == address.addr_spec


def test_a_kind_of_event_without_words_is_tried_again_later() -> None:
    """A newer release may have put it into the outbox."""
    assert Delivery(result=DeliveryResult.FAILED, reason="making the mail: KeyError") == (
        SmtpNotifier(SETTINGS).deliver(a_notice(kind=EventKind.CLOSED))
    )
