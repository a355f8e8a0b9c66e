"""Whose session it is at each request, who sees which, and who ends them."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from helpdesk_core.audit import AuditKind, agent_subject, person_subject
from helpdesk_core.errors import Forbidden, NotFound, NotSignedIn, Unavailable
from helpdesk_core.people import OPERATOR, STRANGER, Role
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.testing.account_builders import vouched_for
from helpdesk_core.testing.builders import an_id
from helpdesk_core.use_cases.accounts import deactivate_user, forget_account
from helpdesk_core.use_cases.entering import SignedIn
from helpdesk_core.use_cases.keeping import tidy
from helpdesk_core.use_cases.sessions import (
    current_session,
    end_other_sessions,
    end_session,
    end_sessions,
    list_own_sessions,
    list_sessions,
    sign_out,
)
from helpdesk_core.use_cases.tokens import create_token, user_of_token
from helpdesk_memory import MemoryDesk, MemoryUnitOfWork
from tests.core.account_house import AGENT, caller_of, records, sign_in, signed_in_at

SOMEBODY = "somebody@example.org"
OTHER = "other@example.org"


def is_good(desk: MemoryDesk, signed_in: SignedIn) -> bool:
    return current_session(desk.ports, signed_in.secret) is not None


def change_agent(desk: MemoryDesk, **fields: Any) -> None:  # noqa: ANN401  # any field of the record
    """Store the directory with one agent otherwise."""
    with desk.ports.begin() as uow:
        directory = uow.directory()
        agent = attrs.evolve(directory.agents[AGENT.id], **fields)
        agents = {**directory.agents, agent.id: agent}
        uow.save_directory(attrs.evolve(directory, agents=agents, version=directory.version + 1))
        uow.commit()


@pytest.mark.parametrize("secret", ["", "x", "\ud800", "a" * 10_000])
def test_what_is_no_session_opens_nothing(desk: MemoryDesk, secret: str) -> None:
    assert None is current_session(desk.ports, secret)


def test_a_new_role_holds_at_the_next_request(desk: MemoryDesk) -> None:
    signed_in = signed_in_at(desk, AGENT.email)
    change_agent(desk, role=Role.MANAGEMENT, name="Renamed")
    current = current_session(desk.ports, signed_in.secret)

    assert current is not None
    assert (Role.MANAGEMENT, "Renamed") == (current.user.role, current.user.name)


def test_an_agent_made_inactive_in_whatever_way_is_out_at_the_next_request(
    desk: MemoryDesk,
) -> None:
    signed_in = signed_in_at(desk, AGENT.email)
    change_agent(desk, is_active=False)

    assert not is_good(desk, signed_in)


def test_a_deactivated_agent_s_sessions_and_tokens_are_dead(desk: MemoryDesk) -> None:
    signed_in = signed_in_at(desk, AGENT.email)
    token = create_token(desk.ports, email=AGENT.email, role=Role.AGENT, random=bytes(32))

    assert deactivate_user(desk.ports, AGENT.email.upper(), OPERATOR)
    assert not is_good(desk, signed_in)
    with pytest.raises(NotSignedIn):
        _ = user_of_token(desk.ports, token)


def test_sessions_do_not_come_back_with_the_agent(desk: MemoryDesk) -> None:
    signed_in = signed_in_at(desk, AGENT.email)
    _ = deactivate_user(desk.ports, AGENT.email, OPERATOR)
    change_agent(desk, is_active=True)

    assert not is_good(desk, signed_in)


def test_a_customer_s_session_under_the_agent_s_address_dies_with_the_agent(
    desk: MemoryDesk,
) -> None:
    signed_in = sign_in(desk, vouched_for())
    change_agent(desk, email="person.8000@example.org")
    _ = deactivate_user(desk.ports, "person.8000@example.org", OPERATOR)

    assert not is_good(desk, signed_in)


def test_deactivating_again_is_as_good_and_changes_nothing(desk: MemoryDesk) -> None:
    _ = deactivate_user(desk.ports, AGENT.email, OPERATOR)
    with desk.ports.begin() as uow:
        version = uow.directory().version

    assert not deactivate_user(desk.ports, AGENT.email, OPERATOR)
    with desk.ports.begin() as uow:
        assert version == uow.directory().version


def test_nobody_is_deactivated_who_is_no_agent(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound):
        _ = deactivate_user(desk.ports, SOMEBODY, OPERATOR)


def test_being_seen_prolongs_a_session_until_its_absolute_end(desk: MemoryDesk) -> None:
    signed_in, begun = signed_in_at(desk, SOMEBODY), desk.clock()
    for hours in range(0, 7 * 24, 11):
        desk.clock.set(begun + timedelta(hours=hours))
        assert is_good(desk, signed_in)
    desk.clock.set(begun + timedelta(days=7))

    assert not is_good(desk, signed_in)


class CountsCommits(MemoryUnitOfWork):
    """A unit of work that counts."""

    commits = 0

    def commit(self) -> None:
        type(self).commits += 1
        super().commit()


def test_reading_writes_once_a_minute(desk: MemoryDesk) -> None:
    signed_in = signed_in_at(desk, SOMEBODY)
    CountsCommits.commits = 0
    ports = attrs.evolve(desk.ports, begin=lambda: CountsCommits(desk.store))
    for _ in range(130):
        _ = current_session(ports, signed_in.secret)
        desk.clock.set(desk.clock() + timedelta(seconds=1))

    assert 2 == CountsCommits.commits


class CannotCommit(MemoryUnitOfWork):
    """A unit of work over a full disk."""

    def commit(self) -> None:
        raise Unavailable


def test_a_full_disk_closes_no_door(desk: MemoryDesk) -> None:
    signed_in = signed_in_at(desk, SOMEBODY)
    desk.clock.set(desk.clock() + timedelta(hours=1))

    def begin() -> UnitOfWork:
        return CannotCommit(desk.store)

    assert current_session(attrs.evolve(desk.ports, begin=begin), signed_in.secret)


def test_signing_out_ends_the_session_and_no_other(desk: MemoryDesk) -> None:
    one, other = signed_in_at(desk, SOMEBODY), signed_in_at(desk, SOMEBODY)
    sign_out(desk.ports, one.secret, caller_of(one))
    sign_out(desk.ports, one.secret, STRANGER)

    assert [False, True] == [is_good(desk, one), is_good(desk, other)]


def test_people_see_their_own_sessions_latest_first(desk: MemoryDesk) -> None:
    one = signed_in_at(desk, SOMEBODY)
    _ = signed_in_at(desk, OTHER)
    desk.clock.set(desk.clock() + timedelta(hours=1))
    two = signed_in_at(desk, SOMEBODY)

    assert [two.session, one.session] == [
        it.session for it in list_own_sessions(desk.ports, caller_of(two))
    ]


def test_sessions_that_are_good_no_more_are_not_shown(desk: MemoryDesk) -> None:
    _ = signed_in_at(desk, SOMEBODY)
    desk.clock.set(desk.clock() + timedelta(hours=12))
    signed_in = signed_in_at(desk, SOMEBODY)
    [shown] = list_sessions(desk.ports, OPERATOR)

    assert (signed_in.session, desk.clock() + timedelta(hours=12)) == (shown.session, shown.ends_at)


def test_an_admin_sees_everybody_s_sessions_or_those_of_an_address(desk: MemoryDesk) -> None:
    one, other = signed_in_at(desk, SOMEBODY), signed_in_at(desk, OTHER)

    assert {one.session.id, other.session.id} == {
        it.session.id for it in list_sessions(desk.ports, OPERATOR)
    }
    assert [one.session] == [
        it.session for it in list_sessions(desk.ports, OPERATOR, email=SOMEBODY.upper())
    ]
    assert () == list_sessions(desk.ports, OPERATOR, email="nobody@example.org")


def test_people_end_their_own_sessions(desk: MemoryDesk) -> None:
    one, two = signed_in_at(desk, SOMEBODY), signed_in_at(desk, SOMEBODY)
    end_session(desk.ports, str(one.session.id), caller_of(two))

    assert [False, True] == [is_good(desk, one), is_good(desk, two)]


def test_people_end_all_their_sessions_but_the_one_they_use(desk: MemoryDesk) -> None:
    one, two = signed_in_at(desk, SOMEBODY), signed_in_at(desk, SOMEBODY)
    other = signed_in_at(desk, OTHER)
    end_other_sessions(desk.ports, two.session, caller_of(two))

    assert [False, True, True] == [is_good(desk, it) for it in (one, two, other)]


@pytest.mark.parametrize("wanted", ["own", "absent", "nonsense", ""])
def test_another_s_session_is_as_unknown_as_none(desk: MemoryDesk, wanted: str) -> None:
    mine, theirs = signed_in_at(desk, SOMEBODY), signed_in_at(desk, OTHER)
    ids = {"own": str(theirs.session.id), "absent": str(an_id(1))}
    with pytest.raises(NotFound) as refused:
        end_session(desk.ports, ids.get(wanted, wanted), caller_of(mine))

    assert "Session not found" == refused.value.message
    assert is_good(desk, theirs)


def test_an_admin_ends_anybody_s_session(desk: MemoryDesk) -> None:
    one, other = signed_in_at(desk, SOMEBODY), signed_in_at(desk, SOMEBODY)
    end_session(desk.ports, one.session.id, OPERATOR)
    assert [False, True] == [is_good(desk, one), is_good(desk, other)]

    end_sessions(desk.ports, SOMEBODY.upper(), OPERATOR)
    assert not is_good(desk, other)


def test_nobody_s_sessions_are_ended_who_never_signed_in(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound):
        end_sessions(desk.ports, SOMEBODY, OPERATOR)


@pytest.mark.parametrize("email", [SOMEBODY, AGENT.email])
def test_nobody_else_looks_after_accounts(desk: MemoryDesk, email: str) -> None:
    caller = caller_of(signed_in_at(desk, email))
    for act in (list_sessions, lambda ports, by: end_sessions(ports, SOMEBODY, by)):
        with pytest.raises(Forbidden):
            act(desk.ports, caller)
    for forbidden in (deactivate_user, forget_account):
        with pytest.raises(Forbidden):
            _ = forbidden(desk.ports, SOMEBODY, caller)


def test_a_stranger_has_no_sessions(desk: MemoryDesk) -> None:
    with pytest.raises(NotSignedIn):
        _ = list_own_sessions(desk.ports, STRANGER)


def test_a_forgotten_customer_begins_anew(desk: MemoryDesk) -> None:
    before = sign_in(desk, vouched_for())
    assert 1 == forget_account(desk.ports, before.user.email.upper(), OPERATOR)
    after = sign_in(desk, vouched_for())

    assert not is_good(desk, before)
    assert before.user.id != after.user.id


def test_a_forgotten_agent_may_come_with_another_identity(desk: MemoryDesk) -> None:
    _ = sign_in(desk, vouched_for(email=AGENT.email))
    _ = forget_account(desk.ports, AGENT.email, OPERATOR)
    other = vouched_for(issuer="https://other.example.net", email=AGENT.email)

    assert AGENT.as_user() == sign_in(desk, other).user


def test_nobody_is_forgotten_who_never_signed_in(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound):
        _ = forget_account(desk.ports, SOMEBODY, OPERATOR)


def test_what_was_done_to_accounts_is_recorded(desk: MemoryDesk) -> None:
    agent, customer = signed_in_at(desk, AGENT.email), signed_in_at(desk, SOMEBODY)
    sign_out(desk.ports, agent.secret, caller_of(agent))
    end_session(desk.ports, customer.session.id, OPERATOR)
    _ = deactivate_user(desk.ports, AGENT.email, OPERATOR)
    _ = forget_account(desk.ports, SOMEBODY, OPERATOR)

    assert {
        (person_subject(AGENT.id), AuditKind.SIGNED_OUT.value, AGENT.id),
        (person_subject(customer.user.id), AuditKind.SESSION_ENDED.value, an_id(0)),
        (agent_subject(AGENT.id), AuditKind.CHANGED.value, an_id(0)),
        (person_subject(customer.user.id), AuditKind.ACCOUNT_FORGOTTEN.value, an_id(0)),
    } <= {(it.subject, it.kind, it.actor_id) for it in records(desk.ports)}


def test_what_is_over_is_forgotten_by_and_by_and_nothing_else(desk: MemoryDesk) -> None:
    old = signed_in_at(desk, SOMEBODY)
    desk.clock.set(desk.clock() + timedelta(days=7))
    young = signed_in_at(desk, SOMEBODY)
    desk.clock.set(desk.clock() + timedelta(microseconds=1))
    _ = tidy(desk.ports)

    with desk.ports.begin() as uow:
        held = [session.id for session, _ in uow.sessions(limit=9)]
    assert [young.session.id] == held
    assert old.session.id not in held


def test_a_session_opens_while_nobody_can_count(uncounted: Ports, desk: MemoryDesk) -> None:
    signed_in = signed_in_at(desk, SOMEBODY)

    assert current_session(uncounted, signed_in.secret)
