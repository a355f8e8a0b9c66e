"""What an outbox promises to those who look after it, as tests."""

import time
from datetime import timedelta
from typing import Any, Final

import pytest

from helpdesk_core.ports import ChannelStanding, NoticeState, Outbox
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.stores import Store, put

LONG: Final = timedelta(minutes=10)
WAITED: Final = timedelta(milliseconds=20)


class OutboxWatched:
    """How notices stand, and how a dead one is queued again.

    A part of `OutboxContract`, which has the fixtures.
    """

    def test_what_waits_stands_as_queued_and_untried(self, desk: Store, outbox: Outbox) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        standing = outbox.standing(an_id(1))

        assert standing is not None
        assert (a_notice(1), NoticeState.QUEUED, 0, "") == (
            standing.notice,
            standing.state,
            standing.attempts,
            standing.reason,
        )

    def test_what_failed_stands_with_its_attempts_and_its_reason(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        untried = outbox.standing(an_id(1))
        (claim,) = outbox.claim(limit=1, lease=LONG)
        assert outbox.retry(claim, after=2 * LONG, reason="busy 🙂")
        tried = outbox.standing(an_id(1))

        assert untried is not None
        assert tried is not None
        assert (NoticeState.QUEUED, 1, "busy 🙂") == (tried.state, tried.attempts, tried.reason)
        assert 2 * LONG <= tried.due_at - untried.due_at < 3 * LONG

    def test_what_was_sent_stands_as_sent(self, desk: Store, outbox: Outbox) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        (claim,) = outbox.claim(limit=1, lease=LONG)
        assert outbox.sent(claim)
        standing = outbox.standing(an_id(1))

        assert standing is not None
        assert (NoticeState.SENT, 1) == (standing.state, standing.attempts)

    def test_an_unknown_notice_does_not_stand(self, outbox: Outbox) -> None:
        assert outbox.standing(an_id(1)) is None

    def test_a_dead_notice_is_revived_at_once_and_its_attempts_forgotten(
        self, desk: Store, outbox: Outbox
    ) -> None:
        _put_a_dead_one(desk, outbox)

        assert outbox.revive(an_id(1))
        assert [(a_notice(1), 1)] == [
            (claim.notice, claim.attempt) for claim in outbox.claim(limit=9, lease=LONG)
        ]

    def test_a_dead_notice_is_revived_once(self, desk: Store, outbox: Outbox) -> None:
        _put_a_dead_one(desk, outbox)

        assert (True, False) == (outbox.revive(an_id(1)), outbox.revive(an_id(1)))

    @pytest.mark.parametrize("state", ["queued", "leased", "sent"])
    def test_only_what_is_dead_is_revived(self, desk: Store, outbox: Outbox, state: str) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        for claim in outbox.claim(limit=1, lease=LONG) if state != "queued" else ():
            assert state != "sent" or outbox.sent(claim)
        before = outbox.standing(an_id(1))

        assert not outbox.revive(an_id(1))
        assert before == outbox.standing(an_id(1))

    def test_an_unknown_notice_is_not_revived(self, outbox: Outbox) -> None:
        assert not outbox.revive(an_id(1))

    def test_whoever_held_a_notice_before_it_was_revived_changes_nothing(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        (claim,) = outbox.claim(limit=1, lease=LONG)
        assert outbox.give_up(claim, reason="gone")
        assert outbox.revive(an_id(1))

        assert not outbox.sent(claim)
        assert not outbox.give_up(claim, reason="gone")

    def test_an_empty_outbox_has_no_channels(self, outbox: Outbox) -> None:
        assert () == outbox.by_channel()

    def test_each_channel_stands_for_itself(self, desk: Store, outbox: Outbox) -> None:
        _put_in_every_state(desk, outbox)
        mail, webhook = (
            (it.channel.value, it.queued, it.failed, it.sent, it.dead, it.last_error)
            for it in outbox.by_channel()
        )

        assert ("mail", 2, 1, 1, 1, "busy") == mail
        assert ("webhook", 1, 0, 0, 0, "") == webhook

    def test_the_last_error_is_that_of_the_latest_notice(self, desk: Store, outbox: Outbox) -> None:
        put(desk, a_change(), notices=tuple(_mail(number) for number in (1, 2, 3)))
        for claim in outbox.claim(limit=2, lease=LONG):
            assert outbox.give_up(claim, reason=f"reason of {claim.notice.id.int}")

        assert ["reason of 2"] == [it.last_error for it in outbox.by_channel()]

    def test_for_how_long_the_longest_due_of_a_channel_has_waited_is_told(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        time.sleep(WAITED.total_seconds())
        (mail,) = outbox.by_channel()

        assert mail.oldest_due is not None
        assert WAITED - timedelta(milliseconds=1) <= mail.oldest_due < LONG

    def test_where_nothing_is_due_nothing_has_waited(self, desk: Store, outbox: Outbox) -> None:
        put(desk, a_change(), notices=(a_notice(1),))
        _ = outbox.claim(limit=1, lease=LONG)

        assert (
            ChannelStanding(
                channel=Channel.MAIL,
                queued=1,
                failed=1,
                sent=0,
                dead=0,
                oldest_due=None,
                last_error="",
            ),
        ) == outbox.by_channel()

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({}, [5, 4, 3, 2, 1]),
            ({"limit": 2}, [5, 4]),
            ({"limit": 0}, []),
            ({"channel": Channel.MAIL}, [4, 3, 2, 1]),
            ({"channel": Channel.SMS}, []),
            ({"ticket_id": an_id(1001)}, [5, 4]),
            ({"ticket_id": an_id(1001), "channel": Channel.MAIL}, [4]),
            ({"ticket_id": an_id(9999)}, []),
            ({"state": NoticeState.QUEUED}, [5, 4, 3]),
            ({"state": NoticeState.QUEUED, "is_tried": True}, [3]),
            ({"state": NoticeState.QUEUED, "is_tried": False}, [5, 4]),
            ({"is_tried": True}, [3, 2, 1]),
            ({"state": NoticeState.SENT}, [1]),
            ({"state": NoticeState.DEAD, "limit": 1}, [2]),
            ({"state": NoticeState.DEAD, "ticket_id": an_id(1001)}, []),
        ],
    )
    def test_the_latest_notices_are_found_by_what_is_wanted_of_them(
        self, desk: Store, outbox: Outbox, wanted: dict[str, Any], found: list[int]
    ) -> None:
        _put_in_every_state(desk, outbox)
        standings = outbox.recent(**{"limit": 9, **wanted})

        assert [an_id(number) for number in found] == [it.notice.id for it in standings]

    def test_what_is_found_stands_as_it_does(self, desk: Store, outbox: Outbox) -> None:
        _put_in_every_state(desk, outbox)
        standings = outbox.recent(limit=9)

        assert standings == tuple(outbox.standing(it.notice.id) for it in standings)


def _mail(number: int, **fields: Any) -> Any:  # noqa: ANN401  # any field of a notice
    return a_notice(number, **{"recipient": f"{number}@example.com", **fields})


def _put_a_dead_one(desk: Store, outbox: Outbox) -> None:
    put(desk, a_change(), notices=(a_notice(1),))
    (claim,) = outbox.claim(limit=1, lease=LONG)
    assert outbox.give_up(claim, reason="gone")


def _put_in_every_state(desk: Store, outbox: Outbox) -> None:
    """Mail 1 is sent, 2 dead, 3 waits for its retry; mail 4 and hook 5 of ticket 1001 are new."""
    put(desk, a_change(), notices=tuple(_mail(number) for number in (1, 2, 3)))
    for claim in outbox.claim(limit=3, lease=LONG):
        match claim.notice.id.int:
            case 1:
                assert outbox.sent(claim)
            case 2:
                assert outbox.give_up(claim, reason="gone")
            case _:
                assert outbox.retry(claim, after=LONG, reason="busy")
    other = {"ticket_id": an_id(1001)}
    hook = a_notice(5, channel=Channel.WEBHOOK, recipient="metrics", **other)
    put(desk, a_change(a_ticket(1001)), notices=(_mail(4, **other), hook))
