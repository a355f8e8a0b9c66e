"""Notices that wait for one another, in databases: no claim walks through those behind."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Claim, NoticeState
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import a_change, a_notice, a_ticket, an_id
from helpdesk_core.testing.stores import put
from helpdesk_sql import SqlStore
from helpdesk_sql.claiming import MARKED_AT_ONCE, claiming_for
from helpdesk_sql.tables import outbox

LONG: Final = timedelta(minutes=10)
BACKLOG: Final = MARKED_AT_ONCE * 2 + 500


def in_line(desk: SqlStore, amount: int) -> tuple[Notice, ...]:
    """So many notices of one ticket to one recipient, committed together."""
    notices = tuple(a_notice(3000 + number) for number in range(amount))
    put(desk, a_change(), notices=notices)
    return notices


def claimed(
    desk: SqlStore, limit: int = 1, without: frozenset[str] = frozenset()
) -> tuple[Claim, ...]:
    return desk.outbox.claim(limit=limit, lease=LONG, without=without)


def marked(desk: SqlStore) -> int:
    """How many notices are marked as behind another."""
    count = sa.select(sa.func.count()).where(outbox.c.is_behind)
    with desk.engine.connect() as connection:
        return connection.scalar(count) or 0


def webhooks(desk: SqlStore, amount: int, name: str, tickets_from: int = 1000) -> None:
    """So many notices to an endpoint, each of a ticket of its own."""
    for start in range(0, amount, 500):
        numbers = range(start, min(start + 500, amount))
        with desk.begin() as uow:
            for number in numbers:
                ticket = a_ticket(tickets_from + number)
                notice = a_notice(
                    30_000 + tickets_from + number,
                    ticket_id=ticket.id,
                    audience=Audience.SYSTEMS,
                    channel=Channel.WEBHOOK,
                    recipient=name,
                )
                uow.save(a_change(ticket), (notice,))
            uow.commit()


def test_a_long_line_is_delivered_in_its_order(desk: SqlStore) -> None:
    notices = in_line(desk, 40)
    delivered = []
    while claims := claimed(desk, 5):
        delivered += [claim.notice.id for claim in claims if desk.outbox.sent(claim)]

    assert [notice.id for notice in notices] == delivered


def test_what_is_found_behind_another_is_marked_once(desk: SqlStore) -> None:
    _ = in_line(desk, 40)
    _ = claimed(desk)
    _ = claimed(desk)

    assert marked(desk) == 39


@pytest.mark.parametrize("settle", ["sent", "give_up"])
def test_who_settles_the_first_lets_the_second_go(desk: SqlStore, settle: str) -> None:
    _ = in_line(desk, 3)
    (first,) = claimed(desk, 9)
    assert () == claimed(desk, 9)
    assert desk.outbox.sent(first) if settle == "sent" else desk.outbox.give_up(first, reason="no")

    assert [an_id(3001)] == [claim.notice.id for claim in claimed(desk, 9)]
    assert marked(desk) == 1


def test_who_tries_the_first_again_lets_nobody_go(desk: SqlStore) -> None:
    _ = in_line(desk, 3)
    (first,) = claimed(desk, 9)
    assert () == claimed(desk, 9)
    assert desk.outbox.retry(first, after=LONG, reason="busy")

    assert () == claimed(desk, 9)
    assert marked(desk) == 2


def test_what_was_overtaken_lets_nobody_go_out_of_turn(desk: SqlStore) -> None:
    _ = in_line(desk, 3)
    (late,) = desk.outbox.claim(limit=1, lease=timedelta(0))
    assert () != claimed(desk)
    assert not desk.outbox.sent(late)

    assert () == claimed(desk, 9)


def test_a_backlog_of_one_line_is_set_aside_and_the_next_claim_sees_none_of_it(
    desk: SqlStore,
) -> None:
    _ = in_line(desk, BACKLOG)
    (first,) = claimed(desk)
    _ = claimed(desk)
    assert desk.outbox.retry(first, after=LONG, reason="busy")

    assert BACKLOG - 1 == marked(desk)
    assert [] == looked(desk)


def looked(desk: SqlStore) -> list[Any]:
    """What the next look at the outbox finds."""
    with desk.engine.connect() as connection:
        look = claiming_for(connection.dialect).look
        return list(connection.exec_driver_sql(look.sql, look.parameters({})).all())


def test_an_endpoint_that_is_closed_holds_nobody_up(desk: SqlStore) -> None:
    webhooks(desk, 30, "dead")
    webhooks(desk, 1, "alive", 2000)

    (claim,) = claimed(desk, 9, without=frozenset({"webhook dead"}))
    assert "alive" == claim.notice.recipient


def test_of_several_destinations_the_oldest_due_goes_first(desk: SqlStore) -> None:
    names = ["b", "a", "c", "a", "b"]
    for place, name in enumerate(names):
        webhooks(desk, 1, name, 1000 + place)
        time.sleep(0.003)  # SQLite's clock counts milliseconds

    assert names == [claim.notice.recipient for claim in claimed(desk, 5)]


def test_no_mark_stays_when_the_first_is_settled_while_it_is_made(postgres_desk: SqlStore) -> None:
    """The settlement waits for who marks, and then lets go what was marked."""
    desk, claiming = postgres_desk, claiming_for(postgres_desk.engine.dialect)
    _ = in_line(desk, 3)
    (first,) = claimed(desk)
    with desk.engine.connect() as marking, ThreadPoolExecutor(1) as threads:
        _ = marking.exec_driver_sql("BEGIN")
        parameters = claiming.mark.parameters({"there": "mail"})
        assert len(marking.exec_driver_sql(claiming.mark.sql, parameters).all()) == 2
        settling = threads.submit(desk.outbox.sent, first)
        wait_for_a_lock(desk)
        _ = marking.exec_driver_sql("COMMIT")
        assert settling.result(10)

    assert [an_id(3001)] == [claim.notice.id for claim in claimed(desk, 9)]


def test_nothing_is_marked_behind_what_is_being_settled(postgres_desk: SqlStore) -> None:
    desk, claiming = postgres_desk, claiming_for(postgres_desk.engine.dialect)
    _ = in_line(desk, 2)
    (first,) = claimed(desk)
    held = {"held_id": first.notice.id, "held_lease": first.lease}
    settle = claiming.settle.parameters(held | {"new_state": NoticeState.SENT, "new_reason": ""})
    with desk.engine.connect() as settling:
        _ = settling.exec_driver_sql("BEGIN")
        _ = settling.exec_driver_sql(claiming.settle.sql, settle)
        assert () == claimed(desk, 9)
        assert 0 == marked(desk)
        _ = settling.exec_driver_sql("COMMIT")

    assert [an_id(3001)] == [claim.notice.id for claim in claimed(desk, 9)]


def wait_for_a_lock(desk: SqlStore) -> None:
    """Until somebody waits for somebody else's."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    engine = sa.create_engine(desk.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            time.sleep(0.01)
    engine.dispose()
