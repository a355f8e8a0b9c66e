"""What is kept of answers, and how much of it is tidied up at once."""

from datetime import timedelta

from helpdesk_core.testing.builders import NOW, a_reply, a_token, an_id
from helpdesk_core.testing.stores import read
from helpdesk_sql import SqlStore
from helpdesk_sql.once import FORGOTTEN_AT_ONCE

A_MOMENT = timedelta(microseconds=1)


def test_no_more_than_the_oldest_thousand_answers_are_forgotten_at_once(desk: SqlStore) -> None:
    """Else whoever comes after a busy day would wait for all of it to be tidied up."""
    replies = [
        a_reply(7000 + place, created_at=NOW - place * A_MOMENT)
        for place in range(FORGOTTEN_AT_ONCE + 2)
    ]
    with desk.begin() as uow:
        for reply in replies:
            uow.replace_reply(reply)
        uow.forget_replies(NOW + A_MOMENT)
        uow.commit()

    with desk.begin() as uow:
        left = [reply for reply in replies if uow.reply(reply.request)]
    assert replies[:2] == left


def test_several_acts_on_one_token_are_done_in_their_order_in_one_commit(desk: SqlStore) -> None:
    with desk.begin() as uow:
        uow.save_token(a_token())
        uow.touch_token(a_token().id, NOW)
        uow.touch_token(a_token().id, NOW + A_MOMENT)
        uow.revoke_token(a_token().id, NOW)
        uow.revoke_token(a_token().id, NOW + A_MOMENT)
        uow.commit()

    expected = a_token(last_used_at=NOW + A_MOMENT, revoked_at=NOW)
    assert (expected,) == read(desk, lambda uow: uow.tokens())


def test_an_answer_may_be_kept_replaced_and_forgotten_in_one_commit(desk: SqlStore) -> None:
    kept = a_reply(created_at=NOW + A_MOMENT)
    with desk.begin() as uow:
        uow.save_reply(a_reply())
        uow.replace_reply(a_reply(7001))
        uow.replace_reply(a_reply(7001))
        uow.forget_replies(NOW + A_MOMENT)
        uow.save_reply(kept)
        uow.commit()

    assert kept == read(desk, lambda uow: uow.reply(kept.request))
    assert None is read(desk, lambda uow: uow.reply(a_reply(7001).request))


def test_ids_of_files_are_looked_for_among_any_number(desk: SqlStore) -> None:
    among = tuple(an_id(number) for number in range(1000, 1120))

    assert frozenset() == read(desk, lambda uow: uow.attachment_ids(among))
