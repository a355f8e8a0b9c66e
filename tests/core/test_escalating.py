"""Escalating raises, records and reckons anew; it never lowers and starts no clock again."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.cases import Escalation, escalate, escalations, open_case, validate_case
from helpdesk_core.errors import Invalid, InvalidTransition
from helpdesk_core.sla import deadline
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_customer,
    a_raw_case,
    a_ticket,
    an_id,
)
from helpdesk_core.testing.strategies import case_policies
from helpdesk_core.tickets import FINISHED, Change, Status, Ticket

HURRY = Escalation(reason="Hurry", urgency=None)
LATER = NOW + timedelta(hours=3)


def opened(policy: CasePolicy = CONTRACT_CASES, /, **kind: str) -> Ticket:
    change = open_case(
        validate_case(a_raw_case(**kind)),
        ticket_id=an_id(1),
        number="CW-2026-001",
        policy=policy,
        by=None,
        now=NOW,
    )
    return change.ticket


def escalated(
    ticket: Ticket, policy: CasePolicy = CONTRACT_CASES, to: Urgency | None = None
) -> Change:
    escalation = Escalation(reason="Hurry", urgency=to)
    return escalate(ticket, escalation, policy=policy, by=None, now=LATER)


def case_of(ticket: Ticket) -> SupportCase:
    assert ticket.case is not None
    return ticket.case


def kinds() -> SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {
            "urgency": st.sampled_from([it.value for it in Urgency]),
            "customer_type": st.sampled_from([it.value for it in CustomerType]),
            "issue_type": st.sampled_from([it.value for it in IssueType]),
        }
    )


def test_an_escalation_records_who_why_from_and_to() -> None:
    by = a_customer(5)
    change = escalate(opened(), HURRY, policy=CONTRACT_CASES, by=by, now=LATER)
    (event,) = change.events

    assert ("escalated", by.id, LATER, {"from": "MEDIUM", "to": "HIGH", "reason": "Hurry"}) == (
        event.kind.value,
        event.actor_id,
        event.at,
        event.details,
    )


def test_without_a_wish_the_urgency_rises_by_one() -> None:
    assert [Urgency.MEDIUM, Urgency.HIGH, Urgency.CRITICAL, Urgency.CRITICAL] == [
        case_of(escalated(opened(urgency=urgency.value)).ticket).urgency for urgency in Urgency
    ]


@pytest.mark.parametrize("held", Urgency)
@pytest.mark.parametrize("wanted", Urgency)
def test_a_wish_is_granted_when_it_is_higher_and_else_refused(
    held: Urgency, wanted: Urgency
) -> None:
    ticket = opened(urgency=held.value)
    if wanted.rank > held.rank:
        assert wanted is case_of(escalated(ticket, to=wanted).ticket).urgency
        return
    with pytest.raises(Invalid) as refused:
        _ = escalated(ticket, to=wanted)

    assert (f"New urgency must be higher than {held.value}", {"newUrgency": "not higher"}) == (
        refused.value.message,
        refused.value.details,
    )


def test_at_the_highest_urgency_the_escalation_is_recorded_and_nothing_else_changes() -> None:
    ticket = opened(urgency="CRITICAL")
    change = escalated(ticket)

    assert (ticket.case, {"from": "CRITICAL", "to": "CRITICAL", "reason": "Hurry"}) == (
        change.ticket.case,
        change.events[0].details,
    )


@given(kinds(), case_policies(), case_policies())
def test_an_escalation_never_lowers_anything(
    kind: dict[str, str], before: CasePolicy, after: CasePolicy
) -> None:
    """Whatever the policy was when the case was opened, and is when it is escalated."""
    held = case_of(opened(before, **kind))
    raised = case_of(escalated(opened(before, **kind), after).ticket)

    assert raised.urgency.rank >= held.urgency.rank
    assert raised.priority_score >= held.priority_score
    assert raised.response_due_at <= held.response_due_at
    assert raised.resolution_due_at <= held.resolution_due_at


@given(kinds(), st.just(CONTRACT_CASES) | case_policies(), st.integers(0, 10_000))
def test_what_is_promised_is_reckoned_from_the_submission_whenever_it_is_escalated(
    kind: dict[str, str], policy: CasePolicy, hours: int
) -> None:
    ticket = opened(policy, **kind)
    now = NOW + timedelta(hours=hours)
    raised = case_of(escalate(ticket, HURRY, policy=policy, by=None, now=now).ticket)

    assert (
        policy.priority_score(raised.urgency, raised.customer_type, raised.issue_type),
        deadline(NOW, policy.response_target(raised.urgency, raised.customer_type)),
        deadline(NOW, policy.resolution_target(raised.urgency, raised.customer_type)),
    ) == (raised.priority_score, raised.response_due_at, raised.resolution_due_at)


@given(kinds())
def test_an_escalation_starts_no_clock_again(kind: dict[str, str]) -> None:
    ticket = attrs.evolve(
        opened(CONTRACT_CASES, **kind),
        status=Status.IN_PROGRESS,
        assigned_to=an_id(41),
        assigned_at=NOW,
        first_assigned_at=NOW,
        first_agent_reply_at=NOW,
    )
    changed = escalated(ticket).ticket

    assert attrs.evolve(ticket, version=2, last_activity_at=LATER, case=changed.case) == changed


@given(kinds(), st.lists(st.sampled_from([None, *Urgency]), max_size=6))
def test_many_escalations_end_where_the_highest_of_them_does(
    kind: dict[str, str], wishes: list[Urgency | None]
) -> None:
    ticket = opened(CONTRACT_CASES, **kind)
    for wish in wishes:
        held = case_of(ticket).urgency
        if wish is None or wish.rank > held.rank:
            ticket = escalated(ticket, to=wish).ticket
    straight = opened(CONTRACT_CASES, **{**kind, "urgency": case_of(ticket).urgency.value})

    assert straight.case == ticket.case


@pytest.mark.parametrize("status", [status for status in Status if status in FINISHED])
def test_a_finished_case_is_not_escalated(status: Status) -> None:
    with pytest.raises(InvalidTransition) as refused:
        _ = escalated(a_case_ticket(status=status))

    assert f"A case that is {status.value} cannot be escalated" == refused.value.message


@pytest.mark.parametrize("status", [status for status in Status if status not in FINISHED])
def test_any_other_case_is(status: Status) -> None:
    assert status is escalated(a_case_ticket(status=status)).ticket.status


def test_an_intake_ticket_has_no_urgency_to_raise() -> None:
    with pytest.raises(InvalidTransition):
        _ = escalated(a_ticket())


def test_the_escalations_of_a_case_are_those_among_its_events() -> None:
    once = escalated(a_case_ticket(case=a_case()))
    twice = escalated(once.ticket)
    history = (*once.events, *twice.events)

    assert history == escalations((*history,))
