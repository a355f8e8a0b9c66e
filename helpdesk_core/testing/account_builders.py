"""People, sessions and ways in, to build tests with. Fields not named are plain."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import attrs

from helpdesk_core.identities import KeptSignIn, VerifiedIdentity
from helpdesk_core.persons import Identity, Person
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import SignInLink, SignInUnderWay
from helpdesk_core.testing.builders import NOW, an_id

ISSUER = "https://accounts.example.com"
"""Who vouches for people in these tests."""


def a_person(number: int = 8000, **fields: Any) -> Person:  # noqa: ANN401  # any field of the record
    """A customer who signed in."""
    person = Person(
        id=an_id(number),
        name=f"Person {number}",
        email=f"person.{number}@example.org",
        created_at=NOW,
        signed_in_at=NOW,
    )
    return attrs.evolve(person, **fields)


def an_identity(number: int = 8000, **fields: Any) -> Identity:  # noqa: ANN401  # as above
    """By whom the person of that number is vouched for."""
    identity = Identity(
        issuer=ISSUER, subject=f"subject {number}", person_id=an_id(number), created_at=NOW
    )
    return attrs.evolve(identity, **fields)


def vouched_for(number: int = 8000, **fields: Any) -> VerifiedIdentity:  # noqa: ANN401  # as above
    """What the issuer says of the person of that number."""
    vouched = VerifiedIdentity(
        issuer=ISSUER,
        subject=f"subject {number}",
        name=f"Person {number}",
        email=f"person.{number}@example.org",
    )
    return attrs.evolve(vouched, **fields)


def a_session(number: int = 8500, **fields: Any) -> Session:  # noqa: ANN401  # as above
    """A browser of the person 8000. Its secret is unlike any other's."""
    session = Session(
        id=an_id(number),
        digest=_digest("session", number),
        person_id=an_id(8000),
        issuer=ISSUER,
        origin="192.0.2.7",
        device="A browser",
        created_at=NOW,
        last_seen_at=NOW,
    )
    return attrs.evolve(session, **fields)


def a_sign_in(number: int = 8600, **fields: Any) -> SignInUnderWay:  # noqa: ANN401  # as above
    """A browser that is with a provider."""
    sign_in = SignInUnderWay(
        digest=_digest("sign-in", number),
        kept=KeptSignIn(provider="example", state="state", nonce="nonce", verifier="verifier"),
        target="/",
        expires_at=NOW + timedelta(minutes=15),
    )
    return attrs.evolve(sign_in, **fields)


def a_link(number: int = 8700, **fields: Any) -> SignInLink:  # noqa: ANN401  # as above
    """A link that the operator made."""
    link = SignInLink(
        digest=_digest("link", number),
        binding=None,
        email="person.8000@example.org",
        target="/",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )
    return attrs.evolve(link, **fields)


def _digest(kind: str, number: int) -> bytes:
    return sha256(f"{kind} {number}".encode()).digest()
