"""The letter with a link to sign in: its link, its end, in the reader's language."""

from datetime import UTC, datetime

import attrs
import pytest

from helpdesk_core.notices import LANGUAGES
from helpdesk_core.sign_ins import LinkMail
from helpdesk_letters import Letters, link_to

LETTERS = Letters(public_url="https://desk.example.com/")
LINK = "https://desk.example.com/auth/link?key=SeCrEt_-"
MAIL = LinkMail(
    email="somebody@example.org",
    secret="SeCrEt_-",  # it opens nothing
    language="en",
    asked_at=datetime(2026, 5, 22, 9, 0, tzinfo=UTC),
    expires_at=datetime(2026, 5, 22, 9, 15, tzinfo=UTC),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_stands_in_both_parts_and_whole_on_a_line(language: str) -> None:
    letter = LETTERS.write_link(attrs.evolve(MAIL, language=language))

    assert any(line.endswith(f" {LINK}") for line in letter.text.splitlines())
    assert f'<a href="{LINK}">{LINK}</a>' in letter.html


def test_the_link_is_the_one_that_commands_print() -> None:
    assert LINK == link_to("https://desk.example.com", MAIL.secret)


@pytest.mark.parametrize(("language", "end"), [("en", "09:15 UTC"), ("id", "09.15 UTC")])
def test_it_says_until_when(language: str, end: str) -> None:
    assert end in LETTERS.write_link(attrs.evolve(MAIL, language=language)).text


def test_the_subject_holds_no_secret() -> None:
    assert "Your link to sign in" == LETTERS.write_link(MAIL).subject


def test_in_a_language_that_is_not_written_it_is_in_the_first() -> None:
    foreign = LETTERS.write_link(attrs.evolve(MAIL, language="xx"))

    assert LETTERS.write_link(MAIL) == foreign


def test_nobody_s_address_is_in_it() -> None:
    letter = LETTERS.write_link(MAIL)

    assert "@" not in letter.subject + letter.text + letter.html
