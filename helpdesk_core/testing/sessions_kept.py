"""Sessions are found by their digests, seen, listed and ended."""

from datetime import timedelta
from random import Random
from typing import Final

import pytest

from helpdesk_core.errors import DuplicateId
from helpdesk_core.sessions import Session
from helpdesk_core.testing.account_builders import a_person, a_session
from helpdesk_core.testing.builders import NOW, an_id
from helpdesk_core.testing.people_kept import put_person
from helpdesk_core.testing.stores import Store, read

LATER: Final = NOW + timedelta(minutes=2, microseconds=1)


class SessionsKept:
    """Sessions. Part of `UnitOfWorkContract`, which says what to provide."""

    @pytest.fixture
    def people(self, store: Store) -> Store:
        """The store, with two people in it."""
        put_person(store, a_person(8000))
        put_person(store, a_person(8001))
        return store

    def test_a_session_is_found_by_its_digest_and_by_its_id(self, people: Store) -> None:
        session = a_session(device="Ünïcode \N{SNOWMAN}", origin="2001:db8::/64")
        _put(people, session)

        with people.begin() as uow:
            assert (session, a_person()) == uow.session(session.digest)
            assert (session, a_person()) == uow.session_of_id(session.id)

    def test_what_is_no_session_is_not_found(self, people: Store) -> None:
        _put(people, a_session())

        with people.begin() as uow:
            assert None is uow.session(a_session(8501).digest)
            assert None is uow.session(b"")
            assert None is uow.session_of_id(an_id(8501))

    @pytest.mark.parametrize(
        "twin", [a_session(8500, digest=b"another"), a_session(8501, digest=a_session().digest)]
    )
    def test_a_session_s_id_and_digest_are_taken_once(self, people: Store, twin: Session) -> None:
        _put(people, a_session())
        with pytest.raises(DuplicateId):
            _put(people, twin)

        assert ((a_session(), a_person()),) == read(people, lambda uow: uow.sessions(limit=9))

    def test_sessions_are_listed_latest_first_and_by_id_where_equal(self, people: Store) -> None:
        sessions = [
            a_session(
                8500 + number,
                created_at=NOW + timedelta(microseconds=number // 3),
                person_id=an_id(8000 + number % 2),
            )
            for number in range(12)
        ]
        _put(people, *Random(7).sample(sessions, len(sessions)))  # noqa: S311  # an order
        latest = sessions[::-1]

        with people.begin() as uow:
            assert latest[:10] == [session for session, _ in uow.sessions(limit=10)]
            assert latest[1::2] == [it for it, _ in uow.sessions(an_id(8000), limit=10)]
            assert latest[1:7:2] == [it for it, _ in uow.sessions(an_id(8000), limit=3)]
            assert () == uow.sessions(an_id(8002), limit=10)

    def test_each_session_is_listed_with_its_person(self, people: Store) -> None:
        _put(people, a_session(8500), a_session(8501, person_id=an_id(8001)))

        assert [a_person(8001), a_person(8000)] == [
            person for _, person in read(people, lambda uow: uow.sessions(limit=9))
        ]

    def test_that_a_session_was_seen_is_noted_and_never_taken_back(self, people: Store) -> None:
        _put(people, a_session(8500), a_session(8501))
        for at in (LATER, NOW):
            with people.begin() as uow:
                uow.touch_session(an_id(8500), at)
                uow.commit()

        assert [a_session(8501), a_session(8500, last_seen_at=LATER)] == _all(people)

    def test_seeing_does_not_bring_back_a_session_that_ended(self, people: Store) -> None:
        _put(people, a_session())
        with people.begin() as uow:
            uow.end_session(an_id(8500))
            uow.touch_session(an_id(8500), LATER)
            uow.commit()

        assert [] == _all(people)

    def test_ending_one_session_leaves_the_others(self, people: Store) -> None:
        _put(people, a_session(8500), a_session(8501))
        with people.begin() as uow:
            uow.end_session(an_id(8500))
            uow.end_session(an_id(8509))
            uow.commit()

        assert [a_session(8501)] == _all(people)

    def test_what_is_not_committed_ends_nothing(self, people: Store) -> None:
        _put(people, a_session())
        with people.begin() as uow:
            uow.end_session(an_id(8500))
            uow.end_sessions_of(an_id(8000))
            uow.forget_person(an_id(8000))

        assert [a_session()] == _all(people)

    def test_all_of_a_person_s_sessions_end_and_nobody_else_s(self, people: Store) -> None:
        other = a_session(8502, person_id=an_id(8001))
        _put(people, a_session(8500), a_session(8501), other)
        with people.begin() as uow:
            uow.end_sessions_of(an_id(8000))
            uow.commit()

        assert [other] == _all(people)

    def test_all_but_one_of_a_person_s_sessions_end(self, people: Store) -> None:
        other = a_session(8502, person_id=an_id(8001))
        _put(people, a_session(8500), a_session(8501), other)
        with people.begin() as uow:
            uow.end_sessions_of(an_id(8000), but=an_id(8501))
            uow.commit()

        assert [other, a_session(8501)] == _all(people)

    def test_a_new_session_takes_the_place_of_the_former_in_one_commit(self, people: Store) -> None:
        _put(people, a_session(8500))
        with people.begin() as uow:
            uow.end_session(an_id(8500))
            uow.save_session(a_session(8501))
            uow.commit()

        assert [a_session(8501)] == _all(people)

    def test_old_sessions_are_forgotten_and_younger_ones_are_not(self, people: Store) -> None:
        young = a_session(8501, created_at=NOW + timedelta(microseconds=1))
        _put(people, a_session(8500), young)
        with people.begin() as uow:
            uow.forget_sessions(young.created_at)
            uow.commit()

        assert [young] == _all(people)


def _put(store: Store, *sessions: Session) -> None:
    with store.begin() as uow:
        for session in sessions:
            uow.save_session(session)
        uow.commit()


def _all(store: Store) -> list[Session]:
    return [session for session, _ in read(store, lambda uow: uow.sessions(limit=99))]
