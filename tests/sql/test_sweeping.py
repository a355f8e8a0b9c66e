"""The sweep on a real database: by an index, and each event once though many sweep at once."""

from datetime import timedelta

import sqlalchemy as sa

from helpdesk_core.kinds import EventKind
from helpdesk_core.support import SupportCase
from helpdesk_core.testing.builders import NOW, a_case, a_case_ticket, a_change, an_event, an_id
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import put
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.sweeping import sweep_ticket, tickets_to_sweep
from helpdesk_sql import SqlStore
from helpdesk_sql.queries import queries_for

FOUND = {EventKind.WARNED, EventKind.BREACHED}
LONG_AGO = NOW - timedelta(days=400)


def cases(desk: SqlStore, number: int) -> None:
    """Cases of before, of which every target was missed long ago."""
    put(
        desk,
        *(
            a_change(
                a_case_ticket(it, submitted_at=LONG_AGO, next_due_at=LONG_AGO, case=_due(it)),
                an_event(at=LONG_AGO),
            )
            for it in range(1000, 1000 + number)
        ),
    )


def _due(number: int) -> SupportCase:
    return a_case(
        number,
        response_due_at=LONG_AGO + timedelta(hours=4),
        resolution_due_at=LONG_AGO + timedelta(hours=48),
    )


def test_of_many_who_sweep_at_once_each_event_is_written_once(desk: SqlStore) -> None:
    cases(desk, 5)
    ports = ports_over(desk)

    def sweep() -> int:
        return sum(sweep_ticket(ports, it) for it in tickets_to_sweep(ports))

    swept = at_once([sweep] * 8)
    with desk.begin() as uow:
        found = [[it.kind for it in uow.history(an_id(1000 + it))] for it in range(5)]
    # A warning and a breach of each of two targets.
    assert [len([kind for kind in kinds if kind in FOUND]) for kinds in found] == [4] * 5
    assert sum(it for it in swept if isinstance(it, int)) == 20


def test_what_is_due_is_found_by_its_index(desk: SqlStore) -> None:
    cases(desk, 300)
    queries = queries_for(desk.engine.dialect).promises
    bounds = {"before": NOW, "most": 10, "reached_at": LONG_AGO, "reached_id": an_id(1)}

    for query in (queries.tickets_due, queries.tickets_due_after):
        assert "ix_tickets_next_due_at_id" in _plan(desk, query.sql, query.parameters(bounds))


def _plan(desk: SqlStore, sql: str, parameters: tuple[object, ...]) -> str:
    is_sqlite = desk.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    with desk.engine.connect() as connection:
        if not is_sqlite:
            connection.execute(sa.text("SET enable_seqscan = off"))
        return str(connection.exec_driver_sql(explain + sql, parameters).all())
