"""`helpdesk audit` and `helpdesk person erase` and `export`: what they print, and how they exit."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk_core.testing.people_erased import EMAIL, TELLING, play, told
from helpdesk_core.testing.stores import stocked
from helpdesk_sql import SqlStore, open_store, upgrade
from tests.server.test_commands import Run, run

__all__ = ["run"]


@pytest.fixture
def busy(database: str) -> Iterator[SqlStore]:
    """A desk on which somebody did everything that a customer can do."""
    upgrade(database)
    with closing(open_store(database)) as store:
        stocked(store)
        _ = play(store)
        yield store


def tamper(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE ticket_events SET kind = 'closed' WHERE position = 1")


@pytest.mark.usefixtures("busy")
def test_a_sound_trail_is_said_to_be_sound(run: Run) -> None:
    result = run("audit", "verify")

    assert (0, "sound: ") == (result.exit_code, result.stdout[:7])


def test_a_trail_that_was_changed_exits_1_and_says_where(run: Run, busy: SqlStore) -> None:
    tamper(busy)
    result = run("audit", "verify")

    assert 1 == result.exit_code
    assert " 1.1: the record is not as it was sealed" in result.stdout
    assert "behind the desk's back" in result.stderr


def test_a_row_that_no_desk_can_have_written_is_no_failure_of_ours(
    run: Run, busy: SqlStore
) -> None:
    with busy.engine.connect() as connection:
        connection.exec_driver_sql(
            "UPDATE audit_records SET subject = 'nonsense' WHERE (subject, number) = "
            "(SELECT subject, number FROM audit_records ORDER BY subject, number LIMIT 1)"
        )
    result = run("audit", "verify")

    assert (1, True) == (result.exit_code, "a row cannot be read" in result.stderr)


def test_findings_are_json_a_line_each(run: Run, busy: SqlStore) -> None:
    tamper(busy)
    lines = run("audit", "verify", "--json").stdout.splitlines()

    assert {("changed", 1, 1)} == {
        (it["fault"], it["number"], it["position"]) for it in map(json.loads, lines)
    }


@pytest.mark.usefixtures("busy")
def test_a_root_that_was_kept_is_known_again(run: Run) -> None:
    root = run("audit", "root", "--seal").stdout.strip()

    assert 0 == run("audit", "verify", "--root", root).exit_code
    assert 1 == run("audit", "verify", "--root", f"1:{'00' * 32}").exit_code
    assert 2 == run("audit", "verify", "--root", "nonsense").exit_code


@pytest.mark.usefixtures("unused_desk")
def test_without_a_root_it_is_said_how_to_get_one(run: Run) -> None:
    result = run("audit", "root")

    assert (1, True) == (result.exit_code, "--seal" in result.stderr)


@pytest.fixture
def unused_desk(database: str) -> None:
    """A desk on which nothing happened."""
    upgrade(database)


@pytest.mark.usefixtures("busy")
def test_what_happened_is_listed_by_what_is_asked(run: Run) -> None:
    records = json.loads(run("audit", "list", "--kind", "rejected", "--json").stdout)["records"]
    plain = run("audit", "list", "--kind", "rejected").stdout

    assert [("rejected", "Mr Hartono is joking")] == [
        (it["kind"], it["details"]["reason"]) for it in records
    ]
    assert "reason=Mr Hartono is joking" in plain


@pytest.mark.usefixtures("busy")
def test_a_kind_that_is_none_is_refused(run: Run) -> None:
    assert 1 == run("audit", "list", "--kind", "nonsense").exit_code


@pytest.mark.usefixtures("busy")
def test_a_person_is_given_out_to_a_file_and_erased(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "budi.json"
    assert 0 == run("person", "export", EMAIL, "-o", str(file)).exit_code
    assert set(TELLING) == told(json.loads(file.read_text()))
    assert 0 == run("person", "erase", EMAIL, "--yes").exit_code
    assert 0 == run("audit", "verify").exit_code
    assert 1 == run("person", "export", EMAIL).exit_code


@pytest.mark.usefixtures("busy")
def test_nobody_is_erased_without_a_yes(run: Run) -> None:
    result = run("person", "erase", EMAIL)

    assert 0 != result.exit_code
    assert 0 == run("person", "export", EMAIL).exit_code
