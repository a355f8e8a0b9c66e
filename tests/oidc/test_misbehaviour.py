"""A provider that is away, slow or endless costs a bounded time, memory and number of threads."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from threading import BoundedSemaphore
from time import monotonic
from typing import TYPE_CHECKING

import attrs
import pytest

from helpdesk_core.errors import ProviderUnavailable
from helpdesk_core.testing.peers import Act, Drip, Flood, Misdeed, ScriptedPeer, is_http
from helpdesk_oidc import OpenIdProvider, Registration
from helpdesk_oidc.line import PAUSE
from tests.oidc.hostile import Hostile, now

if TYPE_CHECKING:
    from helpdesk_core.identities import Departure
    from tests.oidc.conftest import Ticking

SECONDS = 0.4
"""For one step of a sign-in."""
A_LITTLE = 2.0
"""Seconds that a busy machine may take besides."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEBIBYTE = 2**20

MISDEEDS: dict[str, Act] = {
    "hangs": Misdeed.HANG,
    "closes": Misdeed.CLOSE,
    "resets": Misdeed.RESET,
    "drips its head": Drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "drips its body": Drip(HEAD + b"\r\n", b" "),
    "floods its head": Flood(HEAD, b"X: " + b"x" * 60_000 + b"\r\n"),
    "sends 100 MB and says so": Flood(HEAD + b"Content-Length: 104857600\r\n\r\n", b"[" * 65536),
    "sends 100 MB": Flood(HEAD + b"\r\n", b'{"a":' * 20_000),
    "sends 100 MB of chunks": Flood(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"
    ),
    "speaks another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "sends it compressed": HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00",
    "moves away": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n",
}
PAGES = {
    "describing itself": "issuer",
    "giving tokens": "token_endpoint",
    "publishing keys": "jwks_uri",
    "telling of people": "userinfo_endpoint",
}


@pytest.fixture
def misdoing() -> Iterator[Callable[[Act], str]]:
    """Starts a server that does this; its address."""
    running: list[ScriptedPeer] = []

    def start(act: Act) -> str:
        running.append(ScriptedPeer(is_http, act))
        return f"http://127.0.0.1:{running[-1].port}"

    yield start
    for peer in running:
        peer.close()


@pytest.fixture
def impatient(registration: Registration, tick: Ticking) -> Callable[..., OpenIdProvider]:
    def make(places: BoundedSemaphore | None = None, issuer: str | None = None) -> OpenIdProvider:
        return OpenIdProvider(
            attrs.evolve(registration, issuer=issuer or registration.issuer),
            places=places or BoundedSemaphore(4),
            now=now,
            tick=tick,
            seconds=SECONDS,
        )

    return make


def come_back(hostile: Hostile, provider: OpenIdProvider) -> object:
    kept = provider.begin().kept
    hostile.nonce = kept.nonce
    hostile.claims = {"email": ...}
    return provider.finish(kept, {"code": "c", "state": kept.state})


def why(act: Callable[[], object]) -> str:
    with pytest.raises(ProviderUnavailable) as unavailable:
        _ = act()
    return unavailable.value.reason


def late_threads() -> list[threading.Thread]:
    mine = [thread for thread in threading.enumerate() if thread.name == "outward"]
    for thread in mine:
        thread.join(A_LITTLE)
    return [thread for thread in mine if thread.is_alive()]


@pytest.mark.parametrize("misdeed", MISDEEDS)
@pytest.mark.parametrize("page", PAGES)
def test_no_misdeed_is_more_than_an_answer_that_did_not_come(
    hostile: Hostile,
    misdoing: Callable[[Act], str],
    impatient: Callable[..., OpenIdProvider],
    page: str,
    misdeed: str,
) -> None:
    there = misdoing(MISDEEDS[misdeed])
    hostile.document[PAGES[page]] = there
    provider = impatient(issuer=there if PAGES[page] == "issuer" else None)
    started = monotonic()

    assert why(partial(come_back, hostile, provider)).startswith(("127.0.0.1", "the code is"))
    assert monotonic() - started < SECONDS + A_LITTLE
    assert [] == late_threads()


