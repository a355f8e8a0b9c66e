"""Whose a token is, when it is good no more, and how its use is noted."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.errors import HelpdeskError, NotFound, NotSignedIn, Unavailable
from helpdesk_core.people import Role, User
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW, a_directory, an_id
from helpdesk_core.testing.directories import ACTIVE_AGENT, ADMIN
from helpdesk_core.tokens import Token
from helpdesk_core.use_cases.tokens import (
    create_token,
    list_tokens,
    revoke_token,
    user_of_token,
)
from helpdesk_memory import MemoryDesk, MemoryStore, MemoryUnitOfWork

A_MOMENT: Final = timedelta(microseconds=1)
A_MINUTE: Final = timedelta(minutes=1)


def a_secret(
    desk: MemoryDesk,
    email: str = "one@example.com",
    role: Role = Role.AGENT,
    expires_in: timedelta | None = None,
) -> str:
    """The secret of a new token."""
    random = len(list_tokens(desk.ports)).to_bytes(32, "big")
    return create_token(desk.ports, email=email, role=role, random=random, expires_in=expires_in)


def the_token(desk: MemoryDesk) -> Token:
    (token,) = list_tokens(desk.ports)
    return token


def refusal_of(ports: Ports, secret: str) -> tuple[type[HelpdeskError], str]:
    with pytest.raises(HelpdeskError) as refused:
        _ = user_of_token(ports, secret)
    return type(refused.value), refused.value.message


NO_GOOD: Final = (NotSignedIn, "The token is unknown, expired or revoked")


def test_a_token_is_its_agents(desk: MemoryDesk) -> None:
    agent = desk.store.directory.agents[ACTIVE_AGENT]

    assert agent.as_user() == user_of_token(desk.ports, a_secret(desk))


def test_an_agent_is_found_by_their_address_in_any_case(desk: MemoryDesk) -> None:
    assert ACTIVE_AGENT == user_of_token(desk.ports, a_secret(desk, "ONE@example.COM")).id


@pytest.mark.parametrize("of_token", Role)
@pytest.mark.parametrize("of_agent", Role)
def test_a_token_opens_what_the_lesser_of_both_roles_does(
    desk: MemoryDesk, of_token: Role, of_agent: Role
) -> None:
    agents = desk.store.directory.agents
    agent = attrs.evolve(agents[ACTIVE_AGENT], role=of_agent)
    desk.store.directory = a_directory(agents={**agents, ACTIVE_AGENT: agent})
    ranks = [*Role]

    assert min(of_token, of_agent, key=ranks.index) is (
        user_of_token(desk.ports, a_secret(desk, role=of_token)).role
    )


def test_a_program_is_whom_its_token_says(desk: MemoryDesk) -> None:
    secret = a_secret(desk, "robot@example.com", Role.MANAGEMENT)

    assert User(
        id=the_token(desk).id,
        name="robot@example.com",
        email="robot@example.com",
        role=Role.MANAGEMENT,
    ) == user_of_token(desk.ports, secret)


def test_the_token_of_an_inactive_agent_opens_nothing(desk: MemoryDesk) -> None:
    assert NO_GOOD == refusal_of(desk.ports, a_secret(desk, "four@example.com"))


def test_an_agent_who_becomes_inactive_is_kept_out_at_once(desk: MemoryDesk) -> None:
    secret = a_secret(desk)
    _ = user_of_token(desk.ports, secret)
    agents = desk.store.directory.agents
    gone = attrs.evolve(agents[ACTIVE_AGENT], is_active=False)
    desk.store.directory = a_directory(agents={**agents, ACTIVE_AGENT: gone})

    assert NO_GOOD == refusal_of(desk.ports, secret)


@given(st.text(st.characters()))
def test_no_other_text_opens_anything(text: str) -> None:
    desk = MemoryDesk(NOW)
    _ = a_secret(desk)

    assert NO_GOOD == refusal_of(desk.ports, text)


def test_a_secret_is_good_letter_by_letter(desk: MemoryDesk) -> None:
    secret = a_secret(desk)
    near = [secret.upper(), secret.lower(), secret[:-1], f"{secret} ", secret.removeprefix("hd_")]

    assert [NO_GOOD] * len(near) == [refusal_of(desk.ports, each) for each in near]


def test_a_token_is_good_until_it_expires(desk: MemoryDesk) -> None:
    secret = a_secret(desk, expires_in=timedelta(days=30))
    desk.clock.set(NOW + timedelta(days=30) - A_MOMENT)
    before = user_of_token(desk.ports, secret).id
    desk.clock.set(NOW + timedelta(days=30))

    assert (ACTIVE_AGENT, NO_GOOD) == (before, refusal_of(desk.ports, secret))


def test_a_revoked_token_is_good_no_more_and_others_are(desk: MemoryDesk) -> None:
    revoked, other = a_secret(desk), a_secret(desk, "five@example.com", Role.ADMIN)
    revoke_token(desk.ports, list_tokens(desk.ports)[0].id)

    assert (NO_GOOD, ADMIN) == (
        refusal_of(desk.ports, revoked),
        user_of_token(desk.ports, other).id,
    )


def test_revoking_again_changes_nothing(desk: MemoryDesk) -> None:
    _ = a_secret(desk)
    revoke_token(desk.ports, the_token(desk).id)
    _ = desk.clock.advance(hours=1)
    revoke_token(desk.ports, the_token(desk).id)

    assert NOW == the_token(desk).revoked_at


def test_an_unknown_token_is_not_revoked(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound):
        revoke_token(desk.ports, an_id(99))


def test_every_token_is_listed_oldest_first(desk: MemoryDesk) -> None:
    for days in (3, 1, 2):
        desk.clock.set(NOW + timedelta(days=days))
        _ = a_secret(desk, f"day{days}@example.com", expires_in=timedelta(seconds=1))
    desk.clock.set(NOW + timedelta(days=99))

    assert ["day1@example.com", "day2@example.com", "day3@example.com"] == [
        token.email for token in list_tokens(desk.ports)
    ]


def test_no_list_holds_a_secret(desk: MemoryDesk) -> None:
    secret = a_secret(desk)

    assert secret.removeprefix("hd_") not in repr(list_tokens(desk.ports))


def test_the_first_use_is_noted(desk: MemoryDesk) -> None:
    secret = a_secret(desk)
    _ = desk.clock.advance(hours=1)
    _ = user_of_token(desk.ports, secret)

    assert NOW + timedelta(hours=1) == the_token(desk).last_used_at


@pytest.mark.parametrize(
    ("after", "noted"), [(A_MINUTE - A_MOMENT, NOW), (A_MINUTE, NOW + A_MINUTE)]
)
def test_a_use_is_noted_at_most_once_a_minute(
    desk: MemoryDesk, after: timedelta, noted: object
) -> None:
    secret = a_secret(desk)
    _ = user_of_token(desk.ports, secret)
    desk.clock.set(NOW + after)
    _ = user_of_token(desk.ports, secret)

    assert noted == the_token(desk).last_used_at


def test_what_opens_nothing_is_not_used(desk: MemoryDesk) -> None:
    secret = a_secret(desk, "four@example.com")
    _ = refusal_of(desk.ports, secret)

    assert None is the_token(desk).last_used_at


class FullDisk(MemoryUnitOfWork):
    """Reads, and writes nothing."""

    def commit(self) -> None:
        """Raise, whatever was gathered."""
        raise Unavailable


class ReadOnlyStore(MemoryStore):
    """A store that can be read."""

    def begin(self) -> MemoryUnitOfWork:
        return FullDisk(self)


def test_a_use_that_cannot_be_noted_closes_no_door(desk: MemoryDesk) -> None:
    secret = a_secret(desk)
    store = ReadOnlyStore()
    store.tokens, store.directory = desk.store.tokens, desk.store.directory

    assert _id_of(attrs.evolve(desk.ports, begin=store.begin), secret) == ACTIVE_AGENT


def _id_of(ports: Ports, secret: str) -> UUID:
    return user_of_token(ports, secret).id
