"""Servers that stall, drip, break off or say no: what is tried again, what is dead, and when."""

from __future__ import annotations

import socket
import threading
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import a_notice
from helpdesk_smtp import Tls

if TYPE_CHECKING:
    from tests.smtp.conftest import MakeNotifier, MakeSettings, Misdeed, Serve

FAILED, REFUSED = DeliveryResult.FAILED, DeliveryResult.REFUSED
WAITED_FOR = {
    "": "connecting",
    "EHLO": "greeting",
    "AUTH": "signing in",
    "MAIL": "naming the sender",
    "RCPT": "naming the recipient",
    "DATA": "handing over the message",
    ".": "handing over the message",
}
"""What is going on when a server owes the reply to each command."""
STAGES = list(WAITED_FOR)
ABOUT_US = ["", "AUTH", "MAIL"]
ABOUT_THE_MAIL = ["RCPT", "DATA", "."]
A_LITTLE = 1.0


def delivered(
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
    script: dict[str, bytes | Misdeed],
    deadline: float = 5,
) -> Delivery:
    port = serve(script).port
    settings = settings_for(port, user="desk", password="sesame", deadline=deadline)
    return notifier_for(settings).deliver(a_notice())


def late_threads() -> list[threading.Thread]:
    """The attempts that still run after a moment in which they may end."""
    mine = [thread for thread in threading.enumerate() if thread.name == "mail"]
    for thread in mine:
        thread.join(A_LITTLE)
    return [thread for thread in mine if thread.is_alive()]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("misdeed", ["hang", "drip"])
