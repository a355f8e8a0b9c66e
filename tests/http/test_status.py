"""GET /api/intake/status/{id}: one ticket, as the public may see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from helpdesk_core.logged_work import LoggedWork, log_work
from helpdesk_core.people import Caller, User
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    Updated,
    assign_ticket,
    move_ticket,
    update_ticket,
)

if TYPE_CHECKING:
    from tests.http.conftest import House

AGENT = UUID("55555555-5555-4555-8555-555555555555")
SIGNED_OUT = "Sign in to reply to this ticket."
ANONYMOUS = (
    "This ticket was submitted without sign-in. Customer replies are not available "
    "— the agent will follow up via email."
)


def by_an_agent(house: House) -> Caller:
    return Caller(user=house.desk.store.directory.agents[AGENT].as_user())


def say(house: House, ticket_id: str, text: str, *, is_internal: bool = False) -> Updated:
    raw = RawUpdate(message=text, is_internal=is_internal)
    return update_ticket(house.desk.ports, Target(ticket_id=ticket_id), raw, by_an_agent(house))


def at(house: House, instant: str) -> None:
    house.desk.clock.set(datetime.fromisoformat(instant))


def logged(house: House) -> str:
    """The id of work that an agent logged."""
    directory = house.desk.store.directory
    change = log_work(
        LoggedWork(
            department=directory.departments[UUID("33333333-3333-4333-8333-333333333333")],
            kpi_type=directory.kpi_types[UUID("88888888-8888-4888-8888-888888888888")],
            ticket_date=house.desk.clock(),
            description="Logged",
            metrics={"units": 1},
        ),
        directory.agents[AGENT],
        ticket_id=UUID(int=99),
        now=house.desk.clock(),
    )
    with house.desk.ports.begin() as uow:
        uow.save(change)
        uow.commit()
    return str(change.ticket.id)


def shown(house: House, ticket_id: str, person: str = "") -> dict[str, object]:
    ticket: dict[str, object] = house.get(f"/api/intake/status/{ticket_id}", person=person).json
    return ticket


def test_the_contracts_own_example_comes_out_to_the_letter(house: House) -> None:
    """Five minutes to the assignment by the wall clock; 120 of work, lunch from 12 to 13."""
    ticket_id = house.submitted(person="customer")
    at(house, "2026-05-22T05:10:00+00:00")
    given = RawAssignment(staff_id=AGENT)
    assign_ticket(house.desk.ports, Target(ticket_id=ticket_id), given, by_an_agent(house))
    at(house, "2026-05-22T06:11:00+00:00")
    message = say(house, ticket_id, "Licence have been renew").message
    at(house, "2026-05-22T08:00:00+00:00")
    move_ticket(house.desk.ports, Target(ticket_id=ticket_id), Status.CLOSED, by_an_agent(house))
    answer = house.get(f"/api/intake/status/{ticket_id}")

    assert [
        ("id", ticket_id),
        ("status", "CLOSED"),
        ("submittedAt", "2026-05-22T05:05:00.000Z"),
        ("assignedAt", "2026-05-22T05:10:00.000Z"),
        ("firstAgentReplyAt", "2026-05-22T06:11:00.000Z"),
        ("closedAt", "2026-05-22T08:00:00.000Z"),
        ("firstResponseTimeMin", 5),
        ("resolutionTimeMin", 120),
        ("description", "Cannot access shared drive"),
        ("rejectionReason", None),
        ("submittedBy", "Cora Customer"),
        ("submittedByEmail", "cora@example.com"),
        ("country", "Indonesia"),
        ("department", "Information Technology"),
        ("kpiType", "Ad Hoc"),
        ("assignedTo", "Sandy Rachman"),
        ("canMessage", False),
        ("messageDisabledReason", "Sign in to reply to this ticket."),
        ("dateFormat", "dd/MM/yyyy"),
        (
            "messages",
            [
                {
                    "id": str(message.id),
                    "authorType": "AGENT",
                    "authorName": "Sandy Rachman",
                    "authorEmail": "sandy.rachman@example.com",
                    "body": "Licence have been renew",
                    "createdAt": "2026-05-22T06:11:00.000Z",
                }
            ],
        ),
    ] == list(answer.json.items())


def test_what_has_not_happened_yet_is_null(house: House) -> None:
    ticket = shown(house, house.submitted())

    assert {
        "assignedAt",
        "firstAgentReplyAt",
        "closedAt",
        "firstResponseTimeMin",
        "resolutionTimeMin",
        "rejectionReason",
        "assignedTo",
    } == {name for name, value in ticket.items() if value is None}


def test_instants_are_cut_to_milliseconds(house: House) -> None:
    at(house, "2026-05-22T05:05:00.999999+00:00")

    assert "2026-05-22T05:05:00.999Z" == shown(house, house.submitted())["submittedAt"]


def test_a_rejected_ticket_says_why(house: House) -> None:
    ticket_id = house.submitted()
    move_ticket(
        house.desk.ports,
        Target(ticket_id=ticket_id),
        Status.REJECTED,
        by_an_agent(house),
        reason="Duplicate request",
    )
    ticket = shown(house, ticket_id)

    assert ("REJECTED", "Duplicate request") == (ticket["status"], ticket["rejectionReason"])


def test_logged_work_is_shown_as_new(house: House) -> None:
    assert "NEW" == shown(house, logged(house))["status"]


def test_notes_among_staff_never_appear(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    say(house, ticket_id, "Careful", is_internal=True)

    assert [[], [], []] == [
        shown(house, ticket_id, person)["messages"] for person in ("", "customer", "agent")
    ]


@pytest.mark.parametrize(
    ("person", "can_message", "reason"),
    [
        ("customer", True, None),
        ("", False, SIGNED_OUT),
        ("stranger", False, "This ticket can only be replied to by the original submitter."),
        ("agent", False, "This ticket can only be replied to by the original submitter."),
    ],
)
def test_only_its_signed_in_submitter_may_write_on_a_ticket(
    house: House,
    person: str,
    can_message: bool,  # noqa: FBT001  # a case of the table
    reason: str | None,
) -> None:
    ticket = shown(house, house.submitted(person="customer"), person)

    assert (can_message, reason) == (ticket["canMessage"], ticket["messageDisabledReason"])


@pytest.mark.parametrize("person", ["", "customer"])
def test_nobody_may_write_on_a_strangers_ticket(house: House, person: str) -> None:
    ticket = shown(house, house.submitted(), person)

    assert (False, ANONYMOUS) == (ticket["canMessage"], ticket["messageDisabledReason"])


@pytest.mark.parametrize("person", ["", "agent"])
def test_nobody_may_write_on_logged_work(house: House, person: str) -> None:
    ticket = shown(house, logged(house), person)

    assert "Discussion is available only for intake tickets" == ticket["messageDisabledReason"]


@pytest.mark.parametrize(
    "ticket_id",
    [
        "00000000-0000-0000-0000-000000000077",
        "x",
        "{00000000-0000-0000-0000-000000000001}",
        "urn:uuid:00000000-0000-0000-0000-000000000001",
        "00000000000000000000000000000001",
        "0-0000000-0000-0000-0000-000000000001-",
        "%EF%BC%90" * 8 + "-0000-0000-0000-000000000001",
        "%00",
        "%ff",
        "..",
        "1" * 5000,
    ],
)
def test_whatever_is_no_tickets_id_finds_none(house: House, ticket_id: str) -> None:
    house.submit()
    answer = house.get(f"/api/intake/status/{ticket_id}")

    assert (404, {"error": "Ticket not found"}) == (answer.status_code, answer.json)


def test_an_id_is_read_in_upper_case_too(house: House) -> None:
    house.rebuild(new_id=iter([UUID("ABCDEFAB-CDEF-4ABC-8DEF-ABCDEFABCDEF")] * 2).__next__)
    ticket_id = house.submitted()

    assert ticket_id == shown(house, ticket_id.upper())["id"]


@pytest.mark.parametrize("path", ["", "/", "/%20", "/%09"])
def test_without_an_id_one_is_asked_for(house: House, path: str) -> None:
    answer = house.get(f"/api/intake/status{path}")

    assert (400, {"error": "Ticket id is required"}) == (answer.status_code, answer.json)


def test_reading_is_not_limited(house: House) -> None:
    ticket_id = house.submitted()

    assert {200} == {house.get(f"/api/intake/status/{ticket_id}").status_code for _ in range(150)}


def test_a_person_is_known_by_their_id_not_their_address(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    twin = User(id=UUID(int=7), name="Cora Customer", email="cora@example.com")
    house.open(identify=lambda _: twin)

    assert False is shown(house, ticket_id)["canMessage"]
