"""Staff tokens: an opaque secret, shown once, of which only a digest is kept."""

import base64
import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.people import Role

PREFIX: Final = "hd_"


@attrs.frozen(kw_only=True)
class Token:
    """A credential for one address in one role. `digest` is the SHA-256 of the secret's bytes."""

    id: UUID
    digest: bytes
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime | None = None


def secret_of(random: bytes) -> str:
    """The token text made of at least 32 random bytes: `hd_` and URL-safe letters."""
    return PREFIX + base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")


def digest_of(secret: str) -> bytes:
    """What is kept of a secret; any text has one, so that comparing never fails."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
