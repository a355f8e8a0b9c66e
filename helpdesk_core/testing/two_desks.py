"""Two desks side by side: whatever is done to both, they answer alike and keep the same book.

One of them is yours; the other is the desk in memory, or any that you trust.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpdesk_core.directory import Agent, Directory, KpiType
from helpdesk_core.intake import RawIntake
from helpdesk_core.people import Caller
from helpdesk_core.ports import Claim, Outbox
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.testing.customers_of_two import CustomersOfTwo
from helpdesk_core.testing.desk_inputs import (
    CALLERS,
    EMAILS,
    NAMES,
    any_intakes,
    bodies,
    queries,
    valid_intakes,
)
from helpdesk_core.testing.desks import Refusal
from helpdesk_core.testing.figures_of_two import FiguresOfTwo
from helpdesk_core.testing.side_by_side import Make, has_tickets
from helpdesk_core.testing.staff_of_two import StaffOfTwo
from helpdesk_core.testing.stores import Store
from helpdesk_core.testing.strategies import storable_text
from helpdesk_core.use_cases.chat import post_message
from helpdesk_core.use_cases.directory import add_user, dump_directory
from helpdesk_core.use_cases.intake import (
    list_intake_options,
    look_up_tickets,
    read_status,
    submit_ticket,
)

Answer = TypeVar("Answer")
Member = TypeVar("Member", Agent, KpiType)

EVERY_NOTICE: Final = 1_000_000
LEASES: Final = (timedelta(0), timedelta(hours=1))
"""Run out at once, or not while the machine runs."""


class TwoDesks(CustomersOfTwo, StaffOfTwo, FiguresOfTwo):
    """Acts as customers, staff, administrators and couriers do, on both desks, and compares.

    `two_desks` makes the machine that Hypothesis runs.
    """

    def __init__(self, one: Make, other: Make) -> None:
        super().__init__(one, other)
        self._claims: list[tuple[Claim, Claim]] = []

    @rule(raw=valid_intakes(), caller=st.sampled_from(CALLERS))
    def submit(self, raw: RawIntake, caller: Caller) -> None:
        submitted = self.both(lambda desk: submit_ticket(desk.ports, raw, caller))
        if not isinstance(submitted, Refusal):
            self.taken_in(submitted.ticket)

    @rule(raw=any_intakes(), caller=st.sampled_from(CALLERS))
    def submit_anything(self, raw: RawIntake, caller: Caller) -> None:
        self.submit(raw, caller)

    @precondition(has_tickets)
    @rule(
        which=st.integers(0, 9),
        body=bodies(),
        caller=st.sampled_from(CALLERS),
    )
    def write_as_customer(self, which: int, body: object, caller: Caller) -> None:
        ticket_id = str(self.ticket_id(which))
        _ = self.both(lambda desk: post_message(desk.ports, ticket_id, body, caller))

    @rule(query=queries(), caller=st.sampled_from(CALLERS))
    def look_up(self, query: object, caller: Caller) -> None:
        _ = self.both(lambda desk: look_up_tickets(desk.ports, query, caller))

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(CALLERS))
    def look_up_by_id(self, which: int, caller: Caller) -> None:
        query = str(self.ticket_id(which)).upper()
        _ = self.both(lambda desk: look_up_tickets(desk.ports, query, caller))

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(CALLERS))
    def follow(self, which: int, caller: Caller) -> None:
        ticket_id = self.ticket_id(which)
        _ = self.both(lambda desk: read_status(desk.ports, str(ticket_id), caller))

    @rule()
    def list_options(self) -> None:
        _ = self.both(lambda desk: list_intake_options(desk.ports))

    @rule()
    def dump(self) -> None:
        _ = self.both(lambda desk: dump_directory(desk.ports))

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
        _ = self.both(
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
        _ = self.both(lambda desk: _replace_directory(desk.side.store, name, kept, ahead))

    @rule(lease=st.sampled_from(LEASES))
    def claim(self, lease: timedelta) -> None:
        """Everything that is due: in which order is the outbox contract's to say."""
        one, other = (
            sorted(
                desk.side.outbox.claim(limit=EVERY_NOTICE, lease=lease),
                key=lambda claim: claim.notice.id,
            )
            for desk in (self.one, self.other)
        )
        assert [(it.notice, it.attempt) for it in one] == [(it.notice, it.attempt) for it in other]
        self._claims += zip(one, other, strict=True)

    @rule(which=st.integers(0, 99), settle=st.sampled_from(["sent", "retry", "put off", "give up"]))
    def settle(self, which: int, settle: str) -> None:
        if self._claims:
            one, other = self._claims[which % len(self._claims)]
            assert _settle(self.one.side.outbox, one, settle) == _settle(
                self.other.side.outbox, other, settle
            )


def two_desks(one: Make, other: Make) -> type[TwoDesks]:
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
