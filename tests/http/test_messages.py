"""POST /api/intake/status/{id}/messages: the customer writes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from helpdesk_core.logged_work import LoggedWork, log_work
from helpdesk_core.people import Caller
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import move_ticket

if TYPE_CHECKING:
    from falcon.testing import Result

    from tests.http.conftest import House

AGENT = UUID("55555555-5555-4555-8555-555555555555")
UNKNOWN = "00000000-0000-0000-0000-000000000077"
SIGNED_OUT = "Sign in to reply to this ticket."
ANONYMOUS = (
    "This ticket was submitted without sign-in. Customer replies are not available "
    "— the agent will follow up via email."
)


def write(house: House, ticket_id: str, body: object, person: str = "customer") -> Result:
    return house.post(f"/api/intake/status/{ticket_id}/messages", {"body": body}, person=person)


def heard(house: House, ticket_id: str) -> list[str]:
    messages = house.get(f"/api/intake/status/{ticket_id}").json["messages"]
    return [message["body"] for message in messages]


def logged(house: House) -> str:
    """The id of work that the customer of these tests would have logged, were they staff."""
    directory = house.desk.store.directory
    change = log_work(
        LoggedWork(
            department=directory.departments[UUID("33333333-3333-4333-8333-333333333333")],
            kpi_type=directory.kpi_types[UUID("88888888-8888-4888-8888-888888888888")],
            ticket_date=house.desk.clock(),
            description="Logged",
            metrics={},
        ),
        directory.agents[AGENT],
        ticket_id=UUID(int=99),
        now=house.desk.clock(),
    )
    with house.desk.ports.begin() as uow:
        uow.save(change)
        uow.commit()
    return str(change.ticket.id)


def test_the_submitters_message_is_answered_as_it_was_stored(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    house.desk.clock.advance(minutes=175)
    answer = write(house, ticket_id, "  Thanks — that resolved it.\n")
    (stored,) = house.get(f"/api/intake/status/{ticket_id}").json["messages"]

    assert (
        201,
        {
            "message": {
                "id": stored["id"],
                "authorType": "CUSTOMER",
                "authorName": "Cora Customer",
                "authorEmail": "cora@example.com",
                "body": "Thanks — that resolved it.",
                "createdAt": "2026-05-22T08:00:00.000Z",
            }
        },
    ) == (answer.status_code, answer.json)


def test_what_was_written_appears_in_the_status(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    write(house, ticket_id, "One")
    write(house, ticket_id, "Two")

    assert ["One", "Two"] == heard(house, ticket_id)


def test_who_wrote_it_is_never_taken_from_the_body(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    answer = house.post(
        f"/api/intake/status/{ticket_id}/messages",
        {
            "body": "Hello",
            "authorName": "Boss",
            "authorEmail": "boss@example.com",
            "authorType": "AGENT",
            "isInternal": True,
            "createdAt": "1999-01-01",
        },
        person="customer",
    )

    assert ("CUSTOMER", "Cora Customer", "cora@example.com", "2026-05-22T05:05:00.000Z") == tuple(
        answer.json["message"][name]
        for name in ("authorType", "authorName", "authorEmail", "createdAt")
    )


@pytest.mark.parametrize("body", [None, "", " \n\t", 0, True, [], {}, ["Hello"]])
def test_a_message_needs_text(house: House, body: object) -> None:
    answer = write(house, house.submitted(person="customer"), body)

    assert (400, {"error": "Message is required"}) == (answer.status_code, answer.json)


@pytest.mark.parametrize(
    "body", ["x" * 2000, "😀" * 2000, "😀" * 1000 + "x" * 1000, " " * 9 + "x" * 2000]
)
def test_two_thousand_characters_after_trimming_are_taken(house: House, body: str) -> None:
    assert 201 == write(house, house.submitted(person="customer"), body).status_code


@pytest.mark.parametrize("body", ["x" * 2001, "😀" * 2001])
def test_one_more_is_too_many(house: House, body: str) -> None:
    answer = write(house, house.submitted(person="customer"), body)

    assert (400, {"error": "Message must be 2000 characters or fewer"}) == (
        answer.status_code,
        answer.json,
    )


@pytest.mark.parametrize("body", ["a\x00b", "\ud800", "\udc00\ud800"])
def test_what_cannot_be_stored_is_refused(house: House, body: str) -> None:
    answer = write(house, house.submitted(person="customer"), body)

    assert (400, {"error": "Message contains characters that cannot be stored"}) == (
        answer.status_code,
        answer.json,
    )


@pytest.mark.parametrize("ticket_id", ["", "%20"])
@pytest.mark.parametrize("person", ["", "customer"])
def test_without_an_id_one_is_asked_for_before_anything_else(
    house: House, ticket_id: str, person: str
) -> None:
    answer = write(house, ticket_id, "", person)

    assert (400, {"error": "Ticket id is required"}) == (answer.status_code, answer.json)


@pytest.mark.parametrize("body", ["Hello", ""])
def test_who_is_not_signed_in_is_told_so_whether_or_not_there_is_such_a_ticket(
    house: House, body: str
) -> None:
    tickets = (house.submitted(person="customer"), house.submitted(), logged(house), UNKNOWN, "x")
    answers = [write(house, ticket_id, body, person="") for ticket_id in tickets]

    assert [(401, {"error": SIGNED_OUT})] * 5 == [
        (answer.status_code, answer.json) for answer in answers
    ]


@pytest.mark.parametrize("ticket_id", [UNKNOWN, "x", "%00", "1" * 5000])
@pytest.mark.parametrize("body", ["Hello", ""])
def test_a_signed_in_writer_is_told_that_there_is_no_such_ticket(
    house: House, ticket_id: str, body: str
) -> None:
    answer = write(house, ticket_id, body)

    assert (404, {"error": "Ticket not found"}) == (answer.status_code, answer.json)


@pytest.mark.parametrize("body", ["Hello", ""])
def test_logged_work_has_no_discussion(house: House, body: str) -> None:
    answer = write(house, logged(house), body)

    assert (400, {"error": "Discussion is available only for intake tickets"}) == (
        answer.status_code,
        answer.json,
    )


@pytest.mark.parametrize("body", ["Hello", ""])
def test_a_strangers_ticket_takes_no_messages(house: House, body: str) -> None:
    answer = write(house, house.submitted(), body)

    assert (403, {"error": ANONYMOUS}) == (answer.status_code, answer.json)


@pytest.mark.parametrize("person", ["stranger", "agent"])
@pytest.mark.parametrize("body", ["Hello", ""])
def test_nobody_but_the_submitter_may_write(house: House, person: str, body: str) -> None:
    answer = write(house, house.submitted(person="customer"), body, person)

    assert (403, {"error": "Only the original submitter can reply to this ticket."}) == (
        answer.status_code,
        answer.json,
    )


def test_a_refused_message_is_not_stored(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    for person, body in (("", "A"), ("stranger", "B"), ("customer", ""), ("customer", "x" * 2001)):
        write(house, ticket_id, body, person)

    assert [] == heard(house, ticket_id)


def test_a_closed_ticket_takes_a_message_and_stays_closed(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    agent = Caller(user=house.desk.store.directory.agents[AGENT].as_user())
    move_ticket(house.desk.ports, Target(ticket_id=ticket_id), Status.CLOSED, agent)
    write(house, ticket_id, "Again")
    ticket = house.get(f"/api/intake/status/{ticket_id}").json

    assert ("CLOSED", "Again") == (ticket["status"], ticket["messages"][0]["body"])


def test_the_twenty_first_message_within_an_hour_is_refused(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    for _ in range(20):
        write(house, ticket_id, "Hello")
    answer = write(house, ticket_id, "Hello")

    assert (429, "3600", {"error": "Too many messages. Try again in 3600 seconds."}) == (
        answer.status_code,
        answer.headers["Retry-After"],
        answer.json,
    )


def test_each_ticket_is_counted_apart(house: House) -> None:
    first, second = (house.submitted(person="customer") for _ in range(2))
    for _ in range(20):
        write(house, first, "Hello")

    assert 201 == write(house, second, "Hello").status_code


def test_the_text_is_judged_before_the_limit(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    for _ in range(20):
        write(house, ticket_id, "Hello")

    assert {"error": "Message is required"} == write(house, ticket_id, "").json
