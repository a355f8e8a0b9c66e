"""The contract of an outbox."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.errors import DuplicateId
from helpdesk_core.notices import Notice
from helpdesk_core.ports import Claim, NoticeState, Outbox
from helpdesk_core.testing.builders import NOW, a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.outbox_lines import LinesKept, a_notice_apart
from helpdesk_core.testing.outbox_watched import OutboxWatched
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import OverADesk, Store, put
from helpdesk_core.testing.strategies import AWKWARD_TEXTS

LONG: Final = timedelta(minutes=10)
"""A lease that does not run out, a wait that does not end, while a test runs."""
MILLISECOND: Final = timedelta(milliseconds=1)
"""What the coarsest of clocks may be off by."""
SHORT: Final = timedelta(milliseconds=20)
"""A lease that runs out, a wait that ends, before the test goes on."""


class OutboxContract(LinesKept, OutboxWatched, OverADesk):
    """What `ports.Outbox` promises, as tests.

    Subclass it under a name that pytest collects, and give the subclass two fixtures:

    `store`: an empty store for each test, as `UnitOfWorkContract` wants it.
    `outbox`: the outbox of that store, by a clock that runs, callable from eight threads at once.
    """

    def test_what_is_committed_can_be_claimed(self, desk: Store, outbox: Outbox) -> None:
        notice = a_notice()
        put(desk, a_change(), notices=(notice,))

        (claim,) = outbox.claim(limit=10, lease=LONG)
        assert (notice, 1) == (claim.notice, claim.attempt)

    def test_a_notice_comes_back_with_every_fact(self, desk: Store, outbox: Outbox) -> None:
        facts = {f"fact {number}": text for number, text in enumerate(AWKWARD_TEXTS)}
        notice = a_notice(facts=facts, created_at=NOW.replace(microsecond=1))
        put(desk, a_change(), notices=(notice,))

        assert [notice] == _claimed(outbox)

    def test_what_is_not_committed_cannot_be_claimed(self, desk: Store, outbox: Outbox) -> None:
        with desk.begin() as uow:
            uow.save(a_change(), (a_notice(),))
            within = outbox.claim(limit=10, lease=LONG)

        assert ((), ()) == (within, outbox.claim(limit=10, lease=LONG))

    def test_what_was_refused_cannot_be_claimed(self, desk: Store, outbox: Outbox) -> None:
        put(desk, a_change())

        with pytest.raises(DuplicateId):
            put(desk, a_change(a_ticket(1001)), a_change(), notices=(a_notice(),))
        assert () == outbox.claim(limit=10, lease=LONG)

    def test_a_notice_is_due_at_once_whatever_the_time_it_was_made(
        self, desk: Store, outbox: Outbox
    ) -> None:
        """By the clock of a program that may be wrong; the store's own decides."""
        made = [datetime(2199, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)]
        notices = tuple(a_notice_apart(3000 + year, created_at=at) for year, at in enumerate(made))
        put(desk, a_change(), notices=notices)

        assert _ids(notices) == _ids(_claimed(outbox))

    def test_no_more_is_claimed_than_asked_for(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 5)

        sizes = [len(outbox.claim(limit=2, lease=LONG)) for _ in range(4)]
        assert [2, 2, 1, 0] == sizes

    def test_the_oldest_due_is_claimed_first(self, desk: Store, outbox: Outbox) -> None:
        """The one that was committed first, whatever its id."""
        numbers = [3002, 3003, 3001]
        for version, number in enumerate(numbers, start=1):
            put(desk, a_change(a_ticket(version=version)), notices=(a_notice_apart(number),))
            _pass(SHORT / 4)

        claimed = [outbox.claim(limit=1, lease=LONG)[0].notice.id for _ in numbers]
        assert [an_id(number) for number in numbers] == claimed

    def test_one_claim_takes_several_in_the_order_in_which_they_are_due(
        self, desk: Store, outbox: Outbox
    ) -> None:
        numbers = [3002, 3003, 3001]
        for version, number in enumerate(numbers, start=1):
            put(desk, a_change(a_ticket(version=version)), notices=(a_notice_apart(number),))
            _pass(SHORT / 4)

        claimed = [notice.id for notice in _claimed(outbox)]
        assert [an_id(number) for number in numbers] == claimed

    def test_a_notice_that_waits_again_is_due_before_those_that_came_after(
        self, desk: Store, outbox: Outbox
    ) -> None:
        put(desk, a_change(), notices=(a_notice_apart(3009),))
        (claim,) = outbox.claim(limit=1, lease=LONG)
        assert outbox.retry(claim, after=timedelta(0), reason="busy")
        _pass(SHORT / 4)
        put(desk, a_change(a_ticket(version=2)), notices=(a_notice_apart(3001),))

        assert [an_id(3009), an_id(3001)] == [notice.id for notice in _claimed(outbox)]

    def test_how_long_the_longest_due_has_waited_is_told(self, desk: Store, outbox: Outbox) -> None:
        put(desk, a_change(), notices=(a_notice_apart(3001),))
        _pass(SHORT)
        put(desk, a_change(a_ticket(version=2)), notices=(a_notice_apart(3002),))

        waited = outbox.oldest_waiting()
        assert waited is not None
        assert SHORT - MILLISECOND <= waited < LONG

    def test_in_an_empty_outbox_nothing_waits(self, outbox: Outbox) -> None:
        assert outbox.oldest_waiting() is None

    def test_what_is_leased_or_settled_or_due_later_does_not_wait(
        self, desk: Store, outbox: Outbox
    ) -> None:
        _ = _put_notices(desk, 4)
        sent, dead, later, _ = outbox.claim(limit=4, lease=LONG)
        assert outbox.sent(sent)
        assert outbox.give_up(dead, reason="no such address")
        assert outbox.retry(later, after=LONG, reason="busy")

        assert outbox.oldest_waiting() is None

    def test_what_comes_back_from_a_lease_waits_again(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 1)
        _ = outbox.claim(limit=1, lease=SHORT)
        _pass(SHORT)

        assert outbox.oldest_waiting() is not None

    def test_a_lease_keeps_others_out(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 1)
        _ = outbox.claim(limit=10, lease=LONG)

        assert () == outbox.claim(limit=10, lease=LONG)

    def test_what_is_claimed_together_is_settled_apart(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 3)
        one, two, _ = outbox.claim(limit=3, lease=LONG)

        assert (True, True) == (outbox.sent(one), outbox.give_up(two, reason="no such address"))
        assert _counts(queued=1, sent=1, dead=1) == outbox.counts()

    def test_a_lease_that_ran_out_may_be_taken_by_another(
        self, desk: Store, outbox: Outbox
    ) -> None:
        """As one attempt more, under the same id."""
        late, rival = _overtaken(desk, outbox)

        assert (late.notice, 2, False) == (rival.notice, rival.attempt, late.lease == rival.lease)

    def test_what_was_sent_is_never_claimed_again(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=SHORT)

        assert outbox.sent(claim)
        _pass(SHORT)
        assert ((), _counts(sent=1)) == (_claims(outbox), outbox.counts())

    def test_what_is_dead_is_never_claimed_again(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=SHORT)

        assert outbox.give_up(claim, reason="no such address: \"'\u0301🙂")
        _pass(SHORT)
        assert ((), _counts(dead=1)) == (_claims(outbox), outbox.counts())

    def test_what_failed_waits_for_its_time(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=SHORT)

        assert outbox.retry(claim, after=LONG, reason="busy")
        _pass(SHORT)
        assert ((), _counts(queued=1)) == (_claims(outbox), outbox.counts())

    def test_what_failed_is_due_again_after_its_time(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=LONG)

        assert outbox.retry(claim, after=SHORT, reason="busy")
        _pass(SHORT)
        assert [(claim.notice, 2)] == [(it.notice, it.attempt) for it in _claims(outbox)]

    @pytest.mark.parametrize("settle", ["sent", "retry", "give_up"])
    def test_whoever_was_overtaken_changes_nothing(
        self, desk: Store, outbox: Outbox, settle: str
    ) -> None:
        late, rival = _overtaken(desk, outbox)

        assert not _settled(outbox, late, settle)
        assert _counts(queued=1) == outbox.counts()
        assert () == _claims(outbox)
        assert outbox.sent(rival)

    @pytest.mark.parametrize("settle", ["sent", "retry", "give_up"])
    def test_whoever_is_late_but_not_overtaken_still_settles(
        self, desk: Store, outbox: Outbox, settle: str
    ) -> None:
        """The lease is nobody else's, so that a mail which went out is not sent again."""
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=SHORT)
        _pass(SHORT)

        assert _settled(outbox, claim, settle)

    @pytest.mark.parametrize("settle", ["sent", "retry", "give_up"])
    @pytest.mark.parametrize("first", ["sent", "retry", "give_up"])
    def test_a_claim_settles_once(
        self, desk: Store, outbox: Outbox, first: str, settle: str
    ) -> None:
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=LONG)
        assert _settled(outbox, claim, first)
        before = outbox.counts()

        assert not _settled(outbox, claim, settle)
        assert before == outbox.counts()

    @pytest.mark.parametrize("settle", ["sent", "retry", "give_up"])
    def test_a_claim_of_an_unknown_notice_settles_nothing(
        self, desk: Store, outbox: Outbox, settle: str
    ) -> None:
        _ = _put_notices(desk, 1)
        (claim,) = outbox.claim(limit=1, lease=LONG)
        stranger = attrs.evolve(claim, notice=a_notice(3999))

        assert not _settled(outbox, stranger, settle)
        assert _counts(queued=1) == outbox.counts()

    def test_an_empty_outbox_counts_every_state(self, outbox: Outbox) -> None:
        assert _counts() == outbox.counts()

    def test_every_state_is_counted(self, desk: Store, outbox: Outbox) -> None:
        _ = _put_notices(desk, 6)
        one, two, three, *_ = outbox.claim(limit=4, lease=LONG)
        assert outbox.sent(one)
        assert outbox.give_up(two, reason="no such address")
        assert outbox.retry(three, after=LONG, reason="busy")

        assert _counts(queued=4, sent=1, dead=1) == outbox.counts()

    def test_eight_workers_deliver_each_of_two_hundred_notices_once(
        self, desk: Store, outbox: Outbox
    ) -> None:
        notices = _put_notices(desk, 200)

        shares = at_once([partial(_drained, outbox)] * 8)
        delivered = Counter(
            notice_id for share in shares if isinstance(share, list) for notice_id in share
        )
        assert {notice.id: 1 for notice in notices} == delivered
        assert _counts(sent=200) == outbox.counts()

    def test_workers_and_writers_do_not_disturb_one_another(
        self, desk: Store, outbox: Outbox
    ) -> None:
        """Notices that come while others are delivered are delivered too, once."""

        def write() -> list[UUID]:
            for number in range(3000, 3040):
                notice = a_notice(number, ticket_id=an_id(number))
                put(desk, a_change(a_ticket(number)), notices=(notice,))
            return []

        def work() -> list[UUID]:
            return _drained(outbox)

        shares = at_once([write, work, work, work])
        shares.append(_drained(outbox))
        delivered = [
            notice_id for share in shares if isinstance(share, list) for notice_id in share
        ]
        assert [an_id(number) for number in range(3000, 3040)] == sorted(delivered)


