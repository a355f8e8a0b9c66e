"""Whatever a gateway wants to be asked, it is asked so; and what it answers is understood."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.testing.builders import an_id
from helpdesk_core.testing.strategies import storable_text
from helpdesk_sms import FormTemplate, JsonTemplate, Media, Message, SmsNotifier, SmsSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_core.notices import Notice
    from tests.sms.conftest import NotifierFor, Serve

SENT, FAILED, REFUSED = DeliveryResult.SENT, DeliveryResult.FAILED, DeliveryResult.REFUSED
NUMBER = "+62215550100"
NASTY = '"}, {"to": "+1900" & {to} {id} to=+1900 \r\n\r\nGET / %0d \\u0022 \''


def parts_of(request: bytes) -> tuple[str, dict[str, str], str]:
    """The first line, the headers in small letters, and the body."""
    head, _, body = request.decode("ascii").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return (
        first,
        {name.lower(): it for name, _, it in (line.partition(": ") for line in lines)},
        body,
    )


def test_a_gateway_is_sent_the_number_the_text_and_the_id_as_json(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    delivery = notifier_for(server.port).deliver(texted(facts={"text": "Halo, é"}))
    first, headers, body = parts_of(server.requests[0])

    assert Delivery(result=SENT) == delivery
    assert {"to": NUMBER, "text": "Halo, é", "id": str(an_id(3000))} == json.loads(body)
    assert "POST /sms HTTP/1.1" == first
    assert "application/json" == headers["content-type"]
    assert str(an_id(3000)) == headers["idempotency-key"]


def test_a_form_is_filled_as_a_form(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    form = "To={to}&From=%2B15550100&Body={text}"
    notifier_for(server.port, body=form, media=Media.FORM).deliver(texted(facts={"text": NASTY}))
    _, headers, body = parts_of(server.requests[0])

    assert [("To", NUMBER), ("From", "+15550100"), ("Body", NASTY)] == parse_qsl(body)
    assert "application/x-www-form-urlencoded" == headers["content-type"]


def test_a_gateway_may_want_everything_in_the_url(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    rest = "/send?user=desk&to={digits}&msg={text}"
    notifier_for(server.port, rest, method="GET").deliver(texted(facts={"text": NASTY}))
    first, headers, body = parts_of(server.requests[0])
    method, target, _ = first.split(" ")

    assert [("user", "desk"), ("to", NUMBER[1:]), ("msg", NASTY)] == parse_qsl(
        urlsplit(target).query
    )
    assert ("GET", "", False) == (method, body, "content-type" in headers)


def test_a_documents_own_shape_is_kept(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    body = '{"messages": [{"to": ["{to}"], "body": "Desk: {text}"}], "ttl": 60, "dry": false}'
    notifier_for(server.port, body=body).deliver(texted(facts={"text": "Hi"}))

    wanted = {"messages": [{"to": [NUMBER], "body": "Desk: Hi"}], "ttl": 60, "dry": False}
    assert wanted == json.loads(parts_of(server.requests[0])[2])


@given(storable_text(max_size=200))
def test_no_text_changes_the_shape_of_a_document(text: str) -> None:
    template = JsonTemplate.from_text('{"to": "{to}", "m": ["{text}", "{id} {text}"]}')
    filled = json.loads(template.filled(Message(to=NUMBER, text=text, id="7")))

    assert {"to": NUMBER, "m": [text, f"7 {text}"]} == filled


@given(storable_text(max_size=200))
def test_no_text_changes_the_fields_of_a_form(text: str) -> None:
    template = FormTemplate.from_text("to={to}&m={text}&n=")
    filled = template.filled(Message(to=NUMBER, text=text, id="7")).decode("ascii")

    assert [("to", NUMBER), ("m", text), ("n", "")] == parse_qsl(filled, keep_blank_values=True)


def test_user_and_password_are_basic_authorization(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    notifier_for(server.port, user="desk:open%20sesame@").deliver(texted())

    assert "Basic ZGVzazpvcGVuIHNlc2FtZQ==" == parts_of(server.requests[0])[1]["authorization"]


def test_headers_are_sent_as_they_are_set(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    headers = {"Authorization": "Bearer t0ken", "X-Api-Version": "2"}
    notifier_for(server.port, headers=headers, id_header="X-Ref").deliver(texted())
    sent = parts_of(server.requests[0])[1]

    assert ("Bearer t0ken", "2") == (sent["authorization"], sent["x-api-version"])
    assert (str(an_id(3000)), False) == (sent["x-ref"], "idempotency-key" in sent)


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "62215550100",
        "+",
        "+0215550100",
        "+123456",
        "+1234567890123456",
        "+62 21 5550100",
        "+62215550100\n",
        "+62215550100\r\nX: y",
        "+٦٢٢١٥٥٥٠١٠٠",
        "one@example.com",
    ],
)
def test_what_is_no_number_is_refused_and_nobody_is_asked(
    recipient: str, serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    server = serve()
    delivery = notifier_for(server.port).deliver(texted(recipient=recipient))

    assert (REFUSED, 0) == (delivery.result, server.connections)


@pytest.mark.parametrize(
    ("result", "status"),
    [
        *product([SENT], [200, 204]),
        *product([REFUSED], [400, 404, 410, 422]),
        *product([FAILED], [302, 401, 402, 403, 408, 409, 429, 500, 503]),
    ],
)
def test_an_answer_means_what_it_means_for_webhooks(
    status: int,
    result: DeliveryResult,
    serve: Serve,
    notifier_for: NotifierFor,
    texted: Callable[..., Notice],
) -> None:
    server = serve(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n".encode())
    delivery = notifier_for(server.port).deliver(texted())

    assert result is delivery.result
    assert (None if result is not FAILED else 7.0) == (
        delivery.wait.total_seconds() if delivery.wait else None
    )


def test_a_reason_repeats_no_secret_that_the_gateway_repeats(
    serve: Serve, notifier_for: NotifierFor, texted: Callable[..., Notice]
) -> None:
    said = (
        b"bad key t0ken-t0ken at b0ttoken for desk:sesame (Basic ZGVzazpzZXNhbWU=), k3y-k3y, b0dy"
    )
    length = f"Content-Length: {len(said)}\r\n\r\n".encode()
    server = serve(b"HTTP/1.1 401 No\r\n" + length + said)
    notifier = notifier_for(
        server.port,
        "/b0ttoken?api_key=k3y-k3y",
        user="desk:sesame@",
        headers={"X-Key": "t0ken-t0ken"},
        body='["{to}", "{text}", "b0dy"]',
    )
    reason = notifier.deliver(texted()).reason

    assert reason.startswith("answered 401: bad key ***")
    assert not any(
        word in reason for word in ("t0ken", "sesame", "ZGVz", "k3y-k3y", "b0dy", "b0ttoken")
    )


def test_words_that_cannot_be_found_are_tried_again(texted: Callable[..., Notice]) -> None:
    def write(_: Notice) -> str:
        raise KeyError("subject")

    settings = SmsSettings.from_url("https://gateway.example.com/")
    delivery = SmsNotifier(settings, write).deliver(texted())

    assert Delivery(result=FAILED, reason="making the message: KeyError") == delivery
