"""The outbox is read and written by indexes, with a long backlog and much that was sent."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

import sqlalchemy as sa

from helpdesk_core.ports import NoticeState
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import NOW, a_change, a_notice, an_id
from helpdesk_core.testing.stores import put
from helpdesk_sql import SqlStore
from helpdesk_sql.claiming import claiming_for
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.overview import Shown, overview_for, recent
from helpdesk_sql.tables import outbox

VALUES: Final[Mapping[str, object]] = {
    "there": "mail",
    "up_to": NOW,
    "new_lease": an_id(1),
    "microseconds": 1,
    "most": 50,
    "held_id": an_id(3000),
    "held_lease": an_id(1),
    "new_state": NoticeState.SENT,
    "new_reason": "",
    "ticket_id": an_id(1000),
    "channel": Channel.MAIL,
    "recipient": "one@example.com",
    "id": an_id(3000),
}
SHOWN: Final = tuple(
    Shown(channel, state, is_of_ticket, is_tried)
    for channel, is_of_ticket, (state, is_tried) in product(
        (None, Channel.WEBHOOK),
        (False, True),
        (
            (None, None),
            (NoticeState.DEAD, None),
            (NoticeState.QUEUED, False),
            (NoticeState.QUEUED, True),
        ),
    )
)


def statements(desk: SqlStore) -> Iterator[tuple[str, Kept]]:
    """Every statement on the outbox, by name."""
    dialect = desk.engine.dialect
    claiming, overview = claiming_for(dialect), overview_for(dialect)
    for name in ("look", "mark", "claim", "settle", "let_go", "retry", "revive"):
        yield name, getattr(claiming, name)
    for name in ("standing", "count_sent", "count_unsent", "longest_due", "last_errors"):
        yield name, getattr(overview, name)
    for shown in SHOWN:
        yield str(shown), keep(recent(shown), dialect)


def test_nothing_in_the_outbox_is_scanned_in_sqlite(sqlite_desk: SqlStore) -> None:
    """But for indexes, and what was picked already."""
    bad = []
    with sqlite_desk.engine.connect() as connection:
        for name, query in statements(sqlite_desk):
            sql = f"EXPLAIN QUERY PLAN {query.sql}"
            plan = connection.exec_driver_sql(sql, query.parameters(VALUES)).all()
            steps = [str(row[3]) for row in plan]
            scans = [it for it in steps if it.startswith("SCAN outbox") and "USING" not in it]
            if scans:
                bad.append((name, steps))

    assert [] == bad


def test_nothing_in_the_outbox_is_scanned_in_postgresql(postgres_desk: SqlStore) -> None:
    """But for marking a thousand, which meets a good part of so small a table."""
    multiply(postgres_desk)
    bad = []
    with postgres_desk.engine.connect() as connection:
        for name, query in statements(postgres_desk):
            explained = connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {query.sql}", query.parameters(VALUES)
            )
            scans = list(scans_in(explained.scalar_one()[0]["Plan"]))
            if scans and name != "mark":
                bad.append((name, scans))

    assert [] == bad


def multiply(desk: SqlStore) -> None:
    """A backlog of two thousand mails, and twenty thousand sent ones."""
    put(desk, a_change(), notices=(a_notice(3000),))
    anew: Mapping[str, str] = {
        "id": "gen_random_uuid()",
        "state": "CASE WHEN n > 2000 THEN 'sent' ELSE 'queued' END",
    }
    names = [column.key for column in outbox.c]
    columns, values = ", ".join(names), ", ".join(anew.get(name, name) for name in names)
    with desk.engine.connect() as connection:
        _ = connection.execute(
            sa.text(
                f"INSERT INTO outbox ({columns}) SELECT {values} "  # noqa: S608  # names of ours
                "FROM outbox, generate_series(1, 22000) AS n"
            )
        )
        _ = connection.exec_driver_sql("VACUUM ANALYZE outbox")


def scans_in(step: dict[str, Any]) -> Iterator[str]:
    """Each step that reads the whole outbox."""
    if step["Node Type"] == "Seq Scan" and step["Relation Name"] == "outbox":
        yield str(step)
    for below in step.get("Plans", ()):
        yield from scans_in(below)
