"""What an outbox promises of the order in which somebody is told of a ticket, as tests."""

import time
from datetime import timedelta
from typing import Any, Final

import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Claim, Outbox
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.stores import Store, put

LONG: Final = timedelta(minutes=10)
SHORT: Final = timedelta(milliseconds=20)
ALL: Final = 1000


class LinesKept:
    """Of one ticket, by one channel, to one recipient: one notice after another, by their ids.

    A part of `OutboxContract`, which has the fixtures.
    """

    def test_a_later_notice_waits_while_an_earlier_one_is_delivered(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1), a_notice(2)))

        assert [[1], []] == [_numbers(_claims(outbox)), _numbers(_claims(outbox))]

    def test_one_claim_takes_one_of_a_line(self, desk: Store, outbox: Outbox) -> None:
        """However many it may take: the second must not be tried beside the first."""
        put(desk, a_change(), notices=(a_notice(3), a_notice(1), a_notice(2)))

        assert [1] == _numbers(_claims(outbox))

    def test_a_later_notice_waits_while_an_earlier_one_waits_for_its_retry(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1), a_notice(2)))
        (first,) = _claims(outbox)
        assert outbox.retry(first, after=LONG, reason="busy")

        assert () == _claims(outbox)

    def test_a_later_notice_waits_for_one_that_was_committed_after_it(
        self, desk: Store, outbox: Outbox
    ) -> None:
        """By their ids, which say what happened first."""
        put(desk, a_change(), notices=(a_notice(2),))
        put(desk, a_change(a_ticket(version=2)), notices=(a_notice(1),))

        assert [1] == _numbers(_claims(outbox))

    @pytest.mark.parametrize("settle", ["sent", "dead"])
    def test_the_next_one_goes_once_the_one_before_is_done_with(
        self, desk: Store, outbox: Outbox, settle: str
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1), a_notice(2)))
        (first,) = _claims(outbox)
        done = outbox.sent(first) if settle == "sent" else outbox.give_up(first, reason="gone")

        assert (True, [2]) == (done, _numbers(_claims(outbox)))

    def test_a_line_goes_on_after_somebody_who_never_came_back(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1), a_notice(2)))
        _ = outbox.claim(limit=ALL, lease=SHORT)
        time.sleep(SHORT.total_seconds() + 0.002)

        assert [1] == _numbers(_claims(outbox))

    def test_one_that_is_revived_goes_before_those_after_it(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1), a_notice(2)))
        (first,) = _claims(outbox)
        assert outbox.give_up(first, reason="gone")
        assert outbox.revive(first.notice.id)

        assert [1] == _numbers(_claims(outbox))

    @pytest.mark.parametrize(
        "other",
        [
            {"ticket_id": an_id(1001)},
            {"channel": Channel.SMS},
            {"recipient": "two@example.com"},
        ],
    )
    def test_notices_of_different_lines_do_not_wait_for_one_another(
        self, desk: Store, outbox: Outbox, other: dict[str, Any]
    ) -> None:
        put(desk, a_change(), a_change(a_ticket(1001)))
        put(desk, a_change(a_ticket(version=2)), notices=(a_notice(1), a_notice(2, **other)))

        assert [1, 2] == sorted(_numbers(_claims(outbox)))

    @pytest.mark.parametrize(
        ("without", "left"),
        [
            (frozenset[str](), [1, 2, 3, 4]),
            (frozenset({"mail"}), [2, 3, 4]),
            (frozenset({"sms"}), [1, 3, 4]),
            (frozenset({"webhook one"}), [1, 2, 4]),
            (frozenset({"webhook"}), [1, 2, 3, 4]),
            (frozenset({"mail", "sms", "webhook one", "webhook two"}), []),
            (frozenset({"nowhere", "", "webhook 'one'"}), [1, 2, 3, 4]),
        ],
    )
    def test_what_is_for_a_closed_destination_is_left_out(
        self, desk: Store, outbox: Outbox, without: frozenset[str], left: list[int]
    ) -> None:
        put(desk, a_change(), notices=_to_four_destinations())

        claimed = outbox.claim(limit=ALL, lease=LONG, without=without)
        assert left == sorted(_numbers(claimed))

    def test_what_is_left_out_takes_no_place_from_others(self, desk: Store, outbox: Outbox) -> None:
        mails = tuple(a_notice_apart(number) for number in range(1, 30))
        texted = a_notice(30, channel=Channel.SMS, recipient="+491234567")
        put(desk, a_change(), notices=(*mails, texted))

        assert [30] == _numbers(
            outbox.claim(limit=1, lease=LONG, without=frozenset({"mail", "webhook one"}))
        )

    def test_what_was_left_out_is_claimed_when_its_destination_is_open(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        left = outbox.claim(limit=ALL, lease=LONG, without=frozenset({"mail"}))

        assert ((), [1]) == (left, _numbers(_claims(outbox)))


def a_notice_apart(number: int, **fields: Any) -> Notice:  # noqa: ANN401  # any field of the record
    """A mail to a recipient of its own, so that it waits for no other."""
    return a_notice(number, **{"recipient": f"{number}@example.com", **fields})


def _to_four_destinations() -> tuple[Notice, ...]:
    return (
        a_notice(1),
        a_notice(2, channel=Channel.SMS, recipient="+491234567"),
        a_notice(3, channel=Channel.WEBHOOK, recipient="one"),
        a_notice(4, channel=Channel.WEBHOOK, recipient="two"),
    )


def _claims(outbox: Outbox) -> tuple[Claim, ...]:
    return outbox.claim(limit=ALL, lease=LONG)


def _numbers(claims: tuple[Claim, ...]) -> list[int]:
    return [int(f"{claim.notice.id.int:x}") for claim in claims]
