"""What the public may see: the choices of the form, a ticket found again, its status."""

from datetime import timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.chat import Closed
from helpdesk_core.directory import Directory
from helpdesk_core.errors import Invalid, NotFound, TooMany, Unavailable
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.places import TicketPlace, place_of
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import (
    NOW,
    a_change,
    a_customer,
    a_directory,
    a_full_ticket,
    a_message,
    a_ticket,
    an_id,
    staff,
)
from helpdesk_core.testing.directories import ACTIVE_AGENT, NETWORK, UPTIME
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.intake import (
    intake_options,
    list_intake_options,
    look_up_tickets,
    read_status,
)
from helpdesk_memory import MemoryDesk

HERE = Caller(origin="192.0.2.1")


def put(desk: MemoryDesk, *tickets: Ticket) -> None:
    with desk.ports.begin() as uow:
        for ticket in tickets:
            uow.save(a_change(ticket))
        uow.commit()


def found(desk: MemoryDesk, query: object) -> list[UUID]:
    return [hit.ticket.id for hit in look_up_tickets(desk.ports, query)]


def test_the_form_offers_countries_and_departments_by_name(desk: MemoryDesk) -> None:
    options = list_intake_options(desk.ports)

    assert (["Germany", "Indonesia"], ["Accounts", "Network", "Support"]) == (
        [country.name for country in options.countries],
        [option.department.name for option in options.departments],
    )


def test_a_department_comes_with_its_country_and_its_active_members_by_name() -> None:
    support = intake_options(a_directory()).departments[-1]

    assert ("Indonesia", ["Agent One", "Agent Three", "Agent Two"]) == (
        support.country.name,
        [member.name for member in support.members],
    )


def test_a_department_offers_what_the_public_may_choose_in_display_order() -> None:
    offered = {
        option.department.name: [kpi_type.name for kpi_type in option.kpi_types]
        for option in intake_options(a_directory()).departments
    }

    assert offered == {
        "Accounts": ["Report", "Review"],
        "Network": ["Incident"],
        "Support": ["Incident", "Report"],
    }


def test_a_department_without_an_active_member_is_not_offered() -> None:
    directory = a_directory()
    gone = {key: attrs.evolve(agent, is_active=False) for key, agent in directory.agents.items()}

    assert () == intake_options(attrs.evolve(directory, agents=gone)).departments


def test_a_department_with_nothing_but_calculated_types_is_not_offered() -> None:
    uptime = a_directory().kpi_types[UPTIME]
    options = intake_options(a_directory(kpi_types={UPTIME: uptime}))

    assert () == options.departments


def test_an_empty_directory_offers_nothing() -> None:
    desk = MemoryDesk(NOW)
    options = list_intake_options(desk.ports)

    assert ((), ()) == (options.countries, options.departments)


@pytest.mark.parametrize("query", [None, "", " \t", 7, ["x"]])
def test_a_look_up_wants_a_query(desk: MemoryDesk, query: object) -> None:
    with pytest.raises(Invalid) as refused:
        _ = look_up_tickets(desk.ports, query)

    assert "Search query is required" == refused.value.message


def test_a_ticket_is_found_by_its_id(desk: MemoryDesk) -> None:
    put(desk, a_ticket(1), a_ticket(2))

    assert [an_id(2)] == found(desk, f" {str(an_id(2)).upper()} ")


def test_logged_work_is_found_by_its_id(desk: MemoryDesk) -> None:
    put(desk, a_ticket(1, status=None))

    assert [an_id(1)] == found(desk, str(an_id(1)))


def test_tickets_are_found_by_the_address_in_any_case(desk: MemoryDesk) -> None:
    put(desk, a_ticket(1, submitter_email="JÖRG@example.com"), a_ticket(2))

    assert [an_id(1)] == found(desk, "jörg@EXAMPLE.com")


@pytest.mark.parametrize("query", ["ana sørensen", "ANA SØRENSEN", " Ana Sørensen "])
def test_tickets_are_found_by_the_whole_name_in_any_case(desk: MemoryDesk, query: str) -> None:
    put(desk, a_ticket(1, submitter_name="Ana Sørensen"), a_ticket(2))

    assert [an_id(1)] == found(desk, query)


@pytest.mark.parametrize(
    "query",
    [
        "Ana",
        "Sørensen",
        "Ana S",
        "Ana%",
        "Ana_Sørensen",
        "*",
        "example.com",
        "ana@example",
        "ana@exam",
        "00000000",
        "\0",
        "\ud800",
        "x" * 65_536,
    ],
)
def test_a_part_of_anything_finds_nothing(desk: MemoryDesk, query: str) -> None:
    put(desk, a_ticket(1, submitter_name="Ana Sørensen", submitter_email="ana@example.com"))

    assert [] == found(desk, query)


@given(st.text(st.characters()).filter(str.strip))
def test_whatever_is_asked_for_nothing_is_found_at_an_empty_desk(query: str) -> None:
    assert [] == found(MemoryDesk(NOW), query)


