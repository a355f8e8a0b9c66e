"""The whole way through npm's certified `oidc-provider`, its own forms filled in."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import attrs
import pytest

from helpdesk_core.errors import HelpdeskError, ProviderUnavailable, SignInRefused
from helpdesk_core.identities import Departure, VerifiedIdentity, read_return
from helpdesk_oidc import ALGORITHMS, OpenIdProvider, Registration
from tests.oidc.installing import found, installed

BACK = "http://127.0.0.1:1/auth/callback"
SECRET = "s e:c%r+t/with=every~thing"
WAYS = [("client_secret_post", "userinfo"), ("client_secret_basic", "token")]
HERE = Path(__file__).parent


@pytest.fixture(scope="module", params=WAYS, ids=" and ".join)
def issuer(request: pytest.FixtureRequest) -> Iterator[str]:
    folder = installed(request.config.cache.mkdir("npm"))
    command = [found("node"), str(HERE / "real_provider.mjs"), str(folder), BACK, *request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield json.loads(line)["issuer"]
        process.kill()


def provider_at(
    issuer: str, client_id: str = "RS256", secret: str | None = SECRET
) -> OpenIdProvider:
    registration = Registration(
        key="oidc",
        name="npm",
        issuer=issuer,
        client_id=client_id,
        client_secret=secret,
        redirect_uri=BACK,
        may_be_private=True,
    )
    return OpenIdProvider(registration, places=BoundedSemaphore(4), now=lambda: datetime.now(UTC))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves every redirect to the browser."""

    def http_error_302(self, *_: Any, **__: Any) -> None:  # noqa: ANN401  # theirs
        return None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class Browser:
    """Follows the provider's redirects and fills in its forms, until it is sent back."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(_NoRedirect, cookies)

    def sign_in(self, url: str, who: str) -> str:
        """The query that it brings back."""
        return self._travel(url, {"login": who, "password": "anything"})

    def turn_back(self, url: str) -> str:
        """Goes there, and presses the way out."""
        page, at = self._arrive(url)
        (out,) = re.findall(r'href="([^"]+/abort)"', page)
        return self._travel(urljoin(at, unescape(out)), {})

    def _travel(self, url: str, typed: dict[str, str]) -> str:
        while not url.startswith(BACK):
            page, at = self._arrive(url)
            if at.startswith(BACK):
                return urlsplit(at).query
            (action,) = re.findall(r'<form[^>]* action="([^"]+)"', page)
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', page))
            url, _ = self._ask(urljoin(at, unescape(action)), {**hidden, **typed})
        return urlsplit(url).query

    def _arrive(self, url: str) -> tuple[str, str]:
        """The page that is there in the end, and where that is."""
        while not url.startswith(BACK):
            to, page = self._ask(url)
            if to == url:
                return page, url
            url = to
        return "", url

    def _ask(self, url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Where that leads, or what is there."""
        data = None if form is None else urlencode(form).encode()
        try:
            with self._opener.open(url, data, timeout=20) as answer:
                return url, answer.read().decode()
        except urllib.error.HTTPError as moved:
            with moved:
                return urljoin(url, moved.headers["Location"]), ""


def through(provider: OpenIdProvider, who: str) -> VerifiedIdentity:
    departure = provider.begin()
    query = Browser().sign_in(departure.url, who)
    return provider.finish(departure.kept, read_return(query))


@pytest.fixture
def departure(issuer: str) -> tuple[OpenIdProvider, Departure, str]:
    """Somebody who went there and signed in, and the query that they bring back."""
    provider = provider_at(issuer)
    gone = provider.begin()
    return provider, gone, Browser().sign_in(gone.url, "ann")


def refused(provider: OpenIdProvider, departure: Departure, query: str) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as raised:
        _ = provider.finish(departure.kept, read_return(query))
    return raised.value


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_somebody_signs_in_whatever_signs_it(issuer: str, algorithm: str) -> None:
    identity = through(provider_at(issuer, algorithm), "ann")

    assert identity == VerifiedIdentity(
        issuer=issuer, subject="ann", name="ann Example", email="ann@example.org"
    )


def test_a_public_client_signs_people_in_too(issuer: str) -> None:
    assert "ann" == through(provider_at(issuer, "public", None), "ann").subject


def test_an_address_that_is_not_verified_is_none(issuer: str) -> None:
    assert through(provider_at(issuer), "unverified-eve").email is None


def test_who_turns_back_is_told_so(issuer: str) -> None:
    provider = provider_at(issuer)
    departure = provider.begin()
    refusal = refused(provider, departure, Browser().turn_back(departure.url))

    assert "The sign-in was cancelled." == refusal.message


def test_the_response_names_its_issuer_and_has_to(
    departure: tuple[OpenIdProvider, Departure, str],
) -> None:
    provider, gone, query = departure
    without = re.sub(r"&iss=[^&]*", "", query)

    assert without != query
    assert isinstance(refused(provider, gone, without), SignInRefused)


def test_a_code_is_good_once(departure: tuple[OpenIdProvider, Departure, str]) -> None:
    provider, gone, query = departure
    _ = provider.finish(gone.kept, read_return(query))
    refusal = refused(provider, gone, query)

    assert isinstance(refusal, SignInRefused)
    assert "the code is refused: invalid_grant" == refusal.reason


def test_a_code_wants_its_own_verifier(departure: tuple[OpenIdProvider, Departure, str]) -> None:
    provider, gone, query = departure
    other = attrs.evolve(gone.kept, verifier=provider.begin().kept.verifier)
    refusal = refused(provider, attrs.evolve(gone, kept=other), query)

    assert isinstance(refusal, SignInRefused)
    assert "the code is refused: invalid_grant" == refusal.reason


def test_a_token_is_of_the_sign_in_that_asked_for_it(
    departure: tuple[OpenIdProvider, Departure, str],
) -> None:
    provider, gone, query = departure
    other = attrs.evolve(gone.kept, nonce=provider.begin().kept.nonce)
    refusal = refused(provider, attrs.evolve(gone, kept=other), query)

    assert isinstance(refusal, SignInRefused)
    assert "the ID token's nonce is not what it must be" == refusal.reason


def test_a_wrong_secret_is_refused(issuer: str) -> None:
    provider = provider_at(issuer, secret="another")
    departure = provider.begin()
    refusal = refused(provider, departure, Browser().sign_in(departure.url, "ann"))

    assert isinstance(refusal, SignInRefused)
    assert "the code is refused: invalid_client" == refusal.reason


def test_another_name_for_the_same_issuer_is_not_it(issuer: str) -> None:
    with pytest.raises(ProviderUnavailable) as unavailable:
        _ = provider_at(f"{issuer}/").begin()
    assert f"the issuer calls itself '{issuer}'" == unavailable.value.reason


def test_a_look_tells_what_it_signs_with(issuer: str) -> None:
    assert "signs with ES256, Ed25519, PS256, RS256, 4 keys" in provider_at(issuer).look()
