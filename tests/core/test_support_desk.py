"""The support desk as its customers use it, without an account: by the number of their case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import attrs
import pytest

from helpdesk_core.case_numbers import RANDOM_BYTES, Numbering
from helpdesk_core.errors import (
    DuplicateId,
    HelpdeskError,
    Invalid,
    InvalidTransition,
    NotFound,
)
from helpdesk_core.people import Caller
from helpdesk_core.ports import CaseRules, Ports
from helpdesk_core.support import SupportCase, Urgency
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_customer,
    a_message,
    a_raw_case,
    an_event,
    an_id,
    staff,
)
from helpdesk_core.testing.strategies import JsonValue
from helpdesk_core.tickets import FINISHED, EventKind, Status, Ticket
from helpdesk_core.use_cases.cases import (
    RawKey,
    cancel_case,
    escalate_case,
    read_case_status,
    submit_case,
)
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, update_ticket
from helpdesk_memory import MemoryDesk

ANA: Final = "ana@example.com"
NUMBER: Final = a_case().number
KEY: Final = RawKey(case_number=NUMBER)
SEQUENTIAL: Final = CaseRules(numbering=Numbering.SEQUENTIAL)

Act = Callable[[Ports, RawKey], object]
ACTS: Final[dict[str, Act]] = {
    "status": read_case_status,
    "escalate": lambda ports, key: escalate_case(ports, key, "Hurry"),
    "cancel": lambda ports, key: cancel_case(ports, key, "Solved"),
}


@pytest.fixture
def case(desk: MemoryDesk) -> Ticket:
    """A case of Ana's is stored, an hour ago."""
    ticket = a_case_ticket()
    with desk.ports.begin() as uow:
        uow.save(a_change(ticket))
        uow.commit()
    _ = desk.clock.advance(hours=1)
    return ticket


@pytest.fixture
def counting(desk: MemoryDesk) -> Ports:
    """The ports of a desk whose cases are counted."""
    return attrs.evolve(desk.ports, cases=SEQUENTIAL)


def stored(desk: MemoryDesk, number: str = NUMBER) -> Ticket:
    with desk.ports.begin() as uow:
        ticket = uow.ticket_by_number(number)
    assert ticket is not None
    return ticket


def case_of(ticket: Ticket) -> SupportCase:
    assert ticket.case is not None
    return ticket.case


def refused(act: Callable[[], object]) -> tuple[type[HelpdeskError], str, dict[str, str]]:
    with pytest.raises(HelpdeskError) as refusal:
        _ = act()
    return type(refusal.value), refusal.value.message, refusal.value.details


def chances(*drawn: bytes) -> Callable[[int], bytes]:
    """A source of chances that gives these for numbers, one after another."""
    rest = iter(drawn)
    return lambda amount: next(rest) if amount == RANDOM_BYTES else bytes(amount)


