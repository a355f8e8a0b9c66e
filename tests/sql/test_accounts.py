"""What old sessions and ways in cost: they are forgotten in portions, and found by an index."""

from datetime import timedelta

import sqlalchemy as sa

from helpdesk_core.testing.account_builders import a_link, a_person, a_session, a_sign_in
from helpdesk_core.testing.builders import NOW
from helpdesk_sql import SqlStore
from helpdesk_sql.queries.accounts import FORGOTTEN_AT_ONCE
from helpdesk_sql.tables import sessions, sign_in_links, sign_ins

TOO_MANY = FORGOTTEN_AT_ONCE + 5
LATER = NOW + timedelta(days=1)


def count(desk: SqlStore, table: sa.Table) -> int:
    with desk.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_old_sessions_are_forgotten_in_portions(desk: SqlStore) -> None:
    with desk.begin() as uow:
        uow.save_person(a_person())
        for number in range(TOO_MANY):
            uow.save_session(a_session(10_000 + number))
        uow.commit()
    left = []
    for _ in range(2):
        with desk.begin() as uow:
            uow.forget_sessions(LATER)
            uow.commit()
        left.append(count(desk, sessions))

    assert [5, 0] == left


def test_old_ways_in_are_forgotten_in_portions(desk: SqlStore) -> None:
    with desk.begin() as uow:
        for number in range(TOO_MANY):
            uow.save_sign_in(a_sign_in(10_000 + number))
            uow.save_sign_in_link(a_link(10_000 + number))
        uow.commit()
    left = []
    for _ in range(2):
        with desk.begin() as uow:
            uow.forget_sign_ins(LATER)
            uow.commit()
        left.append((count(desk, sign_ins), count(desk, sign_in_links)))

    assert [(5, 5), (0, 0)] == left
