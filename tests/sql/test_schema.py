"""How a database comes to its tables, and which databases are refused."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic import command

from helpdesk_sql import StoreError, current_revision, head_revision, open_store, upgrade
from helpdesk_sql.schema import alembic_config
from helpdesk_sql.urls import read_url


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """A connection of our own to the database; what is done on it is committed."""
    engine = sa.create_engine(read_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def tables_of(url: str) -> set[str]:
    with connected(url) as connection:
        return set(sa.inspect(connection).get_table_names())


def test_the_migrations_make_the_very_tables_of_the_code(empty_url: str) -> None:
    """Raises, with the differences, when they do not."""
    upgrade(empty_url)
    with connected(empty_url) as connection:
        command.check(alembic_config(connection))


def test_a_column_that_only_the_code_knows_is_noticed(empty_url: str) -> None:
    """Else the test above could not fail."""
    upgrade(empty_url)
    with connected(empty_url) as connection:
        connection.exec_driver_sql("ALTER TABLE tokens DROP COLUMN expires_at")
    with (
        connected(empty_url) as connection,
        pytest.raises(Exception, match=r"New upgrade operations detected.*expires_at"),
    ):
        command.check(alembic_config(connection))


def test_an_empty_database_has_no_revision(empty_url: str) -> None:
    assert None is current_revision(empty_url)


def test_an_upgraded_database_is_at_the_newest_revision(empty_url: str) -> None:
    upgrade(empty_url)

    assert head_revision() == current_revision(empty_url)


def test_upgrading_again_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    with connected(empty_url) as connection:
        connection.exec_driver_sql("UPDATE directory_state SET version = 7")
    upgrade(empty_url)
    with connected(empty_url) as connection:
        versions = connection.exec_driver_sql("SELECT version FROM directory_state").all()

    assert [(7,)] == versions


def test_processes_that_upgrade_at_once_all_find_it_done(empty_url: str) -> None:
    program = f"from helpdesk_sql import upgrade; upgrade({empty_url!r})"
    processes = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]

    assert [0, 0, 0] == [process.wait(60) for process in processes]
    assert head_revision() == current_revision(empty_url)


def test_an_upgrade_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    with connected(empty_url) as connection:
        connection.exec_driver_sql("CREATE TABLE tokens (theirs INTEGER)")
    with pytest.raises(StoreError, match=r"cannot be used: .*tokens.* already exists"):
        upgrade(empty_url)

    assert {"tokens"} == tables_of(empty_url)


def test_what_alembic_does_for_another_program_is_left_alone(empty_url: str) -> None:
    with connected(empty_url) as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('theirs')")
    upgrade(empty_url)
    with connected(empty_url) as connection:
        theirs = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()

    assert [("theirs",)] == theirs


def test_an_empty_database_is_no_desk(empty_url: str) -> None:
    with pytest.raises(StoreError, match="holds no desk yet; run `helpdesk migrate`"):
        open_store(empty_url)


@pytest.mark.parametrize("act", [open_store, upgrade])
def test_a_database_that_a_newer_program_made_is_refused(
    empty_url: str, act: Callable[[str], object]
) -> None:
    upgrade(empty_url)
    with connected(empty_url) as connection:
        connection.exec_driver_sql("UPDATE helpdesk_schema SET version_num = '9999'")

    with pytest.raises(StoreError, match="at revision 9999, which this program does not know"):
        act(empty_url)


def test_a_program_without_the_newest_migration_run_is_told_what_to_run(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(empty_url)
    monkeypatch.setattr("helpdesk_sql.schema.head_revision", lambda: "9998")

    with pytest.raises(StoreError, match="needs 9998; run `helpdesk migrate`"):
        open_store(empty_url)


def test_what_there_is_to_know_of_a_desk_names_its_revisions(empty_url: str) -> None:
    upgrade(empty_url)
    store = open_store(empty_url)
    facts = store.facts()
    store.close()

    assert (head_revision(), head_revision()) == (facts.current_revision, facts.head_revision)
