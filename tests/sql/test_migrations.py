"""A desk of the first revision is brought on without losing anything, whenever that is stopped."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import sqlalchemy as sa
from alembic import command

from helpdesk_core.errors import InvalidDirectory
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.routing import Audience
from helpdesk_core.testing.builders import (
    NOW,
    a_case_ticket,
    a_change,
    a_directory,
    a_full_ticket,
    a_message,
    a_notice,
    a_ticket,
    a_token,
    an_event,
    an_id,
)
from helpdesk_core.testing.stores import put, read, stocked
from helpdesk_core.tickets import EventKind, Status
from helpdesk_sql import SqlStore, current_revision, head_revision, open_store, upgrade
from helpdesk_sql.schema import alembic_config
from helpdesk_sql.tables import metadata
from helpdesk_sql.urls import read_url

Rows: TypeAlias = Mapping[str, list[dict[str, Any]]]

TICKETS: Final = (
    a_ticket(1000, next_due_at=NOW),  # open, so that whoever sweeps finds it and pins it
    a_full_ticket(1001, pin=None, next_due_at=None),
    a_ticket(1002, status=None),
)
MESSAGE: Final = a_message(2000, body="A note\nof two lines", is_internal=True)
EVENTS: Final = (
    an_event(EventKind.SUBMITTED),
    an_event(EventKind.ASSIGNED, status=Status.IN_PROGRESS, details={"agentId": str(an_id(7))}),
)
NOTICE: Final = a_notice(3000)
TOKEN: Final = a_token(4000)

READS: Final[Mapping[str, Callable[[UnitOfWork], object]]] = {
    "the tickets": lambda uow: [uow.ticket(ticket.id) for ticket in TICKETS],
    "what was said": lambda uow: uow.messages(TICKETS[1].id),
    "what happened": lambda uow: uow.history(TICKETS[1].id),
    "a submitter's tickets": lambda uow: uow.tickets_by_email("ANA@example.com", limit=9),
    "the tokens": lambda uow: uow.tokens(),
    "the directory": lambda uow: uow.directory(),
}
"""What a desk is asked, and answers alike before and after."""


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[SqlStore]:
    """A desk of today with something in each table of the first revision."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    with closing(open_store(url)) as desk:
        stocked(desk)
        put(desk, a_change(TICKETS[0]), a_change(TICKETS[2]))
        put(desk, a_change(TICKETS[1], *EVENTS, message=MESSAGE), notices=(NOTICE,))
        with desk.begin() as uow:
            uow.save_token(TOKEN)
            uow.commit()
        yield desk


