"""How much the intake door shows, in both exposures: its status, its look-up and its chat."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import attrs
import pytest

from helpdesk_core.people import Caller, Role, User
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, update_ticket
from helpdesk_core.visibility import Exposure
from tests.http.conftest import PEOPLE, House, uuid_of
from tests.http.test_status import logged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from helpdesk_core.ports import UnitOfWork
    from helpdesk_core.tickets import Ticket

    Search = Callable[..., tuple[Ticket, ...]]

AGENT = Caller(user=PEOPLE["agent"])
VIEWERS = ("", "customer", "stranger", "agent")
CONCERNED = {"customer", "agent"}
ADDRESSES = ("cora@example.com", "sandy.rachman@example.com")


@pytest.fixture
def guarded(house: House) -> House:
    """The same house with its intake door guarded."""
    house.rebuild(exposure=Exposure.GUARDED)
    return house


def discussed(house: House) -> str:
    """The id of the customer's ticket on which an agent and the customer spoke."""
    ticket_id = house.submitted(person="customer")
    raw = RawUpdate(message="We are at it")
    _ = update_ticket(house.desk.ports, Target(ticket_id=ticket_id), raw, AGENT)
    house.post(f"/api/intake/status/{ticket_id}/messages", {"body": "Good"}, person="customer")
    return ticket_id


def addresses(house: House, ticket_id: str, person: str) -> set[str | None]:
    """What is shown where an address may be."""
    shown = house.get(f"/api/intake/status/{ticket_id}", person=person).json
    return {
        shown["submittedByEmail"],
        *(message["authorEmail"] for message in shown["messages"]),
    }


def look_up(house: House, query: str, person: str = "") -> list[str]:
    path = f"/api/intake/lookup?q={quote(query, safe='')}"
    return [found["id"] for found in house.get(path, person=person).json["tickets"]]


@pytest.mark.parametrize("person", VIEWERS)
def test_by_the_contract_everybody_is_shown_the_addresses(house: House, person: str) -> None:
    assert set(ADDRESSES) == addresses(house, discussed(house), person)


@pytest.mark.parametrize("person", VIEWERS)
def test_guarded_they_are_for_the_submitter_and_staff(guarded: House, person: str) -> None:
    expected = set(ADDRESSES) if person in CONCERNED else {None}

    assert expected == addresses(guarded, discussed(guarded), person)


@pytest.mark.parametrize("person", VIEWERS)
def test_guarded_an_anonymous_tickets_address_is_for_staff(guarded: House, person: str) -> None:
    expected = {"sandy@example.com"} if person == "agent" else {None}

    assert expected == addresses(guarded, guarded.submitted(), person)


@pytest.mark.parametrize("person", VIEWERS)
def test_guarded_a_status_has_every_field_it_had(guarded: House, person: str) -> None:
    ticket_id = discussed(guarded)
    before = _kinds(guarded.get(f"/api/intake/status/{ticket_id}", person="agent").json)

    assert before == _kinds(guarded.get(f"/api/intake/status/{ticket_id}", person=person).json)


def _kinds(shown: Mapping[str, object]) -> list[str]:
    return list(shown)


@pytest.mark.parametrize("person", VIEWERS)
def test_by_the_contract_logged_work_is_there_for_everybody(house: House, person: str) -> None:
    ticket_id = logged(house)
    written = house.post(
        f"/api/intake/status/{ticket_id}/messages", {"body": "Hello"}, person=person
    )

    assert (200, 400 if person else 401, [ticket_id]) == (
        house.get(f"/api/intake/status/{ticket_id}", person=person).status_code,
        written.status_code,
        look_up(house, ticket_id, person),
    )


@pytest.mark.parametrize("person", VIEWERS)
def test_guarded_logged_work_is_there_for_its_agent_and_staff(guarded: House, person: str) -> None:
    ticket_id = logged(guarded)
    is_staff = person == "agent"
    written = guarded.post(
        f"/api/intake/status/{ticket_id}/messages", {"body": "Hello"}, person=person
    )
    refused = 401 if not person else 400 if is_staff else 404

    assert (200 if is_staff else 404, refused, [ticket_id] if is_staff else []) == (
        guarded.get(f"/api/intake/status/{ticket_id}", person=person).status_code,
        written.status_code,
        look_up(guarded, ticket_id, person),
    )


