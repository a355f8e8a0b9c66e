"""Tokens in memory."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.errors import DuplicateId
from helpdesk_core.tokens import Token
from helpdesk_memory.records.gathering import Gathering, Undo, nothing_to_unmake, put


class MemoryTokens(Gathering):
    """The tokens' part of the unit of work."""

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that digest, or None."""
        with self._store.lock:
            return self._store.tokens.get(digest)

    def tokens(self) -> tuple[Token, ...]:
        """Every token; oldest first, ties by id."""
        with self._store.lock:
            held = self._store.tokens.values()
            return tuple(sorted(held, key=lambda token: (token.created_at, token.id)))

    def save_token(self, token: Token) -> None:
        """Gather a new token."""
        self._writes.append(lambda: self._put_token(token))

    def touch_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token was used."""
        self._writes.append(
            lambda: self._change_token(token_id, lambda it: attrs.evolve(it, last_used_at=at))
        )

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token is good no more."""
        self._writes.append(
            lambda: self._change_token(
                token_id, lambda it: attrs.evolve(it, revoked_at=it.revoked_at or at)
            )
        )

    def _put_token(self, token: Token) -> Undo:
        tokens = self._store.tokens
        if any(token.id == other.id for other in tokens.values()) or token.digest in tokens:
            raise DuplicateId
        return put(tokens, token.digest, token)

    def _change_token(self, token_id: UUID, changed: Callable[[Token], Token]) -> Undo:
        tokens = self._store.tokens
        held = next((token for token in tokens.values() if token.id == token_id), None)
        return put(tokens, held.digest, changed(held)) if held else nothing_to_unmake
