"""What is asked for twice under one key is done once and answered alike."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import attrs
import pytest

from helpdesk_core.errors import HelpdeskError, Invalid, KeyReused, NotFound
from helpdesk_core.notices import Notice
from helpdesk_core.ports import Courier, MailOutcome, MailStatus, Ports
from helpdesk_core.replies import KEPT, Answer, RequestKey, is_key
from helpdesk_core.testing.builders import a_directory, a_raw_case, a_raw_intake
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.testing.races import at_once
from helpdesk_core.tickets import Change, Ticket
from helpdesk_core.use_cases.cases import RawKey, escalate_case, submit_case
from helpdesk_core.use_cases.intake import Submitted, submit_ticket, submitted_so_far
from helpdesk_core.use_cases.once import KeyedRequest, OnceOnly
from helpdesk_memory import MemoryDesk

KEY: Final = RequestKey("192.0.2.1", "a key")
REQUEST: Final = KeyedRequest(key=KEY, fingerprint=b"\x01" * 32)
ANOTHER: Final = KeyedRequest(key=KEY, fingerprint=b"\x02" * 32)
A_MOMENT: Final = timedelta(microseconds=1)


@pytest.fixture
def once_only(desk: MemoryDesk) -> OnceOnly:
    return OnceOnly(desk.ports)


def written(change: Change) -> Answer:
    return answer_about(change.ticket)


def answer_about(ticket: Ticket) -> Answer:
    return Answer(status=201, headers={"etag": str(ticket.version)}, body=ticket.id.bytes)


def open_a_case(ports: Ports) -> Answer:
    return answer_about(submit_case(ports, a_raw_case()))


def cases(desk: MemoryDesk) -> int:
    return len(desk.store.tickets)


def outcome(act: Callable[[], object]) -> object:
    """What was answered, or the kind of the refusal."""
    try:
        return act()
    except HelpdeskError as refusal:
        return type(refusal)


def test_a_request_that_comes_again_is_answered_alike_and_done_once(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    first, again = (once_only(REQUEST, open_a_case, written) for _ in range(2))

    assert (first, 1) == (again, cases(desk))


def test_another_desk_over_the_same_store_answers_alike(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    """As after a restart, or from another process."""
    first = once_only(REQUEST, open_a_case, written)

    assert first == OnceOnly(desk.ports)(REQUEST, open_a_case, written)


def test_the_key_of_another_request_is_refused(desk: MemoryDesk, once_only: OnceOnly) -> None:
    _ = once_only(REQUEST, open_a_case, written)
    refusal = outcome(lambda: once_only(ANOTHER, open_a_case, written))

    assert (KeyReused, 1) == (refusal, cases(desk))


@pytest.mark.parametrize(
    "key", [RequestKey("192.0.2.2", "a key"), RequestKey("192.0.2.1", "A key")]
)
def test_the_same_text_from_another_caller_is_another_key(
    desk: MemoryDesk, once_only: OnceOnly, key: RequestKey
) -> None:
    _ = once_only(REQUEST, open_a_case, written)
    _ = once_only(KeyedRequest(key=key, fingerprint=bytes(32)), open_a_case, written)

    assert 2 == cases(desk)


def test_what_was_refused_is_not_kept_and_may_be_sent_again(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    def refuse(ports: Ports) -> Answer:
        return answer_about(submit_case(ports, a_raw_case(subject="")))

    refusal = outcome(lambda: once_only(REQUEST, refuse, written))
    _ = once_only(ANOTHER, open_a_case, written)

    assert (Invalid, 1) == (refusal, cases(desk))


def test_an_answer_is_kept_for_a_day(desk: MemoryDesk, once_only: OnceOnly) -> None:
    first = once_only(REQUEST, open_a_case, written)
    desk.clock.set(desk.clock() + KEPT - A_MOMENT)
    still = once_only(REQUEST, open_a_case, written)
    desk.clock.set(desk.clock() + A_MOMENT)
    later = once_only(REQUEST, open_a_case, written)

    assert (True, False, 2) == (first == still, first == later, cases(desk))


def test_after_a_day_the_key_may_serve_another_request(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    _ = once_only(REQUEST, open_a_case, written)
    _ = desk.clock.advance(days=1)
    _ = once_only(ANOTHER, open_a_case, written)

    assert 2 == cases(desk)


def test_old_answers_are_forgotten_when_new_ones_are_kept(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    for number in range(9):
        request = KeyedRequest(key=RequestKey("a", str(number)), fingerprint=bytes(32))
        _ = once_only(request, open_a_case, written)
        _ = desk.clock.advance(hours=12)

    assert len(desk.store.replies) <= 3


def test_fifty_at_once_make_one_ticket_and_get_equal_answers(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    answers = at_once([partial(once_only, REQUEST, open_a_case, written)] * 50)

    assert (1, 50) == (cases(desk), answers.count(answers[0]))


def test_fifty_at_once_in_as_many_processes_make_one_ticket_and_get_equal_answers(
    desk: MemoryDesk,
) -> None:
    answers = at_once(
        [partial(OnceOnly(desk.ports), REQUEST, open_a_case, written) for _ in range(50)]
    )

    assert (1, 50) == (cases(desk), answers.count(answers[0]))


def test_an_exception_while_the_answer_is_written_undoes_the_change(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    def fail(change: Change) -> Answer:
        raise ZeroDivisionError(change.ticket.id)

    with pytest.raises(ZeroDivisionError):
        _ = once_only(REQUEST, open_a_case, fail)
    _ = once_only(REQUEST, open_a_case, written)

    assert 1 == cases(desk)


def test_an_exception_after_the_change_leaves_the_answer_as_it_was_written(
    desk: MemoryDesk, once_only: OnceOnly
) -> None:
    """As a crash would: who asks again is told what was kept."""

    def fail_late(ports: Ports) -> Answer:
        _ = open_a_case(ports)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _ = once_only(REQUEST, fail_late, written)
    (ticket,) = desk.store.tickets.values()

    assert answer_about(ticket) == once_only(REQUEST, open_a_case, written)


def test_an_act_that_changes_nothing_is_answered_alike(once_only: OnceOnly) -> None:
    """An assignment to whoever has the ticket already, or a reading."""
    said = iter([b"one", b"two"])

    def read(_: Ports) -> Answer:
        return Answer(status=200, headers={}, body=next(said))

    first, again = (once_only(REQUEST, read, None) for _ in range(2))

    assert (b"one", b"one") == (first.body, again.body)


def test_a_miss_is_not_kept(once_only: OnceOnly) -> None:
    def escalate(ports: Ports) -> Answer:
        return answer_about(escalate_case(ports, RawKey(case_number="CW-2026-1"), "Hurry"))

    outcomes = [outcome(lambda: once_only(REQUEST, escalate, written)) for _ in range(2)]

    assert [NotFound, NotFound] == outcomes


@attrs.frozen
class Sent(Courier):
    """A courier whose mails are all sent at once."""

    def outcome(self, notice: Notice) -> MailOutcome:  # the port's
        """Sent."""
        return MailOutcome(status=MailStatus.SENT)


def test_what_becomes_known_of_the_mail_is_what_is_kept(desk: MemoryDesk) -> None:
    ports = attrs.evolve(desk.ports, courier=Sent())
    raw = a_raw_intake(a_directory(), user_id=str(ACTIVE_AGENT))

    def submit(given: Ports) -> Answer:
        return _answer_of(submit_ticket(given, raw))

    def write(change: Change) -> Answer:
        return _answer_of(submitted_so_far(change))

    first, again = (OnceOnly(ports)(REQUEST, submit, write) for _ in range(2))

    assert (b"sent", b"sent", 1) == (first.body, again.body, cases(desk))


def test_a_crash_before_the_mail_is_known_of_leaves_it_queued(desk: MemoryDesk) -> None:
    raw = a_raw_intake(a_directory(), user_id=str(ACTIVE_AGENT))

    def crash(given: Ports) -> Answer:
        _ = submit_ticket(given, raw)
        raise ZeroDivisionError

    def write(change: Change) -> Answer:
        return _answer_of(submitted_so_far(change))

    with pytest.raises(ZeroDivisionError):
        _ = OnceOnly(desk.ports)(REQUEST, crash, write)

    assert b"skipped" == OnceOnly(desk.ports)(REQUEST, crash, write).body


@pytest.mark.parametrize("text", ["a", "~" * 255, "8e03978e-40d5-43dd-bc93-6894a57f9324", " a"])
def test_a_key_is_1_to_255_printable_ascii_characters(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize(
    "text", ["", "~" * 256, "\u00e9", "a\n", "\0", "\x7f", "\ud800"], ids=ascii
)
def test_anything_else_is_no_key(text: str) -> None:
    assert not is_key(text)


def _answer_of(submitted: Submitted) -> Answer:
    word = submitted.mail.status.value if submitted.mail else ""
    return Answer(status=201, headers={}, body=word.encode())
