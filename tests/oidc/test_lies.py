"""A provider that describes itself wrongly, or publishes what is no key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_core.errors import ProviderUnavailable, SignInRefused
from helpdesk_oidc import OpenIdProvider
from helpdesk_oidc.keys import MOST_KEYS
from tests.oidc.hostile import EC, RSA, Hostile, Page, written

if TYPE_CHECKING:
    from tests.oidc.conftest import SignIn, Ticking

DISCOVERY = "/.well-known/openid-configuration"

NO_HOST = "the URL names no host, or a port that is none"

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": (
        {"issuer": "https://accounts.google.com"},
        "the issuer calls itself 'https://accounts.google.com'",
    ),
    "no issuer": ({"issuer": ...}, "the issuer calls itself 'None'"),
    "no code flow": ({"response_types_supported": ["id_token"]}, "the issuer has no code flow"),
    "PKCE without digests": (
        {"code_challenge_methods_supported": ["plain"]},
        "the issuer takes no PKCE with S256",
    ),
    "symmetric signatures only": (
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        "the issuer signs with no algorithm that is taken",
    ),
    "algorithms that are no list": (
        {"id_token_signing_alg_values_supported": "RS256"},
        "the issuer's id_token_signing_alg_values_supported is no list",
    ),
    "no address of tokens": ({"token_endpoint": ...}, "the issuer has no token_endpoint"),
    "a list of addresses": ({"jwks_uri": ["https://a"]}, "the issuer has no jwks_uri"),
    "an address of scripts": (
        {"authorization_endpoint": "javascript:alert(1)"},
        f"the issuer's authorization_endpoint is not asked: {NO_HOST}",
    ),
    "an address of files": (
        {"jwks_uri": "file:///etc/passwd"},
        f"the issuer's jwks_uri is not asked: {NO_HOST}",
    ),
    "an address with a password": (
        {"token_endpoint": "https://a:b@example.org/"},
        "the issuer's token_endpoint is not asked: the URL names a user",
    ),
    "an address of the machine's secrets": (
        {"token_endpoint": "http://169.254.169.254/latest"},
        "the issuer's token_endpoint is not asked: the host is an address that nothing is sent to",
    ),
    "an address of userinfo that is none": (
        {"userinfo_endpoint": 1},
        "the issuer has no userinfo_endpoint",
    ),
}


@pytest.mark.parametrize("lie", WRONG)
def test_a_wrong_description_is_not_gone_by(
    hostile: Hostile, provider: OpenIdProvider, lie: str
) -> None:
    hostile.document, reason = WRONG[lie]

    with pytest.raises(ProviderUnavailable) as unavailable:
        _ = provider.begin()
    assert reason == unavailable.value.reason


NO_DOCUMENT: dict[str, Page] = {
    "not there": (404, b"{}"),
    "failed": (500, b"{}"),
    "made": (201, b"{}"),
    "moved": (301, b"{}"),
    "a page": (200, b"<html>"),
    "nothing": (200, b""),
    "a list": (200, b"[]"),
    "null": (200, b"null"),
    "twice": (200, b'{"issuer":"a","issuer":"b"}'),
    "deep": (200, b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "too long": (200, b" " * 600_000 + b"{}"),
}


@pytest.mark.parametrize("kind", NO_DOCUMENT)
@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/me"])
def test_what_is_no_document_is_no_answer(
    hostile: Hostile, sign_in: SignIn, path: str, kind: str
) -> None:
    hostile.document["userinfo_endpoint"] = f"{hostile.issuer}/me"
    hostile.claims = {"email": ...}
    hostile.pages[path] = NO_DOCUMENT[kind]

    with pytest.raises(ProviderUnavailable):
        _ = sign_in()


@pytest.mark.parametrize(
    "page",
    [
        *NO_DOCUMENT.values(),
        written({}),
        written({"id_token": None}),
        written({"id_token": ["a"]}),
        written({"access_token": "a"}),
        (400, b"{}"),
    ],
)
def test_what_is_no_token_is_no_answer(hostile: Hostile, sign_in: SignIn, page: Page) -> None:
    hostile.pages["/token"] = page

    with pytest.raises(ProviderUnavailable):
        _ = sign_in()


def test_userinfo_about_somebody_else_is_refused(hostile: Hostile, sign_in: SignIn) -> None:
    hostile.document["userinfo_endpoint"] = f"{hostile.issuer}/me"
    hostile.claims = {"email": ...}
    said = {"sub": "boss", "email": "boss@example.org", "email_verified": True}
    hostile.pages["/me"] = written(said)

    with pytest.raises(SignInRefused) as refused:
        _ = sign_in()
    assert "userinfo is about somebody else" == refused.value.reason


def test_an_access_token_that_no_header_carries_is_not_sent(
    hostile: Hostile, sign_in: SignIn
) -> None:
    hostile.document["userinfo_endpoint"] = f"{hostile.issuer}/me"
    hostile.claims = {"email": ...}
    hostile.pages["/token"] = lambda: written(
        {"id_token": hostile.id_token(), "access_token": "a\r\nX: y"}
    )

    assert (None, 0) == (sign_in().email, hostile.asked("/me"))


PUBLIC: dict[str, Any] = dict(RSA.as_dict(private=False))
NO_KEYS: dict[str, object] = {
    "null": None,
    "a text": "rsa",
    "a list": [],
    "nothing in it": {},
    "symmetric": {"kty": "oct", "kid": "rsa", "k": "c2VjcmV0"},
    "of no type": {"kid": "rsa", "n": PUBLIC["n"], "e": "AQAB"},
    "of a list of types": {**PUBLIC, "kty": ["RSA"]},
    "of a later type": {**PUBLIC, "kty": "AKP"},
    "short": {**PUBLIC, "n": "sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri"},
    "padded to look long": {**PUBLIC, "n": "A" * 340 + "sXchDaQe"},
    "endless": {**PUBLIC, "n": "s" * 100_000},
    "even": {**PUBLIC, "e": "AAAA"},
    "without an exponent": {**PUBLIC, "e": ...},
    "with a number for one": {**PUBLIC, "e": 65537},
    "no numbers": {**PUBLIC, "n": "!!!!"},
    "off the curve": {"kty": "EC", "kid": "rsa", "crv": "P-256", "x": "AQAB", "y": "AQAB"},
    "of no curve": {"kty": "EC", "kid": "rsa", "crv": "P-1", "x": "AQAB", "y": "AQAB"},
    "of another curve": {"kty": "OKP", "kid": "rsa", "crv": "X25519", "x": "A" * 43},
    "for encrypting": {**PUBLIC, "use": "enc"},
    "for wrapping": {**PUBLIC, "key_ops": ["wrapKey"]},
    "for no list of uses": {**PUBLIC, "key_ops": "verify"},
    "of a number's name": {**PUBLIC, "kid": 1},
}


@pytest.mark.parametrize("kind", NO_KEYS)
def test_what_is_no_key_is_passed_over(hostile: Hostile, sign_in: SignIn, kind: str) -> None:
    given = NO_KEYS[kind]
    whole = {k: v for k, v in given.items() if v is not ...} if isinstance(given, dict) else given
    hostile.pages["/jwks"] = written({"keys": [whole, EC.as_dict(private=False)]})

    with pytest.raises(SignInRefused):
        _ = sign_in()
    hostile.signer, hostile.header = EC, {"alg": "ES256"}

    assert "subject-1" == sign_in().subject


def test_a_private_key_that_slipped_out_is_read_as_public(
    hostile: Hostile, sign_in: SignIn
) -> None:
    hostile.pages["/jwks"] = written({"keys": [RSA.as_dict(private=True)]})

    assert "subject-1" == sign_in().subject


@pytest.mark.parametrize(
    "keys", [{}, None, "rsa", [{}] * (MOST_KEYS + 1)], ids=["object", "null", "text", "too many"]
)
def test_what_is_no_list_of_keys_is_no_answer(
    hostile: Hostile, sign_in: SignIn, keys: object
) -> None:
    hostile.pages["/jwks"] = written({"keys": keys})

    with pytest.raises(ProviderUnavailable):
        _ = sign_in()


def test_what_is_published_is_asked_for_once_an_hour(
    hostile: Hostile, sign_in: SignIn, tick: Ticking
) -> None:
    for _ in range(3):
        _ = sign_in()
    within = (hostile.asked(DISCOVERY), hostile.asked("/jwks"))
    tick.seconds += 3601
    _ = sign_in()

    assert ((1, 1), (2, 2)) == (within, (hostile.asked(DISCOVERY), hostile.asked("/jwks")))


def test_keys_are_changed_without_anybody_noticing(hostile: Hostile, sign_in: SignIn) -> None:
    hostile.keys = [RSA]
    _ = sign_in()
    hostile.keys, hostile.signer, hostile.header = [EC], EC, {"alg": "ES256"}

    assert "subject-1" == sign_in().subject
    hostile.signer, hostile.header = RSA, {}
    with pytest.raises(SignInRefused):
        _ = sign_in()


def test_unknown_keys_are_looked_for_now_and_then_only(
    hostile: Hostile, sign_in: SignIn, tick: Ticking
) -> None:
    hostile.header = {"kid": "nobody's"}
    for _ in range(5):
        with pytest.raises(SignInRefused):
            _ = sign_in()
    at_once = hostile.asked("/jwks")
    tick.seconds += 31
    with pytest.raises(SignInRefused):
        _ = sign_in()

    assert (2, 3) == (at_once, hostile.asked("/jwks"))


def test_a_look_tells_what_is_published(hostile: Hostile, provider: OpenIdProvider) -> None:
    assert f"{hostile.issuer} signs with ES256, Ed25519, PS256, RS256, 3 keys" == provider.look()


def test_a_look_finds_it_when_no_key_can_be_used(
    hostile: Hostile, provider: OpenIdProvider
) -> None:
    hostile.keys = []

    with pytest.raises(ProviderUnavailable) as unavailable:
        _ = provider.look()
    assert "the issuer publishes no key that is taken" == unavailable.value.reason
