"""`helpdesk sign-in-link`, `session`, `user deactivate` and `person forget-account`."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from helpdesk_core.opaque import digest_of
from helpdesk_core.sign_ins import SignInLink
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.entering import SignedIn, Visit
from helpdesk_core.use_cases.sign_in_links import take_link
from helpdesk_server.commands.all import helpdesk
from helpdesk_server.wiring import new_id, now
from helpdesk_sql import SqlStore, open_store

ANN = "ann@example.com"


class Run(Protocol):
    def __call__(self, *words: str, **settings: str) -> Result: ...


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in os.environ:
        if name.startswith("HELPDESK_"):
            monkeypatch.delenv(name)

    def command(*words: str, **settings: str) -> Result:
        given = {"DATABASE_URL": database, "PUBLIC_URL": "https://desk.example.com", **settings}
        environ = {f"HELPDESK_{name}": it for name, it in given.items()}
        return CliRunner().invoke(helpdesk, words, env=environ)

    return command


@pytest.fixture
def store(database: str, run: Run) -> Iterator[SqlStore]:
    run("user", "add", ANN, "--name", "Ann", "--role", "admin")
    opened = open_store(database)
    yield opened
    opened.close()


def secret_in(link: str) -> str:
    return parse_qs(urlsplit(link.strip()).query)["key"][0]


def link_of(store: SqlStore, printed: str) -> SignInLink:
    with store.begin() as uow:
        link = uow.sign_in_link(digest_of(secret_in(printed)))
    assert link
    return link


def signed_in(run: Run, store: SqlStore, email: str = ANN) -> SignedIn:
    secret = secret_in(run("sign-in-link", email).stdout)
    visit = Visit(device="A browser\N{RIGHT-TO-LEFT OVERRIDE}\x1b[2J")
    return take_link(ports_over(store, now=now, new_id=new_id), secret, None, visit)


def sessions(run: Run, *words: str) -> list[dict[str, str]]:
    shown: list[dict[str, str]] = json.loads(run("session", "list", "--json", *words).stdout)[
        "sessions"
    ]
    return shown


def test_a_link_is_printed_alone_and_signs_in_the_agent(run: Run, store: SqlStore) -> None:
    result = run("sign-in-link", ANN)
    [line] = result.stdout.splitlines()

    assert line.startswith("https://desk.example.com/auth/link?key=")
    assert result.stderr.startswith("helpdesk: whoever has this link signs in with it")
    assert (ANN, "/", None) == (
        (link := link_of(store, line)).email,
        link.target,
        link.binding,
    )


@pytest.mark.parametrize(
    ("words", "length"), [((), timedelta(minutes=15)), (("--expires-in", "2h"), timedelta(hours=2))]
)
def test_a_link_expires(
    run: Run, store: SqlStore, words: tuple[str, ...], length: timedelta
) -> None:
    link = link_of(store, run("sign-in-link", ANN, *words).stdout)

    assert length == link.expires_at - link.created_at
    assert datetime.now(UTC) - link.created_at < timedelta(minutes=1)


def test_a_link_may_lead_somewhere(run: Run, store: SqlStore) -> None:
    printed = run("sign-in-link", ANN, "--next", "/docs").stdout

    assert "/docs" == link_of(store, printed).target


@pytest.mark.parametrize("words", [("ann",), (ANN, "--next", "//evil.example.net")])
def test_what_is_no_address_or_no_path_is_refused(run: Run, words: tuple[str, ...]) -> None:
    result = run("sign-in-link", *words)

    assert (1, "") == (result.exit_code, result.stdout)


def test_sessions_are_listed(run: Run, store: SqlStore) -> None:
    current = signed_in(run, store)
    [shown] = sessions(run)

    assert (str(current.session.id), ANN, "Ann", "urn:helpdesk:mail") == (
        shown["id"],
        shown["email"],
        shown["name"],
        shown["issuer"],
    )
    assert current.secret not in str(shown)


def test_sessions_are_listed_by_address(run: Run, store: SqlStore) -> None:
    _ = signed_in(run, store)
    other = signed_in(run, store, "other@example.org")

    assert [str(other.session.id)] == [
        it["id"] for it in sessions(run, "--email", "OTHER@example.org")
    ]


def test_nothing_that_a_browser_says_takes_the_terminal_over(run: Run, store: SqlStore) -> None:
    _ = signed_in(run, store)

    assert all(line.isprintable() for line in run("session", "list").stdout.splitlines())


def test_a_session_is_ended_by_the_beginning_of_its_id(run: Run, store: SqlStore) -> None:
    one = signed_in(run, store)
    result = run("session", "end", str(one.session.id)[:-1])

    assert f"session {one.session.id}: ended\n" == result.stdout
    assert [] == sessions(run)


def test_all_sessions_of_an_address_are_ended(run: Run, store: SqlStore) -> None:
    for _ in range(2):
        _ = signed_in(run, store)
    result = run("session", "end", "--email", ANN)

    assert f"{ANN}: every session ended\n" == result.stdout
    assert [] == sessions(run)


@pytest.mark.parametrize("words", [(), ("0123abcd", "--email", ANN)])
def test_either_one_session_or_an_address_s_are_ended(run: Run, words: tuple[str, ...]) -> None:
    assert 2 == run("session", "end", *words).exit_code


@pytest.mark.parametrize("words", [("0123abcd",), ("--email", "nobody@example.org")])
def test_there_must_be_something_to_end(run: Run, store: SqlStore, words: tuple[str, ...]) -> None:
    _ = signed_in(run, store)
    result = run("session", "end", *words)

    assert (1, 1) == (result.exit_code, len(sessions(run)))


def test_a_deactivated_agent_has_no_session(run: Run, store: SqlStore) -> None:
    _ = signed_in(run, store)
    result = run("user", "deactivate", ANN)

    assert f"{ANN}: deactivated\n" == result.stdout
    assert [] == sessions(run)
    assert f"{ANN}: was not active\n" == run("user", "deactivate", ANN).stdout


def test_nobody_is_deactivated_who_is_not_there(run: Run) -> None:
    assert 1 == run("user", "deactivate", ANN).exit_code


def test_an_account_is_forgotten(run: Run, store: SqlStore) -> None:
    _ = signed_in(run, store)
    result = run("person", "forget-account", ANN)

    assert f"{ANN}: 1 forgotten\n" == result.stdout
    assert [] == sessions(run)
    assert 1 == run("person", "forget-account", ANN).exit_code
