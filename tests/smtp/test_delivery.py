"""What a real mail server gets, and what it is trusted with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from helpdesk_core.ports import Delivery, DeliveryResult, Letter
from helpdesk_core.testing.builders import NOW, a_notice, an_id

if TYPE_CHECKING:
    from tests.smtp.conftest import MakeNotifier, MakeSettings, Sink, StartSink

SENT = Delivery(result=DeliveryResult.SENT)


def content(sink: Sink) -> bytes:
    (mail,) = sink.mails
    assert isinstance(mail.content, bytes)
    return mail.content


def test_a_mail_that_the_server_took_is_sent(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    delivery = notifier_for(settings_for(sink.port)).deliver(a_notice())

    assert SENT == delivery
    assert 1 == len(sink.mails)


def test_the_envelope_holds_the_sender_and_the_recipient_alone(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier_for(settings_for(sink.port)).deliver(a_notice(recipient="one@example.com"))
    (mail,) = sink.mails

    assert ("desk@example.com", ["one@example.com"]) == (mail.mail_from, mail.rcpt_tos)


def test_the_text_arrives_as_it_was_written(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    text = "\n".join(["Grüße, мир", ".", "..", "From here", "=20", "x" * 2000, "", "end"])
    notifier_for(settings_for(sink.port)).deliver(a_notice(facts={"text": text}))
    mail = message_from_bytes(content(sink), policy=default)
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one

    assert [f"> {line}".rstrip() for line in text.splitlines()] == body.splitlines()[-8:]


def test_every_try_sends_the_same_bytes(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier = notifier_for(settings_for(sink.port))
    for _ in range(2):
        notifier.deliver(a_notice())

    assert 1 == len({mail.content for mail in sink.mails})
    assert 2 == len(sink.mails)


def test_many_threads_deliver_at_once(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier = notifier_for(settings_for(sink.port))
    with ThreadPoolExecutor(8) as threads:
        deliveries = list(threads.map(notifier.deliver, [a_notice(n) for n in range(3000, 3024)]))

    assert [SENT] * 24 == deliveries
    assert 24 == len({mail.content for mail in sink.mails})


def test_a_domain_beyond_ascii_goes_by_its_ascii_form(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier_for(settings_for(sink.port)).deliver(a_notice(recipient="one@bücher.example"))

    assert ["one@xn--bcher-kva.example"] == sink.mails[0].rcpt_tos


def test_a_name_beyond_ascii_goes_to_a_server_that_takes_such(
    start_sink: StartSink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    sink = start_sink(enable_SMTPUTF8=True)
    delivery = notifier_for(settings_for(sink.port)).deliver(a_notice(recipient="jürgen@faß.de"))

    assert SENT == delivery
    assert ["jürgen@faß.de"] == sink.mails[0].rcpt_tos
    assert "To: jürgen@faß.de\r\n".encode() in content(sink)


def test_a_name_beyond_ascii_is_refused_where_the_server_takes_no_such(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    delivery = notifier_for(settings_for(sink.port)).deliver(a_notice(recipient="jü@example.com"))

    reason = "the mail server takes no address with letters beyond ASCII"
    assert Delivery(result=DeliveryResult.REFUSED, reason=reason) == delivery
    assert [] == sink.mails


def test_a_letter_of_no_ticket_refers_to_none(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    letter = Letter(subject="Sign in", text="A link", html="<p>A link</p>")
    notifier = notifier_for(settings_for(sink.port))
    delivery = notifier.send(lambda: letter, to="one@example.com", letter_id=an_id(7), at=NOW)
    mail = message_from_bytes(content(sink), policy=default)

    assert SENT == delivery
    assert ("Sign in", f"<{an_id(7)}@example.com>") == (mail["Subject"], mail["Message-ID"])
    assert (None, None) == (mail["References"], mail["In-Reply-To"])


def test_a_letter_to_what_is_no_address_is_refused(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    letter = Letter(subject="Sign in", text="A link", html="<p>A link</p>")
    notifier = notifier_for(settings_for(sink.port))
    delivery = notifier.send(lambda: letter, to="one", letter_id=an_id(7), at=NOW)

    assert (DeliveryResult.REFUSED, []) == (delivery.result, sink.mails)
