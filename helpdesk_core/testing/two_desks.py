"""Two desks side by side: whatever is done to both, they answer alike and keep the same book.

One of them is yours; the other is the desk in memory, or any that you trust.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from helpdesk_core.directory import Agent, Directory, KpiType
from helpdesk_core.intake import RawIntake
from helpdesk_core.people import Caller, Role
from helpdesk_core.ports import Claim, Outbox
from helpdesk_core.testing.builders import NOW, a_directory, an_id
from helpdesk_core.testing.desk_inputs import (
    AGENT_IDS,
    CALLERS,
    EMAILS,
    NAMES,
    WORKERS,
    any_intakes,
    bodies,
    queries,
    valid_intakes,
)
from helpdesk_core.testing.desks import Clock, Desk, Refusal, Side, answer_of
from helpdesk_core.testing.stores import Store, stocked
from helpdesk_core.testing.strategies import storable_text
from helpdesk_core.tickets import Status
from helpdesk_core.tokens import digest_of
from helpdesk_core.use_cases.chat import post_message
from helpdesk_core.use_cases.directory import add_user, dump_directory
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.intake import (
    list_intake_options,
    look_up_tickets,
    read_status,
    submit_ticket,
)
from helpdesk_core.use_cases.tokens import create_token

Answer = TypeVar("Answer")
Member = TypeVar("Member", Agent, KpiType)

EVERY_NOTICE: Final = 1_000_000
LEASES: Final = (timedelta(0), timedelta(hours=1))
"""Run out at once, or not while the machine runs."""


def _has_tickets(desks: "TwoDesks") -> bool:
    return desks.has_tickets


class TwoDesks(RuleBasedStateMachine):
    """Acts as customers, staff, administrators and couriers do, on both desks, and compares.

    `two_desks` makes the machine that Hypothesis runs.
    """

    def __init__(self, one: Callable[[Clock], Side], other: Callable[[Clock], Side]) -> None:
        super().__init__()
        self._instant = NOW
        self._one, self._other = (Desk.over(make(self._now), self._now) for make in (one, other))
        self._ticket_ids: list[UUID] = []
        self._claims: list[tuple[Claim, Claim]] = []
        self._secrets: list[str] = []

    @property
    def has_tickets(self) -> bool:
        """True once a submission was taken."""
        return bool(self._ticket_ids)

    @initialize()
    def load_a_directory(self) -> None:
        for desk in (self._one, self._other):
            stocked(desk.side.store)

    @rule(minutes=st.integers(0, 600), microseconds=st.integers(0, 3))
    def pass_time(self, minutes: int, microseconds: int) -> None:
        self._instant += timedelta(minutes=minutes, microseconds=microseconds)

    @rule(raw=valid_intakes(), caller=st.sampled_from(CALLERS))
    def submit(self, raw: RawIntake, caller: Caller) -> None:
        submitted = self._both(lambda desk: submit_ticket(desk.ports, raw, caller))
        if not isinstance(submitted, Refusal):
            self._ticket_ids.append(submitted.ticket.id)

    @rule(raw=any_intakes(), caller=st.sampled_from(CALLERS))
    def submit_anything(self, raw: RawIntake, caller: Caller) -> None:
        self.submit(raw, caller)

    @precondition(_has_tickets)
    @rule(
        which=st.integers(0, 9),
        agent_id=st.sampled_from(AGENT_IDS),
        caller=st.sampled_from(WORKERS),
    )
    def assign(self, which: int, agent_id: UUID, caller: Caller) -> None:
        ticket_id = self._ticket_id(which)
        _ = self._both(
            lambda desk: assign_ticket(
                desk.ports,
                Target(ticket_id=ticket_id),
                RawAssignment(staff_id=str(agent_id)),
                caller,
            )
        )

    @precondition(_has_tickets)
    @rule(
        which=st.integers(0, 9),
        body=bodies(),
        caller=st.sampled_from(WORKERS),
        is_internal=st.booleans(),
    )
    def reply(self, which: int, body: object, caller: Caller, *, is_internal: bool) -> None:
        ticket_id = self._ticket_id(which)
        _ = self._both(
            lambda desk: update_ticket(
                desk.ports,
                Target(ticket_id=ticket_id),
                RawUpdate(message=body, is_internal=is_internal),
                caller,
            )
        )

    @precondition(_has_tickets)
    @rule(
        which=st.integers(0, 9),
        to=st.sampled_from(Status),
        caller=st.sampled_from(WORKERS),
        reason=st.none() | storable_text(),
    )
    def move(self, which: int, to: Status, caller: Caller, reason: str | None) -> None:
        ticket_id = self._ticket_id(which)
        _ = self._both(
            lambda desk: move_ticket(
                desk.ports, Target(ticket_id=ticket_id), to, caller, reason=reason
            )
        )

    @precondition(_has_tickets)
    @rule(
        which=st.integers(0, 9),
        body=bodies(),
        caller=st.sampled_from(CALLERS),
    )
    def write_as_customer(self, which: int, body: object, caller: Caller) -> None:
        ticket_id = str(self._ticket_id(which))
        _ = self._both(lambda desk: post_message(desk.ports, ticket_id, body, caller))

    @rule(query=queries(), caller=st.sampled_from(CALLERS))
    def look_up(self, query: object, caller: Caller) -> None:
        _ = self._both(lambda desk: look_up_tickets(desk.ports, query, caller))

    @precondition(_has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(CALLERS))
    def look_up_by_id(self, which: int, caller: Caller) -> None:
        query = str(self._ticket_id(which)).upper()
        _ = self._both(lambda desk: look_up_tickets(desk.ports, query, caller))

    @precondition(_has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(CALLERS))
    def follow(self, which: int, caller: Caller) -> None:
        ticket_id = self._ticket_id(which)
        _ = self._both(lambda desk: read_status(desk.ports, str(ticket_id), caller))

    @rule()
    def list_options(self) -> None:
        _ = self._both(lambda desk: list_intake_options(desk.ports))

    @rule()
    def dump(self) -> None:
        _ = self._both(lambda desk: dump_directory(desk.ports))

    @rule(
        email=st.sampled_from(EMAILS),
        name=st.sampled_from(NAMES) | storable_text(),
        departments=st.sets(st.sampled_from(["support", "support", "network", "nowhere"])),
        is_active=st.booleans(),
        wants_mail=st.booleans(),
    )
    def add_staff(
        self, email: str, name: str, departments: set[str], *, is_active: bool, wants_mail: bool
    ) -> None:
        _ = self._both(
            lambda desk: add_user(
                desk.ports,
                email=email,
                name=name,
                departments=sorted(departments),
                is_active=is_active,
                wants_mail=wants_mail,
            )
        )

    @rule(
        name=storable_text(),
        kept=st.sampled_from([3, 3, 3, 2, 1, 0]),
        ahead=st.sampled_from([1, 1, 1, 0, 2]),
    )
    def replace_directory(self, name: str, kept: int, ahead: int) -> None:
        """With one of fewer departments under another name; of the wrong version at times."""
        _ = self._both(lambda desk: _replace_directory(desk.side.store, name, kept, ahead))

    @rule(lease=st.sampled_from(LEASES))
    def claim(self, lease: timedelta) -> None:
        """Everything that is due: in which order is the outbox contract's to say."""
        one, other = (
            sorted(
                desk.side.outbox.claim(limit=EVERY_NOTICE, lease=lease),
                key=lambda claim: claim.notice.id,
            )
            for desk in (self._one, self._other)
        )
        assert [(it.notice, it.attempt) for it in one] == [(it.notice, it.attempt) for it in other]
        self._claims += zip(one, other, strict=True)

    @rule(which=st.integers(0, 99), settle=st.sampled_from(["sent", "retry", "put off", "give up"]))
    def settle(self, which: int, settle: str) -> None:
        if self._claims:
            one, other = self._claims[which % len(self._claims)]
            assert _settle(self._one.side.outbox, one, settle) == _settle(
                self._other.side.outbox, other, settle
            )

    @rule(email=st.sampled_from((*EMAILS, *NAMES)), role=st.sampled_from(Role))
    def give_out_token(self, email: str, role: Role) -> None:
        """The same secret twice is refused."""
        random = bytes([len(self._secrets) % 3] * 32)
        secret = self._both(
            lambda desk: create_token(desk.ports, email=email, role=role, random=random)
        )
        if not isinstance(secret, Refusal):
            self._secrets.append(secret)

    @invariant()
    def the_books_agree(self) -> None:
        assert self._book(self._one) == self._book(self._other)

    def _now(self) -> datetime:
        return self._instant

    def _ticket_id(self, which: int) -> UUID:
        """One of the tickets, or none there is."""
        if which == 0:
            return an_id(999)
        return self._ticket_ids[which % len(self._ticket_ids)]

    def _both(self, act: Callable[[Desk], Answer]) -> Answer | Refusal:
        """What both desks answered, or how both refused."""
        one, other = (answer_of(act, desk) for desk in (self._one, self._other))
        assert one == other
        return one

    def _book(self, desk: Desk) -> object:
        """Everything the desk keeps that its ports can show."""
        with desk.side.store.begin() as uow:
            tickets = [
                (uow.ticket(ticket_id), uow.messages(ticket_id), uow.history(ticket_id))
                for ticket_id in self._ticket_ids
            ]
            tokens = [uow.token(digest_of(secret)) for secret in self._secrets]
            return uow.directory(), tickets, tokens, desk.side.outbox.counts()


