"""The keys with which a provider signs, as it publishes them."""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final

import attrs
from joserfc.jwk import JWKRegistry, Key

from helpdesk_core.errors import ProviderUnavailable
from helpdesk_oidc.algorithms import ALGORITHMS

MOST_KEYS: Final = 64
"""Keys of one provider; who has more is not understood."""

LONGEST_KEY_ID: Final = 512
"""Characters."""

RSA_BITS: Final = range(2048, 8193)
"""Shorter ones are broken, longer ones keep a thread."""

_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "RSA": ("n", "e"),
    "EC": ("crv", "x", "y"),
    "OKP": ("crv", "x"),
}
"""What is read of a key, by its type: its public numbers, and nothing else it may come with."""

_NUMBER: Final = re.compile(r"[A-Za-z0-9_-]{1,1366}")


@attrs.frozen(kw_only=True)
class ProviderKey:
    """A public key. `algorithm` is the only one it is for, where the provider says so."""

    kid: str | None
    key_type: str
    curve: str | None
    algorithm: str | None
    key: Key = attrs.field(repr=False)

    def is_for(self, algorithm: str) -> bool:
        """True when signatures of that algorithm may be this key's."""
        wanted = ALGORITHMS[algorithm]
        return (
            self.algorithm in (None, algorithm)
            and self.key_type == wanted.key_type
            and self.curve == wanted.curve
        )


def read_keys(document: Mapping[str, object]) -> tuple[ProviderKey, ...]:
    """The keys of a JWK set that may have signed a token; others are passed over (RFC 7517, 5).

    Raises ProviderUnavailable for what is no JWK set.
    """
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ProviderUnavailable(reason=f"its keys are no list of at most {MOST_KEYS}")
    return tuple(key for each in listed if (key := _read_key(each)) is not None)


def chosen(keys: tuple[ProviderKey, ...], kid: str | None, algorithm: str) -> ProviderKey | None:
    """The key that a token names; without a name the only one that suits, if there is only one."""
    suitable = [key for key in keys if key.is_for(algorithm)]
    named = suitable if kid is None else [key for key in suitable if key.kid == kid]
    return named[0] if len(named) == 1 else None


def _read_key(given: object) -> ProviderKey | None:
    if not isinstance(given, dict) or not _is_for_signing(given):
        return None
    key_type, kid, curve = given.get("kty"), given.get("kid"), given.get("crv")
    key = _imported(given, key_type) if isinstance(key_type, str) else None
    if key is None or not (kid is None or isinstance(kid, str)):
        return None
    algorithm = given.get("alg")
    return ProviderKey(
        kid=kid,
        key_type=key.key_type,
        curve=curve if isinstance(curve, str) else None,
        algorithm=algorithm if algorithm is None else str(algorithm),
        key=key,
    )


def _is_for_signing(given: Mapping[str, Any]) -> bool:
    uses = given.get("key_ops", ["verify"])
    return given.get("use", "sig") == "sig" and isinstance(uses, list) and "verify" in uses


def _imported(given: Mapping[str, object], key_type: str) -> Key | None:
    numbers = {name: given.get(name) for name in _MEMBERS.get(key_type, ())}
    if not numbers or not all(
        isinstance(it, str) and _NUMBER.fullmatch(it) for it in numbers.values()
    ):
        return None
    if key_type == "RSA" and _bits(str(numbers["n"])) not in RSA_BITS:
        return None
    try:
        return JWKRegistry.import_key({"kty": key_type, **numbers})  # type: ignore[dict-item]
    except Exception:  # noqa: BLE001  # a key that cannot be read in whatever way is none
        return None


def _bits(number: str) -> int:
    padded = number + "=" * (-len(number) % 4)
    try:
        return int.from_bytes(base64.urlsafe_b64decode(padded), "big").bit_length()
    except ValueError:
        return 0
