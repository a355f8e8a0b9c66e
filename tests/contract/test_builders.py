"""What the builders make and the strategies draw is what their docstrings say."""

from uuid import UUID

import attrs
import pytest
from hypothesis import given

from helpdesk_core.cases import validate_case
from helpdesk_core.directory import Directory
from helpdesk_core.intake import RawIntake, validate
from helpdesk_core.people import STRANGER
from helpdesk_core.testing.builders import (
    a_case,
    a_case_ticket,
    a_directory,
    a_full_case,
    a_full_ticket,
    a_raw_case,
    a_raw_intake,
    an_id,
    staff,
)
from helpdesk_core.testing.desk_inputs import valid_intakes
from helpdesk_core.testing.directories import ADMIN
from helpdesk_core.testing.drawn_directories import directories
from helpdesk_core.testing.stores import A_FEW_EXAMPLES
from helpdesk_core.testing.strategies import (
    AWKWARD_TEXTS,
    CASE_TWINS,
    NEAR_TWINS,
    storable_text,
    tickets,
)
from helpdesk_core.text import fold, is_storable
from helpdesk_core.tickets import Ticket


def test_an_id_reads_as_its_number() -> None:
    assert UUID("00000000-0000-0000-0000-000000001234") == an_id(1234)


def test_a_full_ticket_leaves_no_field_as_it_is_by_default() -> None:
    ticket = a_full_ticket()
    unset = {
        field.name
        for field in attrs.fields(Ticket)
        if getattr(ticket, field.name) in (None, {}, False)
    }

    assert {"case"} == unset


def test_a_full_case_shares_nothing_with_a_plain_one_but_its_number() -> None:
    plain, full = attrs.asdict(a_case()), attrs.asdict(a_full_case())

    assert {"number"} == {name for name, value in full.items() if value in (None, plain[name])}


def test_the_raw_case_is_one_that_the_desk_takes() -> None:
    assert "The printer is on fire" == validate_case(a_raw_case()).subject


def test_a_case_ticket_is_one_that_the_support_door_could_have_made() -> None:
    ticket = a_case_ticket()

    assert (None, None, a_case()) == (ticket.department_id, ticket.kpi_type_id, ticket.case)


def test_the_raw_intake_is_one_that_the_desk_takes() -> None:
    directory = a_directory()

    taken = validate(a_raw_intake(directory), directory, STRANGER)
    assert "The printer is on fire." == taken.description


def test_staff_are_the_agent_that_was_asked_for() -> None:
    caller = staff(agent_id=ADMIN)

    assert caller.user == a_directory().agents[ADMIN].as_user()


@pytest.mark.parametrize("twins", CASE_TWINS)
def test_case_twins_are_one_name(twins: tuple[str, ...]) -> None:
    assert 1 == len({fold(name) for name in twins})


@pytest.mark.parametrize(("name", "other"), NEAR_TWINS)
def test_near_twins_are_two_names(name: str, other: str) -> None:
    assert fold(name) != fold(other)


@pytest.mark.parametrize("text", AWKWARD_TEXTS)
def test_awkward_text_can_be_stored(text: str) -> None:
    assert is_storable(text)


@given(storable_text())
def test_storable_text_can_be_stored(text: str) -> None:
    assert is_storable(text)


@given(tickets(an_id(1000)))
def test_a_drawn_ticket_belongs_to_the_sample_directory(ticket: Ticket) -> None:
    directory = a_directory()

    assert {ticket.department_id} - {None} <= directory.departments.keys()
    assert {ticket.kpi_type_id} - {None} <= directory.kpi_types.keys()


@given(tickets(an_id(1000)))
def test_a_drawn_ticket_has_a_kpi_type_or_a_case(ticket: Ticket) -> None:
    assert (ticket.kpi_type_id is None) == (ticket.case is not None)


@A_FEW_EXAMPLES
@given(directories())
def test_what_a_drawn_directory_refers_to_is_in_it(directory: Directory) -> None:
    for department in directory.departments.values():
        assert department.country_id in directory.countries
        assert department.calendar_id in {None, *directory.calendars}
    for kpi_type in directory.kpi_types.values():
        assert kpi_type.group_id in directory.kpi_groups
        assert kpi_type.department_ids <= directory.departments.keys()
    for agent in directory.agents.values():
        assert agent.department_ids <= directory.departments.keys()
    assert directory.has_whole_policies


@given(valid_intakes())
def test_a_valid_intake_names_what_the_sample_directory_offers(raw: RawIntake) -> None:
    offered = a_directory().kpi_types_for(UUID(raw.dept_id))

    assert UUID(raw.kpi_type_id) in {kpi_type.id for kpi_type in offered}
