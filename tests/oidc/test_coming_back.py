"""The browser that comes back: from the right provider, to the sign-in that it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from helpdesk_core.errors import ProviderUnavailable, SignInRefused
from helpdesk_core.identities import LONGEST_RETURN, KeptSignIn, read_return
from helpdesk_oidc import OpenIdProvider
from tests.oidc.hostile import Hostile, written

if TYPE_CHECKING:
    from tests.oidc.conftest import SignIn


@pytest.mark.parametrize("state", [..., "", "another", "\ud800", "é"])
def test_another_state_is_refused_before_anybody_is_asked(
    hostile: Hostile, sign_in: SignIn, state: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        _ = sign_in(state=state)
    assert "the state is another one" == refused.value.reason
    assert 0 == hostile.asked("/token")


def test_a_state_is_looked_at_before_the_issuer_is(
    hostile: Hostile, provider: OpenIdProvider
) -> None:
    kept = KeptSignIn(provider="oidc", state="s", nonce="n", verifier="v")

    with pytest.raises(SignInRefused):
        _ = provider.finish(kept, {"code": "c", "state": "t"})
    assert [] == hostile.requests


def test_what_was_kept_for_another_provider_is_refused(provider: OpenIdProvider) -> None:
    kept = attrs.evolve(provider.begin().kept, provider="another")

    with pytest.raises(SignInRefused, match="did not succeed"):
        _ = provider.finish(kept, {"code": "c", "state": kept.state})


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "", "{issuer}/"])
def test_a_response_of_another_issuer_is_refused(
    hostile: Hostile, sign_in: SignIn, issuer: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        _ = sign_in(iss=issuer.format(issuer=hostile.issuer))
    assert "the response is not said to be of this issuer" == refused.value.reason
    assert 0 == hostile.asked("/token")


def test_an_issuer_that_names_itself_always_does(hostile: Hostile, sign_in: SignIn) -> None:
    hostile.document["authorization_response_iss_parameter_supported"] = True

    with pytest.raises(SignInRefused):
        _ = sign_in()
    assert "subject-1" == sign_in(iss=hostile.issuer).subject


@pytest.mark.parametrize("code", [..., "", "c" * 4097, "c\n", "\x00", "é"])
def test_without_a_code_nobody_is_asked(hostile: Hostile, sign_in: SignIn, code: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        _ = sign_in(code=code)
    assert "there is no code in the response" == refused.value.reason
    assert 0 == hostile.asked("/token")


def test_who_turned_back_is_told_so(sign_in: SignIn) -> None:
    with pytest.raises(SignInRefused) as refused:
        _ = sign_in(error="access_denied", code=...)
    assert "The sign-in was cancelled." == refused.value.message


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("invalid_scope", "the provider says invalid_scope"),
        ("<script>", "the provider says <script>"),
        ("two\nlines", "the provider says something unreadable"),
        ("x" * 65, "the provider says something unreadable"),
        ("", "the provider says something unreadable"),
    ],
)
def test_an_error_is_told_to_the_operator_alone(
    hostile: Hostile, sign_in: SignIn, error: str, reason: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        _ = sign_in(error=error)
    assert reason == refused.value.reason
    assert "The sign-in did not succeed. Please try again." == refused.value.message
    assert 0 == hostile.asked("/token")


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_an_error_of_the_moment_may_pass(sign_in: SignIn, error: str) -> None:
    with pytest.raises(ProviderUnavailable):
        _ = sign_in(error=error)


@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_code_that_was_used_is_refused(hostile: Hostile, sign_in: SignIn, status: int) -> None:
    said = {"error": "invalid_grant", "error_description": "benutzt: „ja“", "id_token": "a.b.c"}
    hostile.pages["/token"] = (status, written(said)[1])

    with pytest.raises(SignInRefused) as refused:
        _ = sign_in()
    assert "the code is refused: invalid_grant" == refused.value.reason


def test_a_query_is_read_as_it_was_sent() -> None:
    assert {"code": "a+b c", "state": "s", "x": ""} == read_return("code=a%2Bb+c&state=s&x=")


@pytest.mark.parametrize(
    "query",
    [
        "code=a&code=b",
        "state=a&state=a",
        "code=%FF",
        "x" * (LONGEST_RETURN + 1),
        "&".join(f"p{number}=" for number in range(40)),
    ],
    ids=["a code twice", "a state twice", "no UTF-8", "too long", "too many"],
)
def test_a_query_that_two_might_read_differently_is_refused(query: str) -> None:
    with pytest.raises(SignInRefused):
        _ = read_return(query)
