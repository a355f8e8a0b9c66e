"""How much the intake door shows, and to whom: one pure rule, at every exposure."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.messages import Message
from helpdesk_core.people import Role, User
from helpdesk_core.testing.builders import a_case_ticket, a_customer, a_message, a_ticket
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.visibility import Exposure, IntakeDoor, is_concerned

people = st.one_of(st.none(), st.builds(a_customer, st.integers(1, 3), role=st.sampled_from(Role)))
tickets = st.builds(
    a_ticket,
    status=st.one_of(st.none(), st.sampled_from(Status)),
    submitted_by=st.one_of(st.none(), st.integers(1, 3).map(lambda n: a_customer(n).id)),
)
exposures = st.sampled_from(Exposure)


@given(people, tickets, exposures)
def test_a_ticket_with_a_status_is_there_for_everybody(
    viewer: User | None, ticket: Ticket, exposure: Exposure
) -> None:
    door = IntakeDoor(viewer=viewer, exposure=exposure)

    assert door.shows(ticket) or ticket.status is None


@given(people, exposures)
def test_a_case_is_there_for_nobody(viewer: User | None, exposure: Exposure) -> None:
    assert not IntakeDoor(viewer=viewer, exposure=exposure).shows(a_case_ticket())


@given(people, tickets)
def test_by_the_contract_everything_is_shown_to_everybody(
    viewer: User | None, ticket: Ticket
) -> None:
    door = IntakeDoor(viewer=viewer, exposure=Exposure.CONTRACT)

    assert door.shows(ticket)
    assert door.shows_addresses(ticket)
    assert door.finds_by_address("anybody@example.com")


@given(people, tickets)
def test_a_guarded_door_shows_addresses_to_submitter_and_staff_alone(
    viewer: User | None, ticket: Ticket
) -> None:
    door = IntakeDoor(viewer=viewer, exposure=Exposure.GUARDED)

    assert is_concerned(ticket, viewer) == door.shows_addresses(ticket)


@given(people, tickets)
def test_a_guarded_door_shows_logged_work_to_submitter_and_staff_alone(
    viewer: User | None, ticket: Ticket
) -> None:
    door = IntakeDoor(viewer=viewer, exposure=Exposure.GUARDED)

    assert (ticket.status is not None or is_concerned(ticket, viewer)) == door.shows(ticket)


@given(people, st.sampled_from(("", "x@example.com", a_customer(1).email, a_customer(2).email)))
def test_a_guarded_door_finds_by_their_own_address_whoever_is_signed_in(
    viewer: User | None, address: str
) -> None:
    door = IntakeDoor(viewer=viewer, exposure=Exposure.GUARDED)

    owns = viewer is not None and viewer.email == address
    assert owns == door.finds_by_address(address.upper())


@given(people, tickets, exposures, st.booleans())
def test_a_hidden_address_is_all_that_a_message_loses(
    viewer: User | None,
    ticket: Ticket,
    exposure: Exposure,
    is_internal: bool,  # noqa: FBT001  # drawn
) -> None:
    door = IntakeDoor(viewer=viewer, exposure=exposure)
    message = a_message(is_internal=is_internal)
    shown = door.shown([message], ticket)

    assert [] == [said.body for said in shown if is_internal]
    assert all(_without_address(said) == _without_address(message) for said in shown)
    assert all((said.author_email is None) is not door.shows_addresses(ticket) for said in shown)


def _without_address(message: Message) -> tuple[object, ...]:
    return (message.id, message.body, message.author_name, message.author_type, message.created_at)
