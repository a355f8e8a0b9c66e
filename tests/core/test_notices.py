"""Who is told what: exactly what the table says, once each, and no more than they may know."""

from collections.abc import Iterator
from itertools import count, product
from typing import Any, Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.directory import Directory
from helpdesk_core.notices import Addressees, Notice, notices_of
from helpdesk_core.people import Role
from helpdesk_core.routing import CONTRACT_ROUTING, NOBODY_IS_TOLD, Routing
from helpdesk_core.support import Urgency
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_directory,
    a_message,
    a_ticket,
    an_event,
    an_id,
)
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    ADMIN,
    INACTIVE_AGENT,
    MUTED_AGENT,
    OTHER_AGENT,
    SUPPORT,
)
from helpdesk_core.tickets import Change, EventKind, Ticket

ADDRESSEES: Final = Addressees(
    staff_mail="desk@example.com",
    management_mail="boss@example.com",
    systems=("metrics", "archive"),
    own=frozenset({"bot@example.com"}),
)
PHONES: Final = {ACTIVE_AGENT: "+4901", OTHER_AGENT: "+4902", ADMIN: "+4905"}

TABLE: Final = """
    created    customer staff  sms?  webhook
    updated    customer staff        webhook
    noted               staff        webhook
    escalated  customer staff management sms webhook
    assigned            assignee     webhook
    reassigned customer assignee previous    webhook
    cancelled  customer staff        webhook
"""
"""Contract B's table, word for word; an internal update is `noted`. sms?: HIGH and CRITICAL."""

OURS: Final = """
    warned              staff        webhook
    breached            staff management webhook
"""
"""What becomes of promises, of which neither contract says anything."""

MAILS: Final = """
    created                     webhook
    assigned           assignee webhook
    reassigned         assignee previous webhook
    asked              staff webhook
    replied   customer          webhook
    ended     customer          webhook
    cancelled                   webhook
    reopened                    webhook
"""
"""Contract A's mails."""

SUPPORT_ROWS: Final = {
    "submitted": "created",
    "agent_replied": "updated",
    "started": "updated",
    "waited": "updated",
    "resumed": "updated",
    "resolved": "updated",
    "closed": "updated",
    "rejected": "updated",
    "reopened": "updated",
    "customer_replied": "noted",
    **{same: same for same in ("noted", "escalated", "assigned", "reassigned", "cancelled")},
    **{same: same for same in ("warned", "breached")},
}
INTAKE_ROWS: Final = {
    "submitted": "created",
    "customer_replied": "asked",
    "agent_replied": "replied",
    "resolved": "ended",
    "closed": "ended",
    "rejected": "ended",
    **{same: same for same in ("assigned", "reassigned", "cancelled", "reopened")},
    **{same: same for same in ("warned", "breached")},
}


def a_staffed_directory() -> Directory:
    """The sample directory, where three agents take text messages."""
    directory = a_directory()
    reached = {
        key: attrs.evolve(agent, phone=PHONES.get(key), wants_sms=key in PHONES)
        for key, agent in directory.agents.items()
    }
    return attrs.evolve(directory, agents=reached)


def told_of(
    change: Change,
    routing: Routing = CONTRACT_ROUTING,
    directory: Directory | None = None,
    addressees: Addressees = ADDRESSEES,
) -> tuple[Notice, ...]:
    """The notices of a change; their ids count from 1."""
    ids = map(an_id, count(1))
    return notices_of(change, directory or a_staffed_directory(), routing, addressees, ids.__next__)


def whom(notices: tuple[Notice, ...]) -> list[str]:
    """Who is told, by what, in order."""
    return [f"{notice.channel.value} {notice.recipient}" for notice in notices]


def expected(row: list[str], ticket: Ticket) -> Iterator[str]:
    """Whom the words of a row stand for where ACTIVE_AGENT has the ticket, or nobody."""
    has_it = ticket.assigned_to is not None
    is_urgent = ticket.case is not None and ticket.case.urgency.value in {"HIGH", "CRITICAL"}
    for word in row:
        match word:
            case "customer":
                yield "mail ana@example.com"
            case "staff":
                yield "mail one@example.com" if has_it else "mail desk@example.com"
            case "management":
                yield "mail boss@example.com"
            case "assignee" if has_it:
                yield "mail one@example.com"
            case "previous":
                yield "mail two@example.com"
            case "sms" | "sms?" if word == "sms" or is_urgent:
                yield from ["sms +4901"] if has_it else ["sms +4901", "sms +4902", "sms +4905"]
            case "webhook":
                yield from ("webhook metrics", "webhook archive")