def put_away(desk: MemoryDesk, status: Status) -> None:
    """Let the case stand at the status."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(version=2, status=status), an_event(status=status)))
        uow.commit()


def test_a_case_is_stored_under_a_number_that_finds_it(desk: MemoryDesk) -> None:
    ticket = submit_case(desk.ports, a_raw_case(urgency="HIGH"))

    assert (ticket, Urgency.HIGH) == (
        stored(desk, case_of(ticket).number),
        case_of(ticket).urgency,
    )


def test_a_signed_in_customer_is_recorded(desk: MemoryDesk) -> None:
    customer = a_customer(5)

    assert customer.id == submit_case(desk.ports, a_raw_case(), Caller(user=customer)).submitted_by


def test_a_number_that_is_taken_is_left_to_its_case(desk: MemoryDesk) -> None:
    """The next one is tried; the customer never learns of it."""
    ports = attrs.evolve(desk.ports, random=chances(bytes(7), bytes(7), b"\xff" * 7))
    first, second = (submit_case(ports, a_raw_case()) for _ in range(2))

    assert ("CW-2026-0000000000", "CW-2026-ZZZZZZZZZZ") == (
        case_of(first).number,
        case_of(second).number,
    )


def test_after_five_taken_numbers_a_case_is_refused(desk: MemoryDesk) -> None:
    ports = attrs.evolve(desk.ports, random=bytes)
    _ = submit_case(ports, a_raw_case())

    assert DuplicateId is refused(lambda: submit_case(ports, a_raw_case()))[0]


def test_numbers_are_of_seven_secret_bytes_and_the_setting_s_prefix(desk: MemoryDesk) -> None:
    asked: list[int] = []

    def random(amount: int) -> bytes:
        asked.append(amount)
        return bytes(amount)

    ports = attrs.evolve(desk.ports, random=random, cases=CaseRules(prefix="HD"))

    assert ("HD-2026-0000000000", [7]) == (
        case_of(submit_case(ports, a_raw_case())).number,
        asked[:1],
    )


def test_the_status_shows_the_public_words_of_staff_and_no_notes(
    desk: MemoryDesk, case: Ticket
) -> None:
    target = Target(ticket_id=case.id)
    _ = update_ticket(desk.ports, target, RawUpdate(message="On my way"), staff())
    _ = update_ticket(desk.ports, target, RawUpdate(message="Hm", is_internal=True), staff())
    seen = read_case_status(desk.ports, KEY)

    assert (case.id, ["On my way"]) == (seen.ticket.id, [it.body for it in seen.updates])


def test_updates_come_oldest_first(desk: MemoryDesk, case: Ticket) -> None:
    for words in ("one", "two", "three"):
        _ = desk.clock.advance(minutes=1)
        _ = update_ticket(desk.ports, Target(ticket_id=case.id), RawUpdate(message=words), staff())

    assert ["one", "two", "three"] == [it.body for it in read_case_status(desk.ports, KEY).updates]


@pytest.mark.parametrize("kind", [EventKind.NOTED, EventKind.ATTACHED, EventKind.ROUTED])
def test_what_goes_on_among_staff_is_no_news(
    desk: MemoryDesk, case: Ticket, kind: EventKind
) -> None:
    with desk.ports.begin() as uow:
        changed = attrs.evolve(case, version=2, last_activity_at=desk.clock())
        note = a_message(is_internal=True, created_at=desk.clock())
        uow.save(a_change(changed, an_event(kind, at=desk.clock()), message=note))
        uow.commit()

    assert NOW == read_case_status(desk.ports, KEY).last_updated


def test_an_escalation_is_news(desk: MemoryDesk, case: Ticket) -> None:
    _ = escalate_case(desk.ports, KEY, "Hurry")

    assert case.submitted_at + timedelta(hours=1) == (
        read_case_status(desk.ports, KEY).last_updated
    )


def test_an_escalation_is_stored_as_it_is_answered(desk: MemoryDesk, case: Ticket) -> None:
    answer = escalate_case(desk.ports, KEY, " Hurry ", "CRITICAL")
    with desk.ports.begin() as uow:
        event = uow.history(case.id)[-1]

    assert (answer, Urgency.CRITICAL, {"from": "MEDIUM", "to": "CRITICAL", "reason": "Hurry"}) == (
        stored(desk),
        case_of(answer).urgency,
        event.details,
    )


def test_a_cancelled_case_keeps_why(desk: MemoryDesk, case: Ticket) -> None:
    answer = cancel_case(desk.ports, KEY, " Solved ")
    with desk.ports.begin() as uow:
        event = uow.history(case.id)[-1]

    assert (answer, Status.CANCELLED, {"reason": "Solved"}) == (
        stored(desk),
        answer.status,
        event.details,
    )


@pytest.mark.parametrize("status", [status for status in Status if status in FINISHED])
@pytest.mark.parametrize("act", ["escalate", "cancel"])
@pytest.mark.usefixtures("case")
def test_a_finished_case_is_neither_escalated_nor_cancelled(
    desk: MemoryDesk, act: str, status: Status
) -> None:
    put_away(desk, status)
    error, _, _ = refused(lambda: ACTS[act](desk.ports, KEY))

    assert (InvalidTransition, 2) == (error, stored(desk).version)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "typed",
    [
        NUMBER.lower(),
        f"  {NUMBER}\n",
        NUMBER.replace("0000001000", "OoOOOOioOO"),
        NUMBER.replace("0000001000", "000000L000"),
    ],
)
@pytest.mark.usefixtures("case")
def test_a_number_is_read_as_people_write_it(desk: MemoryDesk, act: str, typed: str) -> None:
    assert ACTS[act](desk.ports, RawKey(case_number=typed))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("address", [ANA, "ANA@EXAMPLE.COM", " Ana@Example.com\n"])
@pytest.mark.usefixtures("case")
def test_an_address_that_is_sent_is_compared_in_any_case(
    desk: MemoryDesk, act: str, address: str
) -> None:
    assert ACTS[act](desk.ports, RawKey(case_number=NUMBER, email=address))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "address",
    [
        "eve@example.com",
        "ana@example.co",
        "ana@example.com.",
        "ana",
        "\uff41na@example.com",
        "\ud800",
        "ana@example.com\0",
        "x" * 100_000,
    ],
    ids=lambda value: ascii(value)[:40],
)
@pytest.mark.usefixtures("case")
def test_a_wrong_address_answers_like_an_unknown_number(
    desk: MemoryDesk, act: str, address: str
) -> None:
    wrong = RawKey(case_number=NUMBER, email=address)
    unknown = RawKey(case_number="CW-2026-9999999999", email=ANA)

    assert (NotFound, "Case not found", {}) == refused(lambda: ACTS[act](desk.ports, wrong))
    assert (NotFound, "Case not found", {}) == refused(lambda: ACTS[act](desk.ports, unknown))
    assert 1 == stored(desk).version


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "typed", ["CW-2026-1", "x" * 100_000, "\ud800", "\0", str(an_id(1000)), ANA, "Ana"], ids=ascii
)
@pytest.mark.usefixtures("case")
def test_what_is_no_number_is_an_unknown_one(desk: MemoryDesk, act: str, typed: str) -> None:
    key = RawKey(case_number=typed)

    assert (NotFound, "Case not found", {}) == refused(lambda: ACTS[act](desk.ports, key))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("typed", [None, "", " ", 7, True, [NUMBER], {"$ne": 1}])
def test_a_number_is_required(desk: MemoryDesk, act: str, typed: JsonValue) -> None:
    error, _, details = refused(lambda: ACTS[act](desk.ports, RawKey(case_number=typed)))

    assert (Invalid, {"caseNumber": "Case number is required"}) == (error, details)


@pytest.mark.parametrize("typed", [7, True, [ANA], {"$ne": 1}])
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.usefixtures("case")
def test_an_address_that_is_no_text_is_refused(
    desk: MemoryDesk, act: str, typed: JsonValue
) -> None:
    key = RawKey(case_number=NUMBER, email=typed)
    error, _, details = refused(lambda: ACTS[act](desk.ports, key))

    assert (Invalid, {"email": "Email is required"}) == (error, details)


def test_every_fault_of_a_request_is_told_at_once(desk: MemoryDesk) -> None:
    fault = refused(lambda: escalate_case(desk.ports, RawKey(email=7), "", "higher"))

    assert (
        Invalid,
        "Validation failed",
        {
            "caseNumber": "Case number is required",
            "email": "Email is required",
            "reason": "Reason is required",
            "newUrgency": "New urgency must be one of LOW, MEDIUM, HIGH, CRITICAL",
        },
    ) == fault


def test_an_intake_ticket_has_no_number_to_be_opened_by(desk: MemoryDesk) -> None:
    key = RawKey(case_number=str(an_id(1000)), email=ANA)

    assert NotFound is refused(lambda: read_case_status(desk.ports, key))[0]


def test_counted_numbers_begin_at_001_and_go_on(counting: Ports) -> None:
    numbers = [case_of(submit_case(counting, a_raw_case())).number for _ in range(3)]

    assert ["CW-2026-001", "CW-2026-002", "CW-2026-003"] == numbers


def test_the_thousandth_case_of_a_year_has_four_digits(counting: Ports) -> None:
    with counting.begin() as uow:
        for _ in range(999):
            _ = uow.next_number("CW-2026")

    assert "CW-2026-1000" == case_of(submit_case(counting, a_raw_case())).number


def test_at_new_year_numbers_begin_again_and_no_old_one_comes_back(
    desk: MemoryDesk, counting: Ports
) -> None:
    desk.clock.set(NOW.replace(month=12, day=31, hour=23, minute=59, second=59))
    old = [case_of(submit_case(counting, a_raw_case())).number for _ in range(2)]
    _ = desk.clock.advance(minutes=1)
    new = [case_of(submit_case(counting, a_raw_case())).number for _ in range(2)]

    assert ["CW-2026-001", "CW-2026-002", "CW-2027-001", "CW-2027-002"] == [*old, *new]


def test_a_clock_set_back_over_new_year_uses_no_number_twice(
    desk: MemoryDesk, counting: Ports
) -> None:
    first = case_of(submit_case(counting, a_raw_case())).number
    _ = desk.clock.advance(days=365)
    _ = submit_case(counting, a_raw_case())
    _ = desk.clock.advance(days=-365)

    assert ("CW-2026-001", "CW-2026-002") == (
        first,
        case_of(submit_case(counting, a_raw_case())).number,
    )


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("email", [None, "", " ", 7])
def test_counted_numbers_want_the_address_besides(
    counting: Ports, act: str, email: JsonValue
) -> None:
    number = case_of(submit_case(counting, a_raw_case())).number
    key = RawKey(case_number=number, email=email)
    error, _, details = refused(lambda: ACTS[act](counting, key))

    assert (Invalid, {"email": "Email is required"}) == (error, details)


@pytest.mark.parametrize("act", ACTS)
def test_a_counted_number_opens_its_case_with_its_address(counting: Ports, act: str) -> None:
    number = case_of(submit_case(counting, a_raw_case())).number

    assert ACTS[act](counting, RawKey(case_number=number.lower(), email="ANA@example.com"))


@pytest.mark.parametrize("act", ACTS)
def test_a_counted_number_with_another_address_is_unknown(counting: Ports, act: str) -> None:
    number = case_of(submit_case(counting, a_raw_case())).number
    wrong = RawKey(case_number=number, email="eve@example.com")
    unknown = RawKey(case_number="CW-2026-999", email="eve@example.com")

    assert refused(lambda: ACTS[act](counting, unknown)) == refused(
        lambda: ACTS[act](counting, wrong)
    )
