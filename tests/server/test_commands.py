"""The command line: what it prints, what it refuses, and how it exits."""

import json
import os
import socket
import sqlite3
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from helpdesk_core.people import Role
from helpdesk_core.testing.builders import a_change, a_ticket, an_attachment
from helpdesk_core.testing.stores import put, stocked
from helpdesk_core.tokens import Token, digest_of
from helpdesk_files import FolderFiles
from helpdesk_server.commands.all import helpdesk
from helpdesk_sql import SqlStore, current_revision, head_revision, open_store
from tests.server.conftest import SAMPLE_FILE, MailServer, free_port

SMALL = """
[[countries]]
key = "id"
name = "Indonesia"
abbreviation = "ID"

[[departments]]
key = "it"
name = "IT"
abbreviation = "IT"
country = "id"
"""


class Run(Protocol):
    """Runs a command with these settings (without their prefix) and none else."""

    def __call__(self, *words: str, **settings: str) -> Result: ...


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)

    def command(*words: str, **settings: str) -> Result:
        given = {"DATABASE_URL": database, **settings}
        environ = {f"HELPDESK_{name}": it for name, it in given.items()}
        return CliRunner().invoke(helpdesk, words, env=environ)

    return command


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A directory file with one department."""
    file = tmp_path / "small.toml"
    file.write_text(SMALL)
    return str(file)


@pytest.fixture
def store(database: str, run: Run) -> Iterator[SqlStore]:
    """The store that the commands work on."""
    run("migrate")
    opened = open_store(database)
    yield opened
    opened.close()


def test_loading_a_directory_says_what_it_changed(run: Run, small: str) -> None:
    result = run("directory", "load", small)

    assert (0, "") == (result.exit_code, result.stderr)
    assert ["country id: added", "department it: added"] == result.stdout.splitlines()


def test_loading_it_again_changes_nothing(run: Run, small: str) -> None:
    run("directory", "load", small)

    assert "nothing changed\n" == run("directory", "load", small).stdout


def test_changes_are_listed_as_json(run: Run, small: str) -> None:
    first, second = (run("directory", "load", small, "--json") for _ in range(2))

    assert {"changes": ["country id: added", "department it: added"]} == json.loads(first.stdout)
    assert {"changes": []} == json.loads(second.stdout)


def test_a_directory_may_be_json(run: Run, tmp_path: Path, store: SqlStore) -> None:
    file = tmp_path / "small.json"
    file.write_text(json.dumps(tomllib.loads(SMALL)))

    run("directory", "load", str(file))

    with store.begin() as uow:
        assert ["IT"] == [it.name for it in uow.directory().departments.values()]


@pytest.mark.parametrize("style", ["toml", "json"])
def test_a_dump_loads_as_the_same_directory(run: Run, tmp_path: Path, style: str) -> None:
    run("directory", "load", str(SAMPLE_FILE))
    file = tmp_path / f"dump.{style}"
    file.write_text(run("directory", "dump", "--format", style).stdout, encoding="utf-8")
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.sqlite3"

    here = run("directory", "load", str(file))
    run("directory", "load", str(file), DATABASE_URL=elsewhere)
    dumped = run("directory", "dump", "--format", style, DATABASE_URL=elsewhere)

    assert "nothing changed\n" == here.stdout
    assert file.read_text(encoding="utf-8") == dumped.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "[[countries]", "cannot be understood"),
        ("a.json", "{", "cannot be understood"),
        ("a.json", "[" * 100_000, "cannot be understood"),
        ("a.json", "[]", "holds no table of a directory"),
        ("a.yaml", "countries:", "must end in .toml or .json"),
        ("a.toml", "\udcff", "cannot be understood"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_in_a_line(
    run: Run, tmp_path: Path, name: str, text: str, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    result = run("directory", "load", str(file))

    assert (1, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert result.stderr.startswith(f"helpdesk: {file} {said}")


def test_an_impossible_directory_is_refused_with_its_faults_and_nothing_of_it_is_stored(
    run: Run, tmp_path: Path, store: SqlStore
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(SMALL.replace('country = "id"', 'country = "atlantis"'))

    result = run("directory", "load", str(file))

    assert (1, "") == (result.exit_code, result.stdout)
    assert all(line.startswith("helpdesk: ") for line in result.stderr.splitlines())
    assert "atlantis" in result.stderr
    with store.begin() as uow:
        assert 0 == uow.directory().version


def test_a_user_is_added_to_departments(run: Run, small: str, store: SqlStore) -> None:
    run("directory", "load", small)

    result = run("user", "add", "ann@example.com", "--name", "Ann", "--department", "it")

    with store.begin() as uow:
        ann = uow.directory().agent_at("Ann@Example.com")
    assert (0, "agent ann@example.com: added\n") == (result.exit_code, result.stdout)
    assert ann
    assert ("Ann", Role.AGENT, 1, True, True) == (
        ann.name,
        ann.role,
        len(ann.department_ids),
        ann.is_active,
        ann.wants_mail,
    )


def test_a_user_may_be_an_admin_without_work_or_mail(run: Run, store: SqlStore) -> None:
    words = ("--name", "Bo", "--role", "ADMIN", "--inactive", "--no-mail", "--json")

    result = run("user", "add", "bo@example.com", *words)

    with store.begin() as uow:
        bo = uow.directory().agent_at("bo@example.com")
    assert {"changes": ["agent bo@example.com: added"]} == json.loads(result.stdout)
    assert bo
    assert (Role.ADMIN, False, False) == (bo.role, bo.is_active, bo.wants_mail)


def test_a_user_of_no_department_that_is_known_is_refused(run: Run) -> None:
    result = run("user", "add", "ann@example.com", "--name", "Ann", "--department", "nowhere")

    assert (1, "") == (result.exit_code, result.stdout)
    assert "nowhere" in result.stderr


def token_of(store: SqlStore, printed: str) -> Token:
    with store.begin() as uow:
        token = uow.token(digest_of(printed.rstrip("\n")))
    assert token
    return token


def test_a_token_is_printed_alone(run: Run, store: SqlStore) -> None:
    result = run("token", "create", "--email", "ann@example.com", "--role", "agent")
    token = token_of(store, result.stdout)

    assert ("ann@example.com", Role.AGENT, None) == (token.email, token.role, token.expires_at)
    assert result.stdout.startswith("hd_")
    assert "helpdesk: keep this token now: it cannot be shown again\n" == result.stderr


@pytest.mark.parametrize(
    ("given", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("45m", timedelta(minutes=45)),
        ("12h", timedelta(hours=12)),
        ("30d", timedelta(days=30)),
        ("2w", timedelta(weeks=2)),
    ],
)
def test_a_token_may_expire(run: Run, store: SqlStore, given: str, length: timedelta) -> None:
    words = ("--email", "ann@example.com", "--role", "agent", "--expires-in", given)

    token = token_of(store, run("token", "create", *words).stdout)

    assert token.expires_at
    assert length == token.expires_at - token.created_at
    assert token.created_at - datetime.now(UTC) < timedelta(minutes=1)


@pytest.mark.parametrize("given", ["0d", "-1d", "30", "d", "1y", "99999d", "1.5h", "٣d", ""])
def test_what_is_no_duration_is_wrong_usage(run: Run, given: str) -> None:
    words = ("--email", "ann@example.com", "--role", "agent", "--expires-in", given)

    result = run("token", "create", *words)

    assert (2, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert result.stderr.startswith("helpdesk: Invalid value for '--expires-in'")


def test_a_token_for_what_is_no_address_is_refused(run: Run) -> None:
    result = run("token", "create", "--email", "ann", "--role", "agent")

    assert (1, "") == (result.exit_code, result.stdout)
    assert result.stderr.startswith("helpdesk: Email format is invalid\n")


def tokens(run: Run) -> list[dict[str, str | None]]:
    """What `token list --json` shows."""
    listed: list[dict[str, str | None]] = json.loads(run("token", "list", "--json").stdout)[
        "tokens"
    ]
    return listed


def make_token(run: Run, email: str = "ann@example.com", *more: str) -> str:
    """The secret of a new agent's token."""
    made = run("token", "create", "--email", email, "--role", "agent", *more)
    return made.stdout.rstrip("\n")


