"""People are known by their identities, and found by their addresses."""

from functools import partial
from typing import Final

import pytest

from helpdesk_core.errors import DuplicateId
from helpdesk_core.persons import Identity, Person
from helpdesk_core.testing.account_builders import a_person, a_session, an_identity
from helpdesk_core.testing.builders import NOW, an_id
from helpdesk_core.testing.races import RACERS, at_once
from helpdesk_core.testing.stores import Store, read
from helpdesk_core.testing.strategies import CASE_TWINS, NEAR_TWINS

LATER: Final = NOW.replace(year=2027, microsecond=999_999)


class PeopleKept:
    """People and identities. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_nobody_is_known_before_they_signed_in(self, store: Store) -> None:
        with store.begin() as uow:
            assert None is uow.person(an_id(8000))
            assert None is uow.person_of("https://accounts.example.com", "subject 8000")
            assert None is uow.identity_of(an_id(8000))
            assert () == uow.people_at("person.8000@example.org")

    def test_a_person_is_found_by_id_and_by_identity(self, store: Store) -> None:
        person = a_person(name="Ünïcode \N{SNOWMAN}", created_at=LATER)
        put_person(store, person, an_identity())

        with store.begin() as uow:
            assert person == uow.person(person.id)
            assert person == uow.person_of(an_identity().issuer, an_identity().subject)
            assert an_identity() == uow.identity_of(person.id)

    def test_issuer_and_subject_are_told_apart_letter_by_letter(self, store: Store) -> None:
        identities = [
            an_identity(8000, issuer="ab", subject="c"),
            an_identity(8001, issuer="a", subject="bc"),
            an_identity(8002, issuer="a", subject="BC"),
            an_identity(8003, issuer="a", subject="bc "),
            an_identity(8004, issuer="A", subject="bc"),
        ]
        for number, identity in enumerate(identities):
            put_person(store, a_person(8000 + number), identity)

        with store.begin() as uow:
            found = [uow.person_of(it.issuer, it.subject) for it in identities]
        assert [an_id(8000 + number) for number in range(5)] == [it and it.id for it in found]

    def test_a_person_who_comes_again_takes_the_place_of_the_one_before(self, store: Store) -> None:
        put_person(store, a_person(), an_identity())
        again = a_person(name="Renamed", email="other@example.org", signed_in_at=LATER)
        put_person(store, again)

        with store.begin() as uow:
            assert again == uow.person_of(an_identity().issuer, an_identity().subject)
            assert () == uow.people_at(a_person().email)
            assert (again,) == uow.people_at("other@example.org")

    @pytest.mark.parametrize("twins", CASE_TWINS)
    def test_people_are_found_by_an_address_whatever_its_case(
        self, store: Store, twins: tuple[str, ...]
    ) -> None:
        people = tuple(
            a_person(8000 + number, email=f"{name}@example.org")
            for number, name in enumerate(twins)
        )
        for person in reversed(people):
            put_person(store, person)

        assert people == read(store, lambda uow: uow.people_at(f"{twins[0]}@example.org"))

    @pytest.mark.parametrize(("name", "other"), NEAR_TWINS)
    def test_people_are_not_found_by_an_address_that_is_another(
        self, store: Store, name: str, other: str
    ) -> None:
        put_person(store, a_person(email=f"{name}@example.org"))

        assert () == read(store, lambda uow: uow.people_at(f"{other}@example.org"))

    def test_an_identity_is_of_one_person(self, store: Store) -> None:
        put_person(store, a_person(8000), an_identity(8000))
        with pytest.raises(DuplicateId):
            put_person(store, a_person(8001), an_identity(8000, person_id=an_id(8001)))

        assert None is read(store, lambda uow: uow.person(an_id(8001)))

    def test_a_person_has_one_identity(self, store: Store) -> None:
        put_person(store, a_person(), an_identity())
        with pytest.raises(DuplicateId):
            put_person(store, a_person(), an_identity(subject="another"))

        assert an_identity() == read(store, lambda uow: uow.identity_of(an_id(8000)))

    def test_an_identity_may_become_somebody_else_s_in_one_commit(self, store: Store) -> None:
        put_person(store, a_person(8000), an_identity(8000))
        moved = an_identity(8000, person_id=an_id(8001))
        with store.begin() as uow:
            uow.save_person(a_person(8001))
            uow.forget_identity(moved.issuer, moved.subject)
            uow.save_identity(moved)
            uow.commit()

        with store.begin() as uow:
            assert a_person(8001) == uow.person_of(moved.issuer, moved.subject)
            assert None is uow.identity_of(an_id(8000))

    def test_a_person_who_is_forgotten_leaves_nothing(self, store: Store) -> None:
        put_person(store, a_person(), an_identity())
        with store.begin() as uow:
            uow.save_session(a_session())
            uow.commit()
        with store.begin() as uow:
            uow.forget_person(an_id(8000))
            uow.commit()

        with store.begin() as uow:
            assert None is uow.person(an_id(8000))
            assert None is uow.person_of(an_identity().issuer, an_identity().subject)
            assert None is uow.session(a_session().digest)
            assert () == uow.sessions(limit=9)

    def test_forgetting_one_leaves_the_others(self, store: Store) -> None:
        put_person(store, a_person(8000), an_identity(8000))
        put_person(store, a_person(8001), an_identity(8001))
        with store.begin() as uow:
            uow.forget_person(an_id(8000))
            uow.forget_person(an_id(8002))
            uow.forget_identity("nobody's", "nobody")
            uow.commit()

        assert an_identity(8001) == read(store, lambda uow: uow.identity_of(an_id(8001)))

    def test_of_twenty_first_sign_ins_of_one_identity_one_makes_a_person(
        self, store: Store
    ) -> None:
        outcomes = at_once(
            [
                partial(
                    put_person,
                    store,
                    a_person(8000 + number),
                    an_identity(8000, person_id=an_id(8000 + number)),
                )
                for number in range(RACERS)
            ]
        )
        refused = [type(it) for it in outcomes if it is not None]
        assert [DuplicateId] * (RACERS - 1) == refused

        with store.begin() as uow:
            made = [uow.person(an_id(8000 + number)) for number in range(RACERS)]
        assert 1 == sum(person is not None for person in made)


def put_person(store: Store, person: Person, identity: Identity | None = None) -> None:
    """Commit a person, and by what they are known."""
    with store.begin() as uow:
        uow.save_person(person)
        if identity is not None:
            uow.save_identity(identity)
        uow.commit()
