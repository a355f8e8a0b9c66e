"""The sample desk: what is on it, and that contract A's use cases work on all of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.directory import Directory
from helpdesk_core.errors import DuplicateId
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.messages import AuthorType
from helpdesk_core.people import Role
from helpdesk_core.sla_clock import FOUND_LATER
from helpdesk_core.tickets import EventKind, Status
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.intake import list_intake_options, look_up_tickets, read_status
from helpdesk_core.working_hours import working_time
from helpdesk_memory import MemoryDesk
from helpdesk_server.sample import customer_addresses, directory_document, fill, is_empty
from helpdesk_server.sample.scene import after_work

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def an_empty_desk() -> MemoryDesk:
    """The sample directory, and no ticket yet."""
    desk = MemoryDesk(NOW)
    load_directory(desk.ports, directory_document())
    return desk


@pytest.fixture(scope="module")
def desk() -> MemoryDesk:
    """The sample desk; these tests only read it."""
    desk = an_empty_desk()
    fill(desk.ports, until=NOW)
    return desk


@pytest.fixture
def directory(desk: MemoryDesk) -> Directory:
    return desk.store.directory


# The directory


def test_there_are_indonesia_and_singapore(directory: Directory) -> None:
    assert {"ID", "SG"} == {country.abbreviation for country in directory.countries.values()}


def test_every_department_works_by_a_calendar_of_its_own(directory: Directory) -> None:
    calendars = [department.calendar_id for department in directory.departments.values()]

    assert (4, 4) == (len(calendars), len({*calendars} - {None}))


@pytest.mark.parametrize(
    ("key", "start", "hours"),
    [
        ("id-it", "2026-11-20T05:00+07:00", 8),
        ("id-it", "2026-11-21T05:00+07:00", 0),
        ("id-it", "2026-08-17T05:00+07:00", 0),
        ("id-operations", "2026-11-20T12:00+07:00", 8),
        ("sg-finance", "2026-11-20T05:00+08:00", 9),
        ("sg-finance", "2026-11-09T05:00+08:00", 0),
        ("sg-support", "2026-12-25T05:00+08:00", 24),
    ],
)
def test_a_department_works_so_many_hours_in_a_day(
    directory: Directory, key: str, start: str, hours: int
) -> None:
    (department,) = (it for it in directory.departments.values() if it.key == key)
    calendar = directory.calendar_of(department.id)
    assert calendar is not None
    begin = datetime.fromisoformat(start)

    assert timedelta(hours=hours) == working_time(calendar, begin, begin + timedelta(days=1))


def test_there_are_eight_members_of_staff_of_every_role(directory: Directory) -> None:
    roles = sorted(agent.role.value for agent in directory.agents.values())

    assert ["admin", *["agent"] * 6, "management"] == roles


def test_one_member_of_staff_is_inactive_and_one_wants_no_mail(directory: Directory) -> None:
    agents = directory.agents.values()

    assert (1, 1) == (
        sum(not agent.is_active for agent in agents),
        sum(not agent.wants_mail for agent in agents),
    )


def test_there_is_a_kpi_type_of_every_rule_in_some_department(directory: Directory) -> None:
    used = {it.rule for it in directory.kpi_types.values() if it.department_ids}

    assert {rule.word for rule in CONTRACT_RULES} == used


def test_the_form_offers_every_department(desk: MemoryDesk) -> None:
    assert 4 == len(list_intake_options(desk.ports).departments)


def test_loading_the_directory_again_changes_nothing(desk: MemoryDesk) -> None:
    assert () == load_directory(desk.ports, directory_document())


# Its past


def test_a_desk_is_empty_before_its_directory_is_loaded() -> None:
    assert is_empty(MemoryDesk(NOW).ports)


def test_a_desk_is_not_empty_after_its_directory_was_loaded() -> None:
    assert not is_empty(an_empty_desk().ports)


def test_the_number_of_tickets_is_told() -> None:
    assert 40 == fill(an_empty_desk().ports, until=NOW, tickets=40)


def test_so_many_tickets_are_on_the_desk(desk: MemoryDesk) -> None:
    assert 300 == len(desk.store.tickets)


@settings(max_examples=40, deadline=None)
@given(
    until=st.datetimes(
        datetime(2025, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
        datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    seed=st.integers(0, 1000),
)
def test_some_ticket_is_in_every_state_whenever_the_past_ends(until: datetime, seed: int) -> None:
    desk = an_empty_desk()
    fill(desk.ports, until=until, seed=seed, tickets=34)

    assert {None, *Status} == {ticket.status for ticket in desk.store.tickets.values()}


def test_everything_that_can_happen_to_a_ticket_has_happened(desk: MemoryDesk) -> None:
    happened = {placed.event.kind for events in desk.store.history.values() for placed in events}

    # Work is started by assigning it: nobody on this desk starts a ticket that is nobody's, and
    # nobody attaches a file. Where work comes from and how urgent it is, cases tell; what agents
    # logged stands as it was.
    elsewhere = {EventKind.STARTED, EventKind.ATTACHED, EventKind.ROUTED, EventKind.ESCALATED}
    elsewhere |= {EventKind.CORRECTED, EventKind.WITHDRAWN, EventKind.REPINNED, EventKind.ERASED}
    assert {*EventKind} - elsewhere == happened


def test_both_sides_have_spoken_and_staff_among_themselves(desk: MemoryDesk) -> None:
    messages = [message for said in desk.store.messages.values() for message in said]

    assert {
        (AuthorType.AGENT, False),
        (AuthorType.AGENT, True),
        (AuthorType.CUSTOMER, False),
    } == {(message.author_type, message.is_internal) for message in messages}


def test_some_submitters_were_signed_in_and_some_were_not(desk: MemoryDesk) -> None:
    submitted = [ticket for ticket in desk.store.tickets.values() if ticket.status]

    assert {True, False} == {ticket.submitted_by is None for ticket in submitted}


def test_logged_work_has_every_figure_that_its_kpi_type_asks_for(
    desk: MemoryDesk, directory: Directory
) -> None:
    figures = {
        it.kpi_type_id: [*it.metrics] for it in desk.store.tickets.values() if it.status is None
    }
    asked = {
        it.id: [field.key for field in it.metric_schema] for it in directory.kpi_types.values()
    }

    assert figures == {it: asked[it] for it in figures if it}


def test_every_rule_but_the_calculated_one_has_logged_work(
    desk: MemoryDesk, directory: Directory
) -> None:
    logged = [ticket for ticket in desk.store.tickets.values() if ticket.status is None]

    assert {rule.word for rule in CONTRACT_RULES} - {"uptime"} == {
        directory.kpi_types[it.kpi_type_id].rule for it in logged if it.kpi_type_id
    }


def test_the_past_lies_within_half_a_year(desk: MemoryDesk) -> None:
    events = [placed.event for history in desk.store.history.values() for placed in history]

    assert all(NOW - timedelta(days=182) <= event.at <= NOW for event in events)


def test_what_people_did_to_a_ticket_is_in_the_order_of_time(desk: MemoryDesk) -> None:
    times = [
        [placed.event.at for placed in history if placed.event.kind not in FOUND_LATER]
        for history in desk.store.history.values()
    ]

    assert times == [sorted(each) for each in times]


def test_staff_work_in_their_hours(desk: MemoryDesk, directory: Directory) -> None:
    """Whoever resolves or closes a ticket does so within a minute of working time."""
    ended = {EventKind.RESOLVED, EventKind.CLOSED}
    idle = [
        placed.event
        for ticket_id, history in desk.store.history.items()
        for placed in history
        if placed.event.kind in ended
        if (calendar := directory.calendar_of(desk.store.tickets[ticket_id].department_id))
        if not working_time(calendar, placed.event.at - timedelta(minutes=1), placed.event.at)
    ]

    assert [] == idle


@pytest.mark.parametrize("minutes", [1, 45, 700])
def test_work_is_done_when_so_much_working_time_has_passed(
    directory: Directory, minutes: int
) -> None:
    work = timedelta(minutes=minutes)
    calendars = directory.calendars.values()

    assert [work] * 4 == [working_time(it, NOW, after_work(it, NOW, work)) for it in calendars]


def test_without_a_calendar_work_goes_on_at_all_hours() -> None:
    assert NOW + timedelta(hours=30) == after_work(None, NOW, timedelta(hours=30))


def test_the_status_of_every_ticket_can_be_read(desk: MemoryDesk) -> None:
    read = [read_status(desk.ports, str(ticket_id)) for ticket_id in desk.store.tickets]
    minutes = [
        each
        for status in read
        for each in (status.first_response_minutes, status.resolution_minutes)
        if each is not None
    ]

    assert (300, True) == (len(read), min(minutes) >= 0)


def test_a_customer_finds_tickets_by_address(desk: MemoryDesk) -> None:
    assert 10 == len(look_up_tickets(desk.ports, "sandy@example.com"))


def test_every_customer_has_tickets(desk: MemoryDesk) -> None:
    submitters = {it.submitter_email for it in desk.store.tickets.values() if it.status}

    assert submitters == {*customer_addresses()}


def test_nobody_is_told_of_the_past(desk: MemoryDesk) -> None:
    assert {} == desk.store.outbox


def test_no_customer_is_a_member_of_staff(desk: MemoryDesk, directory: Directory) -> None:
    submitters = {it.submitter_email for it in desk.store.tickets.values() if it.status}

    assert set() == submitters & {agent.email for agent in directory.agents.values()}


def test_the_manager_handles_no_ticket(desk: MemoryDesk, directory: Directory) -> None:
    handlers = {ticket.assigned_to for ticket in desk.store.tickets.values()} - {None}

    assert Role.MANAGEMENT not in {directory.agents[it].role for it in handlers if it}


def test_the_same_seed_makes_the_same_past(desk: MemoryDesk) -> None:
    other = an_empty_desk()
    fill(other.ports, until=NOW)

    assert (desk.store.tickets, desk.store.history, desk.store.messages) == (
        other.store.tickets,
        other.store.history,
        other.store.messages,
    )


def test_another_seed_makes_another_past(desk: MemoryDesk) -> None:
    other = an_empty_desk()
    fill(other.ports, until=NOW, seed=2)

    assert desk.store.tickets.keys().isdisjoint(other.store.tickets)


def test_the_same_past_cannot_be_filled_in_twice() -> None:
    desk = an_empty_desk()
    fill(desk.ports, until=NOW, tickets=34)
    with pytest.raises(DuplicateId):
        fill(desk.ports, until=NOW, tickets=34)

    assert 34 == len(desk.store.tickets)
