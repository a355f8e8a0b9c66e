"""A hostile provider for each test, and the desk's side of it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any, Protocol

import attrs
import pytest

from helpdesk_core.identities import VerifiedIdentity
from helpdesk_oidc import OpenIdProvider, Registration
from tests.oidc.hostile import CLIENT_ID, CLIENT_SECRET, NOW, Hostile, now


class SignIn(Protocol):
    """Signs in with the hostile provider: goes there, and comes back as an honest browser."""

    def __call__(self, **returned: Any) -> VerifiedIdentity: ...  # noqa: ANN401  # a parameter, or ...


@attrs.define
class Ticking:
    """Seconds that pass when a test says so."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    server.clock = lambda: NOW
    yield server
    server.close()


@pytest.fixture
def tick() -> Ticking:
    return Ticking()


@pytest.fixture
def registration(hostile: Hostile) -> Registration:
    return Registration(
        key="oidc",
        name="Hostile",
        issuer=hostile.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        redirect_uri="https://desk.example.com/auth/callback",
        may_be_private=True,
    )


@pytest.fixture
def provider(registration: Registration, tick: Ticking) -> OpenIdProvider:
    return OpenIdProvider(registration, places=BoundedSemaphore(4), now=now, tick=tick)


@pytest.fixture
def sign_in(hostile: Hostile, provider: OpenIdProvider) -> SignIn:
    def go_and_come_back(**returned: Any) -> VerifiedIdentity:  # noqa: ANN401  # as above
        kept = provider.begin().kept
        hostile.nonce = kept.nonce
        honest = {"code": "a-code", "state": kept.state, **returned}
        return provider.finish(kept, {name: it for name, it in honest.items() if it is not ...})

    return go_and_come_back
