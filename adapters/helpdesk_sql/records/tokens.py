"""Tokens in SQL."""

from datetime import datetime
from uuid import UUID

from helpdesk_core.tokens import Token
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.rows import columns_of


class SqlTokens(Gathering):
    """The tokens' part of the unit of work."""

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that digest, or None."""
        found = self._session.read(self._queries.tokens.token, digest=digest)
        return Token(**found[0]) if found else None

    def tokens(self) -> tuple[Token, ...]:
        """Every token; oldest first, ties by id."""
        return tuple(Token(**record) for record in self._session.read(self._queries.tokens.tokens))

    def save_token(self, token: Token) -> None:
        """Gather a new token."""
        self._insert(self._queries.tokens.insert_token, columns_of(token))

    def touch_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token was used; an unknown id is passed over."""
        self._write(self._queries.tokens.touch_token, {"held_id": token_id, "at": at})

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token is good no more; of several times the first stands."""
        self._write(self._queries.tokens.revoke_token, {"held_id": token_id, "at": at})
