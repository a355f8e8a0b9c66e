"""One connection for many mails: when it is kept, checked, left, and what is never at risk."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import a_notice
from helpdesk_smtp import Tls
from helpdesk_smtp.lines import MOST_MAILS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_smtp import SmtpNotifier
    from tests.smtp.conftest import (
        MakeNotifier,
        MakeSettings,
        Misdeed,
        Script,
        Secured,
        Serve,
        Sink,
    )

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SENT, FAILED, REFUSED = DeliveryResult.SENT, DeliveryResult.FAILED, DeliveryResult.REFUSED
A_LITTLE = 1.0


def results(notifier: SmtpNotifier, numbers: Iterable[int]) -> list[DeliveryResult]:
    return [notifier.deliver(a_notice(number)).result for number in numbers]


def count(heard: list[bytes], command: bytes) -> int:
    return sum(line.upper().startswith(command) for line in heard)


def connections(sink: Sink) -> int:
    return len({session.peer for session in sink.sessions})


def test_many_mails_go_over_one_connection(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    delivered = results(notifier_for(settings_for(sink.port)), range(20))

    assert [SENT] * 20 == delivered
    assert 1 == connections(sink)
    assert 20 == len({mail.content for mail in sink.mails})


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_secured_connection_stays_secured_from_mail_to_mail(
    tls: Tls,
    secured: Secured,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
    trusting: ssl.SSLContext,
) -> None:
    sink = secured(tls, "localhost")
    delivered = results(notifier_for(settings_for(sink.port, tls), context=trusting), range(5))

    assert [SENT] * 5 == delivered
    assert 1 == connections(sink)
    assert all(session.ssl for session in sink.sessions if tls is Tls.STARTTLS)


def test_who_is_signed_in_stays_signed_in(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({})
    settings = settings_for(server.port, user="desk", password="sesame")
    delivered = results(notifier_for(settings), range(5))

    assert [SENT] * 5 == delivered
    assert (1, 1, 5) == (
        server.connections,
        count(server.heard, b"AUTH"),
        count(server.heard, b"DATA"),
    )


def test_so_many_threads_so_many_connections_at_most(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier = notifier_for(settings_for(sink.port))
    with ThreadPoolExecutor(4) as threads:
        deliveries = list(threads.map(notifier.deliver, map(a_notice, range(60))))

    assert {SENT} == {delivery.result for delivery in deliveries}
    assert 60 == len({mail.content for mail in sink.mails})
    assert connections(sink) <= 4


def test_a_connection_is_left_after_so_many_mails(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({})
    results(notifier_for(settings_for(server.port)), range(MOST_MAILS + 1))

    assert 2 == server.connections


def test_a_connection_ends_politely_when_nobody_needs_it(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({})
    notifier = notifier_for(settings_for(server.port), idle=0.05)
    results(notifier, [1])
    until = monotonic() + A_LITTLE
    while not count(server.heard, b"QUIT") and monotonic() < until:
        sleep(0.01)
    results(notifier, [2])

    assert b"quit\r\n" in server.heard
    assert 2 == server.connections


def test_without_idle_time_each_mail_has_a_connection_of_its_own(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({})
    results(notifier_for(settings_for(server.port), idle=0), range(3))

    assert (3, 3) == (server.connections, count(server.heard, b"QUIT"))


@pytest.mark.parametrize("reply", [b"550 no\r\n", b"450 later\r\n"])
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "."])
def test_a_mail_that_is_not_taken_leaves_the_connection_to_the_next(
    stage: str,
    reply: bytes,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve({stage: reply})
    delivered = results(notifier_for(settings_for(server.port)), range(3))

    assert [REFUSED if reply[:1] == b"5" else FAILED] * 3 == delivered
    assert 1 == server.connections


CUT_BETWEEN: list[Script] = [
    {"RSET": "close"},
    {"RSET": "reset"},
    {"RSET": b"421 too many\r\n"},
    {"RSET": b"500 what?\r\n"},
    {"RSET": "hang"},
    {"RSET": b"nonsense\r\n"},
]


@pytest.mark.parametrize("script", CUT_BETWEEN, ids=lambda it: str(it["RSET"]))
def test_a_connection_that_ended_between_two_mails_costs_none_of_them(
    script: Script, serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve(script)
    delivered = results(notifier_for(settings_for(server.port, deadline=2)), range(2))

    assert [SENT, SENT] == delivered
    assert (2, 2) == (server.connections, count(server.heard, b"DATA"))


def test_a_server_that_closed_meanwhile_costs_no_mail(
    sink: Sink, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    notifier, closed = notifier_for(settings_for(sink.port)), Event()
    results(notifier, [1])
    sink.hang_up(closed)
    assert closed.wait(A_LITTLE)

    assert [SENT] == results(notifier, [2])
    assert 2 == len(sink.mails)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
@pytest.mark.parametrize("misdeed", ["close", "reset", b"421 enough\r\n"])
def test_a_kept_connection_that_breaks_before_the_message_is_replaced_within_the_attempt(
    stage: str,
    misdeed: bytes | Misdeed,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve({})
    notifier = notifier_for(settings_for(server.port))
    results(notifier, [1])
    server.from_now_on({stage: misdeed}, connections=1)

    assert [SENT] == results(notifier, [2])
    assert (2, 2) == (server.connections, count(server.heard, b"DATA"))


@pytest.mark.parametrize("stage", ["DATA", "."])
@pytest.mark.parametrize("misdeed", ["close", "reset", b"421 enough\r\n"])
def test_no_message_is_said_twice_in_one_attempt(
    stage: str,
    misdeed: bytes | Misdeed,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve({})
    notifier = notifier_for(settings_for(server.port))
    results(notifier, [1])
    server.from_now_on({stage: misdeed}, connections=1)

    assert [FAILED] == results(notifier, [2])
    assert 2 == count(server.heard, b"DATA")


@pytest.mark.parametrize("misdeed", ["hang", "drip"])
@pytest.mark.parametrize("stage", ["RSET", "MAIL", "RCPT", "DATA", "."])
def test_a_kept_connection_cannot_stretch_the_deadline(
    stage: str,
    misdeed: Misdeed,
    serve: Serve,
    notifier_for: MakeNotifier,
    settings_for: MakeSettings,
) -> None:
    server = serve({})
    notifier = notifier_for(settings_for(server.port, deadline=0.3))
    results(notifier, [1])
    server.from_now_on({stage: misdeed})
    started = monotonic()
    delivery = notifier.deliver(a_notice(2))
    took = monotonic() - started

    assert delivery.result is FAILED or (stage, misdeed) == ("RSET", "hang")
    assert took < 0.3 + A_LITTLE


def test_a_server_out_of_step_is_not_believed(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    """A second reply to one message would be taken for the reply to the next."""
    server = serve({".": b"250 taken\r\n250 taken\r\n"})
    notifier = notifier_for(settings_for(server.port))
    results(notifier, [1])
    server.from_now_on({".": b"550 no\r\n"})

    assert [REFUSED] == results(notifier, [2])
    assert 2 == server.connections


def test_a_late_attempt_leaves_no_connection_to_the_next(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({".": "hang"})
    notifier = notifier_for(settings_for(server.port, deadline=0.6))
    results(notifier, [1])
    server.from_now_on({})

    assert [SENT] == results(notifier, [2])
    assert 2 == server.connections


def test_a_mail_after_the_close_has_a_connection_of_its_own(
    serve: Serve, notifier_for: MakeNotifier, settings_for: MakeSettings
) -> None:
    server = serve({})
    notifier = notifier_for(settings_for(server.port))
    notifier.close()

    assert Delivery(result=SENT) == notifier.deliver(a_notice())
    assert 1 == count(server.heard, b"QUIT")