def test_tokens_are_listed_the_oldest_first_with_what_became_of_them(run: Run) -> None:
    make_token(run, "ann@example.com", "--expires-in", "30d")
    make_token(run, "bo@example.com")
    first, second = tokens(run)

    assert ("ann@example.com", "agent", None, None) == (
        first["email"],
        first["role"],
        first["lastUsed"],
        first["revoked"],
    )
    assert first["created"]
    assert first["expires"]
    assert ("bo@example.com", None) == (second["email"], second["expires"])


def test_a_list_of_tokens_has_a_line_for_each_under_its_headings(run: Run) -> None:
    make_token(run)
    heading, line = run("token", "list").stdout.splitlines()

    assert ["id", "email", "role", "created", "expires", "lastUsed", "revoked"] == heading.split()
    assert ["ann@example.com", "agent"] == line.split()[1:3]
    assert ["-", "-", "-"] == line.split()[4:]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_list_of_tokens_shows_no_secret(
    run: Run, store: SqlStore, words: tuple[str, ...]
) -> None:
    secret = make_token(run)
    digest = token_of(store, secret).digest
    shown = run("token", "list", *words).stdout

    assert [] == [
        hidden for hidden in (secret, secret[3:], digest.hex(), str(digest)) if hidden in shown
    ]


