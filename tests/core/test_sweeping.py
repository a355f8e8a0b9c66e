"""Tickets are pinned and watched as they are stored, and a sweep writes down what became true."""

from contextlib import suppress
from datetime import timedelta

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from helpdesk_core.calendars import Holiday
from helpdesk_core.case_policy import CONTRACT_CASES
from helpdesk_core.cases import RawCase
from helpdesk_core.directory import Directory
from helpdesk_core.errors import InvalidTransition
from helpdesk_core.kinds import Door, EventKind, Metric, Status
from helpdesk_core.notices import Addressees
from helpdesk_core.routing import Audience
from helpdesk_core.sla_choice import policy_for
from helpdesk_core.sla_clock import Verdict
from helpdesk_core.sla_policies import Policy, standings_under
from helpdesk_core.sla_rules import SlaPolicy, SlaTarget
from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_directory,
    a_raw_intake,
    a_ticket,
    an_event,
    an_id,
    staff,
)
from helpdesk_core.testing.directories import INCIDENT
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import put
from helpdesk_core.tickets import Event, Ticket
from helpdesk_core.use_cases.cases import RawKey, escalate_case, submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, move_ticket, update_ticket
from helpdesk_core.use_cases.intake import read_status, submit_ticket
from helpdesk_core.use_cases.sweeping import PORTION, sweep_ticket, tickets_to_sweep
from helpdesk_memory import MemoryDesk

HOUR = timedelta(hours=1)
ADDRESSEES = Addressees(staff_mail="desk@example.com", management_mail="boss@example.com")


def timed(**parameters: float) -> Directory:
    """The sample directory, where INCIDENT has these parameters."""
    directory = a_directory()
    kpi_type = attrs.evolve(directory.kpi_types[INCIDENT], parameters=parameters)
    return attrs.evolve(directory, kpi_types={**directory.kpi_types, INCIDENT: kpi_type})


def put_directory(desk: MemoryDesk, directory: Directory) -> None:
    with desk.ports.begin() as uow:
        uow.save_directory(attrs.evolve(directory, version=uow.directory().version + 1))
        uow.commit()


@pytest.fixture
def desk() -> MemoryDesk:
    desk = MemoryDesk(NOW, addressees=ADDRESSEES)
    put_directory(desk, timed(responseSlaMin=60))
    return desk


def submitted(desk: MemoryDesk) -> Ticket:
    raw = attrs.evolve(a_raw_intake(a_directory()), user_id=None)
    return submit_ticket(desk.ports, raw).ticket


def opened(desk: MemoryDesk, urgency: str = "HIGH") -> Ticket:
    raw = RawCase(
        name="Ana",
        email="ana@example.com",
        customer_type="BUSINESS",
        urgency=urgency,
        subject="Down",
        message="It is down",
    )
    return submit_case(desk.ports, raw)


def held(desk: MemoryDesk, ticket: Ticket) -> Ticket:
    return desk.store.tickets[ticket.id]


def history(desk: MemoryDesk, ticket: Ticket) -> tuple[Event, ...]:
    with desk.ports.begin() as uow:
        return uow.history(ticket.id)


def sweep(desk: MemoryDesk) -> int:
    return sum(sweep_ticket(desk.ports, found) for found in tickets_to_sweep(desk.ports))


def late(desk: MemoryDesk, ticket: Ticket) -> list[tuple[EventKind, timedelta]]:
    """What was found out, and how long after the submission it had become true."""
    kinds = {EventKind.WARNED, EventKind.BREACHED}
    return [(it.kind, it.at - NOW) for it in history(desk, ticket) if it.kind in kinds]


def told(desk: MemoryDesk) -> list[tuple[EventKind, Audience]]:
    kinds = {EventKind.WARNED, EventKind.BREACHED}
    notices = [row.notice for row in desk.store.outbox.values() if row.notice.kind in kinds]
    return [(notice.kind, notice.audience) for notice in notices]


