"""A token's secret is shown once; what is kept of it is a digest."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.errors import Invalid
from helpdesk_core.people import Role
from helpdesk_core.testing.builders import NOW
from helpdesk_core.tokens import digest_of, secret_of
from helpdesk_core.use_cases.tokens import create_token
from helpdesk_memory import MemoryDesk

RANDOM = bytes(range(32))
SECRET = "hd_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


@given(st.binary(min_size=32, max_size=64))
def test_a_secret_is_hd_and_letters_that_need_no_quoting(random: bytes) -> None:
    assert re.fullmatch(r"hd_[A-Za-z0-9_-]{43,86}", secret_of(random))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_secrets_differ_as_their_chances_do(one: bytes, other: bytes) -> None:
    assert (one == other) == (secret_of(one) == secret_of(other))


def test_a_digest_is_the_sha_256_of_the_secret() -> None:
    assert (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == digest_of("abc").hex()
    )


@given(st.text(st.characters()))
def test_any_text_has_a_digest_so_that_comparing_never_fails(text: str) -> None:
    assert 32 == len(digest_of(text))


def test_a_new_token_is_found_by_the_digest_of_its_secret(desk: MemoryDesk) -> None:
    secret = create_token(desk.ports, email=" Ana@example.com ", role=Role.ADMIN, random=RANDOM)
    with desk.ports.begin() as uow:
        token = uow.token(digest_of(secret))

    assert token is not None
    assert (SECRET, "Ana@example.com", Role.ADMIN, NOW, None) == (
        secret,
        token.email,
        token.role,
        token.created_at,
        token.expires_at,
    )


def test_a_token_expires_when_it_was_asked_to(desk: MemoryDesk) -> None:
    secret = create_token(
        desk.ports,
        email="ana@example.com",
        role=Role.AGENT,
        random=RANDOM,
        expires_in=timedelta(days=30),
    )
    with desk.ports.begin() as uow:
        token = uow.token(digest_of(secret))

    assert NOW + timedelta(days=30) == (token and token.expires_at)


def test_a_token_is_given_to_an_address(desk: MemoryDesk) -> None:
    with pytest.raises(Invalid) as refused:
        _ = create_token(desk.ports, email="ana", role=Role.AGENT, random=RANDOM)

    assert "Email format is invalid" == refused.value.message
