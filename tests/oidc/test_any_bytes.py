"""Whatever a provider sends, the desk answers with an identity or with one of its refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from threading import BoundedSemaphore
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.errors import HelpdeskError, ProviderUnavailable, SignInRefused
from helpdesk_core.identities import VerifiedIdentity
from helpdesk_core.plain_text import one_line
from helpdesk_core.text import is_one_line, is_storable, read_address
from helpdesk_oidc import OpenIdProvider, Registration
from helpdesk_oidc.keys import read_keys
from helpdesk_oidc.metadata import Metadata
from helpdesk_oidc.people import identity_of
from helpdesk_oidc.tokens import read_header
from tests.oidc.hostile import CLIENT_ID, RSA, Hostile

PATHS = ("/.well-known/openid-configuration", "/token", "/jwks", "/me")
EXAMPLES = 40

texts = st.text(st.characters(), max_size=40)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    texts,
    st.sampled_from(["RS256", "http://127.0.0.1:9/", "a.b.c", "subject-1", CLIENT_ID]),
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)
documents = st.dictionaries(
    st.sampled_from(
        [
            *("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "keys"),
            *("response_types_supported", "code_challenge_methods_supported", "sub", "email"),
            *("id_token_signing_alg_values_supported", "userinfo_endpoint", "email_verified"),
            *("token_endpoint_auth_methods_supported", "error", "error_description", "error_uri"),
            *("id_token", "access_token", "token_type", "expires_in", "expires_at", "name", "hd"),
        ]
    ),
    values,
)
bodies = st.one_of(
    st.binary(max_size=300),
    values.map(lambda value: json.dumps(value).encode()),
    documents.map(lambda value: json.dumps(value).encode()),
)
registration = Registration(
    key="oidc",
    name="SSO",
    issuer="https://sso.example.org",
    client_id=CLIENT_ID,
    client_secret="secret",
    redirect_uri="https://desk.example.com/auth/callback",
)


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    with closing(Hostile()) as server:
        yield server


def signed_in(hostile: Hostile, **returned: str) -> VerifiedIdentity | HelpdeskError:
    """What comes of a sign-in with a provider that the desk meets for the first time."""
    seconds = count()
    here = Registration(
        key="oidc",
        name="Hostile",
        issuer=hostile.issuer,
        client_id=CLIENT_ID,
        client_secret="secret",
        redirect_uri="https://desk.example.com/auth/callback",
        may_be_private=True,
    )
    provider = OpenIdProvider(
        here,
        places=BoundedSemaphore(1),
        now=lambda: datetime.now(UTC),
        tick=lambda: float(next(seconds)),
    )
    try:
        kept = provider.begin().kept
        hostile.nonce = kept.nonce
        return provider.finish(kept, {"code": "c", "state": kept.state, **returned})
    except HelpdeskError as refused:
        return refused


@pytest.mark.parametrize("path", PATHS)
@given(status=st.sampled_from([200, 200, 200, 400, 404, 500]), body=bodies)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_body_is_an_answer(hostile: Hostile, path: str, status: int, body: bytes) -> None:
    hostile.document = {"userinfo_endpoint": f"{hostile.issuer}/me"}
    hostile.claims = {"email": ...}
    hostile.pages = {path: (status, body)}

    assert isinstance(signed_in(hostile), (VerifiedIdentity, ProviderUnavailable, SignInRefused))


@given(
    name=st.sampled_from(["email", "email_verified", "name", "hd", "sub", "aud", "exp", "azp"]),
    value=values,
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_claim_is_an_answer_that_can_be_stored(
    hostile: Hostile, name: str, value: object
) -> None:
    hostile.document, hostile.pages, hostile.claims = {}, {}, {name: value}
    found = signed_in(hostile)

    if isinstance(found, VerifiedIdentity):
        assert is_storable(found.name + found.subject)
        assert is_one_line(found.name)
        assert found.email is None or read_address(found.email) == found.email
    else:
        assert isinstance(found, SignInRefused)
        assert found.reason == one_line(found.reason, 300)


@given(returned=st.dictionaries(st.sampled_from(["code", "state", "iss", "error"]), texts))
@settings(max_examples=EXAMPLES, deadline=None)
def test_whatever_a_browser_brings_back_is_an_answer(
    hostile: Hostile, returned: dict[str, str]
) -> None:
    hostile.document, hostile.pages, hostile.claims = {}, {}, {}

    assert isinstance(signed_in(hostile, **returned), (VerifiedIdentity, HelpdeskError))


@given(document=documents)
@settings(max_examples=EXAMPLES)
def test_any_description_is_read_or_refused(document: dict[str, object]) -> None:
    try:
        read = Metadata.from_document({**document, "issuer": registration.issuer}, registration)
    except ProviderUnavailable:
        return
    assert read.algorithms


key_members = st.dictionaries(
    st.sampled_from(["kty", "kid", "n", "e", "crv", "x", "y", "d", "k", "alg", "use", "key_ops"]),
    st.one_of(
        values,
        st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "AQAB", "A" * 43, "sig"]),
        st.just(RSA.as_dict()["n"]),
        st.text("ABCxyz019-_", min_size=1, max_size=400),
    ),
)


@given(keys=st.lists(key_members | values, max_size=4))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_key_is_read_or_passed_over(keys: list[object]) -> None:
    assert len(read_keys({"keys": keys})) <= len(keys)


@given(token=st.one_of(texts, st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,9}){2}")))
def test_any_text_is_no_token(token: str) -> None:
    with pytest.raises(SignInRefused):
        _ = read_header(token, {"RS256"})


@given(claims=st.dictionaries(st.sampled_from(["email", "email_verified", "name", "hd"]), values))
def test_any_profile_is_somebody(claims: dict[str, Any]) -> None:
    found = identity_of({"sub": "1"}, claims, registration)

    assert (registration.issuer, "1") == (found.issuer, found.subject)
    assert is_storable(found.name)
    assert is_one_line(found.name)
