"""What each answer means for a notice: sent, tried again and when, or never again."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import NOW
from helpdesk_outward.judging import LONGEST_WAIT, MAY_PASS, waited_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_core.notices import Notice
    from tests.webhook.conftest import NotifierFor, Serve

SENT, FAILED, REFUSED = DeliveryResult.SENT, DeliveryResult.FAILED, DeliveryResult.REFUSED
DAY = timedelta(days=1)


@pytest.fixture
def answered(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> Callable[..., Delivery]:
    """What comes of an attempt that is answered so."""

    def answer(status: int, *headers: str, body: str = "") -> Delivery:
        head = "".join(f"{line}\r\n" for line in (*headers, f"Content-Length: {len(body)}"))
        server = serve(f"HTTP/1.1 {status} So\r\n{head}\r\n{body}".encode())
        return notifier_for(server.port, now=lambda: NOW).deliver(told())

    return answer


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_whatever_begins_with_2_is_sent(answered: Callable[..., Delivery], status: int) -> None:
    assert Delivery(result=SENT) == answered(status)


@pytest.mark.parametrize("status", [400, 404, 405, 410, 413, 415, 422, 451, 499])
def test_what_is_refused_for_good_is_never_tried_again(
    answered: Callable[..., Delivery], status: int
) -> None:
    delivery = answered(status, body="no such\nthing")

    assert Delivery(result=REFUSED, reason=f"answered {status}: no such thing") == delivery


@pytest.mark.parametrize("status", [*sorted(MAY_PASS), 199, 500, 502, 503, 504, 600, 999])
def test_what_may_pass_is_tried_again(answered: Callable[..., Delivery], status: int) -> None:
    assert Delivery(result=FAILED, reason=f"answered {status}") == answered(status)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "file:///etc",
        "gopher:x",
    ],
)
def test_a_redirect_has_failed_and_is_not_followed(
    answered: Callable[..., Delivery], status: int, location: str
) -> None:
    reason = f"answered {status}: redirects are not followed"

    assert Delivery(result=FAILED, reason=reason) == answered(status, f"Location: {location}")


def test_a_redirect_to_oneself_is_not_followed_either(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    inside = serve()
    outside = serve(f"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{inside.port}/\r\n\r\n".encode())
    notifier_for(outside.port).deliver(told())

    assert (1, 0) == (outside.connections, inside.connections)


@pytest.mark.parametrize("status", [429, 503, 500, 408])
@pytest.mark.parametrize(
    "retry_after", ["90", format_datetime(NOW + timedelta(seconds=90), usegmt=True)]
)
def test_the_wait_that_is_asked_for_is_handed_on(
    answered: Callable[..., Delivery], status: int, retry_after: str
) -> None:
    assert timedelta(seconds=90) == answered(status, f"Retry-After: {retry_after}").wait


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("0", timedelta()),
        (" 120 ", timedelta(minutes=2)),
        ("86401", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        (format_datetime(NOW + 2 * DAY, usegmt=True), LONGEST_WAIT),
        (format_datetime(NOW - DAY, usegmt=True), timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 -2359", LONGEST_WAIT),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wait_is_bounded_and_what_is_none_is_passed_over(
    retry_after: str | None, wait: timedelta | None
) -> None:
    assert wait == waited_for(retry_after, NOW)


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d{1,9} \d\d:\d\d:\d\d [+-]?\w+"))
def test_whatever_is_asked_for_a_wait_is_at_most_a_day(retry_after: str) -> None:
    wait = waited_for(retry_after, NOW)

    assert wait is None or timedelta() <= wait <= LONGEST_WAIT


def test_an_endpoint_that_nobody_set_up_is_refused(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve()
    delivery = notifier_for(server.port).deliver(told(recipient="erp"))

    assert Delivery(result=REFUSED, reason="there is no endpoint of that name") == delivery
    assert 0 == server.connections


def test_a_long_answer_makes_a_short_reason(answered: Callable[..., Delivery]) -> None:
    assert 300 == len(answered(400, body="x" * 10_000).reason)


def test_a_reason_repeats_no_key_of_the_url(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    said = b"nothing at /hooks/s3same-s3same?k=t0ken%20t0ken or t0ken t0ken"
    length = f"Content-Length: {len(said)}\r\n\r\n".encode()
    port = serve(b"HTTP/1.1 404 No\r\n" + length + said).port
    url = f"http://127.0.0.1:{port}/hooks/s3same-s3same?k=t0ken%20t0ken"
    delivery = notifier_for(url).deliver(told())

    assert "answered 404: nothing at /hooks/***?k=*** or ***" == delivery.reason