@pytest.mark.parametrize("length", [36, 30])
def test_a_token_is_revoked_by_its_id_or_what_it_begins_with(run: Run, length: int) -> None:
    make_token(run)
    (token,) = tokens(run)
    token_id = str(token["id"])

    result = run("token", "revoke", token_id[:length].upper())

    assert (0, f"token {token_id}: revoked\n") == (result.exit_code, result.stdout)
    assert tokens(run)[0]["revoked"]


def test_revoking_again_changes_nothing(run: Run) -> None:
    make_token(run)
    token_id = str(tokens(run)[0]["id"])
    run("token", "revoke", token_id)
    first = tokens(run)

    assert 0 == run("token", "revoke", token_id).exit_code
    assert first == tokens(run)


@pytest.mark.parametrize("wanted", ["", "0", "ffffffff", "hd_", "%"])
def test_what_names_no_token_revokes_none(run: Run, wanted: str) -> None:
    make_token(run)

    result = run("token", "revoke", wanted)

    assert (1, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert [None] == [token["revoked"] for token in tokens(run)]


def test_what_names_two_tokens_revokes_none(run: Run) -> None:
    make_token(run)
    make_token(run)
    first, second = (str(token["id"]) for token in tokens(run))
    begins = next(first[:end] for end in range(36, 0, -1) if second.startswith(first[:end]))

    result = run("token", "revoke", begins)

    assert (1, "") == (result.exit_code, result.stdout)
    assert f"helpdesk: 2 tokens have an id that begins with {begins}" in result.stderr
    assert [None, None] == [token["revoked"] for token in tokens(run)]


@pytest.fixture
def orphans(tmp_path: Path, run: Run) -> FolderFiles:
    """The desk's files: one that came two hours ago and one of now, neither of any ticket."""
    run("migrate")
    files = FolderFiles(tmp_path / "files")
    for number in (1, 2):
        files.put(UUID(int=number), [b"bytes"])
    two_hours_ago = datetime.now(UTC).timestamp() - 7200
    for kept in (tmp_path / "files").rglob(f"*{UUID(int=1).hex[-4:]}*"):
        os.utime(kept, (two_hours_ago, two_hours_ago))
    return files


def test_files_that_belong_to_no_ticket_are_swept_after_an_hour(
    run: Run, orphans: FolderFiles
) -> None:
    result = run("files", "sweep")
    left = [each for each in map(orphans.open, (UUID(int=1), UUID(int=2))) if each]
    for each in left:
        each.close()

    assert (0, "1 files swept\n", 1) == (result.exit_code, result.stdout, len(left))


@pytest.mark.usefixtures("orphans")
def test_how_many_files_were_swept_is_told_as_json(run: Run) -> None:
    assert {"swept": 1} == json.loads(run("files", "sweep", "--json").stdout)


@pytest.fixture
def old_file(tmp_path: Path, store: SqlStore) -> None:
    """A file that lies there for two hours, of a ticket on which work ended forty days ago."""
    now = datetime.now(UTC)
    files = FolderFiles(tmp_path / "files")
    held = an_attachment(created_at=now - timedelta(days=50))
    ended = a_ticket(closed_at=now - timedelta(days=40))
    stocked(store)
    put(store, a_change(ended, attachment=held))
    files.put(held.id, [b"bytes"])
    [kept] = (it for it in (tmp_path / "files").rglob("*") if it.is_file())
    os.utime(kept, (now.timestamp() - 7200,) * 2)


@pytest.mark.parametrize(("days", "swept"), [("39", 1), ("41", 0), ("", 0)])
@pytest.mark.usefixtures("old_file")
def test_files_are_let_go_of_after_the_days_that_the_operator_says(
    run: Run, days: str, swept: int
) -> None:
    assert f"{swept} files swept\n" == run("files", "sweep", FILES_KEPT_DAYS=days).stdout


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("", "Files are kept as long as their tickets: HELPDESK_FILES_KEPT_DAYS is not set"),
        ("90", "Files are kept for 90 days after the work on their ticket ended"),
    ],
)
def test_the_doctor_says_how_long_files_are_kept(run: Run, days: str, said: str) -> None:
    run("migrate")

    assert said in run("doctor", FILES_KEPT_DAYS=days).stdout


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["--bogus"],
        ["serve", "--bogus"],
        ["directory", "bogus"],
        ["directory", "load", "/no/such/file"],
        ["user", "add", "ann@example.com"],
        ["token", "create", "--email", "ann@example.com", "--role", "king"],
    ],
)
def test_wrong_usage_is_a_line_and_exit_2(run: Run, words: list[str]) -> None:
    result = run(*words)

    assert (2, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert result.stderr.startswith("helpdesk: ")


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    result = run()

    assert 2 == result.exit_code
    assert "HELPDESK_DATABASE_URL" in result.stderr


@pytest.mark.parametrize("command", ["serve", "demo", "worker", "migrate"])
def test_wrong_settings_are_lines_and_exit_2(run: Run, command: str) -> None:
    result = run(command, PORT="http", MAIL_WAIT="long")

    assert (2, "") == (result.exit_code, result.stdout)
    assert [
        "helpdesk: HELPDESK_PORT must be a whole number from 0 to 65535, not 'http'",
        "helpdesk: HELPDESK_MAIL_WAIT must be seconds from 0 to 10, not 'long'",
    ] == result.stderr.splitlines()


def test_a_wrong_flag_is_named_as_the_setting_it_stands_for(run: Run) -> None:
    result = run("serve", "--port", "70000")

    assert 2 == result.exit_code
    assert result.stderr.startswith("helpdesk: HELPDESK_PORT must be a whole number")


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("SMTP_URL", "smtp://ann:hunter2@"),
        ("SMTP_URL", "smtp://hunter2@mail/path"),
        ("RATE_LIMIT_STORAGE", "memory://hunter2"),
        ("FILES_URL", "s3://bucket?hunter=2"),
        ("FILES_URL", "file://hunter2/folder"),
    ],
)
def test_an_address_that_its_adapter_cannot_use_names_the_setting_and_no_secret(
    run: Run, setting: str, url: str
) -> None:
    result = run("serve", **{setting: url})

    assert (2, 1) == (result.exit_code, result.stderr.count("\n"))
    assert result.stderr.startswith(f"helpdesk: HELPDESK_{setting}")
    assert "hunter2" not in result.stderr