class TestPins:
    def test_a_submission_is_pinned_to_its_policy_and_due_at_its_first_warning(
        self, desk: MemoryDesk
    ) -> None:
        ticket = submitted(desk)

        policy = policy_for(ticket, desk.store.directory, CONTRACT_CASES)
        assert (ticket, policy) == (held(desk, ticket), desk.store.policies[ticket.pin or ""])
        assert ticket.next_due_at == NOW + 0.8 * HOUR

    def test_a_case_is_pinned_as_well(self, desk: MemoryDesk) -> None:
        case = opened(desk)

        assert case.pin in desk.store.policies
        assert case.next_due_at == NOW + 0.8 * 4 * HOUR

    def test_a_new_directory_changes_nothing_for_a_pinned_ticket(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)
        put_directory(desk, timed(responseSlaMin=5))
        desk.clock.advance(minutes=2)
        _ = update_ticket(desk.ports, Target(ticket_id=ticket.id), RawUpdate(message="?"), staff())

        assert (ticket.pin, ticket.next_due_at) == (
            held(desk, ticket).pin,
            held(desk, ticket).next_due_at,
        )

    def test_a_new_calendar_changes_no_resolution_time(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)
        desk.clock.advance(hours=3)
        _ = move_ticket(desk.ports, Target(ticket_id=ticket.id), Status.RESOLVED, staff())
        before = read_status(desk.ports, str(ticket.id)).resolution_minutes
        directory = desk.store.directory
        closed = Holiday(NOW.date(), "A new holiday")
        calendars = {
            key: attrs.evolve(it, holidays=(closed,)) for key, it in directory.calendars.items()
        }
        put_directory(desk, attrs.evolve(directory, calendars=calendars))

        assert read_status(desk.ports, str(ticket.id)).resolution_minutes == before
        assert before not in {None, 0}

    def test_a_ticket_of_before_is_pinned_by_its_next_change(self, desk: MemoryDesk) -> None:
        ticket = a_ticket()
        put(desk.store, a_change(ticket, an_event()))
        _ = update_ticket(desk.ports, Target(ticket_id=ticket.id), RawUpdate(message="?"), staff())

        assert held(desk, ticket).pin in desk.store.policies

    def test_a_ticket_of_before_is_pinned_by_a_sweep(self, desk: MemoryDesk) -> None:
        """A migration lets every open ticket be due at once."""
        ticket = a_ticket(next_due_at=NOW)
        put(desk.store, a_change(ticket, an_event()))
        desk.clock.advance(minutes=1)

        assert sweep(desk) == 0
        assert held(desk, ticket).pin in desk.store.policies
        assert held(desk, ticket).next_due_at == NOW + 0.8 * HOUR

    def test_an_escalated_case_is_held_to_shorter_targets(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        assert case.case is not None
        desk.clock.advance(minutes=10)
        raised = escalate_case(desk.ports, RawKey(case_number=case.case.number), "No answer")

        policy = desk.store.policies[raised.pin or ""]
        assert [target.promise.amount for target in policy.targets] == [1 * HOUR, 24 * HOUR]
        assert raised.next_due_at == NOW + 0.8 * HOUR

    def test_an_escalation_judges_no_answer_anew_that_was_given_before(
        self, desk: MemoryDesk
    ) -> None:
        case = opened(desk)
        assert case.case is not None
        desk.clock.advance(hours=2)
        _ = update_ticket(desk.ports, Target(ticket_id=case.id), RawUpdate(message="?"), staff())
        desk.clock.advance(hours=1)
        raised = escalate_case(desk.ports, RawKey(case_number=case.case.number), "Still down")

        policy = desk.store.policies[raised.pin or ""]
        response, resolution = standings_under(policy, history(desk, case), desk.ports.now())
        assert response.standings[0].verdict is Verdict.MET
        assert resolution.target.promise.amount == 24 * HOUR

    def test_what_the_desk_promises_cases_is_what_they_are_told(self, desk: MemoryDesk) -> None:
        rule = SlaPolicy(
            id=an_id(1),
            key="cases",
            name="Cases",
            targets=(SlaTarget(metric=Metric.RESOLUTION, amount=7 * HOUR),),
            door=Door.SUPPORT,
        )
        put_directory(desk, attrs.evolve(a_directory(), sla_policies={rule.id: rule}))
        case = opened(desk).case
        assert case is not None
        escalated = escalate_case(desk.ports, RawKey(case_number=case.number), "Please").case
        assert escalated is not None

        assert case.resolution_due_at == escalated.resolution_due_at == NOW + 7 * HOUR
        assert case.response_due_at == NOW + 4 * HOUR

    def test_logged_and_finished_tickets_are_not_watched(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)
        moved = move_ticket(desk.ports, Target(ticket_id=ticket.id), Status.RESOLVED, staff())

        # Nobody was assigned in time, and nobody will be: that the work ended is the response.
        assert moved.next_due_at is None


class TestSweeping:
    def test_warnings_and_breaches_are_written_once_with_their_own_instants(
        self, desk: MemoryDesk
    ) -> None:
        ticket = submitted(desk)
        desk.clock.advance(hours=5)

        assert [sweep(desk), sweep(desk)] == [2, 0]
        assert late(desk, ticket) == [
            (EventKind.WARNED, 0.8 * HOUR),
            (EventKind.BREACHED, 1 * HOUR),
        ]

    def test_nothing_is_due_at_the_very_instant(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)
        desk.clock.advance(minutes=48)

        assert list(tickets_to_sweep(desk.ports)) == []
        assert sweep_ticket(desk.ports, ticket.id) == 0

    def test_a_sweep_is_no_activity(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)
        desk.clock.advance(hours=5)
        _ = sweep(desk)

        assert held(desk, ticket).last_activity_at == ticket.last_activity_at
        assert held(desk, ticket).version == ticket.version + 1

    def test_staff_are_warned_and_management_is_told_of_the_breach(self, desk: MemoryDesk) -> None:
        _ = submitted(desk)
        desk.clock.advance(minutes=49)
        _ = sweep(desk)
        desk.clock.advance(minutes=12)
        _ = sweep(desk)

        assert told(desk) == [
            (EventKind.WARNED, Audience.STAFF),
            (EventKind.BREACHED, Audience.STAFF),
            (EventKind.BREACHED, Audience.MANAGEMENT),
        ]

    def test_what_was_not_swept_for_days_is_written_down_and_told_nobody(
        self, desk: MemoryDesk
    ) -> None:
        ticket = submitted(desk)
        desk.clock.advance(days=5)

        assert (sweep(desk), told(desk), len(late(desk, ticket))) == (2, [], 2)

    def test_what_was_answered_late_before_anyone_looked_is_found_all_the_same(
        self, desk: MemoryDesk
    ) -> None:
        ticket = opened(desk)
        desk.clock.advance(hours=5)
        _ = update_ticket(desk.ports, Target(ticket_id=ticket.id), RawUpdate(message="?"), staff())

        assert sweep(desk) == 2
        assert late(desk, ticket)[1] == (EventKind.BREACHED, 4 * HOUR)
        assert told(desk) == []

    def test_an_escalation_leaves_what_had_become_true_before_it(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        assert case.case is not None
        desk.clock.advance(hours=3, minutes=30)
        _ = escalate_case(desk.ports, RawKey(case_number=case.case.number), "No answer")

        assert late(desk, case) == [(EventKind.WARNED, 3.2 * HOUR)]
        assert sweep(desk) == 2  # those of the shorter target
        assert late(desk, case)[1:] == [(EventKind.WARNED, 0.8 * HOUR), (EventKind.BREACHED, HOUR)]

    def test_many_may_sweep_at_once(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)
        desk.clock.advance(hours=5)

        found = at_once([lambda: sweep(desk)] * 8)
        assert sum(it for it in found if isinstance(it, int)) == 2
        assert len(late(desk, ticket)) == 2

    def test_a_ticket_that_cannot_be_swept_holds_nobody_up(self, desk: MemoryDesk) -> None:
        """Whoever sweeps is given each ticket once, whatever became of those before it."""
        due = (a_ticket(1000 + number, next_due_at=NOW) for number in range(PORTION + 3))
        put(desk.store, *(a_change(ticket, an_event()) for ticket in due))
        desk.clock.advance(hours=5)

        found = list(tickets_to_sweep(desk.ports))
        assert (len(found), len(set(found))) == (PORTION + 3, PORTION + 3)

    def test_a_ticket_that_is_gone_or_not_due_is_left_alone(self, desk: MemoryDesk) -> None:
        ticket = submitted(desk)

        assert (sweep_ticket(desk.ports, an_id(9)), sweep_ticket(desk.ports, ticket.id)) == (0, 0)
        assert held(desk, ticket) == ticket


class WatchedAndNot(RuleBasedStateMachine):
    """The same life on two desks, of which one is swept whenever it pleases."""

    def __init__(self) -> None:
        super().__init__()
        self.desks = MemoryDesk(NOW), MemoryDesk(NOW)
        for desk in self.desks:
            put_directory(desk, a_directory())
        self.tickets = [opened(desk, "CRITICAL") for desk in self.desks]

    @rule(minutes=st.integers(1, 900))
    def time_passes(self, minutes: int) -> None:
        for desk in self.desks:
            desk.clock.advance(minutes=minutes)

    @rule()
    def somebody_looks(self) -> None:
        _ = sweep(self.desks[0])

    @rule(to=st.sampled_from(Status))
    def staff_move_it(self, to: Status) -> None:
        for desk, ticket in zip(self.desks, self.tickets, strict=True):
            target = Target(ticket_id=ticket.id)
            with suppress(InvalidTransition):
                _ = move_ticket(desk.ports, target, to, staff(), reason="So it is")

    @rule(is_internal=st.booleans())
    def staff_say_something(self, is_internal: bool) -> None:  # noqa: FBT001
        raw = RawUpdate(message="Hello", is_internal=is_internal)
        for desk, ticket in zip(self.desks, self.tickets, strict=True):
            _ = update_ticket(desk.ports, Target(ticket_id=ticket.id), raw, staff())

    @rule()
    def the_customer_escalates(self) -> None:
        for desk, ticket in zip(self.desks, self.tickets, strict=True):
            assert ticket.case is not None
            with suppress(InvalidTransition):
                _ = escalate_case(desk.ports, RawKey(case_number=ticket.case.number), "Now!")

    @invariant()
    def verdicts_are_the_same(self) -> None:
        assert self.verdicts(0) == self.verdicts(1)

    def teardown(self) -> None:
        for desk in self.desks:
            desk.clock.advance(days=90)
            _ = sweep(desk)
        watched, unwatched = map(late, self.desks, self.tickets)
        assert sorted(map(str, watched)) == sorted(map(str, unwatched))
        assert self.verdicts(0) == self.verdicts(1)

    def verdicts(self, which: int) -> list[Verdict]:
        desk, ticket = self.desks[which], held(self.desks[which], self.tickets[which])
        policy: Policy = desk.store.policies[ticket.pin or ""]
        kept = standings_under(policy, history(desk, ticket), desk.ports.now())
        return [it.verdict for target in kept for it in target.standings]


WatchedAndNot.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestWhateverHappens = WatchedAndNot.TestCase
