"""Signing in and TLS: what was asked for is had, or nothing is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING

import pytest

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import a_notice
from helpdesk_smtp import Tls

if TYPE_CHECKING:
    import ssl

    from tests.smtp.conftest import MakeNotifier, MakeSettings, Secured, Serve, Sink

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

USER, PASSWORD = "desk", "sesame-open"
ENCODED = "AGRlc2sAc2VzYW1lLW9wZW4="  # the two, as AUTH PLAIN says them


FLAWS: dict[str, dict[str, datetime]] = {
    "IP address mismatch": {},
    "certificate has expired": {"not_after": datetime(2020, 1, 1, tzinfo=UTC)},
}
"""What OpenSSL complains of, and how a certificate for `localhost` comes to it."""


def test_a_connection_is_secured_by_starttls_before_the_mail(
    secured: Secured,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
    trusting: ssl.SSLContext,
) -> None:
    sink = secured(Tls.STARTTLS, "localhost")
    notifier = notifier_for(settings_for(sink.port, Tls.STARTTLS), context=trusting)

    assert DeliveryResult.SENT is notifier.deliver(a_notice()).result
    assert sink.sessions[0].ssl is not None


def test_a_connection_is_secured_from_its_first_byte(
    secured: Secured,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
    trusting: ssl.SSLContext,
) -> None:
    sink = secured(Tls.IMPLICIT, "localhost")
    notifier = notifier_for(settings_for(sink.port, Tls.IMPLICIT), context=trusting)

    assert DeliveryResult.SENT is notifier.deliver(a_notice()).result


@pytest.mark.parametrize("case", list(product([Tls.STARTTLS, Tls.IMPLICIT], FLAWS)), ids=str)
def test_a_certificate_that_is_not_right_fails(
    case: tuple[Tls, str],
    secured: Secured,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
    trusting: ssl.SSLContext,
) -> None:
    tls, flaw = case
    sink = secured(tls, "localhost", **FLAWS[flaw])
    host = "127.0.0.1" if "mismatch" in flaw else "localhost"
    settings = settings_for(sink.port, tls, host=host)
    delivery = notifier_for(settings, context=trusting).deliver(a_notice())

    assert DeliveryResult.FAILED is delivery.result
    assert flaw in delivery.reason
    assert [] == sink.mails


def test_a_certificate_of_an_unknown_authority_fails(
    secured: Secured, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    """By default only the system's authorities are trusted."""
    sink = secured(Tls.STARTTLS, "localhost")
    delivery = notifier_for(settings_for(sink.port, Tls.STARTTLS)).deliver(a_notice())

    assert DeliveryResult.FAILED is delivery.result
    assert "unable to get local issuer certificate" in delivery.reason
    assert [] == sink.mails


@pytest.mark.parametrize(
    "script",
    [
        {"EHLO": b"250-scripted\r\n250 AUTH PLAIN\r\n"},
        {"EHLO": b"502 never heard\r\n"},
        {"STARTTLS": b"454 not now\r\n"},
        {"STARTTLS": b"501 no\r\n"},
        {"STARTTLS": b"220 go ahead\r\nthis is no TLS at all\r\n"},
        {"STARTTLS": "close"},
        {"STARTTLS": "reset"},
    ],
    ids=["not offered", "no extensions", "not now", "no", "no TLS", "close", "reset"],
)
def test_where_starttls_fails_nothing_is_said_in_the_clear(
    script: dict[str, bytes], serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve(script)
    settings = settings_for(server.port, Tls.STARTTLS, user=USER, password=PASSWORD)
    delivery = notifier_for(settings).deliver(a_notice())
    plain = [line for line in server.heard if line.startswith((b"AUTH", b"MAIL", b"RCPT", b"DATA"))]

    assert DeliveryResult.FAILED is delivery.result
    assert [] == plain


def test_who_knows_the_password_is_let_in(
    guarded: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    settings = settings_for(guarded.port, user=USER, password=PASSWORD)

    assert DeliveryResult.SENT is notifier_for(settings).deliver(a_notice()).result


def test_a_wrong_password_is_our_fault_and_not_the_mail_s(
    guarded: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    settings = settings_for(guarded.port, user=USER, password="wrong")
    reason = "signing in: SMTPAuthenticationError 535"

    assert Delivery(result=DeliveryResult.FAILED, reason=reason) == notifier_for(settings).deliver(
        a_notice()
    )


def test_a_server_that_wants_a_password_where_we_have_none_fails(
    guarded: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    delivery = notifier_for(settings_for(guarded.port)).deliver(a_notice())

    assert DeliveryResult.FAILED is delivery.result
    assert delivery.reason.startswith("naming the sender: 530")


@pytest.mark.parametrize(
    "script",
    [
        {"AUTH": f"535 {PASSWORD} is wrong\r\n".encode()},
        {"AUTH": f"454 {ENCODED} is wrong\r\n".encode()},
        {"AUTH": f"334 {ENCODED}\r\n".encode()},
        {"AUTH": f"{PASSWORD}\r\n".encode()},
        {"AUTH": b"535 " + b"x" * 9000 + b"\r\n"},
        {"AUTH": "close"},
        {"EHLO": b"250-scripted\r\n250 AUTH CRAM-MD5\r\n", "AUTH": b"334 not base64\r\n"},
        {"EHLO": b"250-scripted\r\n250 AUTH GSSAPI\r\n"},
        {"EHLO": b"250 scripted\r\n"},
    ],
)
def test_no_reason_holds_what_was_said_while_signing_in(
    script: dict[str, bytes], serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    settings = settings_for(serve(script).port, user=USER, password=PASSWORD)
    delivery = notifier_for(settings).deliver(a_notice())

    assert DeliveryResult.FAILED is delivery.result
    assert delivery.reason.startswith("signing in: ")
    assert PASSWORD not in delivery.reason
    assert ENCODED not in delivery.reason
