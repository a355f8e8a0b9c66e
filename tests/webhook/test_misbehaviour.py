"""Endpoints that stall, drip, flood and break off: an attempt ends in time, and says how."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.peers import Act, Drip, Flood, Misdeed, ScriptedPeer, a_crowd, is_http
from helpdesk_core.testing.races import at_once
from helpdesk_outward.exchange import LONGEST_RESPONSE
from helpdesk_webhook import Endpoint, WebhookNotifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_core.notices import Notice
    from tests.webhook.conftest import NotifierFor, Secured, Serve

SENT, FAILED, REFUSED = DeliveryResult.SENT, DeliveryResult.FAILED, DeliveryResult.REFUSED
OK = b"HTTP/1.1 204 No Content\r\n\r\n"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DEADLINE = 0.2
A_LITTLE = 2.0
"""Seconds that a busy machine may take besides."""
LONG = 1.5
"""Seconds that the one of twenty hangs, and none of the others takes."""

HEAD = b"HTTP/1.1 400 No\r\n"
SLOW: dict[str, Act] = {
    "hangs": Misdeed.HANG,
    "drips a status line": Drip(b"HTTP/1.1 200 ", b"O"),
    "drips a header": Drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
}


def late_threads() -> list[threading.Thread]:
    """The attempts that still run after a moment in which they may end."""
    mine = [thread for thread in threading.enumerate() if thread.name == "outward"]
    for thread in mine:
        thread.join(A_LITTLE)
    return [thread for thread in mine if thread.is_alive()]


def timed(deliver: Callable[[], Delivery]) -> tuple[Delivery, float]:
    started = monotonic()
    return deliver(), monotonic() - started


@pytest.mark.parametrize("slow", SLOW)
def test_no_answer_can_stretch_the_deadline(
    slow: str, serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    notifier = notifier_for(serve(SLOW[slow]).port, deadline=DEADLINE)
    delivery, took = timed(partial(notifier.deliver, told()))
    reason = f"waiting for the answer: no end within {DEADLINE} seconds"

    assert Delivery(result=FAILED, reason=reason) == delivery
    assert took < DEADLINE + A_LITTLE
    assert [] == late_threads()


@pytest.mark.parametrize("act", [Misdeed.HANG, Drip(b"", b"\x16")], ids=["hangs", "drips"])
def test_no_handshake_can_stretch_the_deadline(
    act: Act, serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve(before_securing=act)
    notifier = notifier_for(f"https://localhost:{server.port}/", deadline=DEADLINE)
    delivery, took = timed(partial(notifier.deliver, told()))

    assert delivery.reason.startswith("securing the connection: ")
    assert (FAILED, True) == (delivery.result, took < DEADLINE + A_LITTLE)
    assert [] == late_threads()


def test_no_resolver_can_stretch_the_deadline(
    notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    over = threading.Event()

    def resolve(_: str, __: int) -> list[str]:
        over.wait(3 * A_LITTLE)
        return ["127.0.0.1"]

    notifier = notifier_for("https://crm.example.com/", deadline=DEADLINE, resolve=resolve)
    delivery, took = timed(partial(notifier.deliver, told()))
    reason = f"looking up the host: no end within {DEADLINE} seconds"

    over.set()

    assert Delivery(result=FAILED, reason=reason) == delivery
    assert took < A_LITTLE
    assert [] == late_threads()


def test_an_endpoint_that_reads_nothing_cannot_stretch_the_deadline(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve(before_reading=Misdeed.HANG)
    notifier = notifier_for(server.port, deadline=DEADLINE)
    notice = told(facts={"text": "x" * 10_000_000})
    delivery, took = timed(partial(notifier.deliver, notice))

    assert (FAILED, True) == (delivery.result, took < DEADLINE + A_LITTLE)


def test_a_status_counts_though_the_body_never_ends(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    notifier = notifier_for(serve(Flood(endless, b"x" * 65536)).port)

    assert Delivery(result=SENT) == notifier.deliver(told())


def test_a_refusal_counts_though_its_body_drips(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    chunk_that_never_begins = Drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0")
    notifier = notifier_for(serve(chunk_that_never_begins).port, deadline=1.0)

    assert REFUSED is notifier.deliver(told()).result


FLOODS = {
    "headers": Flood(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 50),
    "one header": Flood(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 5000),
    "a status line": Flood(b"HTTP/1.1 200 ", b"x" * 5000),
    "interim answers": Flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_without_end_is_not_read_to_its_end(
    flood: str, serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    delivery, took = timed(partial(notifier_for(serve(FLOODS[flood]).port).deliver, told()))

    assert (FAILED, True) == (delivery.result, took < A_LITTLE)
    assert delivery.reason.startswith("waiting for the answer: the answer is no HTTP")


def test_at_most_64_kib_are_read() -> None:
    assert LONGEST_RESPONSE == 65536


@pytest.mark.parametrize("misdeed", [Misdeed.CLOSE, Misdeed.RESET])
@pytest.mark.parametrize("when", ["act", "before_reading", "before_securing"])
def test_a_connection_that_breaks_has_failed(
    when: str,
    misdeed: Misdeed,
    serve: Serve,
    notifier_for: NotifierFor,
    told: Callable[..., Notice],
) -> None:
    server = serve(**{when: misdeed})
    delivery = notifier_for(server.port).deliver(told())

    assert FAILED is delivery.result


def test_an_endpoint_that_is_not_there_has_failed(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve()
    server.close()
    delivery = notifier_for(server.port).deliver(told())

    assert Delivery(result=FAILED, reason="connecting: Connection refused") == delivery


def test_tls_is_spoken_with_the_name_of_the_url(
    secured: Secured,
    notifier_for: NotifierFor,
    told: Callable[..., Notice],
    trusting: ssl.SSLContext,
) -> None:
    """Though the connection goes to an address that was checked before."""
    server = secured("crm.example.com")
    url = f"https://crm.example.com:{server.port}/"
    notifier = notifier_for(url, trust=trusting, resolve=lambda *_: ["127.0.0.1"])

    assert Delivery(result=SENT) == notifier.deliver(told())
    assert f"host: crm.example.com:{server.port}\r\n".encode() in server.requests[0].lower()


FLAWS: dict[str, tuple[str, dict[str, datetime]]] = {
    "Hostname mismatch": ("other.example.com", {}),
    "certificate has expired": ("localhost", {"not_after": datetime(2020, 1, 1, tzinfo=UTC)}),
}
"""What OpenSSL complains of, and how a certificate comes to it."""


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_certificate_that_is_not_right_has_failed(
    flaw: str,
    secured: Secured,
    notifier_for: NotifierFor,
    told: Callable[..., Notice],
    trusting: ssl.SSLContext,
) -> None:
    name, options = FLAWS[flaw]
    server = secured(name, **options)
    delivery = notifier_for(f"https://localhost:{server.port}/", trust=trusting).deliver(told())

    assert (FAILED, []) == (delivery.result, server.requests)
    assert flaw in delivery.reason


def test_an_authority_that_nobody_trusts_has_failed(
    secured: Secured, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = secured("localhost")
    delivery = notifier_for(f"https://localhost:{server.port}/").deliver(told())

    assert (FAILED, []) == (delivery.result, server.requests)


def test_one_of_twenty_that_hangs_delays_none_of_the_others(told: Callable[..., Notice]) -> None:
    with a_crowd(lambda: ScriptedPeer(is_http, OK), 20) as servers:
        servers[7].act = Misdeed.HANG
        endpoints = {
            f"e{number}": Endpoint(f"http://127.0.0.1:{server.port}/", (SECRET,))
            for number, server in enumerate(servers)
        }
        notifier = WebhookNotifier(endpoints, allow_private=True, deadline=LONG)
        notices = [told(3000 + number, recipient=f"e{number}") for number in range(20)]
        tries = at_once([partial(timed, partial(notifier.deliver, notice)) for notice in notices])

    results = [FAILED if number == 7 else SENT for number in range(20)]
    assert results == [attempt[0].result for attempt in tries if isinstance(attempt, tuple)]
    assert max(it[1] for it in tries if isinstance(it, tuple) and it[0].result is SENT) < LONG


def test_where_there_is_no_room_for_a_thread_it_is_tried_again(
    notifier_for: NotifierFor, told: Callable[..., Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_room)

    assert FAILED is notifier_for(9).deliver(told()).result