def rows_of(table: str) -> dict[str, list[str]]:
    """The words of each row by its first."""
    return {first: rest for first, *rest in map(str.split, filter(str.strip, table.splitlines()))}


@pytest.mark.parametrize(
    ("kind", "urgency", "assignee"), list(product(EventKind, Urgency, [None, ACTIVE_AGENT]))
)
def test_of_a_case_exactly_those_are_told_whom_contract_b_names(
    kind: EventKind, urgency: Urgency, assignee: UUID | None
) -> None:
    ticket = a_case_ticket(case=a_case(urgency=urgency), assigned_to=assignee)
    change = a_change(ticket, an_event(kind, details={"previousAgentId": str(OTHER_AGENT)}))
    row = rows_of(TABLE + OURS).get(SUPPORT_ROWS.get(kind.value, ""), [])

    assert sorted(expected(row, ticket)) == sorted(whom(told_of(change)))


@pytest.mark.parametrize(("kind", "assignee"), list(product(EventKind, [None, ACTIVE_AGENT])))
def test_of_an_intake_ticket_exactly_those_are_told_whom_contract_a_names(
    kind: EventKind, assignee: UUID | None
) -> None:
    ticket = a_ticket(assigned_to=assignee)
    change = a_change(ticket, an_event(kind, details={"previousAgentId": str(OTHER_AGENT)}))
    row = rows_of(MAILS + OURS).get(INTAKE_ROWS.get(kind.value, ""), [])

    assert sorted(expected(row, ticket)) == sorted(whom(told_of(change)))


@pytest.mark.parametrize("kind", EventKind)
def test_nobody_is_told_where_the_table_is_empty(kind: EventKind) -> None:
    change = a_change(a_case_ticket(assigned_to=ACTIVE_AGENT), an_event(kind))

    assert () == told_of(change, NOBODY_IS_TOLD)


def test_nothing_that_happened_tells_nobody() -> None:
    assert () == told_of(Change(ticket=a_ticket(assigned_to=ACTIVE_AGENT), events=()))


def test_each_notice_has_an_id_of_its_own() -> None:
    notices = told_of(a_change(a_case_ticket()))

    assert [an_id(number) for number in (1, 2, 3, 4)] == [notice.id for notice in notices]


def test_a_notice_says_when_it_happened_and_to_what() -> None:
    (notice, *_) = told_of(a_change(a_case_ticket()))

    assert (an_id(1000), NOW, EventKind.SUBMITTED) == (
        notice.ticket_id,
        notice.created_at,
        notice.kind,
    )


@pytest.mark.parametrize("agent", [INACTIVE_AGENT, MUTED_AGENT, an_id(99)])
def test_the_mailbox_is_told_in_the_place_of_an_agent_who_cannot_be_mailed(agent: UUID) -> None:
    change = a_change(a_case_ticket(assigned_to=agent), an_event(EventKind.CANCELLED))

    assert "mail desk@example.com" in whom(told_of(change))


def test_the_mailbox_is_told_in_the_place_of_an_agent_who_did_it() -> None:
    event = an_event(EventKind.AGENT_REPLIED, actor_id=ACTIVE_AGENT)
    told = whom(told_of(a_change(a_case_ticket(assigned_to=ACTIVE_AGENT), event)))

    assert (True, False) == ("mail desk@example.com" in told, "mail one@example.com" in told)


@pytest.mark.parametrize("agent", [INACTIVE_AGENT, MUTED_AGENT, an_id(99)])
def test_an_assignee_who_cannot_be_mailed_has_nobody_in_their_place(agent: UUID) -> None:
    change = a_change(a_case_ticket(assigned_to=agent), an_event(EventKind.ASSIGNED))

    assert ["webhook metrics", "webhook archive"] == whom(told_of(change))