def test_a_variable_that_means_nothing_is_warned_of(run: Run) -> None:
    result = run("migrate", SMPT_URL="x")

    assert 0 == result.exit_code
    assert (
        "helpdesk: warning: HELPDESK_SMPT_URL is not a setting; did you mean HELPDESK_SMTP_URL?\n"
    ) == result.stderr


def test_migrating_says_whether_there_was_anything_to_do(run: Run) -> None:
    first, second = run("migrate"), run("migrate")

    assert first.stdout.startswith("the database is at revision ")
    assert "nothing to do\n" == second.stdout


def test_the_folder_of_a_database_is_made_for_its_owner_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"

    run("migrate", DATABASE_URL=f"sqlite:///{folder}/desk.sqlite3")

    assert 0o700 == folder.stat().st_mode & 0o777


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_that_is_none_is_refused_in_a_line(
    run: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "desk.sqlite3").write_text("This is no database. " * 100)

    result = run(command)

    assert (1, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert "file is not a database" in result.stderr


def test_a_folder_that_cannot_be_made_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = run("serve", DATABASE_URL=f"sqlite:///{tmp_path}/file/desk.sqlite3")

    assert (1, 1) == (result.exit_code, result.stderr.count("\n"))
    assert "cannot be made" in result.stderr


def test_a_database_of_a_newer_program_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    run("migrate")
    with sqlite3.connect(tmp_path / "desk.sqlite3") as raw:
        raw.execute("UPDATE helpdesk_schema SET version_num = 'from the future'")
    raw.close()

    result = run("serve")

    assert (1, 1) == (result.exit_code, result.stderr.count("\n"))
    assert "from the future" in result.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_shared_database_is_never_changed_unasked(
    run: Run, fresh_postgres_url: str, command: str
) -> None:
    result = run(command, DATABASE_URL=fresh_postgres_url)

    assert (1, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert "run `helpdesk migrate`" in result.stderr
    assert current_revision(fresh_postgres_url) is None


def test_a_shared_database_is_brought_up_to_date_when_asked(
    run: Run, fresh_postgres_url: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it ends before it serves
        port = str(taken.getsockname()[1])
        run("serve", "--migrate", "--port", port, DATABASE_URL=fresh_postgres_url)

    assert head_revision() == current_revision(fresh_postgres_url)


def test_a_database_that_does_not_answer_is_refused_in_a_line_without_its_password(
    run: Run,
) -> None:
    url = f"postgresql://ann:hunter2@127.0.0.1:{free_port()}/desk"

    result = run("serve", DATABASE_URL=url)

    assert (1, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))
    assert "cannot be used" in result.stderr
    assert "hunter2" not in result.stderr


def test_a_port_that_is_taken_is_refused_in_a_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("serve", "--port", port)

    assert (1, "") == (result.exit_code, result.stdout)
    assert (
        f"helpdesk: cannot listen on 127.0.0.1, port {port}: Address already in use\n"
    ) == result.stderr


def test_a_host_that_is_none_is_refused_in_a_line(run: Run) -> None:
    result = run("serve", "--host", "no such host", "--port", "0")

    assert (1, 1) == (result.exit_code, result.stderr.count("\n"))
    assert "no such host" in result.stderr


def test_a_worker_without_a_mail_server_has_nothing_to_do(run: Run) -> None:
    result = run("worker")

    assert (1, "") == (result.exit_code, result.stdout)
    assert (
        "helpdesk: there is nothing to deliver by: set HELPDESK_SMTP_URL, HELPDESK_SMS_URL or "
        "HELPDESK_WEBHOOK_URLS\n"
    ) == result.stderr


def findings(result: Result) -> dict[str, bool]:
    return {it["about"]: it["ok"] for it in json.loads(result.stdout)["findings"]}


def test_the_doctor_finds_a_whole_desk_well(run: Run, mail_server: MailServer) -> None:
    run("directory", "load", str(SAMPLE_FILE))

    result = run("doctor", "--json", SMTP_URL=mail_server.url)

    assert 0 == result.exit_code
    assert {
        "settings": True,
        "database": True,
        "directory": True,
        "outbox": True,
        "files": True,
        "case numbers": True,
        "exposure": True,
        "sessions": True,
        "mail": True,
        "mailboxes": True,
        "templates": True,
        "text messages": True,
        "webhooks": True,
        "sign-in": True,
        "rate limits": True,
    } == findings(result)


@pytest.mark.parametrize(
    ("exposure", "address", "is_recommended"),
    [
        ("contract", "https://desk.example.com", True),
        ("contract", "http://localhost:8000", False),
        ("contract", "http://127.0.0.1", False),
        ("contract", "http://[::1]:8000", False),
        ("guarded", "https://desk.example.com", False),
    ],
)
def test_the_doctor_recommends_a_guarded_door_for_a_public_address(
    run: Run,
    exposure: str,
    address: str,
    is_recommended: bool,  # noqa: FBT001  # a case of the table
) -> None:
    result = run("doctor", EXPOSURE=exposure, PUBLIC_URL=address)
    (line,) = (line for line in result.stdout.splitlines() if "exposure:" in line)

    assert ("guarded is recommended" in line, "WRONG" in line) == (is_recommended, False)


@pytest.mark.parametrize(
    ("address", "are_kept"),
    [
        ("https://desk.example.com", True),
        ("http://localhost:8000", True),
        ("http://desk.example.com", False),
    ],
)
def test_the_doctor_says_whether_browsers_keep_sessions(
    run: Run,
    address: str,
    are_kept: bool,  # noqa: FBT001  # a case of the table
) -> None:
    result = run("doctor", PUBLIC_URL=address)
    (line,) = (line for line in result.stdout.splitlines() if "sessions:" in line)

    assert are_kept == ("browsers keep them" in line)


def test_the_doctor_makes_no_database(run: Run, tmp_path: Path) -> None:
    result = run("doctor", "--json")

    assert 1 == result.exit_code
    assert not findings(result)["database"]
    assert [] == list(tmp_path.iterdir())


def test_the_doctor_finds_an_empty_directory_wrong(run: Run) -> None:
    run("migrate")

    result = run("doctor")

    assert 1 == result.exit_code
    assert "WRONG  directory: nobody can submit anything yet" in result.stdout


def test_the_doctor_finds_a_mail_server_that_is_away(run: Run) -> None:
    result = run("doctor", "--json", SMTP_URL=f"smtp://127.0.0.1:{free_port()}")

    assert 1 == result.exit_code
    assert not findings(result)["mail"]


def test_the_doctor_finds_a_limit_store_that_is_away(run: Run) -> None:
    result = run("doctor", "--json", RATE_LIMIT_STORAGE=f"redis://127.0.0.1:{free_port()}")

    assert 1 == result.exit_code
    assert not findings(result)["rate limits"]


def test_the_doctor_leaves_no_file_behind(run: Run, tmp_path: Path) -> None:
    run("migrate")
    run("doctor")

    assert [] == [found for found in (tmp_path / "files").rglob("*") if found.is_file()]


def test_the_doctor_finds_a_folder_for_files_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    run("migrate")
    (tmp_path / "taken").write_text("")

    result = run("doctor", "--json", FILES_URL=f"file://{tmp_path}/taken/files")

    assert 1 == result.exit_code
    assert not findings(result)["files"]


def test_the_doctor_warns_of_numbers_that_can_be_guessed(run: Run) -> None:
    result = run("doctor", CASE_NUMBERS="sequential")

    assert "ok     case numbers: they count, and can be guessed" in result.stdout


def test_the_doctor_finds_a_database_that_waits_for_its_migration(run: Run, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "desk.sqlite3").close()
    (tmp_path / "desk.sqlite3").touch()

    result = run("doctor")

    assert 1 == result.exit_code
    assert (
        "WRONG  database: The database holds no desk yet; run `helpdesk migrate`" in result.stdout
    )


def test_the_doctor_finds_wrong_settings_and_looks_no_further(run: Run) -> None:
    result = run("doctor", "--json", PORT="http")

    assert 1 == result.exit_code
    assert {"settings": False} == findings(result)
