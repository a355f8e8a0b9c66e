"""Who somebody is: whose word counts for what, and whose does not."""

from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import VerifiedIdentity
from helpdesk_core.people import Role, User
from helpdesk_core.persons import (
    NO_ADDRESS,
    NOT_LET_IN,
    Identity,
    Person,
    agent_meant,
    by_mail,
    user_now,
)
from helpdesk_core.testing.account_builders import a_person, an_identity, vouched_for
from helpdesk_core.testing.builders import an_id

AGENT: Final = Agent(id=an_id(41), name="Agent", email="agent@example.com")
OTHER: Final = Agent(id=an_id(42), name="Other", email="other@example.com")
GONE: Final = Agent(id=an_id(43), name="Gone", email="gone@example.com", is_active=False)
DIRECTORY: Final = Directory(agents={each.id: each for each in (AGENT, OTHER, GONE)})

CUSTOMER: Final = a_person()
AS_AGENT: Final = a_person(id=AGENT.id, name=AGENT.name, email=AGENT.email)
OF_AGENT: Final = an_identity(person_id=AGENT.id)
ELSEWHERE: Final = an_identity(issuer="https://elsewhere.example.net", person_id=AGENT.id)


def meant(
    vouched: VerifiedIdentity, *, held: Person | None = None, bound: Identity | None = None
) -> Agent | None:
    return agent_meant(vouched, DIRECTORY, held=held, bound=bound)


def refused(
    vouched: VerifiedIdentity, *, held: Person | None = None, bound: Identity | None = None
) -> SignInRefused:
    with pytest.raises(SignInRefused) as refusal:
        _ = meant(vouched, held=held, bound=bound)
    return refusal.value


def test_who_is_in_no_directory_is_no_agent() -> None:
    assert None is meant(vouched_for())


@pytest.mark.parametrize("email", ["agent@example.com", "Agent@Example.COM"])
def test_who_has_an_agent_s_address_is_that_agent(email: str) -> None:
    assert AGENT is meant(vouched_for(email=email))


def test_a_customer_whose_address_became_an_agent_s_is_that_agent() -> None:
    assert AGENT is meant(vouched_for(email=AGENT.email), held=CUSTOMER)


def test_the_identity_that_an_agent_had_is_still_theirs() -> None:
    vouched = vouched_for(email=AGENT.email)

    assert AGENT is meant(vouched, held=AS_AGENT, bound=OF_AGENT)


def test_who_has_no_verified_address_is_refused() -> None:
    assert NO_ADDRESS == refused(vouched_for(email=None)).message


@pytest.mark.parametrize("bound", [ELSEWHERE, an_identity(8001, person_id=AGENT.id)])
def test_nobody_becomes_an_agent_by_another_identity_s_word(bound: Identity) -> None:
    """Neither another issuer's, nor another subject of the same issuer."""
    refusal = refused(vouched_for(email=AGENT.email), bound=bound)

    assert (NOT_LET_IN, "the agent signs in with another identity") == (
        refusal.message,
        refusal.reason,
    )


@pytest.mark.parametrize("email", [OTHER.email, "nobody@example.com"])
def test_an_agent_whose_address_changed_is_refused(email: str) -> None:
    """The issuer may have given it to somebody else; an administrator says what it means."""
    refusal = refused(vouched_for(email=email), held=AS_AGENT)

    assert "the address is not the one of the agent any more" == refusal.reason


@pytest.mark.parametrize("held", [None, CUSTOMER, a_person(id=GONE.id, email=GONE.email)])
def test_an_agent_who_is_not_active_is_refused(held: Person | None) -> None:
    assert "the agent is not active" == refused(vouched_for(email=GONE.email), held=held).reason


def test_a_mailed_link_is_an_agent_s_whatever_identity_they_have_besides() -> None:
    assert AGENT is meant(by_mail(AGENT.email), bound=OF_AGENT)


def test_the_subject_of_a_mailed_link_is_the_folded_address() -> None:
    assert by_mail("Somebody@Example.ORG").subject == by_mail("somebody@example.org").subject


@given(st.sampled_from(Role), st.text(min_size=1), st.booleans())
def test_an_agent_s_person_is_whom_the_directory_says_now(
    role: Role,
    name: str,
    is_active: bool,  # noqa: FBT001  # drawn
) -> None:
    agent = attrs.evolve(AGENT, role=role, name=name, is_active=is_active)
    directory = Directory(agents={agent.id: agent})

    expected = User(id=agent.id, name=name, email=agent.email, role=role) if is_active else None
    assert expected == user_now(AS_AGENT, directory)


def test_everybody_else_is_a_customer() -> None:
    expected = User(id=CUSTOMER.id, name=CUSTOMER.name, email=CUSTOMER.email, role=Role.CUSTOMER)

    assert expected == user_now(CUSTOMER, DIRECTORY)


def test_an_agent_who_left_the_directory_is_a_customer() -> None:
    user = user_now(AS_AGENT, Directory())

    assert user is not None
    assert Role.CUSTOMER is user.role


def test_a_customer_with_an_active_agent_s_address_is_a_customer_until_they_sign_in_again() -> None:
    user = user_now(a_person(email=AGENT.email), DIRECTORY)

    assert user is not None
    assert (an_id(8000), Role.CUSTOMER) == (user.id, user.role)


def test_a_customer_with_the_address_of_an_agent_who_is_not_active_is_nobody() -> None:
    assert None is user_now(a_person(email=GONE.email), DIRECTORY)
