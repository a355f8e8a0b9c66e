"""Answers are kept under their keys, byte for byte, until they are old."""

from datetime import timedelta
from functools import partial
from typing import Final

import attrs
import pytest

from helpdesk_core.errors import DuplicateReply
from helpdesk_core.replies import KEPT, LONGEST_KEY, Answer, Reply, RequestKey
from helpdesk_core.testing.builders import NOW, a_change, a_reply, a_ticket, an_id
from helpdesk_core.testing.races import RACERS, at_once
from helpdesk_core.testing.stores import OverADesk, Store, read
from helpdesk_core.tickets import Change

A_MOMENT: Final = timedelta(microseconds=1)
OTHER: Final = Answer(status=404, headers={}, body=b"")


class RepliesKept(OverADesk):
    """Answers to keyed requests. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_what_was_never_answered_has_no_answer(self, store: Store) -> None:
        assert None is _kept(store, a_reply())

    def test_an_answer_comes_back_byte_for_byte(self, store: Store) -> None:
        headers = {"content-type": "application/json", "etag": '"1"', "x-é": "ü\t;"}
        reply = a_reply(
            fingerprint=bytes(range(224, 256)),
            answer=Answer(status=201, headers=headers, body=bytes(range(256)) * 1000),
            created_at=NOW.replace(microsecond=999_999),
        )
        _save(store, reply)

        assert reply == _kept(store, reply)

    def test_an_answer_may_be_empty(self, store: Store) -> None:
        reply = a_reply(answer=OTHER)
        _save(store, reply)

        assert reply == _kept(store, reply)

    def test_keys_are_told_apart_letter_by_letter_and_by_their_callers(self, store: Store) -> None:
        keys = [
            RequestKey("ab", "c"),
            RequestKey("a", "bc"),
            RequestKey("a", "BC"),
            RequestKey("a", " bc"),
            RequestKey("a", "bc "),
            RequestKey("A", "bc"),
            RequestKey("a", "~" * LONGEST_KEY),
            RequestKey("2001:db8::/64", "a'b%_\\"),
            RequestKey(f"user {an_id(7)}", "bc"),
        ]
        replies = [
            a_reply(request=key, answer=attrs.evolve(OTHER, status=200 + place))
            for place, key in enumerate(keys)
        ]
        for reply in replies:
            _save(store, reply)

        assert replies == [_kept(store, reply) for reply in replies]

    @pytest.mark.parametrize("age", [timedelta(0), KEPT - A_MOMENT])
    def test_a_key_is_answered_once_as_long_as_the_answer_is_kept(
        self, store: Store, age: timedelta
    ) -> None:
        _save(store, a_reply())
        with pytest.raises(DuplicateReply):
            _save(store, a_reply(answer=OTHER, created_at=NOW + age))

        assert a_reply() == _kept(store, a_reply())

    def test_two_answers_to_one_key_do_not_fit_in_one_commit(self, store: Store) -> None:
        with store.begin() as uow:
            uow.save_reply(a_reply())
            uow.save_reply(a_reply(answer=OTHER))
            with pytest.raises(DuplicateReply):
                uow.commit()

        assert None is _kept(store, a_reply())

    @pytest.mark.parametrize("age", [KEPT, KEPT * 2])
    def test_an_old_answer_gives_its_place_to_a_new_one(self, store: Store, age: timedelta) -> None:
        _save(store, a_reply())
        newer = a_reply(fingerprint=bytes(32), answer=OTHER, created_at=NOW + age)
        _save(store, newer)

        assert newer == _kept(store, newer)

    def test_an_answer_is_replaced_where_that_is_wanted(self, store: Store) -> None:
        _save(store, a_reply())
        later = a_reply(answer=OTHER, created_at=NOW + A_MOMENT)
        _replace(store, later)

        assert later == _kept(store, later)

    def test_an_answer_is_replaced_where_there_was_none(self, store: Store) -> None:
        _replace(store, a_reply())

        assert a_reply() == _kept(store, a_reply())

    def test_answers_before_an_instant_are_forgotten_and_no_others(self, store: Store) -> None:
        replies = [a_reply(7000 + place, created_at=NOW + place * A_MOMENT) for place in range(4)]
        for reply in replies:
            _save(store, reply)
        with store.begin() as uow:
            uow.forget_replies(NOW + 2 * A_MOMENT)
            uow.commit()

        assert [None, None, *replies[2:]] == [_kept(store, reply) for reply in replies]

    def test_old_answers_go_with_the_commit_that_brings_a_new_one(self, store: Store) -> None:
        _save(store, a_reply(7000))
        _save(store, a_reply(7001))
        newer = a_reply(7000, answer=OTHER, created_at=NOW + KEPT)
        with store.begin() as uow:
            uow.forget_replies(NOW + KEPT)
            uow.save_reply(newer)
            uow.commit()

        assert (newer, None) == (_kept(store, a_reply(7000)), _kept(store, a_reply(7001)))

    def test_nothing_is_done_where_the_answer_is_refused(self, desk: Store) -> None:
        """So that what is asked for twice is done once."""
        _do(desk, a_change(a_ticket(1000)), a_reply())
        with pytest.raises(DuplicateReply):
            _do(desk, a_change(a_ticket(1001)), a_reply())

        assert None is read(desk, lambda uow: uow.ticket(an_id(1001)))

    def test_no_answer_is_kept_to_what_was_not_done(self, desk: Store) -> None:
        with desk.begin() as uow:
            uow.save(a_change())
            uow.save_reply(a_reply())

        assert None is _kept(desk, a_reply())

    def test_of_twenty_requests_of_one_key_one_is_done(self, desk: Store) -> None:
        outcomes = at_once(
            [
                partial(_do, desk, a_change(a_ticket(number, submitter_name="Racer")), a_reply())
                for number in range(1000, 1000 + RACERS)
            ]
        )

        done = read(desk, lambda uow: uow.tickets_by_name("Racer", limit=100))
        refused = [type(outcome) for outcome in outcomes if outcome is not None]
        assert (1, [DuplicateReply] * (RACERS - 1)) == (len(done), refused)

    def test_twenty_who_follow_an_old_answer_are_answered_once(self, desk: Store) -> None:
        _save(desk, a_reply())
        outcomes = at_once(
            [
                partial(_do, desk, a_change(a_ticket(number)), a_reply(created_at=NOW + KEPT))
                for number in range(1000, 1000 + RACERS)
            ]
        )

        refused = [type(outcome) for outcome in outcomes if outcome is not None]
        assert [DuplicateReply] * (RACERS - 1) == refused


def _kept(store: Store, reply: Reply) -> Reply | None:
    return read(store, lambda uow: uow.reply(reply.request))


def _save(store: Store, reply: Reply) -> None:
    with store.begin() as uow:
        uow.save_reply(reply)
        uow.commit()


def _replace(store: Store, reply: Reply) -> None:
    with store.begin() as uow:
        uow.replace_reply(reply)
        uow.commit()


def _do(store: Store, change: Change, reply: Reply) -> None:
    """What a keyed request does: the change, the answer, and tidying up, in one commit."""
    with store.begin() as uow:
        uow.save(change)
        uow.forget_replies(reply.created_at - KEPT)
        uow.save_reply(reply)
        uow.commit()