def _put_notices(store: Store, amount: int) -> tuple[Notice, ...]:
    notices = tuple(a_notice_apart(number) for number in range(3000, 3000 + amount))
    put(store, a_change(), notices=notices)
    return notices


def _claims(outbox: Outbox) -> tuple[Claim, ...]:
    return outbox.claim(limit=1000, lease=LONG)


def _claimed(outbox: Outbox) -> list[Notice]:
    return [claim.notice for claim in _claims(outbox)]


def _ids(notices: Sequence[Notice]) -> set[UUID]:
    return {notice.id for notice in notices}


def _counts(*, queued: int = 0, sent: int = 0, dead: int = 0) -> dict[NoticeState, int]:
    return {NoticeState.QUEUED: queued, NoticeState.SENT: sent, NoticeState.DEAD: dead}


def _overtaken(store: Store, outbox: Outbox) -> tuple[Claim, Claim]:
    """A claim whose lease ran out, and the rival's that took it."""
    _ = _put_notices(store, 1)
    (late,) = outbox.claim(limit=1, lease=SHORT)
    _pass(SHORT)
    (rival,) = outbox.claim(limit=1, lease=LONG)
    return late, rival


def _settled(outbox: Outbox, claim: Claim, how: str) -> bool:
    if how == "sent":
        return outbox.sent(claim)
    if how == "retry":
        return outbox.retry(claim, after=timedelta(0), reason="busy")
    return outbox.give_up(claim, reason="no such address")


def _drained(outbox: Outbox) -> list[UUID]:
    """The ids of what was claimed and sent until there was nothing more."""
    delivered = []
    while claims := outbox.claim(limit=3, lease=LONG):
        delivered += [claim.notice.id for claim in claims if outbox.sent(claim)]
    return delivered


def _pass(duration: timedelta) -> None:
    """Let so much time pass, and a little more for clocks that count milliseconds."""
    time.sleep(duration.total_seconds() + 0.002)
