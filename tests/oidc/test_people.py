"""Whom the provider speaks of: an address only when it is verified, and of a domain let in."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import LONGEST_NAME
from helpdesk_oidc import GOOGLE, Registration
from helpdesk_oidc.people import identity_of
from tests.oidc.hostile import CLIENT_ID, laid_over

ANN = {"sub": "1", "name": "Ann", "email": "ann@example.org", "email_verified": True}


def registered(issuer: str = "https://sso.example.org", **options: Any) -> Registration:  # noqa: ANN401  # any
    return Registration(
        key="oidc",
        name="SSO",
        issuer=issuer,
        client_id=CLIENT_ID,
        client_secret=None,
        redirect_uri="https://desk.example.com/auth/callback",
        **options,
    )


def email_of(profile: dict[str, object] | None = None, **claims: object) -> str | None:
    return identity_of(laid_over(ANN, claims), profile or {}, registered()).email


@pytest.mark.parametrize(
    "verified", [False, "true", "True", 1, 1.0, None, [], [True], {"true": True}, ...]
)
def test_an_address_that_is_not_truly_verified_is_none(verified: object) -> None:
    assert email_of(email_verified=verified) is None


@pytest.mark.parametrize(
    "email",
    [
        "ann",
        "ann@example",
        "ann@example.org, eve@example.net",
        "ann@example.org\nBcc: eve@example.net",
        "ann\uff20example.org",
        "ann@example.org\x00",
        "\ud800@example.org",
        "a" * 250 + "@example.org",
        ["ann@example.org"],
        {"email": "ann@example.org"},
        1,
        None,
        "",
    ],
)
def test_what_is_no_address_is_none_and_no_fault(email: object) -> None:
    assert email_of(email=email) is None


def test_a_verified_address_is_taken() -> None:
    assert "ann@example.org" == email_of()


def test_an_address_and_its_proof_are_of_one_place() -> None:
    """Or userinfo of an old address would prove the new one."""
    verified = {"email": "ann@example.org", "email_verified": True}

    assert email_of(verified, email="boss@example.org", email_verified=...) is None
    assert email_of(email=..., profile={"email": "boss@example.org"}) is None
    assert "ann@example.org" == email_of(verified, email=..., email_verified=...)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Ann Example", "Ann Example"),
        ("  Ann\r\n\tExample ", "Ann Example"),
        ("Ann\x00Example", "Ann Example"),
        ("\u202eelpmaxE nnA", "elpmaxE nnA"),
        ("\ud800", ""),
        ("安娜", "安娜"),
        (..., ""),
        (None, ""),
        (["Ann"], ""),
        (1, ""),
    ],
)
def test_a_name_is_one_line_that_can_be_stored(name: object, read: str) -> None:
    assert read == identity_of(laid_over(ANN, {"name": name}), {}, registered()).name


def test_a_name_has_a_bound() -> None:
    name = identity_of(ANN | {"name": "x" * 10**5}, {}, registered()).name

    assert LONGEST_NAME == len(name)


@pytest.mark.parametrize("claims", [{"email": "eve@example.org"}, {"email": ...}])
def test_who_somebody_is_does_not_hang_on_the_address(claims: dict[str, object]) -> None:
    before = identity_of(ANN, {}, registered())
    after = identity_of(laid_over(ANN, claims), {}, registered())

    assert (before.issuer, before.subject) == (after.issuer, after.subject)


def test_an_address_that_goes_to_another_subject_makes_nobody_the_first() -> None:
    first = identity_of(ANN, {}, registered())
    second = identity_of(ANN | {"sub": "2"}, {}, registered())

    assert first.email == second.email
    assert (first.issuer, first.subject) != (second.issuer, second.subject)


LET_IN: list[tuple[str, dict[str, object]]] = [
    (GOOGLE, {"hd": "example.org"}),
    (GOOGLE, {"hd": "EXAMPLE.org"}),
    (GOOGLE, {"hd": "example.org", "email": "ann@elsewhere.example"}),
    ("https://sso.example.net", {}),
    ("https://sso.example.net", {"email": "ann@Example.ORG"}),
    ("https://sso.example.net", {"hd": "example.org", "email": ...}),
]
KEPT_OUT: list[tuple[str, dict[str, object]]] = [
    (GOOGLE, {}),
    (GOOGLE, {"hd": "example.com"}),
    (GOOGLE, {"hd": None}),
    (GOOGLE, {"hd": ["example.org"]}),
    (GOOGLE, {"hd": True}),
    (GOOGLE, {"hd": ""}),
    (GOOGLE, {"hd": "sub.example.org"}),
    (GOOGLE, {"hd": "example.org.evil.example"}),
    ("https://sso.example.net", {"email": ...}),
    ("https://sso.example.net", {"email_verified": False}),
    ("https://sso.example.net", {"email_verified": "true"}),
    ("https://sso.example.net", {"email": "ann@sub.example.org"}),
    ("https://sso.example.net", {"email": "ann@example.org.evil.example"}),
    ("https://sso.example.net", {"email": "ann@evilexample.org"}),
    ("https://sso.example.net", {"hd": "evil.example"}),
    ("https://sso.example.net", {"hd": None}),
]


@pytest.mark.parametrize(("issuer", "claims"), LET_IN)
def test_people_of_the_domain_are_let_in(issuer: str, claims: dict[str, object]) -> None:
    found = identity_of(
        laid_over(ANN, claims), {}, registered(issuer, domains=["example.org", "b.example"])
    )

    assert "1" == found.subject


@pytest.mark.parametrize(("issuer", "claims"), KEPT_OUT)
def test_nobody_else_is(issuer: str, claims: dict[str, object]) -> None:
    with pytest.raises(SignInRefused) as refused:
        _ = identity_of(
            laid_over(ANN, claims), {}, registered(issuer, domains=["example.org", "b.example"])
        )
    assert "This desk lets in people of certain organisations only." == refused.value.message
