"""ID tokens: whether a provider signed one, and what it says."""

import base64
import re
from collections.abc import Collection
from typing import Any, Final

import attrs
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, deserialize_compact

from helpdesk_core.errors import SignInRefused
from helpdesk_core.json_objects import read_json_object
from helpdesk_oidc.keys import LONGEST_KEY_ID, ProviderKey

LONGEST_TOKEN: Final = 64 * 1024
"""Characters."""

LONGEST_HEADER: Final = 16 * 1024
"""Characters of a token's head; chains of certificates in it are carried, and never looked at."""

_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TYPES: Final = frozenset({None, "jwt", "application/jwt"})
"""Tokens of another declared type are for another purpose (RFC 8725, 3.11)."""


@attrs.frozen(kw_only=True)
class Header:
    """What a token says of its signature, and all that is believed of it: which key to try."""

    algorithm: str
    kid: str | None


class _Registry(JWSRegistry):
    """How much of a token the library reads."""

    max_header_length = LONGEST_HEADER
    max_payload_length = LONGEST_TOKEN


def read_header(token: str, algorithms: Collection[str]) -> Header:
    """The head of a signed token of one of the algorithms. Raises SignInRefused.

    Keys and addresses of keys that come in it (`jwk`, `jku`, `x5c`, `x5u`) are not looked at.
    """
    parts = _COMPACT.fullmatch(token) if len(token) <= LONGEST_TOKEN else None
    if parts is None:
        raise SignInRefused(reason="the ID token is no signed token that is understood")
    found = _decoded(parts[1]) if len(parts[1]) <= LONGEST_HEADER else None
    if found is None:
        raise SignInRefused(reason="the ID token's head cannot be read")
    algorithm, kid = found.get("alg"), found.get("kid")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise SignInRefused(reason="the ID token's algorithm is none that is taken")
    if "crit" in found or "b64" in found or _type_of(found) not in _TYPES:
        raise SignInRefused(reason="the ID token wants more than is understood")
    if kid is not None and not (isinstance(kid, str) and len(kid) <= LONGEST_KEY_ID):
        raise SignInRefused(reason="the ID token's kid is no name of a key")
    return Header(algorithm=algorithm, kid=kid)


def verified(token: str, header: Header, key: ProviderKey) -> dict[str, object]:
    """The claims of a token that this key signed. Raises SignInRefused."""
    registry = _Registry(algorithms=[header.algorithm], strict_check_header=False)
    try:
        signed = deserialize_compact(token, key.key, registry=registry)
    except (JoseError, ValueError) as fault:
        reason = f"the ID token's signature does not hold ({type(fault).__name__})"
        raise SignInRefused(reason=reason) from None
    claims = read_json_object(signed.payload or b"")
    if claims is None:
        raise SignInRefused(reason="the ID token's claims are no JSON object")
    return claims


def _decoded(part: str) -> dict[str, object] | None:
    try:
        return read_json_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return None


def _type_of(header: dict[str, Any]) -> object:
    kind = header.get("typ")
    return kind.lower() if isinstance(kind, str) else kind
