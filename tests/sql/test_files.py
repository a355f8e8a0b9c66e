"""Files that are let go of: found by an index, so many at a time; and files of before."""

from contextlib import closing
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from alembic import command

from helpdesk_core.testing.builders import NOW, a_change, a_ticket, an_attachment, an_id
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import put, read, stocked
from helpdesk_sql import SqlStore, head_revision, open_store, upgrade
from helpdesk_sql.queries import LET_GO_AT_ONCE, queries_for
from helpdesk_sql.schema import alembic_config

A_MOMENT: Final = timedelta(microseconds=1)
INDEX: Final = "ix_attachments_created_at_id"
BACK_TO_0003: Final = (
    f"DROP INDEX {INDEX}",
    "ALTER TABLE attachments DROP COLUMN looks_secret",
    "ALTER TABLE attachments DROP COLUMN removed_at",
    "UPDATE helpdesk_schema SET version_num = '0003'",
)


def filled(desk: SqlStore, number: int) -> None:
    """So many files of one ticket that ended, the later ones the older."""
    put(desk, a_change(a_ticket(closed_at=NOW - timedelta(days=1))))
    ticket_id = an_id(1000)
    rows = [
        {
            "id": file.id,
            "ticket_id": ticket_id,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "digest": file.digest,
            "added_by": file.added_by,
            "created_at": NOW - place * A_MOMENT,
            "looks_secret": False,
            "removed_at": None,
        }
        for place in range(number)
        for file in [an_attachment(6000 + place)]
    ]
    insert = queries_for(desk.engine.dialect).files.insert_attachment
    with desk.engine.begin() as connection:
        _ = connection.exec_driver_sql(insert.sql, [insert.parameters(row) for row in rows])


def let_go(desk: SqlStore) -> None:
    with desk.begin() as uow:
        uow.let_files_go(NOW + A_MOMENT, at=NOW)
        uow.commit()


def left(desk: SqlStore) -> list[int]:
    held = read(desk, lambda uow: uow.attachments(an_id(1000)))
    return sorted(file.id.int - an_id(6000).int for file in held if file.removed_at is None)


def test_no_more_than_the_oldest_thousand_files_are_let_go_of_at_once(desk: SqlStore) -> None:
    filled(desk, LET_GO_AT_ONCE + 2)
    let_go(desk)

    assert [0, 1] == left(desk)


def test_several_servers_let_go_at_once_and_none_waits_or_fails(desk: SqlStore) -> None:
    filled(desk, 300)
    outcomes = at_once([lambda: let_go(desk)] * 8)

    assert ([], [None] * 8) == (left(desk), [*outcomes])


def test_what_is_outlived_is_looked_for_in_an_index_of_what_is_kept(sqlite_desk: SqlStore) -> None:
    kept = queries_for(sqlite_desk.engine.dialect).files.let_files_go
    with sqlite_desk.engine.connect() as connection:
        nothing = (None,) * kept.sql.count("?")
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {kept.sql}", nothing).all())

    assert (True, False, False) == (
        f"INDEX {INDEX} (created_at<?)" in plan,
        "TEMP B-TREE" in plan,
        "SCAN tickets" in plan,
    )


def test_postgresql_looks_for_it_there_too(postgres_desk: SqlStore) -> None:
    filled(postgres_desk, 5000)
    kept = queries_for(postgres_desk.engine.dialect).files.let_files_go
    values = kept.parameters({"before": NOW - 4900 * A_MOMENT, "at": NOW})
    with postgres_desk.engine.connect() as connection:
        _ = connection.exec_driver_sql("ANALYZE attachments")
        plan = connection.exec_driver_sql(f"EXPLAIN {kept.sql}", values).scalars().all()

    assert INDEX in str(plan)


def test_a_file_of_before_is_kept_and_looks_like_no_secret(empty_url: str) -> None:
    upgrade(empty_url)
    with closing(open_store(empty_url)) as desk:
        stocked(desk)
        put(desk, a_change(attachment=an_attachment()))
        with desk.engine.begin() as connection:
            for statement in BACK_TO_0003:
                _ = connection.exec_driver_sql(statement)
    engine = sa.create_engine(empty_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), "0004")
        stamp = sa.text("UPDATE helpdesk_schema SET version_num = :head")
        _ = connection.execute(stamp, {"head": head_revision()})

    with closing(open_store(empty_url)) as desk:
        assert (an_attachment(),) == read(desk, lambda uow: uow.attachments(an_id(1000)))
