"""Who is told, and by which secrets they know us."""

import base64
import binascii
from typing import Final, Self

import attrs

PREFIX: Final = "whsec_"
KEY_BYTES: Final = range(24, 65)
"""How long a key may be, as Standard Webhooks has it."""


@attrs.frozen
class Secret:
    """A key that only the desk and one receiver know. It never shows itself."""

    key: bytes = attrs.field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The key of `whsec_` and 24 to 64 bytes in base64.

        Raises ValueError, which repeats nothing of it.
        """
        try:
            key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not text.startswith(PREFIX) or len(key) not in KEY_BYTES:
            raise ValueError(f"a secret is {PREFIX} and the base64 of 24 to 64 bytes")
        return cls(key)


@attrs.frozen
class Endpoint:
    """Where an endpoint is, and its secrets: several while they are rotated, the newest first.

    Raises ValueError, which never repeats a secret.
    """

    url: str
    secrets: tuple[str, ...] = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.secrets:
            raise ValueError("an endpoint needs a secret")
        _ = self.keys

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The keys of the secrets, in their order."""
        return tuple(Secret.from_text(secret).key for secret in self.secrets)
