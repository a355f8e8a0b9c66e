"""GET /api/intake/status/{id}, asked again and again: what has not changed costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import attrs
import pytest

from helpdesk_core.people import Caller
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, move_ticket, update_ticket
from helpdesk_core.visibility import Exposure
from tests.http.conftest import PEOPLE, House

if TYPE_CHECKING:
    from collections.abc import Callable

    from falcon.testing import Result

    from helpdesk_core.messages import Message
    from helpdesk_core.ports import UnitOfWork

AGENT = Caller(user=PEOPLE["agent"])


def status(house: House, ticket_id: str, query: str = "", **headers: str) -> Result:
    return house.get(f"/api/intake/status/{ticket_id}{query}", **headers)


def messages(house: House, ticket_id: str, after: str) -> list[dict[str, str]]:
    """Those that are shown after one."""
    shown: list[dict[str, str]] = status(house, ticket_id, f"?after={after}").json["messages"]
    return shown


def tag(house: House, ticket_id: str, **headers: str) -> str:
    return status(house, ticket_id, **headers).headers["ETag"]


def say(house: House, ticket_id: str, text: str = "Hello") -> str:
    """The id of what the customer said."""
    path = f"/api/intake/status/{ticket_id}/messages"
    message_id: str = house.post(path, {"body": text}, person="customer").json["message"]["id"]
    return message_id


def reply(house: House, ticket_id: str) -> None:
    raw = RawUpdate(message="We are at it")
    _ = update_ticket(house.desk.ports, Target(ticket_id=ticket_id), raw, AGENT)


def close(house: House, ticket_id: str) -> None:
    _ = move_ticket(house.desk.ports, Target(ticket_id=ticket_id), Status.CLOSED, AGENT)


def rename(house: House, _ticket_id: str) -> None:
    """The department is called otherwise."""
    directory = house.desk.store.directory
    departments = {
        each.id: attrs.evolve(each, name=f"{each.name}!") for each in directory.departments.values()
    }
    with house.desk.ports.begin() as uow:
        uow.save_directory(
            attrs.evolve(directory, version=directory.version + 1, departments=departments)
        )
        uow.commit()


def guard(house: House, _ticket_id: str) -> None:
    house.rebuild(exposure=Exposure.GUARDED)


def nothing(_house: House, _ticket_id: str) -> None:
    pass


def without_messages(house: House) -> None:
    """From now on whoever reads a message fails."""
    begin = house.desk.ports.begin

    def begun() -> UnitOfWork:
        uow = begin()
        uow.messages = refused  # type: ignore[method-assign,assignment]
        return uow

    def refused(_ticket_id: UUID) -> tuple[Message, ...]:
        raise AssertionError("messages were read")

    house.rebuild(begin=begun)
    house.has_odd_stores = False


def test_what_has_not_changed_is_not_sent_again(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    held = tag(house, ticket_id)
    again = status(house, ticket_id, if_none_match=held)

    assert (304, b"", held) == (again.status_code, again.content, again.headers["ETag"])


def test_nothing_that_was_said_is_read_for_that(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    held = tag(house, ticket_id)
    without_messages(house)

    assert 304 == status(house, ticket_id, if_none_match=held).status_code


@pytest.mark.parametrize("happens", [reply, close, rename, guard, say], ids=lambda it: it.__name__)
def test_whatever_changes_what_is_shown_changes_the_tag(
    house: House, happens: Callable[[House, str], object]
) -> None:
    ticket_id = house.submitted(person="customer")
    held = tag(house, ticket_id)
    happens(house, ticket_id)
    again = status(house, ticket_id, if_none_match=held)

    assert (200, True) == (again.status_code, held != again.headers["ETag"])


def test_the_tag_is_the_viewers(house: House) -> None:
    ticket_id = house.submitted(person="customer")

    assert 3 == len({tag(house, ticket_id, person=it) for it in ("", "customer", "stranger")})


def test_the_tag_is_no_other_tickets(house: House) -> None:
    first, second = house.submitted(), house.submitted()

    assert tag(house, first) != tag(house, second)


def test_a_caches_key_is_the_cookie(house: House) -> None:
    ticket_id = house.submitted()
    held = tag(house, ticket_id)
    answers = (status(house, ticket_id), status(house, ticket_id, if_none_match=held))

    assert [("Cookie", "no-store")] * 2 == [
        (answer.headers["Vary"], answer.headers["Cache-Control"]) for answer in answers
    ]


def test_only_later_messages_are_sent_after_one(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    first, second, third = (say(house, ticket_id, text) for text in "abc")
    told = {
        after: [said["body"] for said in messages(house, ticket_id, after)]
        for after in (first, second, third, third.upper())
    }

    assert {first: ["b", "c"], second: ["c"], third: [], third.upper(): []} == told


@pytest.mark.parametrize("after", ["00000000-0000-0000-0000-000000000077", "", "%20"])
def test_all_are_sent_after_one_that_is_none_of_them(house: House, after: str) -> None:
    ticket_id = house.submitted(person="customer")
    said = say(house, ticket_id)

    assert [said] == [message["id"] for message in messages(house, ticket_id, after)]


def test_a_note_among_staff_is_no_message_to_read_on_after(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    said = say(house, ticket_id)
    raw = RawUpdate(message="Careful", is_internal=True)
    note = update_ticket(house.desk.ports, Target(ticket_id=ticket_id), raw, AGENT).message

    assert [said] == [message["id"] for message in messages(house, ticket_id, str(note.id))]


@pytest.mark.parametrize("after", ["x", "1", "%00", "a" * 100, f"{UUID(int=1)}x", "%C3%A9"])
def test_after_what_is_no_id_nothing_is_sent(house: House, after: str) -> None:
    answer = status(house, house.submitted(), f"?after={after}")

    assert (400, {"error": "after must be the id of a message"}) == (
        answer.status_code,
        answer.json,
    )


def test_after_two_messages_nothing_is_sent(house: House) -> None:
    answer = status(house, house.submitted(), f"?after={UUID(int=1)}&after={UUID(int=2)}")

    assert 400 == answer.status_code


def test_one_tag_serves_whichever_messages_are_asked_for(house: House) -> None:
    ticket_id = house.submitted(person="customer")
    said = say(house, ticket_id)
    held = tag(house, ticket_id)

    assert 304 == status(house, ticket_id, f"?after={said}", if_none_match=held).status_code


def test_an_unknown_ticket_has_no_tag(house: House) -> None:
    answer = status(house, str(UUID(int=77)), if_none_match="*")

    assert (404, None) == (answer.status_code, answer.headers.get("ETag"))