@pytest.mark.parametrize(
    ("fields", "called"),
    [
        ({"assigned_to": MUTED_AGENT}, ["+4901", "+4902", "+4905"]),
        ({"department_id": SUPPORT}, ["+4901", "+4902"]),
        ({"department_id": an_id(99)}, ["+4901", "+4902", "+4905"]),
    ],
)
def test_where_no_agent_takes_text_messages_the_department_does_or_else_everybody(
    fields: dict[str, Any], called: list[str]
) -> None:
    change = a_change(a_case_ticket(**fields), an_event(EventKind.ESCALATED))
    texted = [notice.recipient for notice in told_of(change) if notice.channel.value == "sms"]

    assert called == texted


@pytest.mark.parametrize("assignee", [None, ACTIVE_AGENT])
def test_whoever_escalates_gets_no_text_message_of_it(assignee: UUID | None) -> None:
    event = an_event(EventKind.ESCALATED, actor_id=ACTIVE_AGENT)
    told = whom(told_of(a_change(a_case_ticket(assigned_to=assignee), event)))

    assert (False, True) == ("sms +4901" in told, "sms +4902" in told)


@pytest.mark.parametrize("off", [{"is_active": False}, {"wants_sms": False}, {"phone": None}])
def test_nobody_gets_text_messages_who_takes_none(off: dict[str, Any]) -> None:
    directory = a_staffed_directory()
    agents = {key: attrs.evolve(agent, **off) for key, agent in directory.agents.items()}
    change = a_change(a_case_ticket(assigned_to=ACTIVE_AGENT), an_event(EventKind.ESCALATED))
    told = whom(told_of(change, directory=attrs.evolve(directory, agents=agents)))

    assert not [each for each in told if each.startswith("sms")]


def test_without_a_mailbox_for_management_the_managers_are_told() -> None:
    directory = a_staffed_directory()
    manager = attrs.evolve(directory.agents[OTHER_AGENT], role=Role.MANAGEMENT)
    held = attrs.evolve(directory, agents={**directory.agents, OTHER_AGENT: manager})
    change = a_change(a_case_ticket(), an_event(EventKind.ESCALATED))
    told = told_of(change, directory=held, addressees=Addressees())

    assert ["mail two@example.com"] == [
        f"{notice.channel.value} {notice.recipient}"
        for notice in told
        if notice.audience.value == "management"
    ]


def test_without_mailboxes_and_endpoints_only_people_are_told() -> None:
    told = told_of(a_change(a_case_ticket()), addressees=Addressees())

    assert ["mail ana@example.com"] == whom(told)


def test_everybody_is_told_in_their_own_language() -> None:
    directory = a_staffed_directory()
    ibu = attrs.evolve(directory.agents[ACTIVE_AGENT], language="id")
    held = attrs.evolve(directory, agents={**directory.agents, ACTIVE_AGENT: ibu})
    change = a_change(a_case_ticket(assigned_to=ACTIVE_AGENT), an_event(EventKind.CANCELLED))

    assert {"ana@example.com": "en", "one@example.com": "id"} == {
        notice.recipient: notice.language
        for notice in told_of(change, directory=held)
        if notice.channel.value == "mail"
    }


def test_whoever_chose_no_language_is_told_in_the_desks() -> None:
    indonesian = attrs.evolve(ADDRESSEES, language="id")
    told = told_of(a_change(a_case_ticket()), addressees=indonesian)

    assert {"id"} == {notice.language for notice in told}


def test_of_several_events_that_call_for_somebody_the_first_is_told() -> None:
    events = (an_event(EventKind.AGENT_REPLIED), an_event(EventKind.RESOLVED))
    told = told_of(a_change(a_case_ticket(), *events, message=a_message(body="Done.")))

    assert [("agent_replied", "Done.")] == [
        (notice.kind.value, notice.facts["text"])
        for notice in told
        if notice.audience.value == "customer"
    ]


def test_one_address_in_two_audiences_is_told_once_and_as_staff() -> None:
    """Nobody is spared the staff's mail by a stranger who gives their address as the customer's."""
    ticket = a_case_ticket(submitter_email="ONE@example.com", assigned_to=ACTIVE_AGENT)
    told = told_of(a_change(ticket, an_event(EventKind.ESCALATED)))

    assert [("one@example.com", "staff")] == [
        (notice.recipient, notice.audience.value)
        for notice in told
        if notice.recipient.lower() == "one@example.com"
    ]