@pytest.fixture
def old_url(empty_url: str, new_desk: SqlStore) -> str:
    """The same desk as the first revision kept it."""
    with connected(empty_url) as connection:
        command.upgrade(alembic_config(connection), "0001")
    with connected(empty_url) as connection, new_desk.engine.connect() as new:
        connection.execute(sa.text("DELETE FROM directory_state"))
        for table in metadata.sorted_tables:
            copy_what_the_first_desk_had(table, new, connection)
    return empty_url


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """A connection of our own to the database; what is done on it is committed."""
    engine = sa.create_engine(read_url(url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection


def copy_what_the_first_desk_had(
    table: sa.Table, source: sa.Connection, target: sa.Connection
) -> None:
    look = sa.inspect(target)
    if not look.has_table(table.name):
        return
    columns = [table.c[column["name"]] for column in look.get_columns(table.name)]
    rows = [dict(row) for row in source.execute(sa.select(*columns)).mappings()]
    for row in rows:
        if table.name == "calendars":
            row["holidays"] = [[on, name] for on, name, *_ in row["holidays"]]
        target.execute(sa.insert(table).values(row))


def rows_of(url: str) -> Rows:
    """Everything in the database as its driver gives it, the revision too."""
    with connected(url) as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        return {name: rows_in(connection, name) for name in names}


def rows_in(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    rows = connection.execute(sa.select(sa.text("*")).select_from(sa.table(name))).mappings()
    return sorted((dict(row) for row in rows), key=repr)


def indexes_of(url: str) -> set[str]:
    with connected(url) as connection:
        look = sa.inspect(connection)
        return {
            str(index["name"])
            for name in look.get_table_names()
            for index in look.get_indexes(name)
            if "duplicates_constraint" not in index
        }


def test_every_row_of_the_first_desk_is_there_afterwards_with_all_it_had(old_url: str) -> None:
    before = rows_of(old_url)
    upgrade(old_url)
    after = rows_of(old_url)

    assert 1 <= min(len(rows) for rows in before.values())
    kept = {
        name: sorted(({key: row[key] for key in rows[0]} for row in after[name]), key=repr)
        for name, rows in before.items()
        if name != "helpdesk_schema"
    }
    assert kept == {name: rows for name, rows in before.items() if name != "helpdesk_schema"}


@pytest.mark.parametrize("asked", READS)
def test_the_desk_answers_as_it_did(old_url: str, new_desk: SqlStore, asked: str) -> None:
    upgrade(old_url)
    with closing(open_store(old_url)) as desk:
        assert read(new_desk, READS[asked]) == read(desk, READS[asked])


def test_what_waited_to_be_delivered_still_waits(old_url: str) -> None:
    upgrade(old_url)
    with connected(old_url) as connection:
        waiting = connection.exec_driver_sql("SELECT state, attempts FROM outbox").all()

    assert [("queued", 0)] == waiting


def test_what_waited_goes_to_the_assignee_by_mail_in_english(old_url: str) -> None:
    upgrade(old_url)
    with closing(open_store(old_url)) as desk:
        (claim,) = desk.outbox.claim(limit=9, lease=timedelta(minutes=1))

    assert claim.notice == NOTICE
    assert (Audience.ASSIGNEE, "en", "mail") == (
        NOTICE.audience,
        NOTICE.language,
        NOTICE.destination,
    )


def test_a_migrated_desk_has_the_very_tables_of_the_code(old_url: str) -> None:
    """Raises, with the differences, when it has not."""
    upgrade(old_url)
    with connected(old_url) as connection:
        command.check(alembic_config(connection))


def test_a_migrated_desk_has_the_indexes_of_a_new_one(old_url: str, new_desk: SqlStore) -> None:
    upgrade(old_url)

    new = new_desk.engine.url.render_as_string()
    assert indexes_of(new) == indexes_of(old_url)


def test_a_migrated_desk_takes_a_change_and_a_case(old_url: str) -> None:
    upgrade(old_url)
    changed = a_ticket(1000, version=2, status=Status.IN_PROGRESS)
    with closing(open_store(old_url)) as desk:
        put(desk, a_change(changed), a_change(a_case_ticket(1003)))

        assert changed == read(desk, lambda uow: uow.ticket(changed.id))
        assert a_case_ticket(1003) == read(desk, lambda uow: uow.ticket(an_id(1003)))


def test_a_migrated_desk_still_holds_on_to_what_its_tickets_refer_to(old_url: str) -> None:
    upgrade(old_url)
    with closing(open_store(old_url)) as desk, desk.begin() as uow:
        version = uow.directory().version
        uow.save_directory(a_directory(version=version + 1, departments={}))
        with pytest.raises(InvalidDirectory):
            uow.commit()


def test_a_migration_that_fails_at_any_statement_leaves_the_desk_as_it_was(old_url: str) -> None:
    before = rows_of(old_url)
    for number in count(1):
        try:
            with failing_at(number):
                upgrade(old_url)
        except OSError:
            assert before == rows_of(old_url)
        else:
            break

    assert number > 20
    assert head_revision() == current_revision(old_url)


@contextmanager
def failing_at(number: int) -> Iterator[None]:
    """Within the block, the statement of that number is not run."""
    statements = count(1)

    def fail(*_: object) -> None:
        if next(statements) == number:
            raise OSError

    sa.event.listen(sa.Engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", fail)


KILLED_ONE_STATEMENT_LATER_EACH_TIME: Final = """
import os, signal, sys
from itertools import count
import sqlalchemy as sa
from helpdesk_sql import current_revision, upgrade

def upgrade_killed_at(number):
    statements = count(1)
    def die(*_):
        if next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)
    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    upgrade(sys.argv[1])
    os._exit(0)

for number in count(1):
    process = os.fork() or upgrade_killed_at(number)
    _, status = os.waitpid(process, 0)
    print(current_revision(sys.argv[1]), status, flush=True)
    if status == 0 or input() != "unchanged":
        break
"""


def test_a_migration_that_is_killed_at_any_statement_is_done_by_the_next(old_url: str) -> None:
    before = rows_of(old_url)
    program = [sys.executable, "-c", KILLED_ONE_STATEMENT_LATER_EACH_TIME, old_url]
    killed = 0
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for said in process.stdout:
            if said == f"{head_revision()} 0\n":
                break
            killed += 1
            assert (said, rows_of(old_url)) == ("0001 9\n", before)
            process.stdin.write("unchanged\n")
            process.stdin.flush()

    assert killed > 20
    assert len(before["tickets"]) == len(rows_of(old_url)["tickets"])
