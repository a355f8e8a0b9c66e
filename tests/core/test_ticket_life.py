"""Any life of a ticket at a desk: what was refused changed nothing, what happened adds up."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from helpdesk_core.errors import HelpdeskError
from helpdesk_core.messages import Message
from helpdesk_core.people import Caller, User
from helpdesk_core.ports import NoticeState
from helpdesk_core.testing.builders import NOW, a_customer, a_directory, a_raw_intake, staff
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    INACTIVE_AGENT,
    MUTED_AGENT,
    OTHER_AGENT,
)
from helpdesk_core.tickets import FINISHED, TRANSITIONS, Event, Status, Ticket
from helpdesk_core.use_cases.chat import post_message
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_memory import MemoryDesk

SPOKEN: Final = {"agent_replied", "customer_replied", "noted"}
MAILED: Final = {
    "assigned": 1,
    "reassigned": 2,
    "customer_replied": 1,
    "agent_replied": 1,
    "resolved": 1,
    "closed": 1,
    "rejected": 1,
}

STAFF: Final = staff()
CUSTOMER: Final = a_customer(5)
CALLERS: Final = st.sampled_from(
    [Caller(), STAFF, Caller(user=CUSTOMER), Caller(user=a_customer(6))]
)
BODIES: Final = st.sampled_from(["Hello", " ", "x" * 20_001, None])


@attrs.frozen
class Kept:
    """Everything that the desk has on the ticket, read in a unit of work of its own."""

    ticket: Ticket
    history: tuple[Event, ...]
    messages: tuple[Message, ...]
    queued: int

    @property
    def status(self) -> Status:
        """The status after the last event."""
        return self.statuses[-1]

    @property
    def statuses(self) -> list[Status]:
        """The status after each event, first to last."""
        return [event.status for event in self.history if event.status]


class TicketLife(RuleBasedStateMachine):
    """One ticket, and whatever callers try on it."""

    @initialize(
        user=st.sampled_from([None, CUSTOMER]),
        agent=st.sampled_from([None, ACTIVE_AGENT, MUTED_AGENT]),
    )
    def begins(self, user: User | None, agent: UUID | None) -> None:
        self.assigned_at_once = agent is not None
        self.desk = MemoryDesk(NOW)
        with self.desk.ports.begin() as uow:
            uow.save_directory(a_directory())
            uow.commit()
        raw = a_raw_intake(a_directory(), user_id=str(agent) if agent else None)
        self.ticket_id = submit_ticket(self.desk.ports, raw, Caller(user=user)).ticket.id
        self.target = Target(ticket_id=self.ticket_id)
        self.firsts: set[tuple[str, datetime]] = set()
        self.last_activity = NOW

    @rule(minutes=st.integers(-30, 600))
    def time_passes_or_the_clock_is_set_back(self, minutes: int) -> None:
        _ = self.desk.clock.advance(minutes=minutes)

    @rule(to=st.sampled_from(Status), caller=CALLERS, reason=st.sampled_from([None, "Why", ""]))
    def moved(self, to: Status, caller: Caller, reason: str | None) -> None:
        before = self.kept()
        explained = bool(reason) or to is not Status.REJECTED
        allowed = to in TRANSITIONS[before.status] and caller is STAFF and explained

        assert allowed == self.tried(
            lambda: move_ticket(self.desk.ports, self.target, to, caller, reason=reason)
        )

    @rule(
        agent=st.sampled_from([ACTIVE_AGENT, OTHER_AGENT, MUTED_AGENT, INACTIVE_AGENT]),
        caller=CALLERS,
    )
    def assigned(self, agent: UUID, caller: Caller) -> None:
        before = self.kept()
        theirs = before.ticket.assigned_to == agent
        possible = agent != INACTIVE_AGENT and caller is STAFF and before.status not in FINISHED

        assert (possible and not theirs) == self.tried(
            lambda: assign_ticket(
                self.desk.ports, self.target, RawAssignment(staff_id=str(agent)), caller
            )
        )

    @rule(body=BODIES, caller=CALLERS, is_internal=st.booleans())
    def answered(self, body: object, caller: Caller, *, is_internal: bool) -> None:
        assert (body == "Hello" and caller is STAFF) == self.tried(
            lambda: update_ticket(
                self.desk.ports,
                self.target,
                RawUpdate(message=body, is_internal=is_internal),
                caller,
            )
        )

    @rule(body=BODIES, caller=CALLERS)
    def written_to(self, body: object, caller: Caller) -> None:
        theirs = caller.user == CUSTOMER and self.kept().ticket.submitted_by == CUSTOMER.id

        assert (body == "Hello" and theirs) == self.tried(
            lambda: post_message(self.desk.ports, self.ticket_id, body, caller)
        )

    @invariant()
    def every_change_is_a_version(self) -> None:
        kept = self.kept()

        assert kept.ticket.version == len(kept.history) - self.assigned_at_once

    @invariant()
    def the_history_replays_to_the_status(self) -> None:
        kept = self.kept()

        assert kept.status is kept.ticket.status

    @invariant()
    def the_history_never_takes_a_step_the_table_does_not_allow(self) -> None:
        steps = [(held, to) for held, to in pairwise(self.kept().statuses) if held is not to]

        assert [] == [(held, to) for held, to in steps if to not in TRANSITIONS[held]]

    @invariant()
    def the_work_has_an_end_when_it_is_over(self) -> None:
        kept = self.kept()

        assert (kept.status in FINISHED) == (kept.ticket.closed_at is not None)

    @invariant()
    def only_a_rejected_ticket_has_a_reason(self) -> None:
        kept = self.kept()

        assert kept.ticket.rejection_reason is None or kept.status is Status.REJECTED

    @invariant()
    def an_open_ticket_is_nobodys(self) -> None:
        kept = self.kept()

        assert kept.status is not Status.OPEN or kept.ticket.assigned_to is None

    @invariant()
    def an_assignee_has_had_the_ticket_since_an_instant(self) -> None:
        ticket = self.kept().ticket

        assert (
            (ticket.assigned_to is None)
            == (ticket.assigned_at is None)
            == (ticket.first_assigned_at is None)
        )

    @invariant()
    def what_was_first_stays_first(self) -> None:
        ticket = self.kept().ticket
        firsts = {
            "submission": ticket.submitted_at,
            "assignment": ticket.first_assigned_at,
            "reply": ticket.first_agent_reply_at,
        }
        self.firsts |= {(name, at) for name, at in firsts.items() if at}

        assert len(self.firsts) == len({name for name, _ in self.firsts})

    @invariant()
    def the_last_activity_never_moves_back(self) -> None:
        before, self.last_activity = self.last_activity, self.kept().ticket.last_activity_at

        assert before <= self.last_activity

    @invariant()
    def what_was_said_is_in_the_history(self) -> None:
        kept = self.kept()
        named = [event.details["messageId"] for event in kept.history if event.kind.value in SPOKEN]

        assert sorted(str(message.id) for message in kept.messages) == sorted(named)

    @invariant()
    def nobody_is_mailed_more_often_than_the_table_says(self) -> None:
        kept = self.kept()

        assert kept.queued <= sum(MAILED.get(event.kind.value, 0) for event in kept.history)

    def kept(self) -> Kept:
        with self.desk.ports.begin() as uow:
            ticket = uow.ticket(self.ticket_id)
            history, messages = uow.history(self.ticket_id), uow.messages(self.ticket_id)
        assert ticket is not None
        return Kept(ticket, history, messages, self.desk.outbox.counts()[NoticeState.QUEUED])

    def tried(self, act: Callable[[], object]) -> bool:
        """Whether it was done. What is refused, or was so already, leaves everything as it was."""
        before = self.kept()
        try:
            _ = act()
        except HelpdeskError:
            assert before == self.kept()
        return before != self.kept()


TestTicketLife = TicketLife.TestCase
TestTicketLife.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
