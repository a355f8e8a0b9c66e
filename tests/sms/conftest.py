"""Gateways on loopback that keep what they are sent, and do as they are told."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.testing.peers import Act, ScriptedPeer, is_http
from helpdesk_sms import SmsNotifier, SmsSettings

OK = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}"
PATIENCE = 5.0


class Serve(Protocol):
    """Starts a gateway that does this; options of `ScriptedPeer`."""

    def __call__(self, act: Act = OK, **options: Any) -> ScriptedPeer: ...  # noqa: ANN401  # theirs


class NotifierFor(Protocol):
    """A notifier for a gateway on that port of this machine; options of `SmsSettings.from_url`.

    In the URL's `rest`, what comes after the host. It writes each notice's fact `text`.
    """

    def __call__(self, port: int, rest: str = "/sms", **options: Any) -> SmsNotifier: ...  # noqa: ANN401  # theirs


def words(notice: Notice) -> str:
    return notice.facts.get("text", "")


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[ScriptedPeer] = []

    def start(act: Act = OK, **options: Any) -> ScriptedPeer:  # noqa: ANN401  # theirs
        running.append(ScriptedPeer(is_http, act, **options))
        return running[-1]

    yield start
    for peer in running:
        peer.close()


@pytest.fixture
def notifier_for() -> NotifierFor:
    def make(port: int, rest: str = "/sms", user: str = "", **options: Any) -> SmsNotifier:  # noqa: ANN401  # theirs
        url = f"http://{user}127.0.0.1:{port}{rest}"
        return SmsNotifier(SmsSettings.from_url(url, **{"deadline": PATIENCE, **options}), words)

    return make


@pytest.fixture
def texted() -> Callable[..., Notice]:
    """A notice to a telephone."""

    def make(number: int = 3000, **fields: Any) -> Notice:  # noqa: ANN401  # any field
        whole = {
            "audience": Audience.STAFF,
            "channel": Channel.SMS,
            "recipient": "+62215550100",
            **fields,
        }
        return a_notice(number, **whole)

    return make