def test_at_most_ten_are_found_newest_first_and_ties_by_greater_id(desk: MemoryDesk) -> None:
    put(desk, *(a_ticket(n, submitted_at=NOW + timedelta(hours=n // 2)) for n in range(10, 24)))

    assert [an_id(n) for n in range(23, 13, -1)] == found(desk, "Ana")


def test_what_is_found_comes_with_its_names(desk: MemoryDesk) -> None:
    put(desk, a_ticket(1, assigned_to=ACTIVE_AGENT))
    (hit,) = look_up_tickets(desk.ports, str(an_id(1)))

    assert hit.place == TicketPlace(
        country="Indonesia", department="Support", kpi_type="Incident", assigned_to="Agent One"
    )


def test_the_21st_look_up_within_an_hour_is_refused(desk: MemoryDesk) -> None:
    for _ in range(20):
        _ = look_up_tickets(desk.ports, "Ana", HERE)
    with pytest.raises(TooMany) as refused:
        _ = look_up_tickets(desk.ports, "Ana", HERE)

    assert (3600, "Too many lookups. Try again in 3600 seconds.") == (
        refused.value.retry_after,
        refused.value.message,
    )


def test_a_look_up_is_refused_while_the_counters_are_down(uncounted: Ports) -> None:
    with pytest.raises(Unavailable):
        _ = look_up_tickets(uncounted, "Ana", HERE)


@pytest.mark.parametrize("ticket_id", [None, "", " "])
def test_a_status_wants_an_id(desk: MemoryDesk, ticket_id: object) -> None:
    with pytest.raises(Invalid) as refused:
        _ = read_status(desk.ports, ticket_id)

    assert "Ticket id is required" == refused.value.message


@pytest.mark.parametrize("ticket_id", [str(an_id(99)), "7", f"{{{an_id(1)}}}", "\ud800", 1, []])
def test_what_is_no_tickets_id_is_not_found(desk: MemoryDesk, ticket_id: object) -> None:
    put(desk, a_ticket(1))
    with pytest.raises(NotFound) as refused:
        _ = read_status(desk.ports, ticket_id)

    assert "Ticket not found" == refused.value.message


def test_the_status_of_a_new_ticket_knows_no_minutes(desk: MemoryDesk) -> None:
    put(desk, a_ticket(1))
    status = read_status(desk.ports, str(an_id(1)))

    assert (a_ticket(1), None, None, ()) == (
        status.ticket,
        status.first_response_minutes,
        status.resolution_minutes,
        status.messages,
    )


def test_the_status_counts_minutes_as_the_sources_example_does(desk: MemoryDesk) -> None:
    put(
        desk,
        a_ticket(
            1,
            status=Status.CLOSED,
            first_assigned_at=NOW + timedelta(minutes=5),
            closed_at=NOW + timedelta(minutes=175),
        ),
    )
    status = read_status(desk.ports, an_id(1))

    assert (5, 120) == (status.first_response_minutes, status.resolution_minutes)


def test_a_department_without_a_calendar_works_round_the_clock(desk: MemoryDesk) -> None:
    ended = NOW + timedelta(minutes=175)
    put(desk, a_ticket(1, department_id=NETWORK, status=Status.RESOLVED, closed_at=ended))

    assert 175 == read_status(desk.ports, an_id(1)).resolution_minutes


def test_the_status_of_logged_work_is_open_to_no_chat(desk: MemoryDesk) -> None:
    put(desk, a_ticket(1, status=None, submitted_by=ACTIVE_AGENT, assigned_to=ACTIVE_AGENT))
    status = read_status(desk.ports, an_id(1), staff())

    assert (None, "Agent One", None, None, Closed.NOT_INTAKE) == (
        status.ticket.status,
        status.place.assigned_to,
        status.first_response_minutes,
        status.resolution_minutes,
        status.chat_closed,
    )


@pytest.mark.parametrize(
    ("caller", "closed"),
    [
        (STRANGER, Closed.SIGNED_OUT),
        (Caller(user=a_customer(7)), None),
        (Caller(user=a_customer(8)), Closed.NOT_YOURS),
        (staff(), Closed.NOT_YOURS),
    ],
)
def test_a_session_decides_who_may_write(
    desk: MemoryDesk, caller: Caller, closed: Closed | None
) -> None:
    put(desk, a_full_ticket(1))

    assert closed == read_status(desk.ports, an_id(1), caller).chat_closed


@pytest.mark.parametrize("caller", [STRANGER, Caller(user=a_customer(7)), staff()])
def test_notes_among_staff_never_appear_whoever_is_looking(
    desk: MemoryDesk, caller: Caller
) -> None:
    reply = a_message(1, created_at=NOW + timedelta(minutes=2))
    note = a_message(2, is_internal=True, created_at=NOW + timedelta(minutes=1))
    ticket = a_full_ticket(1)
    with desk.ports.begin() as uow:
        uow.save(a_change(ticket, message=reply))
        uow.save(a_change(attrs.evolve(ticket, version=2), message=note))
        uow.commit()

    assert (reply,) == read_status(desk.ports, an_id(1), caller).messages


def test_places_that_the_directory_does_not_know_have_no_name() -> None:
    assert place_of(a_full_ticket(1), Directory()) == TicketPlace(
        country=None, department=None, kpi_type=None, assigned_to=None
    )
