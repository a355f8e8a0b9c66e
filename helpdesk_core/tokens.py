"""Staff tokens: an opaque secret, shown once, of which only a digest is kept."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.opaque import digest_of as digest_of  # noqa: PLC0414  # what is kept of one
from helpdesk_core.opaque import opaque
from helpdesk_core.people import Role

PREFIX: Final = "hd_"
USE_NOTED_EVERY: Final = timedelta(minutes=1)
"""A token's use is written down no more often, so that reading does not become writing."""


@attrs.frozen(kw_only=True)
class Token:
    """A credential for one address in one role. `digest` is the SHA-256 of the secret's bytes.

    `last_used_at` is known to within `USE_NOTED_EVERY`.
    """

    id: UUID
    digest: bytes
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """True when it opens the door now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def secret_of(random: bytes) -> str:
    """The token text made of at least 32 random bytes: `hd_` and URL-safe letters."""
    return PREFIX + opaque(random)
