"""The moves of a ticket, against the table of the contracts written out once more."""

from datetime import timedelta
from itertools import product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.directory import Agent
from helpdesk_core.errors import InvalidTransition
from helpdesk_core.intake import SHOWN_AS
from helpdesk_core.logged_work import LoggedWork, log_work
from helpdesk_core.messages import AuthorType
from helpdesk_core.testing.builders import NOW, a_directory, a_message, a_ticket, an_id, staff
from helpdesk_core.testing.directories import ACTIVE_AGENT, INCIDENT, OTHER_AGENT, SUPPORT
from helpdesk_core.tickets import FINISHED, TRANSITIONS, Change, Status, Ticket, assign, move, say

LATER = NOW + timedelta(hours=1)
BY = staff().user
AGENTS = a_directory().agents

ALLOWED = {
    "OPEN": {"IN_PROGRESS", "RESOLVED", "CLOSED", "REJECTED", "CANCELLED"},
    "IN_PROGRESS": {"WAITING", "RESOLVED", "CLOSED", "REJECTED", "CANCELLED"},
    "WAITING": {"IN_PROGRESS", "RESOLVED", "CLOSED", "REJECTED", "CANCELLED"},
    "RESOLVED": {"CLOSED", "IN_PROGRESS"},
    "CLOSED": {"IN_PROGRESS"},
    "REJECTED": set(),
    "CANCELLED": set(),
}

HAPPENS = {
    ("OPEN", "IN_PROGRESS"): "started",
    ("WAITING", "IN_PROGRESS"): "resumed",
    ("RESOLVED", "IN_PROGRESS"): "reopened",
    ("CLOSED", "IN_PROGRESS"): "reopened",
}
"""What is said to have happened, where the status that is reached alone does not tell."""

PAIRS = list(product(Status, Status))
OVER = [Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.CANCELLED]
GOING_ON = [Status.OPEN, Status.IN_PROGRESS, Status.WAITING]


def a_ticket_that_is(status: Status | None) -> Ticket:
    return a_ticket(status=status, closed_at=NOW if status in OVER else None)


def is_refused(ticket: Ticket, to: Status) -> bool:
    try:
        _ = move(ticket, to, by=BY, now=LATER)
    except InvalidTransition:
        return True
    return False


def given_to(ticket: Ticket, agent: Agent) -> Change:
    return assign(ticket, agent, by=BY, now=LATER)


def words(change: Change) -> list[str]:
    return [event.kind.value for event in change.events]


def test_the_table_is_the_contracts() -> None:
    table = {held.value: {to.value for to in reached} for held, reached in TRANSITIONS.items()}

    assert table == ALLOWED


@pytest.mark.parametrize(("held", "to"), PAIRS)
def test_a_move_is_refused_unless_the_table_allows_it(held: Status, to: Status) -> None:
    allowed = to.value in ALLOWED[held.value]

    assert allowed != is_refused(a_ticket_that_is(held), to)


@pytest.mark.parametrize("to", Status)
def test_logged_work_has_no_life_to_move_in(to: Status) -> None:
    with pytest.raises(InvalidTransition) as refused:
        _ = move(a_ticket_that_is(None), to, by=BY, now=LATER)

    assert f"A ticket that is logged cannot become {to.value}" == refused.value.message


def test_a_refused_move_names_both_statuses() -> None:
    with pytest.raises(InvalidTransition) as refused:
        _ = move(a_ticket_that_is(Status.CLOSED), Status.WAITING, by=BY, now=LATER)

    assert "A ticket that is CLOSED cannot become WAITING" == refused.value.message


@pytest.mark.parametrize(
    ("held", "to"), [pair for pair in PAIRS if pair[1] in TRANSITIONS[pair[0]]]
)
def test_a_move_is_one_event_by_whoever_made_it(held: Status, to: Status) -> None:
    change = move(a_ticket_that_is(held), to, by=BY, now=LATER)
    kind = HAPPENS.get((held.value, to.value), to.value.lower())

    assert [(kind.replace("waiting", "waited"), LATER, ACTIVE_AGENT, to)] == [
        (event.kind.value, event.at, event.actor_id, event.status) for event in change.events
    ]


@pytest.mark.parametrize("to", OVER)
@pytest.mark.parametrize("held", GOING_ON)
def test_the_end_of_the_work_is_the_instant_of_closing(held: Status, to: Status) -> None:
    assert LATER == move(a_ticket_that_is(held), to, by=BY, now=LATER).ticket.closed_at


def test_closing_what_is_resolved_keeps_the_end_of_the_work() -> None:
    resolved = a_ticket_that_is(Status.RESOLVED)

    assert NOW == move(resolved, Status.CLOSED, by=BY, now=LATER).ticket.closed_at


@pytest.mark.parametrize("held", [Status.RESOLVED, Status.CLOSED])
def test_reopening_clears_the_end_of_the_work_and_any_reason(held: Status) -> None:
    closed = attrs.evolve(a_ticket_that_is(held), rejection_reason="Left over")
    reopened = move(closed, Status.IN_PROGRESS, by=BY, now=LATER).ticket

    assert (None, None) == (reopened.closed_at, reopened.rejection_reason)


def test_the_reason_of_a_rejection_is_kept_on_the_ticket_and_in_its_history() -> None:
    change = move(a_ticket(), Status.REJECTED, by=BY, now=LATER, reason="A duplicate")

    assert ("A duplicate", "A duplicate") == (
        change.ticket.rejection_reason,
        change.events[0].details["reason"],
    )


