"""Sign-ins under way and links are good once, whoever is faster."""

from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from helpdesk_core.errors import DuplicateId, SignInSpent
from helpdesk_core.identities import KeptSignIn
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import SignInLink, SignInUnderWay
from helpdesk_core.testing.account_builders import a_link, a_person, a_session, a_sign_in
from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import Store, read

TAKERS: Final = 16


class WaysInKept:
    """Ways in. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_a_sign_in_under_way_comes_back_as_it_was(self, store: Store) -> None:
        kept = KeptSignIn(provider="example", state="s" * 99, nonce="ü", verifier="~")
        sign_in = a_sign_in(kept=kept, target="/a?b=%0d")
        _put(store, sign_in)

        with store.begin() as uow:
            assert sign_in == uow.sign_in_under_way(sign_in.digest)
            assert None is uow.sign_in_under_way(a_sign_in(8601).digest)
            assert None is uow.sign_in_link(sign_in.digest)

    @pytest.mark.parametrize("binding", [None, bytes(range(224, 256))])
    def test_a_link_comes_back_as_it_was(self, store: Store, binding: bytes | None) -> None:
        link = a_link(binding=binding, email="Somebody@Example.org", target="/a?b=%0d")
        _put(store, link)

        with store.begin() as uow:
            assert link == uow.sign_in_link(link.digest)
            assert None is uow.sign_in_link(a_link(8701).digest)
            assert None is uow.sign_in_under_way(link.digest)

    @pytest.mark.parametrize("way_in", [a_sign_in(), a_link()])
    def test_a_digest_is_taken_once(
        self, store: Store, way_in: SignInUnderWay | SignInLink
    ) -> None:
        _put(store, way_in)

        with pytest.raises(DuplicateId):
            _put(store, way_in)

    def test_a_sign_in_that_was_spent_is_gone(self, store: Store) -> None:
        _put(store, a_sign_in())
        _spend(store, a_sign_in())

        assert None is read(store, lambda uow: uow.sign_in_under_way(a_sign_in().digest))
        with pytest.raises(SignInSpent):
            _spend(store, a_sign_in())

    def test_a_link_that_was_spent_is_gone(self, store: Store) -> None:
        _put(store, a_link())
        _spend(store, a_link())

        assert None is read(store, lambda uow: uow.sign_in_link(a_link().digest))
        with pytest.raises(SignInSpent):
            _spend(store, a_link())

    def test_what_goes_with_a_spent_link_is_not_stored(self, store: Store) -> None:
        with pytest.raises(SignInSpent):
            _take(store, a_session())

        assert () == read(store, lambda uow: uow.sessions(limit=9))

    def test_a_link_is_not_spent_when_what_goes_with_it_is_refused(self, store: Store) -> None:
        _put(store, a_link())
        with pytest.raises(DuplicateId):
            _take(store, a_session(8500), a_session(8501, digest=a_session(8500).digest))

        assert a_link() == read(store, lambda uow: uow.sign_in_link(a_link().digest))

    @pytest.mark.parametrize("way_in", [a_sign_in(), a_link()])
    def test_of_sixteen_at_once_one_spends_it(
        self, store: Store, way_in: SignInUnderWay | SignInLink
    ) -> None:
        _put(store, way_in)

        outcomes = at_once([partial(_spend, store, way_in)] * TAKERS)
        assert [SignInSpent] * (TAKERS - 1) == [type(it) for it in outcomes if it is not None]

    def test_links_to_an_address_are_forgotten_whatever_its_case(self, store: Store) -> None:
        other = a_link(8701, email="other@example.org")
        _put(store, a_link(8700, email="Somebody@Example.org"), other)
        with store.begin() as uow:
            uow.forget_links_to("SOMEBODY@example.org")
            uow.commit()

        with store.begin() as uow:
            assert None is uow.sign_in_link(a_link(8700).digest)
            assert other == uow.sign_in_link(other.digest)

    def test_what_ended_before_an_instant_is_forgotten(self, store: Store) -> None:
        later = NOW + timedelta(microseconds=1)
        kept = (a_sign_in(8601, expires_at=later), a_link(8701, expires_at=later))
        _put(store, a_sign_in(8600, expires_at=NOW), a_link(8700, expires_at=NOW), *kept)
        with store.begin() as uow:
            uow.forget_sign_ins(later)
            uow.commit()

        with store.begin() as uow:
            assert None is uow.sign_in_under_way(a_sign_in(8600).digest)
            assert None is uow.sign_in_link(a_link(8700).digest)
            assert kept[0] == uow.sign_in_under_way(kept[0].digest)
            assert kept[1] == uow.sign_in_link(kept[1].digest)


def _put(store: Store, *ways_in: SignInUnderWay | SignInLink) -> None:
    with store.begin() as uow:
        for each in ways_in:
            if isinstance(each, SignInLink):
                uow.save_sign_in_link(each)
            else:
                uow.save_sign_in(each)
        uow.commit()


def _take(store: Store, *sessions: Session) -> None:
    """Take a link, and begin sessions with it."""
    with store.begin() as uow:
        uow.save_person(a_person())
        for session in sessions:
            uow.save_session(session)
        uow.spend_sign_in_link(a_link().digest)
        uow.commit()


def _spend(store: Store, way_in: SignInUnderWay | SignInLink) -> None:
    with store.begin() as uow:
        if isinstance(way_in, SignInLink):
            uow.spend_sign_in_link(way_in.digest)
        else:
            uow.spend_sign_in(way_in.digest)
        uow.commit()
