"""How tokens are read and stored."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from helpdesk_core.tokens import Token


class TokenRecords(Protocol):
    """The tokens' part of a unit of work."""

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that SHA-256 digest, or None."""
        ...

    def tokens(self) -> tuple[Token, ...]:
        """Every token, those too that are good no more; oldest first, ties by id."""
        ...

    def save_token(self, token: Token) -> None:
        """Gather a new token. `commit` raises DuplicateId when its id or digest is taken."""
        ...

    def touch_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token was used; an unknown id is passed over."""
        ...

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token is good no more; of several times the first stands."""
        ...