@pytest.mark.parametrize("to", [Status.RESOLVED, Status.CLOSED, Status.CANCELLED])
def test_the_reason_of_any_other_move_is_kept_in_its_history_alone(to: Status) -> None:
    change = move(a_ticket(), to, by=BY, now=LATER, reason="It burned down")

    assert (None, "It burned down") == (
        change.ticket.rejection_reason,
        change.events[0].details["reason"],
    )


def test_an_open_ticket_that_is_given_to_an_agent_is_in_progress() -> None:
    change = given_to(a_ticket(), AGENTS[ACTIVE_AGENT])
    ticket = change.ticket

    assert (Status.IN_PROGRESS, ACTIVE_AGENT, LATER, LATER, ["assigned"]) == (
        ticket.status,
        ticket.assigned_to,
        ticket.assigned_at,
        ticket.first_assigned_at,
        words(change),
    )


@pytest.mark.parametrize("held", [Status.IN_PROGRESS, Status.WAITING])
def test_a_ticket_in_work_stays_as_it_is_when_it_is_given_to_another(held: Status) -> None:
    ticket = a_ticket(status=held, assigned_to=ACTIVE_AGENT, first_assigned_at=NOW)
    change = given_to(ticket, AGENTS[OTHER_AGENT])

    assert (held, NOW, LATER, ["reassigned"], str(ACTIVE_AGENT)) == (
        change.ticket.status,
        change.ticket.first_assigned_at,
        change.ticket.assigned_at,
        words(change),
        change.events[0].details["previousAgentId"],
    )


def test_giving_a_ticket_to_the_agent_who_has_it_changes_nothing() -> None:
    ticket = given_to(a_ticket(), AGENTS[ACTIVE_AGENT]).ticket

    assert Change(ticket=ticket, events=()) == given_to(ticket, AGENTS[ACTIVE_AGENT])


@pytest.mark.parametrize("held", [*OVER, None])
def test_a_ticket_that_is_over_is_given_to_nobody(held: Status | None) -> None:
    with pytest.raises(InvalidTransition) as refused:
        _ = given_to(a_ticket_that_is(held), AGENTS[ACTIVE_AGENT])

    shown = held.value if held else "logged"
    assert f"A ticket that is {shown} cannot be assigned" == refused.value.message


@pytest.mark.parametrize("held", Status)
def test_anything_may_be_said_in_any_status_and_reopens_nothing(held: Status) -> None:
    ticket = a_ticket_that_is(held)
    said = say(ticket, a_message(author_type=AuthorType.CUSTOMER, created_at=LATER), by=None)

    assert (held, ticket.closed_at, ["customer_replied"]) == (
        said.ticket.status,
        said.ticket.closed_at,
        words(said),
    )


@pytest.mark.parametrize(
    ("author", "is_internal", "kind", "first_reply"),
    [
        (AuthorType.AGENT, False, "agent_replied", LATER),
        (AuthorType.AGENT, True, "noted", None),
        (AuthorType.CUSTOMER, False, "customer_replied", None),
    ],
)
def test_the_first_public_word_of_an_agent_is_the_first_reply(
    author: AuthorType, kind: str, first_reply: object, *, is_internal: bool
) -> None:
    message = a_message(author_type=author, is_internal=is_internal, created_at=LATER)
    change = say(a_ticket(), message, by=BY)

    assert ([kind], first_reply, message) == (
        words(change),
        change.ticket.first_agent_reply_at,
        change.message,
    )


def test_a_later_reply_is_not_the_first() -> None:
    ticket = a_ticket(first_agent_reply_at=NOW)

    assert NOW == say(ticket, a_message(created_at=LATER), by=BY).ticket.first_agent_reply_at


@given(st.timedeltas(timedelta(days=-2), timedelta(days=2)))
def test_the_last_activity_never_moves_back(passed: timedelta) -> None:
    moved = move(a_ticket(), Status.RESOLVED, by=BY, now=NOW + passed).ticket

    assert max(NOW, NOW + passed) == moved.last_activity_at


def test_work_is_over_where_it_can_be_reopened_or_nothing_follows() -> None:
    assert set(OVER) == FINISHED


def test_contract_a_shows_each_status_by_its_own_word() -> None:
    shown = {status.value: word.value for status, word in SHOWN_AS.items()}

    assert shown == {
        "OPEN": "NEW",
        "IN_PROGRESS": "ONPROGRESS",
        "WAITING": "ONPROGRESS",
        "RESOLVED": "CLOSED",
        "CLOSED": "CLOSED",
        "REJECTED": "REJECTED",
        "CANCELLED": "CLOSED",
    }


def test_logged_work_is_the_agents_own_and_has_no_status() -> None:
    agent, kpi_type = AGENTS[ACTIVE_AGENT], a_directory().kpi_types[INCIDENT]
    change = log_work(
        LoggedWork(
            department=a_directory().departments[SUPPORT],
            kpi_type=kpi_type,
            ticket_date=NOW,
            description="Changed the toner",
            metrics={"responseMin": 3},
        ),
        agent,
        ticket_id=an_id(1),
        now=LATER,
    )

    assert (
        None,
        ACTIVE_AGENT,
        ACTIVE_AGENT,
        "one@example.com",
        {"responseMin": 3},
        ["logged"],
    ) == (
        change.ticket.status,
        change.ticket.submitted_by,
        change.ticket.assigned_to,
        change.ticket.submitter_email,
        change.ticket.metrics,
        words(change),
    )
