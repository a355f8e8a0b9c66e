"""From what a provider says of somebody to the identity that the desk knows."""

from collections.abc import Mapping
from typing import Final

from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import LONGEST_NAME, VerifiedIdentity
from helpdesk_core.plain_text import one_line
from helpdesk_core.text import fold, read_address
from helpdesk_oidc.claims import Claims
from helpdesk_oidc.registration import GOOGLE, Registration

NOT_OF_THESE: Final = "This desk lets in people of certain organisations only."


def identity_of(
    claims: Claims, profile: Mapping[str, object], registration: Registration
) -> VerifiedIdentity:
    """Whom the claims of a checked token mean; `profile` is what userinfo says besides.

    An address and whether it is verified are taken from the same place, the token before the
    profile. Raises SignInRefused for somebody of no domain that is let in.
    """
    email = verified_address(claims if "email" in claims else profile)
    if registration.domains and domain_of(claims, email, registration) not in registration.domains:
        raise SignInRefused(NOT_OF_THESE, reason="of no domain that is let in")
    return VerifiedIdentity(
        issuer=registration.issuer,
        subject=str(claims["sub"]),
        name=read_name(claims.get("name")) or read_name(profile.get("name")),
        email=email,
    )


def verified_address(said: Mapping[str, object]) -> str | None:
    """The address, when it is one and is said to be verified by `true` itself."""
    return read_address(said.get("email")) if said.get("email_verified") is True else None


def domain_of(claims: Claims, email: str | None, registration: Registration) -> str | None:
    """The organisation's domain: what `hd` says, and without one that of the verified address.

    Not so at Google: anybody may have an account there with an address of anywhere, and only `hd`
    says that the domain's own people gave it out.
    """
    hosted = claims.get("hd")
    if "hd" in claims or registration.issuer == GOOGLE:
        return fold(hosted) if isinstance(hosted, str) else None
    return None if email is None else fold(email.rpartition("@")[2])


def read_name(said: object) -> str:
    """The name on one line, cut to `LONGEST_NAME`; empty for what is no name."""
    return one_line(said, LONGEST_NAME) if isinstance(said, str) else ""