def two_desks(one: Callable[[Clock], Side], other: Callable[[Clock], Side]) -> type[TwoDesks]:
    """The machine over the two sides, for `hypothesis.stateful.run_state_machine_as_test`.

    Each callable is called anew for every example, with the clock by which its limiter goes. The
    store of its side must then be empty: take the rows away rather than the tables, and the side is
    cheap.
    """

    class DesksSideBySide(TwoDesks):
        def __init__(self) -> None:
            super().__init__(one, other)

    return DesksSideBySide


def _replace_directory(store: Store, name: str, kept: int, ahead: int) -> int:
    """Commit it, as far `ahead` of the version that is held; answers with its version."""
    with store.begin() as uow:
        held = uow.directory()
        departments = frozenset(sorted(a_directory().departments)[:kept])
        replacing = attrs.evolve(_reduced(held, departments, name), version=held.version + ahead)
        uow.save_directory(replacing)
        uow.commit()
    return replacing.version


def _reduced(held: Directory, kept: frozenset[UUID], name: str) -> Directory:
    """The sample directory with the departments kept, all under one name; added staff stay."""
    whole = a_directory()
    return attrs.evolve(
        held,
        departments={key: attrs.evolve(whole.departments[key], name=name) for key in kept},
        agents=_within(kept, {**held.agents, **whole.agents}),
        kpi_types=_within(kept, whole.kpi_types if kept else {}),
    )


def _within(kept: frozenset[UUID], members: Mapping[UUID, Member]) -> dict[UUID, Member]:
    return {
        key: attrs.evolve(member, department_ids=member.department_ids & kept)
        for key, member in members.items()
    }


def _settle(outbox: Outbox, claim: Claim, how: str) -> bool:
    if how == "sent":
        return outbox.sent(claim)
    if how == "give up":
        return outbox.give_up(claim, reason="no such address")
    after = timedelta(hours=1) if how == "put off" else timedelta(0)
    return outbox.retry(claim, after=after, reason="busy")