def test_a_flood_is_kept_out_of_memory(
    hostile: Hostile, misdoing: Callable[[Act], str], impatient: Callable[..., OpenIdProvider]
) -> None:
    hostile.document["jwks_uri"] = misdoing(MISDEEDS["sends 100 MB and says so"])
    provider = impatient()
    tracemalloc.start()
    try:
        _ = why(partial(come_back, hostile, provider))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 * MEBIBYTE


def test_many_slow_answers_do_not_add_up(
    hostile: Hostile, impatient: Callable[..., OpenIdProvider]
) -> None:
    """Each of them comes in time, and all of them together do not."""

    def slowly(path: str) -> Callable[[], tuple[int, bytes]]:
        def answer() -> tuple[int, bytes]:
            _ = threading.Event().wait(SECONDS * 0.4)
            return hostile._honest(path)  # noqa: SLF001  # our own server

        return answer

    hostile.document["userinfo_endpoint"] = f"{hostile.issuer}/me"
    provider = impatient()
    departure = provider.begin()
    hostile.pages = {path: slowly(path) for path in ("/token", "/jwks", "/me")}
    started = monotonic()
    reason = why(partial(finish, hostile, provider, departure))

    assert "no end within" in reason or "no time is left" in reason
    assert monotonic() - started < SECONDS + A_LITTLE


def finish(hostile: Hostile, provider: OpenIdProvider, departure: Departure) -> object:
    hostile.nonce = departure.kept.nonce
    hostile.claims = {"email": ...}
    return provider.finish(departure.kept, {"code": "c", "state": departure.kept.state})


def test_who_has_failed_is_left_alone_for_a_while(
    hostile: Hostile, impatient: Callable[..., OpenIdProvider], tick: Ticking
) -> None:
    provider = impatient()
    page = "/.well-known/openid-configuration"
    hostile.pages[page] = (500, b"")
    reasons = [why(provider.begin) for _ in range(3)]
    asked = hostile.asked(page)
    del hostile.pages[page]
    tick.seconds += PAUSE
    _ = provider.begin()

    assert ["127.0.0.1 answers 500"] + ["it failed a moment ago, and is left alone"] * 2 == reasons
    assert (1, 2) == (asked, hostile.asked(page))


def test_a_sign_in_that_is_refused_is_nobodys_failure(
    hostile: Hostile, impatient: Callable[..., OpenIdProvider]
) -> None:
    """Or anybody could shut the door with a code of their own making."""
    provider = impatient()
    hostile.pages["/token"] = (400, b'{"error":"invalid_grant"}')
    for _ in range(5):
        with pytest.raises(Exception, match="did not succeed"):
            _ = come_back(hostile, provider)
    del hostile.pages["/token"]

    assert come_back(hostile, provider)


def test_one_issuer_that_is_away_does_not_shut_the_others(
    impatient: Callable[..., OpenIdProvider],
) -> None:
    away, there = impatient(issuer="http://127.0.0.1:9"), impatient()

    assert why(away.begin).startswith("127.0.0.1: connecting")
    assert there.begin().url


def test_who_finds_no_place_does_not_wait_for_one(
    hostile: Hostile, impatient: Callable[..., OpenIdProvider]
) -> None:
    """The places are shared: the one that is taken here may be another issuer's."""
    places = BoundedSemaphore(1)
    provider = impatient(places)
    with places:
        reason = why(provider.begin)
    asked = len(hostile.requests)

    assert ("as many sign-ins as may wait for providers do", 0) == (reason, asked)
    assert provider.begin().url


def test_places_are_given_back_whatever_happens(
    hostile: Hostile, impatient: Callable[..., OpenIdProvider], tick: Ticking
) -> None:
    provider = impatient(BoundedSemaphore(1))
    hostile.pages["/token"] = (500, b"")
    for _ in range(3):
        _ = why(partial(come_back, hostile, provider))
        tick.seconds += PAUSE
    del hostile.pages["/token"]

    assert come_back(hostile, provider)
