"""A store's pulse: it answers and takes writes, or it is Unavailable."""

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from helpdesk_core.errors import Unavailable
from helpdesk_sql import SqlStore, head_revision, open_store, upgrade


def test_a_store_that_is_well_tells_its_revision(desk: SqlStore) -> None:
    assert head_revision() == desk.pulse()


def test_feeling_the_pulse_changes_nothing(desk: SqlStore) -> None:
    before = desk.outbox.counts()
    _ = [desk.pulse() for _ in range(3)]

    assert before == desk.outbox.counts()


def test_a_revision_that_changed_meanwhile_is_told(desk: SqlStore) -> None:
    with desk.engine.connect() as connection:
        connection.execute(sa.text("UPDATE helpdesk_schema SET version_num = 'another'"))

    assert "another" == desk.pulse()


def test_a_file_that_another_writes_has_no_pulse(sqlite_desk: SqlStore) -> None:
    """Reading goes on there; what counts is that nobody could store anything."""
    file = sqlite_desk.engine.url.database
    assert file
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable):
            _ = sqlite_desk.pulse()
    finally:
        other.close()


def test_a_postgresql_that_only_reads_has_no_pulse(fresh_postgres_url: str) -> None:
    """As a standby, or one that was set so while its disk is full."""
    upgrade(fresh_postgres_url)
    name = psycopg.conninfo.conninfo_to_dict(fresh_postgres_url)["dbname"]
    with psycopg.connect(fresh_postgres_url, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    store = open_store(fresh_postgres_url, pool_size=1)
    try:
        with pytest.raises(Unavailable):
            _ = store.pulse()
    finally:
        store.close()
        with psycopg.connect(fresh_postgres_url, autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")
            admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
