"""Tokens are listed, their use is noted, and what was revoked stays so."""

from datetime import timedelta
from random import Random
from typing import Final

import attrs

from helpdesk_core.testing.builders import NOW, a_token, an_id
from helpdesk_core.testing.stores import Store, read
from helpdesk_core.tokens import Token

LATER: Final = NOW + timedelta(days=1, microseconds=1)


class TokensKept:
    """Tokens. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_tokens_are_listed_oldest_first_and_by_id_where_equal(self, store: Store) -> None:
        """Those too that are good no more."""
        tokens = [
            a_token(
                4000 + number,
                created_at=NOW + timedelta(microseconds=number // 3),
                expires_at=NOW - timedelta(days=1) if number % 2 else None,
                revoked_at=NOW if number % 5 == 0 else None,
            )
            for number in range(12)
        ]
        _put(store, *Random(7).sample(tokens, len(tokens)))  # noqa: S311  # an order, no secret

        assert tuple(tokens) == read(store, lambda uow: uow.tokens())

    def test_a_token_that_was_used_and_revoked_comes_back_with_both_times(
        self, store: Store
    ) -> None:
        token = a_token(revoked_at=LATER, last_used_at=NOW)
        _put(store, token)

        assert token == read(store, lambda uow: uow.token(token.digest))

    def test_the_last_use_of_a_token_is_noted(self, store: Store) -> None:
        _put(store, a_token(4000), a_token(4001))
        for at in (NOW, LATER):
            with store.begin() as uow:
                uow.touch_token(an_id(4000), at)
                uow.commit()

        assert (a_token(4000, last_used_at=LATER), a_token(4001)) == read(
            store, lambda uow: uow.tokens()
        )

    def test_a_use_that_is_not_committed_is_not_noted(self, store: Store) -> None:
        _put(store, a_token())
        with store.begin() as uow:
            uow.touch_token(an_id(4000), NOW)

        assert (a_token(),) == read(store, lambda uow: uow.tokens())

    def test_using_or_revoking_an_unknown_token_is_passed_over(self, store: Store) -> None:
        _put(store, a_token())
        with store.begin() as uow:
            uow.touch_token(an_id(4001), NOW)
            uow.revoke_token(an_id(4001), NOW)
            uow.commit()

        assert (a_token(),) == read(store, lambda uow: uow.tokens())

    def test_a_token_is_revoked_from_the_first_time_on(self, store: Store) -> None:
        _put(store, a_token(4000), a_token(4001))
        for at in (NOW, LATER):
            with store.begin() as uow:
                uow.revoke_token(an_id(4000), at)
                uow.commit()

        assert (a_token(4000, revoked_at=NOW), a_token(4001)) == read(
            store, lambda uow: uow.tokens()
        )

    def test_noting_a_use_does_not_bring_a_revoked_token_back(self, store: Store) -> None:
        _put(store, a_token())
        with store.begin() as uow:
            uow.revoke_token(an_id(4000), NOW)
            uow.touch_token(an_id(4000), LATER)
            uow.commit()

        used = attrs.evolve(a_token(), revoked_at=NOW, last_used_at=LATER)
        assert used == read(store, lambda uow: uow.token(used.digest))


def _put(store: Store, *tokens: Token) -> None:
    with store.begin() as uow:
        for token in tokens:
            uow.save_token(token)
        uow.commit()
