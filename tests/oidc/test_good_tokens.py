"""What an honest provider gives is taken, in every form that the standard has."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest
from joserfc.jwk import Key

from helpdesk_core.identities import VerifiedIdentity
from helpdesk_oidc import OpenIdProvider
from tests.oidc.hostile import CLIENT_ID, CLIENT_SECRET, EC, ED, NOW, RSA, Hostile, written

if TYPE_CHECKING:
    from tests.oidc.conftest import SignIn

LEFT_HALVES = {"RS256": hashlib.sha256, "Ed25519": hashlib.sha512}


@pytest.fixture
def ann(hostile: Hostile) -> VerifiedIdentity:
    return VerifiedIdentity(
        issuer=hostile.issuer, subject="subject-1", name="Ann Example", email="ann@example.org"
    )


def test_an_honest_token_tells_who_it_is(sign_in: SignIn, ann: VerifiedIdentity) -> None:
    assert ann == sign_in()


@pytest.mark.parametrize(
    ("algorithm", "key"), [("RS256", RSA), ("PS256", RSA), ("ES256", EC), ("Ed25519", ED)]
)
def test_every_algorithm_that_is_taken_holds(
    hostile: Hostile, sign_in: SignIn, ann: VerifiedIdentity, algorithm: str, key: Key
) -> None:
    hostile.signer, hostile.header = key, {"alg": algorithm}

    assert ann == sign_in()


FORMS: dict[str, dict[str, Any]] = {
    "the audience in a list": {"aud": [CLIENT_ID]},
    "authorized for us": {"azp": CLIENT_ID},
    "a clock that is ahead by half a minute": {"iat": NOW + 30, "nbf": NOW + 30},
    "a clock that is behind by half a minute": {"exp": NOW - 30},
    "instants with a fraction": {"iat": NOW - 0.25},
    "good for a year": {"exp": NOW + 86400 * 365},
    "good for ever": {"exp": 10**300},
    "good since long": {"nbf": 0},
    "claims that nobody asked for": {"groups": [{"a": [1.5, None]}], "email_verified": True},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_good_token_is_taken(
    hostile: Hostile, sign_in: SignIn, ann: VerifiedIdentity, form: str
) -> None:
    hostile.claims = FORMS[form]

    assert ann == sign_in()


@pytest.mark.parametrize(
    "header",
    [{"typ": ...}, {"typ": "jwt"}, {"x5t": "abc"}, {"ver": "1"}, {"x5c": ["M" * 4000]}],
    ids=str,
)
def test_a_head_may_say_more_than_is_read(
    hostile: Hostile, sign_in: SignIn, ann: VerifiedIdentity, header: dict[str, Any]
) -> None:
    hostile.header = header

    assert ann == sign_in()


def test_the_only_key_that_suits_needs_no_name(
    hostile: Hostile, sign_in: SignIn, ann: VerifiedIdentity
) -> None:
    hostile.header = {"kid": ...}

    assert ann == sign_in()


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", RSA), ("Ed25519", ED)])
def test_the_access_tokens_digest_holds(
    hostile: Hostile, sign_in: SignIn, ann: VerifiedIdentity, algorithm: str, key: Key
) -> None:
    digest = LEFT_HALVES[algorithm](b"a-token").digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    hostile.signer, hostile.header = key, {"alg": algorithm}
    hostile.claims = {"at_hash": half}

    assert ann == sign_in()


def test_the_browser_is_sent_with_all_that_binds_it(
    hostile: Hostile, provider: OpenIdProvider
) -> None:
    departure = provider.begin()
    parts = urlsplit(departure.url)
    verifier = hashlib.sha256(departure.kept.verifier.encode()).digest()

    assert f"{hostile.issuer}/auth" == departure.url.partition("?")[0]
    assert {
        "tenant": ["a"],
        "response_type": ["code"],
        "client_id": [CLIENT_ID],
        "redirect_uri": ["https://desk.example.com/auth/callback"],
        "scope": ["openid email profile"],
        "state": [departure.kept.state],
        "nonce": [departure.kept.nonce],
        "code_challenge": [base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()],
        "code_challenge_method": ["S256"],
    } == parse_qs(parts.query)


def test_no_two_departures_share_a_secret(provider: OpenIdProvider) -> None:
    kept = [provider.begin().kept for _ in range(20)]
    secrets = {it for each in kept for it in (each.state, each.nonce, each.verifier)}

    assert 60 == len(secrets)
    assert {43} == {len(it) for it in secrets}


def test_no_departure_shows_its_secrets(provider: OpenIdProvider) -> None:
    departure = provider.begin()
    shown = repr(departure)

    assert not any(
        it in shown for it in (departure.kept.state, departure.kept.nonce, departure.kept.verifier)
    )


@pytest.mark.parametrize(
    ("methods", "shown"),
    [
        (["client_secret_post", "client_secret_basic"], "form"),
        (["client_secret_basic"], "head"),
        (["private_key_jwt"], "head"),
        (..., "head"),
    ],
)
def test_the_desk_shows_its_secret_as_the_provider_takes_it(
    hostile: Hostile, sign_in: SignIn, methods: object, shown: str
) -> None:
    hostile.document["token_endpoint_auth_methods_supported"] = methods
    _ = sign_in()
    (sent,) = (it for it in hostile.requests if it[1] == "/token")
    _, _, headers, form = sent
    basic = base64.b64encode(b"desk:s+e%3Ac%25r%2Bt").decode()

    assert ([CLIENT_SECRET] if shown == "form" else None) == form.get("client_secret")
    assert (f"Basic {basic}" if shown == "head" else None) == headers.get("Authorization")


def test_without_a_secret_the_desk_says_its_id_alone(
    hostile: Hostile, sign_in: SignIn, provider: OpenIdProvider
) -> None:
    provider._registration = attrs.evolve(provider._registration, client_secret=None)  # noqa: SLF001
    _ = sign_in()
    (sent,) = (it for it in hostile.requests if it[1] == "/token")

    assert ([CLIENT_ID], None) == (sent[3]["client_id"], sent[2].get("Authorization"))


def test_the_code_is_given_back_with_its_verifier(
    hostile: Hostile, provider: OpenIdProvider
) -> None:
    kept = provider.begin().kept
    hostile.nonce = kept.nonce
    _ = provider.finish(kept, {"code": "c+/ &=é"[:-1], "state": kept.state})
    (sent,) = (it for it in hostile.requests if it[1] == "/token")

    assert {
        "grant_type": ["authorization_code"],
        "code": ["c+/ &="],
        "code_verifier": [kept.verifier],
        "redirect_uri": ["https://desk.example.com/auth/callback"],
    } == sent[3]


def test_what_the_token_leaves_out_userinfo_may_say(
    hostile: Hostile, sign_in: SignIn, ann: VerifiedIdentity
) -> None:
    hostile.document["userinfo_endpoint"] = f"{hostile.issuer}/me"
    hostile.claims = {"email": ..., "email_verified": ..., "name": ...}
    said = {"sub": "subject-1", "name": ann.name, "email": ann.email, "email_verified": True}
    hostile.pages["/me"] = written(said)

    assert ann == sign_in()
    assert ["Bearer a-token"] == [
        headers["Authorization"] for _, path, headers, _ in hostile.requests if path == "/me"
    ]


def test_userinfo_is_not_asked_for_what_the_token_says(hostile: Hostile, sign_in: SignIn) -> None:
    hostile.document["userinfo_endpoint"] = f"{hostile.issuer}/me"
    _ = sign_in()

    assert 0 == hostile.asked("/me")
