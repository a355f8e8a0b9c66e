"""What a receiver can rely on: who sent it, when, and that a repetition is one."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.strategies import storable_text
from helpdesk_webhook import TYPES, Endpoint, WebhookNotifier, signatures

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_core.notices import Notice
    from tests.webhook.conftest import NotifierFor, Serve

KEYS = st.binary(min_size=24, max_size=64)


def secret_of(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode("ascii")


def parts_of(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (it.partition(": ") for it in lines)}, body


@given(key=KEYS, text=storable_text(max_size=50))
def test_the_standards_own_library_verifies_what_is_signed(key: bytes, text: str) -> None:
    now = int(datetime.now(UTC).timestamp())
    body = json.dumps({"text": text}).encode()
    headers = {
        "webhook-id": "an-id",
        "webhook-timestamp": str(now),
        "webhook-signature": signatures([key], message_id="an-id", timestamp=now, body=body),
    }

    assert {"text": text} == Webhook(secret_of(key)).verify(body, headers)


def test_the_standards_own_example_is_signed_as_it_says() -> None:
    """From the specification's libraries: their test vector."""
    signed = signatures(
        [base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(old=KEYS, new=KEYS)
def test_while_keys_are_rotated_either_verifies(old: bytes, new: bytes) -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "an-id",
        "webhook-timestamp": str(now),
        "webhook-signature": signatures([new, old], message_id="an-id", timestamp=now, body=b"{}"),
    }

    assert [{}, {}] == [Webhook(secret_of(key)).verify(b"{}", headers) for key in (old, new)]


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "body"])
def test_nothing_that_is_signed_can_be_changed(
    name: str, serve: Serve, told: Callable[..., Notice]
) -> None:
    server, secret = serve(), secret_of(b"k" * 24)
    endpoint = Endpoint(f"http://127.0.0.1:{server.port}/", (secret,))
    WebhookNotifier({"crm": endpoint}, allow_private=True).deliver(told())
    headers, body = parts_of(server.requests[0])
    whole = {**headers, "body": body.decode("ascii")}
    changed = whole[name][:-1] + chr(ord(whole[name][-1]) ^ 1)
    forged = {**whole, name: changed}

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(forged["body"], forged)


def test_each_try_has_the_same_id_and_body_and_its_own_timestamp(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server, hours = serve(), iter(range(24))
    notifier = notifier_for(server.port, now=lambda: NOW + timedelta(hours=next(hours)))
    for _ in range(2):
        notifier.deliver(told())
    (first, body), (second, again) = map(parts_of, server.requests)

    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert int(first["webhook-timestamp"]) < int(second["webhook-timestamp"])


def test_a_system_is_told_the_type_the_instant_and_the_facts(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve()
    facts = {"caseNumber": "CW-1", "submittedByEmail": "ana@example.com", "text": "é\n<b>"}
    notifier_for(server.port).deliver(told(facts=facts))
    headers, body = parts_of(server.requests[0])

    wanted = {"type": "case.created", "timestamp": NOW.isoformat(), "data": facts}
    assert wanted == json.loads(body)
    assert "application/json" == headers["content-type"]


def test_what_has_no_case_number_is_a_ticket(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve()
    notifier_for(server.port).deliver(told(kind=EventKind.REASSIGNED))

    assert "ticket.reassigned" == json.loads(parts_of(server.requests[0])[1])["type"]


def test_every_kind_of_event_at_every_door_has_a_type_of_its_own() -> None:
    assert {(door, kind) for door in Door for kind in EventKind} == set(TYPES)
    assert len(TYPES) == len(set(TYPES.values()))


@pytest.mark.parametrize(
    "secrets",
    [
        (),
        ("",),
        ("whsec_",),
        (secret_of(b"k" * 23),),
        (secret_of(b"k" * 65),),
        (secret_of(b"k" * 24).removeprefix("whsec_"),),
        ("whsec_not base64 at all, but long enough to be",),
        (secret_of(b"k" * 24), "whsec_sesame"),
    ],
)
def test_a_secret_that_is_none_is_refused_without_repeating_it(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret") as refused:
        Endpoint("https://crm.example.com/", secrets)

    assert not any(len(secret) > 6 and secret in str(refused.value) for secret in secrets)


def test_an_endpoint_never_shows_its_secrets() -> None:
    endpoint = Endpoint("https://crm.example.com/", (secret_of(b"k" * 24),))

    assert "whsec" not in repr(attrs.evolve(endpoint))
