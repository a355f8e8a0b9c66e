"""The signatures that are taken: asymmetric ones, each with one kind of key and one digest."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs


@attrs.frozen(kw_only=True)
class Algorithm:
    """A signature algorithm (RFC 7518, RFC 9864): the keys it has, and the digest it rests on."""

    key_type: str
    curve: str | None = None
    digest: Callable[[bytes], Any] = hashlib.sha256


ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    "RS256": Algorithm(key_type="RSA"),
    "PS256": Algorithm(key_type="RSA"),
    "ES256": Algorithm(key_type="EC", curve="P-256"),
    "Ed25519": Algorithm(key_type="OKP", curve="Ed25519", digest=hashlib.sha512),
}
"""All there are for the desk. None rests on a shared secret, so that no public key is ever one."""
