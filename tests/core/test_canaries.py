"""Whatever happens to cases, a stranger is never told what is personal or among staff.

Every personal field, note, reason and file name is a word that is found nowhere else; none of them
may be in anything that a stranger can be answered.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Final

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from helpdesk_core.case_numbers import Numbering
from helpdesk_core.cases import RawCase
from helpdesk_core.errors import HelpdeskError
from helpdesk_core.people import Caller, Role
from helpdesk_core.ports import CaseRules
from helpdesk_core.support import Urgency
from helpdesk_core.testing.builders import NOW, a_customer, a_directory, a_raw_intake, staff
from helpdesk_core.testing.directories import ACTIVE_AGENT, MUTED_AGENT, OTHER_AGENT
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.attaching import attach_file, attach_file_as_customer
from helpdesk_core.use_cases.cases import (
    CaseStatus,
    RawKey,
    cancel_case,
    escalate_case,
    read_case_status,
    submit_case,
)
from helpdesk_core.use_cases.chat import post_message
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.intake import look_up_tickets, read_status, submit_ticket
from helpdesk_memory import MemoryDesk

STAFF: Final = staff()
STRANGERS: Final = (
    Caller(),
    Caller(user=a_customer(5)),
    Caller(user=a_customer(6, role=Role.AGENT)),
)
WRONG: Final = "eve@example.com"


def canaries() -> Iterator[str]:
    """Words that are found nowhere else."""
    return (f"canary{number:05}z" for number in count(1))


def shown_of_case(ticket: Ticket) -> list[object]:
    """What contract B shows of a case that was taken in, escalated or cancelled."""
    case = ticket.case
    return [case and case.number, case and case.urgency, case and case.resolution_due_at]


def shown_of_status(seen: CaseStatus) -> list[object]:
    """What contract B shows of a case and its updates."""
    ticket = seen.ticket
    return [
        *shown_of_case(ticket),
        ticket.status,
        ticket.submitted_at,
        seen.last_updated,
        *((update.created_at, update.body) for update in seen.updates),
    ]


class Canaries(RuleBasedStateMachine):
    """Cases, whatever is done to them, and everything that a stranger tries."""

    @initialize(numbering=st.sampled_from(Numbering))
    def opens(self, numbering: Numbering) -> None:
        self.desk = MemoryDesk(NOW)
        with self.desk.ports.begin() as uow:
            uow.save_directory(a_directory())
            uow.commit()
        rules = CaseRules(numbering=numbering, customers_may_attach=True)
        self.ports = attrs.evolve(self.desk.ports, cases=rules)
        self.words = canaries()
        self.secret: list[str] = []
        self.public: list[str] = []
        self.tickets: list[Ticket] = []
        self.answers: list[object] = []

    @rule(urgency=st.sampled_from(Urgency), caller=st.sampled_from(STRANGERS))
    def case_opened(self, urgency: Urgency, caller: Caller) -> None:
        raw = RawCase(
            name=self.hidden(),
            email=f"{self.hidden()}@{self.hidden()}.example",
            organization=self.hidden(),
            phone=f"+{len(self.tickets) + 7_770_001}",
            client_or_project_name=self.hidden(),
            subject=self.hidden(),
            message=self.hidden(),
            urgency=urgency.value,
        )
        self.secret.append(f"{len(self.tickets) + 7_770_001}")
        ticket = submit_case(self.ports, raw, caller)
        self.tickets.append(ticket)
        self.answers += shown_of_case(ticket)

    @precondition(lambda self: self.tickets)
    @rule(
        which=st.integers(0, 9), is_internal=st.booleans(), to=st.none() | st.sampled_from(Status)
    )
    def staff_write(self, which: int, to: Status | None, *, is_internal: bool) -> None:
        raw = RawUpdate(
            message=self.hidden() if is_internal else self.told(),
            is_internal=is_internal,
            status_change=to.value if to else None,
        )
        self.tried(lambda: update_ticket(self.ports, self.target(which), raw, STAFF))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), agent=st.sampled_from([ACTIVE_AGENT, OTHER_AGENT, MUTED_AGENT]))
    def staff_assign(self, which: int, agent: object) -> None:
        raw = RawAssignment(staff_id=str(agent), department="network", notes=self.hidden())
        self.tried(lambda: assign_ticket(self.ports, self.target(which), raw, STAFF))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), to=st.sampled_from(Status))
    def staff_move(self, which: int, to: Status) -> None:
        why = self.hidden()
        self.tried(lambda: move_ticket(self.ports, self.target(which), to, STAFF, reason=why))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def staff_attach(self, which: int) -> None:
        name, content = f"{self.hidden()}.txt", self.hidden().encode()
        self.tried(lambda: attach_file(self.ports, self.target(which), name, [content], STAFF))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def customer_attaches(self, which: int) -> None:
        name, content = f"{self.hidden()}.txt", self.hidden().encode()
        key = self.key(which)
        self.tried(lambda: attach_file_as_customer(self.ports, key, name, [content]))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def customer_escalates(self, which: int) -> None:
        why = self.hidden()
        self.asked(lambda: shown_of_case(escalate_case(self.ports, self.key(which), why)))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def customer_cancels(self, which: int) -> None:
        why = self.hidden()
        self.asked(lambda: shown_of_case(cancel_case(self.ports, self.key(which), why)))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(STRANGERS))
    def stranger_asks_with_the_key(self, which: int, caller: Caller) -> None:
        key = self.key(which)
        self.asked(lambda: shown_of_status(read_case_status(self.ports, key, caller)))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(STRANGERS))
    def stranger_asks_with_a_wrong_address(self, which: int, caller: Caller) -> None:
        key = attrs.evolve(self.key(which), email=WRONG)
        self.asked(lambda: read_case_status(self.ports, key, caller))
        self.asked(lambda: escalate_case(self.ports, key, "Hurry", None, caller))
        self.asked(lambda: cancel_case(self.ports, key, "Solved", caller))

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(STRANGERS))
    def stranger_asks_at_the_intake_door(self, which: int, caller: Caller) -> None:
        """By the id, the number, the address and the name of a case."""
        ticket = self.ticket(which)
        number = ticket.case.number if ticket.case else ""
        for query in (str(ticket.id), number, ticket.submitter_email, ticket.submitter_name):
            assert () == look_up_tickets(self.ports, query, caller)
        for named in (str(ticket.id), number):
            self.asked(partial(read_status, self.ports, named, caller))
            self.asked(partial(post_message, self.ports, named, "Hi", caller))

    @rule()
    def a_neighbour_looks_around(self) -> None:
        """An intake ticket beside the cases shows its own and no more."""
        ticket = submit_ticket(self.ports, a_raw_intake(a_directory())).ticket
        self.answers += [
            attrs.asdict(read_status(self.ports, ticket.id)),
            look_up_tickets(self.ports, "Ana"),
        ]

    @invariant()
    def no_answer_holds_what_is_personal_or_among_staff(self) -> None:
        told = repr(self.answers)
        self.answers = []

        assert [] == [word for word in self.secret if word in told]

    def hidden(self) -> str:
        """A word that no stranger may ever be told."""
        self.secret.append(next(self.words))
        return self.secret[-1]

    def told(self) -> str:
        """A word that staff tell in public."""
        self.public.append(next(self.words))
        return self.public[-1]

    def ticket(self, which: int) -> Ticket:
        return self.tickets[which % len(self.tickets)]

    def target(self, which: int) -> Target:
        return Target(ticket_id=self.ticket(which).id)

    def key(self, which: int) -> RawKey:
        """What the customer holds: the number, and the address where it is wanted."""
        ticket = self.ticket(which)
        is_counted = self.ports.cases.numbering is Numbering.SEQUENTIAL
        return RawKey(
            case_number=ticket.case and ticket.case.number,
            email=ticket.submitter_email if is_counted else None,
        )

    def asked(self, act: Callable[[], object]) -> None:
        """Keep what a stranger was answered, a refusal too."""
        try:
            self.answers.append(act())
        except HelpdeskError as refusal:
            self.answers += [refusal.message, refusal.details, refusal.code]

    def tried(self, act: Callable[[], object]) -> None:
        """What staff and holders of a key are answered is theirs to know."""
        try:
            _ = act()
        except HelpdeskError as refusal:
            self.answers += [refusal.message, refusal.details]


TestCanaries = Canaries.TestCase
TestCanaries.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_public_words_of_staff_do_reach_the_customer() -> None:
    """So that the silence above is not the desk's own."""
    machine = Canaries()
    machine.opens(numbering=Numbering.RANDOM)
    machine.case_opened(urgency=Urgency.LOW, caller=Caller())
    machine.staff_write(which=0, to=None, is_internal=False)
    machine.staff_write(which=0, to=None, is_internal=True)
    machine.stranger_asks_with_the_key(which=0, caller=Caller())

    assert [True, False] == [
        word in repr(machine.answers) for word in (machine.public[0], machine.secret[-1])
    ]
