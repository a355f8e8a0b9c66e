"""Signing in, being seen, resting, ending: any order of them, against a plain model."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from helpdesk_core.directory import Agent
from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import VerifiedIdentity
from helpdesk_core.people import OPERATOR, Caller, User
from helpdesk_core.ports import Ports
from helpdesk_core.sessions import SEEN_EVERY, SessionRules
from helpdesk_core.testing.builders import NOW, a_directory
from helpdesk_core.testing.directories import ACTIVE_AGENT, ADMIN
from helpdesk_core.testing.sign_in_races import Vouches
from helpdesk_core.testing.stores import Store, stocked
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.accounts import deactivate_user, forget_account
from helpdesk_core.use_cases.entering import SignedIn, Visit
from helpdesk_core.use_cases.keeping import tidy_accounts
from helpdesk_core.use_cases.sessions import (
    current_session,
    end_other_sessions,
    end_sessions,
    list_sessions,
    sign_out,
)
from helpdesk_core.use_cases.sign_in import begin_sign_in, finish_sign_in
from helpdesk_core.use_cases.sign_in_links import make_link, take_link

AGENTS: Final = {
    agent.email: agent for agent in (a_directory().agents[each] for each in (ACTIVE_AGENT, ADMIN))
}
EMAILS: Final = (*AGENTS, "ana@example.org", "budi@example.org")
IDENTITIES: Final = tuple((issuer, subject) for issuer in ("one", "other") for subject in "ab")
RULES: Final = SessionRules(idle=timedelta(hours=2), longest=timedelta(hours=5))
"""So short that every end is soon reached."""
JUMPS: Final = (
    timedelta(seconds=59),
    timedelta(minutes=1),
    timedelta(hours=1, minutes=15),
    timedelta(hours=2),
)


@attrs.define
class ModelSession:
    """A session, as the model has it."""

    secret: str
    person: UUID
    begun: datetime
    seen: datetime
    has_ended: bool = False


@attrs.define
class Model:
    """Who is who, in the plainest words."""

    now: datetime = NOW
    holders: dict[tuple[str, str], UUID] = attrs.Factory(dict)
    emails: dict[UUID, str] = attrs.Factory(dict)
    inactive: set[UUID] = attrs.Factory(set)
    sessions: list[ModelSession] = attrs.Factory(list)

    def is_refused(self, identity: tuple[str, str], email: str) -> bool:
        """True when whom an issuer vouches for is not let in under that address."""
        agent, holder = AGENTS.get(email), self.holders.get(identity)
        if holder in {it.id for it in AGENTS.values()} and (not agent or agent.id != holder):
            return True
        if agent is None:
            return False
        others = {key for key, person in self.holders.items() if person == agent.id} - {identity}
        return agent.id in self.inactive or bool(others)

    def is_good(self, session: ModelSession) -> bool:
        """True when the session opens the door now."""
        is_late = self.now >= session.seen + RULES.idle or self.now >= session.begun + RULES.longest
        return not (session.has_ended or is_late or session.person in self.inactive)

    def end(self, person: UUID, but: ModelSession | None = None) -> None:
        """End the sessions of a person."""
        for session in self.sessions:
            if session.person == person and session is not but:
                session.has_ended = True

    def people_at(self, email: str) -> list[UUID]:
        """Everybody of an address who signed in."""
        return [person for person, held in self.emails.items() if held == email]


class AccountMachine(RuleBasedStateMachine):
    """A desk over a store, and the model beside it."""

    def __init__(self, make: Callable[[], Store]) -> None:
        super().__init__()
        self.model = Model()
        numbers = count(1)
        self.ports = ports_over(
            make(),
            now=lambda: self.model.now,
            new_id=lambda: UUID(int=0xA000 + next(numbers)),
            random=lambda amount: next(numbers).to_bytes(amount, "big"),
            sessions=RULES,
        )

    @initialize()
    def load_a_directory(self) -> None:
        stocked(self.ports)

    @rule(jump=st.sampled_from(JUMPS))
    def pass_time(self, jump: timedelta) -> None:
        self.model.now += jump

    @rule(identity=st.sampled_from(IDENTITIES), email=st.sampled_from(EMAILS))
    def sign_in(self, identity: tuple[str, str], email: str) -> None:
        is_refused = self.model.is_refused(identity, email)
        signed_in = _signed_in(self.ports, identity, email)
        assert is_refused == (signed_in is None)
        if signed_in is not None:
            self._check_person(signed_in, identity, email)
            self.model.holders[identity] = signed_in.user.id
            self._note(signed_in, email)

    @rule(email=st.sampled_from(EMAILS))
    def sign_in_by_link(self, email: str) -> None:
        agent = AGENTS.get(email)
        identity = ("by link", email)
        signed_in = _by_link(self.ports, email)
        assert (signed_in is None) == (agent is not None and agent.id in self.model.inactive)
        if signed_in is not None:
            self._check_person(signed_in, identity, email)
            if agent is None:
                self.model.holders[identity] = signed_in.user.id
            self._note(signed_in, email)

    @precondition(lambda self: self.model.sessions)
    @rule(jumps=st.lists(st.sampled_from(JUMPS), min_size=1, max_size=3))
    def rest_and_look(self, jumps: list[timedelta]) -> None:
        """Pass some time, and look at every session after each."""
        for jump in jumps:
            self.pass_time(jump)
            for session in self.model.sessions:
                self._look(session)

    @precondition(lambda self: self.model.sessions)
    @rule(which=st.integers(0, 99))
    def sign_out(self, which: int) -> None:
        session = self._session(which)
        sign_out(self.ports, session.secret, OPERATOR)
        session.has_ended = True

    @precondition(lambda self: self.model.sessions)
    @rule(which=st.integers(0, 99))
    def end_the_others(self, which: int) -> None:
        session = self._session(which)
        current = current_session(self.ports, session.secret)
        if current is not None:
            self._look(session)
            end_other_sessions(self.ports, current.session, Caller(user=current.user))
            self.model.end(session.person, but=session)

    @rule(email=st.sampled_from(EMAILS))
    def end_all(self, email: str) -> None:
        people = self.model.people_at(email)
        if people:
            end_sessions(self.ports, email, OPERATOR)
        for person in people:
            self.model.end(person)

    @rule(email=st.sampled_from(tuple(AGENTS)))
    def deactivate(self, email: str) -> None:
        agent = AGENTS[email]
        assert deactivate_user(self.ports, email, OPERATOR) == (agent.id not in self.model.inactive)
        self.model.inactive.add(agent.id)
        self.model.end(agent.id)

    @rule(email=st.sampled_from(tuple(AGENTS)))
    def activate(self, email: str) -> None:
        agent = AGENTS[email]
        _store_agent(self.ports, agent)
        self.model.inactive.discard(agent.id)

    @rule(email=st.sampled_from(EMAILS))
    def forget(self, email: str) -> None:
        people = self.model.people_at(email)
        if not people:
            return
        assert len(people) == forget_account(self.ports, email, OPERATOR)
        for person in people:
            self.model.end(person)
            del self.model.emails[person]
        held = self.model.holders.items()
        self.model.holders = {key: it for key, it in held if it not in people}

    @rule()
    def tidy(self) -> None:
        tidy_accounts(self.ports)

    @rule()
    def list_all(self) -> None:
        good = [it for it in self.model.sessions if self.model.is_good(it)]
        assert len(good) == len(list_sessions(self.ports, OPERATOR))

    def teardown(self) -> None:
        for session in self.model.sessions:
            self._look(session)

    def _session(self, which: int) -> ModelSession:
        return self.model.sessions[which % len(self.model.sessions)]

    def _look(self, session: ModelSession) -> None:
        current = current_session(self.ports, session.secret)
        is_good = self.model.is_good(session)
        assert is_good == (current is not None)
        if current is not None:
            assert self._user(session.person) == (current.user.id, current.user.email)
            if self.model.now - session.seen >= SEEN_EVERY:
                session.seen = self.model.now

    def _user(self, person: UUID) -> tuple[UUID, str]:
        return (person, self.model.emails[person])

    def _check_person(self, signed_in: SignedIn, identity: tuple[str, str], email: str) -> None:
        agent, holder = AGENTS.get(email), self.model.holders.get(identity)
        user: User = signed_in.user
        if agent is not None:
            assert agent.as_user() == user
        elif holder is not None:
            assert holder == user.id
        else:
            assert user.id not in self.model.emails

    def _note(self, signed_in: SignedIn, email: str) -> None:
        person, now = signed_in.user.id, self.model.now
        self.model.emails[person] = email
        self.model.sessions.append(ModelSession(signed_in.secret, person, now, now))


def account_machine(make: Callable[[], Store]) -> type[RuleBasedStateMachine]:
    """A machine over a store that is empty whenever it is made; run it as a test."""

    class OverStore(AccountMachine):
        def __init__(self) -> None:
            super().__init__(make)

    return OverStore


def _signed_in(ports: Ports, identity: tuple[str, str], email: str) -> SignedIn | None:
    issuer, subject = identity
    vouched = VerifiedIdentity(issuer=issuer, subject=subject, name="", email=email)
    vouching = attrs.evolve(ports, providers={"vouches": Vouches(vouched)})
    browser = begin_sign_in(vouching, None).browser
    return _let_in(lambda: finish_sign_in(vouching, browser, {}, Visit()))


def _by_link(ports: Ports, email: str) -> SignedIn | None:
    secret = make_link(ports, email, OPERATOR)
    return _let_in(lambda: take_link(ports, secret, None, Visit()))


def _let_in(act: Callable[[], SignedIn]) -> SignedIn | None:
    try:
        return act()
    except SignInRefused:
        return None


def _store_agent(ports: Ports, agent: Agent) -> None:
    with ports.begin() as uow:
        directory = uow.directory()
        agents: dict[UUID, Any] = {**directory.agents, agent.id: agent}
        uow.save_directory(attrs.evolve(directory, agents=agents, version=directory.version + 1))
        uow.commit()
