"""The sample desk's other door: half a year of support cases, and that contract B works on all."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.case_numbers import Numbering
from helpdesk_core.errors import DuplicateId
from helpdesk_core.ports import CaseRules
from helpdesk_core.sla_clock import FOUND_LATER
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
from helpdesk_core.tickets import EventKind, Status, Ticket
from helpdesk_core.use_cases.cases import RawKey, read_case_status
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.intake import look_up_tickets
from helpdesk_core.use_cases.sealing import seal_chains
from helpdesk_core.use_cases.verifying import Verification
from helpdesk_memory import MemoryDesk
from helpdesk_server.sample import (
    client_addresses,
    customer_addresses,
    directory_document,
    fill,
    fill_cases,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def an_empty_desk() -> MemoryDesk:
    """The sample directory, and no ticket yet."""
    desk = MemoryDesk(NOW)
    load_directory(desk.ports, directory_document())
    return desk


@pytest.fixture(scope="module")
def desk() -> MemoryDesk:
    """A desk with cases; these tests only read it."""
    desk = an_empty_desk()
    fill_cases(desk.ports, until=NOW)
    return desk


@pytest.fixture
def tickets(desk: MemoryDesk) -> list[Ticket]:
    return list(desk.store.tickets.values())


@pytest.fixture
def cases(tickets: list[Ticket]) -> list[SupportCase]:
    return [ticket.case for ticket in tickets if ticket.case]


def test_so_many_cases_are_on_the_desk(cases: list[SupportCase]) -> None:
    assert 66 == len(cases)


def test_the_number_of_cases_is_told() -> None:
    assert 22 == fill_cases(an_empty_desk().ports, until=NOW, cases=22)


@settings(max_examples=25, deadline=None)
@given(
    until=st.datetimes(
        datetime(2025, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
        datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    seed=st.integers(0, 1000),
)
def test_some_case_is_in_every_state_whenever_the_past_ends(until: datetime, seed: int) -> None:
    desk = an_empty_desk()
    fill_cases(desk.ports, until=until, seed=seed, cases=22)

    assert {*Status} == {ticket.status for ticket in desk.store.tickets.values()}


def test_there_are_cases_of_every_kind(cases: list[SupportCase]) -> None:
    assert ({*Urgency}, {*CustomerType}, {*IssueType}) == (
        {case.urgency for case in cases},
        {case.customer_type for case in cases},
        {case.issue_type for case in cases},
    )


def test_some_cases_are_somebodys_and_some_are_nobodys(tickets: list[Ticket]) -> None:
    open_ones = [it for it in tickets if it.status in (Status.OPEN, Status.IN_PROGRESS)]

    assert {True, False} == {ticket.assigned_to is None for ticket in open_ones}


def test_what_happens_to_cases_only_has_happened(desk: MemoryDesk) -> None:
    happened = {placed.event.kind for events in desk.store.history.values() for placed in events}

    assert {EventKind.ESCALATED, EventKind.ROUTED, EventKind.NOTED, EventKind.CANCELLED} <= happened


def test_whoever_has_a_case_works_in_its_department(
    desk: MemoryDesk, tickets: list[Ticket]
) -> None:
    agents = desk.store.directory.agents
    given_away = [ticket for ticket in tickets if ticket.assigned_to and ticket.department_id]

    assert given_away
    assert all(
        ticket.department_id in agents[ticket.assigned_to].department_ids
        for ticket in given_away
        if ticket.assigned_to
    )


def test_a_case_s_events_are_in_the_order_of_time(desk: MemoryDesk) -> None:
    events = [[placed.event for placed in history] for history in desk.store.history.values()]
    # What became true by itself is found later.
    times = [[it.at for it in history if it.kind not in FOUND_LATER] for history in events]

    assert times == [sorted(each) for each in times]
    assert all(NOW - timedelta(days=182) <= at <= NOW for each in times for at in each)


def test_the_customer_of_every_case_can_follow_it(
    desk: MemoryDesk, cases: list[SupportCase]
) -> None:
    read = [read_case_status(desk.ports, RawKey(case_number=case.number)) for case in cases]

    assert [] == [update for status in read for update in status.updates if update.is_internal]
    assert any(status.updates for status in read)


def test_every_client_has_cases(tickets: list[Ticket]) -> None:
    assert {*client_addresses()} == {ticket.submitter_email for ticket in tickets}


def test_clients_are_neither_customers_of_the_other_door_nor_staff(desk: MemoryDesk) -> None:
    staff = {agent.email for agent in desk.store.directory.agents.values()}

    assert set() == {*client_addresses()} & ({*customer_addresses()} | staff)


def test_nobody_is_told_of_the_past(desk: MemoryDesk) -> None:
    assert {} == desk.store.outbox


def test_both_pasts_fit_on_one_desk_and_cases_are_not_looked_up_at_the_other_door() -> None:
    desk = an_empty_desk()
    fill(desk.ports, until=NOW, tickets=34)
    fill_cases(desk.ports, until=NOW, cases=22)

    assert 56 == len(desk.store.tickets)
    assert all(not look_up_tickets(desk.ports, address) for address in client_addresses())


def test_nobody_finds_a_fault_in_the_audit_trail_of_either_past() -> None:
    desk = an_empty_desk()
    fill(desk.ports, until=NOW, tickets=34)
    fill_cases(desk.ports, until=NOW, cases=22)
    seal_chains(desk.ports)

    assert [] == list(Verification(desk.ports).findings())


def test_the_same_seed_makes_the_same_cases_and_numbers(desk: MemoryDesk) -> None:
    other = an_empty_desk()
    fill_cases(other.ports, until=NOW)

    assert (desk.store.tickets, desk.store.history) == (other.store.tickets, other.store.history)


def test_the_same_cases_cannot_be_filled_in_twice() -> None:
    desk = an_empty_desk()
    fill_cases(desk.ports, until=NOW, cases=22)
    with pytest.raises(DuplicateId):
        fill_cases(desk.ports, until=NOW, cases=22)

    assert 22 == len(desk.store.tickets)


def test_numbers_that_count_do_so_in_the_order_of_time() -> None:
    desk = an_empty_desk()
    rules = CaseRules(prefix="ACME", numbering=Numbering.SEQUENTIAL)
    fill_cases(attrs.evolve(desk.ports, cases=rules), until=NOW, cases=22)
    found = sorted(desk.store.tickets.values(), key=lambda ticket: ticket.submitted_at)

    assert [f"ACME-2026-{count:03}" for count in range(1, 23)] == [
        ticket.case.number for ticket in found if ticket.case
    ]
