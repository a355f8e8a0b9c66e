"""Staff write on a ticket: to the customer or among themselves, and change its status with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from helpdesk_core.errors import (
    HelpdeskError,
    Invalid,
    InvalidTransition,
    NotAsExpected,
    NotFound,
)
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_ticket,
    an_attachment,
    an_event,
    an_id,
    staff,
)
from helpdesk_core.testing.strategies import JsonValue
from helpdesk_core.tickets import TRANSITIONS, Event, Status, Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, Updated, move_ticket, update_ticket
from helpdesk_memory import MemoryDesk

STAFF: Final = staff()
LATER: Final = NOW + timedelta(hours=1)
NUMBER: Final = a_case().number
MINE: Final = an_attachment(6000)
OTHERS: Final = an_attachment(6001)


@pytest.fixture(autouse=True)
def case(desk: MemoryDesk) -> None:
    """A case with a file is stored, an hour ago, and an intake ticket with another file."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(1000), attachment=MINE))
        uow.save(a_change(a_ticket(1001), attachment=OTHERS))
        uow.commit()
    desk.clock.set(LATER)


def update(desk: MemoryDesk, message: object = "Hello", **fields: object) -> Updated:
    raw = RawUpdate(message=message, **fields)
    return update_ticket(desk.ports, Target(number=NUMBER), raw, STAFF)


def stored(desk: MemoryDesk) -> Ticket:
    with desk.ports.begin() as uow:
        ticket = uow.ticket_by_number(NUMBER)
    assert ticket is not None
    return ticket


def happened(desk: MemoryDesk) -> tuple[Event, ...]:
    """What happened since the case was opened."""
    with desk.ports.begin() as uow:
        return uow.history(an_id(1000))[1:]


