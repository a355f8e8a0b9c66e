"""Nobody's mailbox or telephone bill is at a stranger's mercy."""

from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Ports
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import NOW, a_case_ticket, a_notice, a_ticket, an_id
from helpdesk_core.tickets import EventKind, Ticket
from helpdesk_core.use_cases.budgets import within_budget
from helpdesk_memory import MemoryDesk

STRANGERS: Final = a_case_ticket()


def confirmation(**fields: Any) -> Notice:  # noqa: ANN401  # any field of the record
    """The mail that tells a customer of a new case."""
    told = {"audience": Audience.CUSTOMER, "kind": EventKind.SUBMITTED}
    return a_notice(1, **{**told, "recipient": "ana@example.com", **fields})


def texted(number: int = 1000, recipient: str = "+491234567") -> Notice:
    """An SMS to staff about a ticket of that number."""
    sms = {"audience": Audience.STAFF, "channel": Channel.SMS, "kind": EventKind.ESCALATED}
    return a_notice(1, ticket_id=an_id(number), recipient=recipient, **sms)


def sent(desk: MemoryDesk, notice: Notice, ticket: Ticket = STRANGERS) -> bool:
    """Whether the notice is sent as it is."""
    return within_budget((notice,), ticket, desk.ports.limiter) == (notice,)


def digested(desk: MemoryDesk, notice: Notice) -> list[str | None]:
    """Of each SMS that is sent, whether it says that there is more."""
    kept = within_budget((notice,), STRANGERS, desk.ports.limiter)
    return [each.facts.get("digest") for each in kept]


def test_an_address_gets_three_confirmations_an_hour(desk: MemoryDesk) -> None:
    assert [True, True, True, False] == [sent(desk, confirmation()) for _ in range(4)]


def test_an_address_is_one_whatever_its_case(desk: MemoryDesk) -> None:
    spelled = ["ana@example.com", "Ana@example.com", "ANA@EXAMPLE.COM", "ana@Example.com"]

    assert [True, True, True, False] == [
        sent(desk, confirmation(recipient=each)) for each in spelled
    ]


def test_each_address_has_a_budget_of_its_own(desk: MemoryDesk) -> None:
    assert all(sent(desk, confirmation(recipient=f"{n}@example.com")) for n in range(20))


def test_an_hour_later_an_address_is_confirmed_again_but_ten_times_a_day(desk: MemoryDesk) -> None:
    confirmed = 0
    while desk.clock() < NOW + timedelta(hours=23):
        confirmed += sent(desk, confirmation())
        _ = desk.clock.advance(minutes=10)

    assert 10 == confirmed


@pytest.mark.parametrize("kind", [EventKind.ESCALATED, EventKind.CANCELLED])
def test_what_anybody_may_do_to_a_case_is_mailed_ten_times_a_day(
    desk: MemoryDesk, kind: EventKind
) -> None:
    assert [True] * 10 + [False] * 2 == [sent(desk, confirmation(kind=kind)) for _ in range(12)]


@pytest.mark.parametrize("kind", [EventKind.AGENT_REPLIED, EventKind.RESOLVED])
def test_what_staff_do_is_always_mailed(desk: MemoryDesk, kind: EventKind) -> None:
    assert all(sent(desk, confirmation(kind=kind)) for _ in range(20))


def test_staff_and_signed_in_submitters_are_always_mailed(desk: MemoryDesk) -> None:
    signed_in = a_ticket(submitted_by=an_id(7))

    assert all(sent(desk, confirmation(audience=Audience.STAFF)) for _ in range(20))
    assert all(sent(desk, confirmation(), signed_in) for _ in range(20))


def test_the_typed_address_of_a_case_is_capped_although_somebody_is_signed_in(
    desk: MemoryDesk,
) -> None:
    signed_in = a_case_ticket(submitted_by=an_id(7))

    assert 3 == sum(sent(desk, confirmation(), signed_in) for _ in range(20))


def test_a_number_is_texted_once_of_a_ticket_then_told_once_that_there_is_more(
    desk: MemoryDesk,
) -> None:
    assert [[None], ["yes"], [], []] == [digested(desk, texted()) for _ in range(4)]


def test_a_number_is_texted_of_the_ticket_again_after_a_quarter_of_an_hour(
    desk: MemoryDesk,
) -> None:
    _ = digested(desk, texted())
    _ = desk.clock.advance(minutes=15)

    assert [None] == digested(desk, texted())


def test_a_number_is_texted_ten_times_an_hour_then_told_once_that_there_is_more(
    desk: MemoryDesk,
) -> None:
    told = [digested(desk, texted(number)) for number in range(1000, 1013)]

    assert [[None]] * 10 + [["yes"], [], []] == told


def test_a_desk_sends_two_hundred_text_messages_a_day(desk: MemoryDesk) -> None:
    told = [
        digested(desk, texted(number, recipient=f"+49{number:07}")) for number in range(1000, 1202)
    ]

    assert [[None]] * 200 + [["yes"]] * 2 == told


def test_another_digest_follows_in_another_hour(desk: MemoryDesk) -> None:
    numbers = count(1000)
    digests = 0
    while desk.clock() < NOW + timedelta(hours=2):
        digests += digested(desk, texted(next(numbers))) == ["yes"]
        _ = desk.clock.advance(minutes=1)

    assert 2 == digests


def test_what_is_capped_leaves_the_others_in_their_order(desk: MemoryDesk) -> None:
    hook = a_notice(2, audience=Audience.SYSTEMS, channel=Channel.WEBHOOK, recipient="one")
    for _ in range(3):
        assert sent(desk, confirmation())

    assert (hook,) == within_budget((confirmation(), hook), STRANGERS, desk.ports.limiter)


def test_while_nobody_can_count_mails_go_out_and_text_messages_do_not(uncounted: Ports) -> None:
    """A mail lost is worse than one too many; a text message costs."""
    both = (confirmation(), texted())

    assert (confirmation(),) == within_budget(both, STRANGERS, uncounted.limiter)
