"""Whether an ID token's claims are for this desk, this sign-in and this moment.

OpenID Connect Core, 3.1.3.7. Every check is strict in kind: a number is no text, one text no list.
"""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final, TypeAlias

import attrs

from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import LONGEST_SUBJECT
from helpdesk_core.sign_ins import UNDER_WAY
from helpdesk_oidc.algorithms import ALGORITHMS

SKEW: Final = timedelta(seconds=60)
"""By how much the provider's clock and ours may differ."""

Claims: TypeAlias = Mapping[str, object]

_SUBJECT: Final = re.compile(rf"[ -~]{{1,{LONGEST_SUBJECT}}}")


@attrs.frozen(kw_only=True)
class Wanted:
    """What a token has to be about."""

    issuer: str
    client_id: str
    nonce: str = attrs.field(repr=False)
    now: datetime
    algorithm: str
    access_token: str | None = attrs.field(repr=False)


def check_claims(claims: Claims, wanted: Wanted) -> None:
    """Raise SignInRefused, which names the claim, when one does not fit."""
    for name, fits in CHECKS.items():
        if not fits(claims, wanted):
            raise SignInRefused(reason=f"the ID token's {name} is not what it must be")


def _issuer(claims: Claims, wanted: Wanted) -> bool:
    return claims.get("iss") == wanted.issuer


def _audience(claims: Claims, wanted: Wanted) -> bool:
    """For the desk, and for nobody besides: a token for two is one that the other may bring us."""
    return claims.get("aud") in (wanted.client_id, [wanted.client_id])


def _authorized_party(claims: Claims, wanted: Wanted) -> bool:
    return claims.get("azp", wanted.client_id) == wanted.client_id


def _subject(claims: Claims, _: Wanted) -> bool:
    subject = claims.get("sub")
    return isinstance(subject, str) and _SUBJECT.fullmatch(subject) is not None


def _nonce(claims: Claims, wanted: Wanted) -> bool:
    return _same(claims.get("nonce"), wanted.nonce)


def _expiry(claims: Claims, wanted: Wanted) -> bool:
    ends = _seconds(claims.get("exp"))
    return ends is not None and (wanted.now - SKEW).timestamp() < ends


def _issued(claims: Claims, wanted: Wanted) -> bool:
    """In this sign-in: not to come, and not before anybody who is back now can have left."""
    issued = _seconds(claims.get("iat"))
    earliest = (wanted.now - UNDER_WAY - SKEW).timestamp()
    return issued is not None and earliest <= issued <= (wanted.now + SKEW).timestamp()


def _beginning(claims: Claims, wanted: Wanted) -> bool:
    if "nbf" not in claims:
        return True
    begins = _seconds(claims["nbf"])
    return begins is not None and begins <= (wanted.now + SKEW).timestamp()


def _access_token(claims: Claims, wanted: Wanted) -> bool:
    """The left half of the access token's digest, where the token has one."""
    if "at_hash" not in claims:
        return True
    if wanted.access_token is None:
        return False
    digest = ALGORITHMS[wanted.algorithm].digest(wanted.access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    return _same(claims["at_hash"], half.decode("ascii"))


CHECKS: Final[Mapping[str, Callable[[Claims, Wanted], bool]]] = {
    "iss": _issuer,
    "aud": _audience,
    "azp": _authorized_party,
    "sub": _subject,
    "nonce": _nonce,
    "exp": _expiry,
    "iat": _issued,
    "nbf": _beginning,
    "at_hash": _access_token,
}
"""Every claim that is judged, in this order."""


def _seconds(value: object) -> int | float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number else None  # type: ignore[return-value]  # seen above


def _same(said: object, wanted: str) -> bool:
    if not isinstance(said, str):
        return False
    return compare_digest(said.encode("utf-8", "replace"), wanted.encode())