def put_at(desk: MemoryDesk, status: Status | None) -> None:
    """Let the case stand at the status, in version 2."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(version=2, status=status), an_event(status=status)))
        uow.commit()


def refused(act: Callable[[], object]) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as refusal:
        _ = act()
    return refusal.value


def test_an_update_is_public_unless_it_is_said(desk: MemoryDesk) -> None:
    answer = update(desk, " On my way ")
    with desk.ports.begin() as uow:
        messages = uow.messages(an_id(1000))

    assert ((answer.message,), "On my way", False, ["agent_replied"], LATER) == (
        messages,
        answer.message.body,
        answer.message.is_internal,
        [event.kind.value for event in happened(desk)],
        stored(desk).first_agent_reply_at,
    )


def test_an_internal_update_is_no_reply(desk: MemoryDesk) -> None:
    answer = update(desk, is_internal=True)

    assert (True, ["noted"], None) == (
        answer.message.is_internal,
        [event.kind.value for event in happened(desk)],
        stored(desk).first_agent_reply_at,
    )


def test_a_status_changes_in_the_same_change(desk: MemoryDesk) -> None:
    answer = update(desk, status_change="IN_PROGRESS")

    assert (stored(desk), 2, ["agent_replied", "started"], ["OPEN", "IN_PROGRESS"]) == (
        answer.ticket,
        answer.ticket.version,
        [event.kind.value for event in happened(desk)],
        [event.status.value for event in happened(desk) if event.status],
    )


@pytest.mark.parametrize("status", Status)
def test_the_status_that_a_case_has_already_is_no_move(desk: MemoryDesk, status: Status) -> None:
    put_at(desk, status)
    answer = update(desk, status_change=status.value)

    assert (status, 3, ["agent_replied"]) == (
        answer.ticket.status,
        answer.ticket.version,
        [event.kind.value for event in happened(desk)[1:]],
    )


@pytest.mark.parametrize("held", Status)
@pytest.mark.parametrize("to", Status)
def test_a_status_changes_as_the_table_allows_or_nothing_is_said(
    desk: MemoryDesk, held: Status, to: Status
) -> None:
    put_at(desk, held)
    if to is held or to in TRANSITIONS[held]:
        assert to is update(desk, status_change=to.value).ticket.status
        return

    refusal = refused(lambda: update(desk, status_change=to.value))
    assert (InvalidTransition, 2) == (type(refusal), stored(desk).version)


def test_a_rejection_in_public_gives_its_words_as_the_reason(desk: MemoryDesk) -> None:
    _ = update(desk, "Out of scope", status_change="REJECTED")

    assert "Out of scope" == stored(desk).rejection_reason


def test_a_rejection_among_staff_gives_the_customer_no_reason(desk: MemoryDesk) -> None:
    _ = update(desk, "A fraud", is_internal=True, status_change="REJECTED")

    assert (Status.REJECTED, None) == (stored(desk).status, stored(desk).rejection_reason)


def test_other_moves_do_not_keep_the_words_as_a_reason(desk: MemoryDesk) -> None:
    _ = update(desk, "Done", status_change="RESOLVED")

    assert {} == happened(desk)[-1].details


def test_an_update_names_files_of_its_ticket(desk: MemoryDesk) -> None:
    assert (MINE.id,) == update(desk, attachments=[str(MINE.id)]).message.attachment_ids


@pytest.mark.parametrize("named", [OTHERS.id, an_id(6002)])
def test_a_file_of_another_ticket_is_as_unknown_as_one_of_none(
    desk: MemoryDesk, named: object
) -> None:
    refusal = refused(lambda: update(desk, attachments=[str(MINE.id), str(named)]))

    assert (
        Invalid,
        "Attachments must be files of this ticket",
        {"attachments": "unknown"},
        a_case_ticket(),
    ) == (type(refusal), refusal.message, refusal.details, stored(desk))


@pytest.mark.parametrize(
    "attachments",
    [
        "",
        str(MINE.id),
        {},
        7,
        True,
        [None],
        [7],
        ["https://example.com/a.png"],
        ["data:text/plain;base64,YQ=="],
        [{"id": str(MINE.id)}],
        [[str(MINE.id)]],
        [MINE.id.hex],
        [str(MINE.id), str(MINE.id)],
        [str(an_id(number)) for number in range(7000, 7021)],
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_files_are_named_by_their_ids_and_in_no_other_way(
    desk: MemoryDesk, attachments: JsonValue
) -> None:
    refusal = refused(lambda: update(desk, attachments=attachments))

    assert {"attachments": "Attachments must be a list of ids, each once, 20 or fewer"} == (
        refusal.details
    )


@pytest.mark.parametrize("attachments", [None, []])
def test_an_update_may_name_no_file(desk: MemoryDesk, attachments: JsonValue) -> None:
    assert () == update(desk, attachments=attachments).message.attachment_ids


@pytest.mark.parametrize("flag", ["false", "true", 0, 1, "", [], {}, 1.0])
def test_internal_is_a_boolean_and_nothing_that_looks_like_one(
    desk: MemoryDesk, flag: JsonValue
) -> None:
    """A `"false"` must never publish, nor a `"true"`."""
    refusal = refused(lambda: update(desk, is_internal=flag))

    assert {"isInternal": "isInternal must be true or false"} == refusal.details


def test_every_fault_of_an_update_is_told_at_once(desk: MemoryDesk) -> None:
    refusal = refused(
        lambda: update(desk, " ", is_internal=1, status_change="open", attachments="x")
    )

    words = "OPEN, IN_PROGRESS, WAITING, RESOLVED, CLOSED, REJECTED, CANCELLED"
    assert (
        "Validation failed",
        {
            "message": "Message is required",
            "isInternal": "isInternal must be true or false",
            "statusChange": f"Status change must be one of {words}",
            "attachments": "Attachments must be a list of ids, each once, 20 or fewer",
        },
        a_case_ticket(),
    ) == (refusal.message, refusal.details, stored(desk))


def test_staff_may_write_20000_characters(desk: MemoryDesk) -> None:
    assert 20_000 == len(update(desk, "x" * 20_000).message.body)
    assert {"message": "Message must be 20000 characters or fewer"} == (
        refused(lambda: update(desk, "x" * 20_001)).details
    )


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_ticket_in_another_version_than_was_seen_is_left_alone(
    desk: MemoryDesk, version: int
) -> None:
    target = Target(number=NUMBER, version=version)
    said = refused(lambda: update_ticket(desk.ports, target, RawUpdate(message="Hello"), STAFF))
    moved = refused(lambda: move_ticket(desk.ports, target, Status.RESOLVED, STAFF))

    assert [NotAsExpected, NotAsExpected] == [type(said), type(moved)]
    assert a_case_ticket() == stored(desk)


def test_each_update_makes_one_version_and_the_one_seen_is_good_once(desk: MemoryDesk) -> None:
    seen = Target(number=NUMBER, version=1)
    hello = RawUpdate(message="Hello", status_change="IN_PROGRESS")
    first = update_ticket(desk.ports, seen, hello, STAFF)

    assert 2 == first.ticket.version
    assert NotAsExpected is type(refused(lambda: update_ticket(desk.ports, seen, hello, STAFF)))


def test_an_unknown_ticket_is_not_found_whatever_version_was_seen(desk: MemoryDesk) -> None:
    target = Target(number="CW-2026-9999999999", version=1)

    assert NotFound is type(
        refused(lambda: update_ticket(desk.ports, target, RawUpdate(message="Hello"), STAFF))
    )


def test_a_case_is_also_found_by_its_id_and_an_intake_ticket_by_no_number(
    desk: MemoryDesk,
) -> None:
    by_id = Target(ticket_id=str(an_id(1000)))
    by_number = Target(number=str(an_id(1001)))
    hello = RawUpdate(message="Hello")

    assert an_id(1000) == update_ticket(desk.ports, by_id, hello, STAFF).ticket.id
    assert NotFound is type(refused(lambda: update_ticket(desk.ports, by_number, hello, STAFF)))
