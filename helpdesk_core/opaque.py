"""Opaque secrets: random bytes as text, shown once, of which only a digest is kept."""

import base64
import hashlib
from typing import Final

SECRET_BYTES: Final = 32
"""Random bytes in every secret; nobody guesses 256 bits."""


def opaque(random: bytes) -> str:
    """The URL-safe letters of random bytes, at least 32 of them for a secret."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")


def digest_of(secret: str) -> bytes:
    """What is kept of a secret; any text has one, so that comparing never fails."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