def test_guarded_a_hidden_ticket_is_refused_as_one_that_is_not_there(guarded: House) -> None:
    ticket_id, unknown = logged(guarded), "00000000-0000-0000-0000-000000000077"
    answers = [guarded.get(f"/api/intake/status/{it}") for it in (ticket_id, unknown)]

    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("person", VIEWERS)
@pytest.mark.parametrize("query", ["cora@example.com", "CORA@EXAMPLE.COM", "Cora Customer"])
def test_by_the_contract_everybody_finds_by_address_and_by_name(
    house: House, person: str, query: str
) -> None:
    ticket_id = house.submitted(person="customer")

    assert [ticket_id] == look_up(house, query, person)


@pytest.mark.parametrize("person", VIEWERS)
@pytest.mark.parametrize("query", ["cora@example.com", " CORA@EXAMPLE.COM", "cora customer "])
def test_guarded_only_the_owner_of_the_address_finds_by_it(
    guarded: House, person: str, query: str
) -> None:
    ticket_id = guarded.submitted(person="customer")

    assert ([ticket_id] if person == "customer" else []) == look_up(guarded, query, person)


def test_guarded_a_name_finds_nobody_elses_ticket(guarded: House) -> None:
    """Two of one name: each finds their own."""
    guarded.submit(createdByName="Cora Customer", createdByEmail="twin@example.com")
    own = guarded.submitted(person="customer")

    assert [own] == look_up(guarded, "Cora Customer", "customer")


@pytest.mark.parametrize("person", VIEWERS)
def test_guarded_an_id_finds_its_ticket_for_everybody(guarded: House, person: str) -> None:
    ticket_id = guarded.submitted(person="customer")

    assert [ticket_id] == look_up(guarded, ticket_id, person)


@pytest.mark.parametrize("person", ["", "stranger"])
@pytest.mark.parametrize("known", ["cora@example.com", "Cora Customer"])
@pytest.mark.parametrize("unknown", ["none@example.com", "Nobody Else"])
def test_guarded_the_store_is_asked_the_same_of_known_and_unknown(
    guarded: House, person: str, known: str, unknown: str
) -> None:
    """So that neither the answer nor its haste tells one from the other."""
    guarded.submit(person="customer")
    asked = _questions(guarded)
    answers = []
    for query in (known, unknown):
        asked.clear()
        answers.append((look_up(guarded, query, person), _about_others(asked)))

    assert answers[0] == answers[1] == ([], [])


def _questions(house: House) -> list[tuple[str, str]]:
    """What the store is asked by address or name from now on."""
    asked: list[tuple[str, str]] = []
    begin = house.desk.ports.begin

    def begun() -> UnitOfWork:
        uow = begin()
        for name in ("tickets_by_email", "tickets_by_name"):
            setattr(uow, name, _noted(asked, name, getattr(uow, name)))
        return uow

    house.rebuild(begin=begun, exposure=Exposure.GUARDED)
    return asked


def _noted(asked: list[tuple[str, str]], name: str, method: Search) -> Search:
    def noted(value: str, *, limit: int) -> tuple[Ticket, ...]:
        asked.append((name, value))
        return method(value, limit=limit)

    return noted


def _about_others(asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [it for it in asked if it != ("tickets_by_email", "otto@example.com")]


def test_guarded_an_agents_own_address_finds_what_they_logged(guarded: House) -> None:
    ticket_id = logged(guarded)

    assert [ticket_id] == look_up(guarded, "sandy.rachman@example.com", "agent")


def test_guarded_a_customer_of_that_address_does_not(guarded: House) -> None:
    """Who is not the agent may still have come to own the address."""
    _ = logged(guarded)
    heir = User(id=uuid_of("f"), name="Heir", email="sandy.rachman@example.com", role=Role.CUSTOMER)
    ports = attrs.evolve(guarded.desk.ports, exposure=Exposure.GUARDED)
    guarded.open(ports=ports, identify=lambda _: heir)

    assert [] == look_up(guarded, "sandy.rachman@example.com")
