"""Endpoints on loopback that keep what they are sent, and do as they are told."""

import base64
import ssl
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
import trustme

from helpdesk_core.kinds import EventKind
from helpdesk_core.notices import Notice
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.testing.peers import Act, ScriptedPeer, is_http
from helpdesk_webhook import Endpoint, WebhookNotifier

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode("ascii")
PATIENCE = 5.0


class Serve(Protocol):
    """Starts an endpoint that does this; options of `ScriptedPeer`."""

    def __call__(self, act: Act = OK, **options: Any) -> ScriptedPeer: ...  # noqa: ANN401  # theirs


class NotifierFor(Protocol):
    """A notifier with one endpoint, `crm`; options of `WebhookNotifier`."""

    def __call__(self, url: str | int, **options: Any) -> WebhookNotifier: ...  # noqa: ANN401  # theirs


class Secured(Protocol):
    """Starts an endpoint with the authority's certificate for those names; trustme's options."""

    def __call__(self, *names: str, **options: Any) -> ScriptedPeer: ...  # noqa: ANN401  # trustme's


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
    """By a port of this machine, which is allowed, or by a whole URL."""

    def make(url: str | int, **options: Any) -> WebhookNotifier:  # noqa: ANN401  # theirs
        whole = f"http://127.0.0.1:{url}/hook" if isinstance(url, int) else url
        settings = {"allow_private": True, "deadline": PATIENCE, **options}
        return WebhookNotifier({"crm": Endpoint(whole, (SECRET,))}, **settings)

    return make


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a client that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def secured(serve: Serve, authority: trustme.CA) -> Secured:
    def start(*names: str, **options: Any) -> ScriptedPeer:  # noqa: ANN401  # trustme's
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*names, **options).configure_cert(context)
        return serve(secured=context)

    return start


@pytest.fixture
def told() -> Callable[..., Notice]:
    """A notice to the endpoint `crm`."""

    def make(number: int = 3000, **fields: Any) -> Notice:  # noqa: ANN401  # any field
        whole = {
            "kind": EventKind.SUBMITTED,
            "audience": Audience.SYSTEMS,
            "channel": Channel.WEBHOOK,
            "recipient": "crm",
            **fields,
        }
        return a_notice(number, **whole)

    return make