def test_no_server_can_stretch_the_deadline(
    *,
    stage: str,
    misdeed: Misdeed,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    deadline = 0.15
    started = monotonic()
    delivery = delivered(serve, notifier_for, settings_for, {stage: misdeed}, deadline=deadline)
    took = monotonic() - started
    reason = f"{WAITED_FOR[stage]}: no end within {deadline} seconds"

    assert Delivery(result=FAILED, reason=reason) == delivery
    assert took < deadline + A_LITTLE
    assert [] == late_threads()


@pytest.mark.parametrize("misdeed", ["hang", "drip"])
@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_no_handshake_can_stretch_the_deadline(
    *,
    misdeed: Misdeed,
    tls: Tls,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve({"" if tls is Tls.IMPLICIT else "STARTTLS": misdeed})
    started = monotonic()
    delivery = notifier_for(settings_for(server.port, tls, deadline=0.2)).deliver(a_notice())

    assert FAILED is delivery.result
    assert monotonic() - started < 0.2 + A_LITTLE
    assert [] == late_threads()


def test_a_goodbye_that_hangs_takes_nothing_from_a_mail_that_was_taken(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    delivery = delivered(serve, notifier_for, settings_for, {"QUIT": "hang"}, deadline=0.1)

    assert Delivery(result=DeliveryResult.SENT) == delivery


@pytest.mark.parametrize("script", [{}, {"RCPT": b"550 no\r\n"}], ids=["sent", "refused"])
def test_the_server_is_told_goodbye(
    script: dict[str, bytes | Misdeed],
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve(script)
    notifier = notifier_for(settings_for(server.port))
    notifier.deliver(a_notice())
    notifier.close()

    assert b"quit\r\n" == server.heard[-1]


@pytest.mark.parametrize("misdeed", ["close", "reset"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_connection_that_breaks_fails_at_any_stage(
    stage: str,
    misdeed: Misdeed,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    delivery = delivered(serve, notifier_for, settings_for, {stage: misdeed})

    assert FAILED is delivery.result
    assert delivery.reason.startswith(WAITED_FOR[stage])


@pytest.mark.parametrize("reply", [b"421 going down\r\n", b"451 try later\r\n"])
@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "EHLO"])
def test_a_server_that_says_later_fails_at_any_stage(
    stage: str, reply: bytes, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    assert FAILED is delivered(serve, notifier_for, settings_for, {stage: reply}).result


@pytest.mark.parametrize("code", [b"421", b"554"])
def test_a_server_that_greets_nobody_fails(
    code: bytes, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    script: dict[str, bytes | Misdeed] = {"EHLO": code + b" no\r\n", "HELO": code + b" no\r\n"}

    assert Delivery(result=FAILED, reason=f"greeting: {code.decode()} no") == delivered(
        serve, notifier_for, settings_for, script
    )


@pytest.mark.parametrize("code", [b"500", b"550", b"552", b"554"])
@pytest.mark.parametrize("stage", ABOUT_US)
def test_a_no_before_the_recipient_is_about_us_and_fails(
    stage: str, code: bytes, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    assert FAILED is delivered(serve, notifier_for, settings_for, {stage: code + b" no\r\n"}).result


@pytest.mark.parametrize("code", [b"500", b"550", b"552", b"554"])
@pytest.mark.parametrize("stage", ABOUT_THE_MAIL)
def test_a_no_to_the_recipient_or_the_message_is_for_good(
    stage: str, code: bytes, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    reason = f"{WAITED_FOR[stage]}: {code.decode()} no such thing"

    assert Delivery(result=REFUSED, reason=reason) == delivered(
        serve, notifier_for, settings_for, {stage: code + b" no such thing\r\n"}
    )


@pytest.mark.parametrize("code", [b"530", b"534", b"535", b"538"])
@pytest.mark.parametrize("stage", ABOUT_THE_MAIL)
def test_a_no_to_our_credentials_fails_wherever_it_comes(
    stage: str, code: bytes, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    assert (
        FAILED
        is delivered(serve, notifier_for, settings_for, {stage: code + b" sign in\r\n"}).result
    )


@pytest.mark.parametrize("reply", [b"what?\r\n", b"\r\n", b"250" * 9000, b"\xff\xfe 250\r\n", b"3"])
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "."])
def test_a_reply_that_is_none_fails(
    stage: str, reply: bytes, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    assert (
        FAILED is delivered(serve, notifier_for, settings_for, {stage: reply}, deadline=0.1).result
    )


def test_a_lost_confirmation_is_tried_again_under_the_same_id(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({".": "close"})
    notifier = notifier_for(settings_for(server.port))
    deliveries = [notifier.deliver(a_notice()).result for _ in range(2)]
    ids = [line for line in server.heard if line.startswith(b"Message-ID: ")]

    assert [FAILED, FAILED] == deliveries
    assert 2 == len(ids)
    assert 1 == len(set(ids))


def test_a_reason_is_one_short_line_whatever_the_server_says(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    said = b"550-\x00\x1b[31m\xff\r\n" + b"550-word\r\n" * 100 + b"550 end\r\n"
    delivery = delivered(serve, notifier_for, settings_for, {"RCPT": said})

    assert REFUSED is delivery.result
    assert len(delivery.reason) <= 300
    assert delivery.reason.isprintable()


def test_a_server_that_is_not_there_fails(
    notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

    assert Delivery(result=FAILED, reason="connecting: Connection refused") == notifier_for(
        settings_for(port)
    ).deliver(a_notice())


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 300])
def test_a_host_that_has_no_address_fails(
    host: str, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    delivery = notifier_for(settings_for(25, host=host)).deliver(a_notice())

    assert FAILED is delivery.result
    assert delivery.reason.startswith("connecting: ")


@pytest.fixture
def slow_resolver(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No address is known until the event is set; then connections are made as ever."""
    answers = threading.Event()
    connect = socket.create_connection

    def connect_later(address: tuple[str, int], timeout: float) -> socket.socket:
        answers.wait()
        return connect(address, timeout)

    monkeypatch.setattr("helpdesk_smtp.wire.socket.create_connection", connect_later)
    return answers


def test_a_resolver_that_hangs_is_left_behind_and_nothing_is_sent_later(
    slow_resolver: threading.Event,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve({})
    delivery = notifier_for(settings_for(server.port, deadline=0.1)).deliver(a_notice())
    slow_resolver.set()

    assert Delivery(result=FAILED, reason="connecting: no end within 0.1 seconds") == delivery
    assert [] == late_threads()
    assert [] == server.heard


def test_what_is_left_behind_does_not_keep_the_program_from_ending(
    slow_resolver: threading.Event, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier_for(settings_for(1, deadline=0.05)).deliver(a_notice())
    left = [thread.daemon for thread in threading.enumerate() if thread.name == "mail"]
    slow_resolver.set()

    assert [True] == left
