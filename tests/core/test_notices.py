"""Who is told what: exactly what the table says, and nobody who is not there to read it."""

from datetime import timedelta
from itertools import count, product
from uuid import UUID

import attrs
import pytest

from helpdesk_core.notices import (
    CONTRACT_ROUTES,
    KEPT_TRYING,
    NOBODY_IS_TOLD,
    Audience,
    Channel,
    Notice,
    Route,
    Routes,
    notices_of,
    retry_after,
)
from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_directory,
    a_message,
    a_ticket,
    an_event,
    an_id,
)
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    INACTIVE_AGENT,
    MUTED_AGENT,
    OTHER_AGENT,
)
from helpdesk_core.tickets import Change, EventKind

TOLD = {"assigned", "reassigned", "customer_replied"}
"""What the assignee is mailed of."""

ADDRESSES = {
    None: None,
    ACTIVE_AGENT: "one@example.com",
    OTHER_AGENT: "two@example.com",
    MUTED_AGENT: None,
    INACTIVE_AGENT: None,
    an_id(99): None,
}
"""Where an assignee is reached; None where nobody is told."""


def told_of(change: Change, routes: Routes = CONTRACT_ROUTES) -> tuple[Notice, ...]:
    return notices_of(change, a_directory(), routes, map(an_id, count(1)).__next__)


def assigned_change(*kinds: EventKind) -> Change:
    ticket = a_ticket(assigned_to=ACTIVE_AGENT)
    return a_change(ticket, *(an_event(kind) for kind in kinds))


@pytest.mark.parametrize(("kind", "assignee"), list(product(EventKind, ADDRESSES)))
def test_the_notices_of_an_event_are_exactly_the_tables(
    kind: EventKind, assignee: UUID | None
) -> None:
    address = ADDRESSES[assignee] if kind.value in TOLD else None
    change = a_change(a_ticket(assigned_to=assignee), an_event(kind))

    assert [(kind, "mail", address)] * bool(address) == [
        (notice.kind, notice.channel.value, notice.recipient) for notice in told_of(change)
    ]


def test_each_event_of_a_change_is_told_in_its_order() -> None:
    change = assigned_change(
        EventKind.SUBMITTED, EventKind.CUSTOMER_REPLIED, EventKind.NOTED, EventKind.ASSIGNED
    )

    assert ["customer_replied", "assigned"] == [notice.kind.value for notice in told_of(change)]


def test_each_notice_has_an_id_of_its_own() -> None:
    change = assigned_change(EventKind.ASSIGNED, EventKind.CUSTOMER_REPLIED)

    assert [an_id(1), an_id(2)] == [notice.id for notice in told_of(change)]


@pytest.mark.parametrize("kind", EventKind)
def test_nobody_is_told_where_the_table_is_empty(kind: EventKind) -> None:
    assert () == told_of(assigned_change(kind), NOBODY_IS_TOLD)


def test_a_table_of_ones_own_is_followed() -> None:
    routes = {EventKind.CLOSED: (Route(Audience.ASSIGNEE, Channel.MAIL),)}
    change = assigned_change(EventKind.ASSIGNED, EventKind.CLOSED)

    assert ["closed"] == [notice.kind.value for notice in told_of(change, routes)]


def test_nothing_that_happened_tells_nobody() -> None:
    nothing = Change(ticket=a_ticket(assigned_to=ACTIVE_AGENT), events=())

    assert () == told_of(nothing)


def test_a_notice_says_what_it_is_about() -> None:
    (notice,) = told_of(assigned_change(EventKind.ASSIGNED))

    assert (
        an_id(1000),
        NOW,
        {
            "ticketId": "00000000-0000-0000-0000-000000001000",
            "recipientName": "Agent One",
            "department": "Support",
            "kpiType": "Incident",
            "submittedBy": "Ana",
            "submittedByEmail": "ana@example.com",
            "submitterIs": "not verified",
            "text": "The printer is on fire.",
        },
    ) == (notice.ticket_id, notice.created_at, notice.facts)


def test_a_notice_says_that_the_submitter_was_signed_in() -> None:
    ticket = a_ticket(submitted_by=an_id(7), assigned_to=ACTIVE_AGENT)

    (notice,) = told_of(a_change(ticket, an_event(EventKind.ASSIGNED)))

    assert "signed in" == notice.facts["submitterIs"]


def test_a_notice_of_a_message_quotes_the_message() -> None:
    ticket = a_ticket(assigned_to=ACTIVE_AGENT)
    said = a_change(
        ticket, an_event(EventKind.CUSTOMER_REPLIED), message=a_message(body="Now it is out.")
    )
    (notice,) = told_of(said)

    assert "Now it is out." == notice.facts["text"]


def test_a_note_that_goes_along_with_an_assignment_is_not_quoted() -> None:
    """The mail would take it for the submitter's word."""
    ticket = a_ticket(assigned_to=ACTIVE_AGENT)
    note = a_message(body="Careful, this one shouts.", is_internal=True)
    events = (an_event(EventKind.ASSIGNED), an_event(EventKind.NOTED))
    (notice,) = told_of(a_change(ticket, *events, message=note))

    assert "The printer is on fire." == notice.facts["text"]


def test_a_place_that_the_directory_no_longer_knows_is_left_blank() -> None:
    ticket = a_ticket(assigned_to=ACTIVE_AGENT, department_id=an_id(98), kpi_type_id=an_id(99))
    (notice,) = told_of(a_change(ticket, an_event(EventKind.ASSIGNED)))

    assert ("", "") == (notice.facts["department"], notice.facts["kpiType"])


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [(1, 10), (2, 60), (3, 300), (4, 1800), (5, 3600), (6, 3600), (100, 3600)],
)
def test_the_wait_after_a_failure_grows_to_an_hour(failed: int, seconds: int) -> None:
    assert timedelta(seconds=seconds) == retry_after(failed)


def test_a_notice_is_kept_for_two_days() -> None:
    assert timedelta(days=2) == KEPT_TRYING


def test_an_agent_who_left_is_told_nothing_of_the_ticket_they_still_have() -> None:
    directory = a_directory()
    left = attrs.evolve(directory.agents[ACTIVE_AGENT], is_active=False)
    without = attrs.evolve(directory, agents={**directory.agents, ACTIVE_AGENT: left})
    change = assigned_change(EventKind.CUSTOMER_REPLIED)

    assert () == notices_of(change, without, CONTRACT_ROUTES, lambda: an_id(1))
