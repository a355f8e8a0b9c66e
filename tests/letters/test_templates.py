"""Templates of one's own: what they may replace, what they may use, and what is found at once."""

import re
from pathlib import Path

import pytest
from jinja2 import TemplateError

from helpdesk_core.kinds import EventKind
from helpdesk_core.routing import Audience
from helpdesk_core.testing.builders import a_notice
from helpdesk_letters import Letters
from helpdesk_letters.vocabulary import FOR_ALL, FOR_LAYOUTS, FOR_SIGN_IN, FOR_STAFF, OURS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "letters.md"
RESOLVED = "en/customer/resolved.jinja"
NOTICE = a_notice(audience=Audience.CUSTOMER, kind=EventKind.RESOLVED, facts={"status": "RESOLVED"})


def letters_with(folder: Path, **templates: str) -> Letters:
    """Letters of which some are the folder's own: `opening` is of the letter to resolved cases."""
    opening = templates.pop("opening", None)
    if opening is not None:
        write(
            folder,
            RESOLVED,
            f"{{% set title %}}T{{% endset %}}{{% set opening %}}{opening}{{% endset %}}",
        )
    return Letters(public_url="https://desk.example.com", folder=folder)


def write(folder: Path, name: str, template: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template, encoding="utf-8")


def test_a_file_in_the_folder_takes_the_place_of_ours(tmp_path: Path) -> None:
    letters = letters_with(tmp_path, opening="All {{ thing }}s end: {{ status | word }}.")

    assert () == letters.check()
    assert "T" == letters.write(NOTICE).subject
    assert "\nAll tickets end: resolved.\n" in letters.write(NOTICE).text
    assert "<p>All tickets end: resolved.</p>" in letters.write(NOTICE).html


def test_a_folder_s_layout_is_every_letter_s(tmp_path: Path) -> None:
    write(tmp_path, "layout.html", "<h1>{{ title }}</h1>{% include '_foot.html' %}")
    write(tmp_path, "_foot.html", "<hr>")
    letters = letters_with(tmp_path, opening="x")

    assert () == letters.check()
    assert "<h1>T</h1><hr>" == letters.write(NOTICE).html


def test_what_is_not_in_the_folder_is_ours(tmp_path: Path) -> None:
    plain = Letters(public_url="https://desk.example.com")
    other = a_notice(audience=Audience.STAFF)

    assert plain.write(other) == letters_with(tmp_path, opening="x").write(other)


def test_own_words_are_escaped_as_ours_are(tmp_path: Path) -> None:
    letters = letters_with(tmp_path, opening="<b>{{ department }}</b>")

    assert "<p>&lt;b&gt;&lt;/b&gt;</p>" in letters.write(NOTICE).html


@pytest.mark.parametrize(
    ("opening", "fault"),
    [
        ("{{ departmint }}", "names departmint, which is not known there"),
        ("{{ submittedBy }}", "names submittedBy, which is not known there"),
        ("{{ text }}", "names text, which is not known there"),
        ("{{ department.nmae }}", "has no attribute 'nmae'"),
        ("{{ department | instnat }}", "No filter named 'instnat'"),
        ("{{ department | safe }}", "No filter named 'safe'"),
        ("{{ department", "TemplateSyntaxError"),
        ("{% autoescape false %}{{ thing }}{% endautoescape %}", "turns escaping off"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ],
)
def test_a_slip_in_a_template_is_found_by_the_check(
    opening: str, fault: str, tmp_path: Path
) -> None:
    faults = letters_with(tmp_path, opening=opening).check()

    assert any(fault in each for each in faults), faults
    assert all(each.startswith((RESOLVED, "en, resolved to customer")) for each in faults)


@pytest.mark.parametrize(
    "opening",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ thing.__class__.__base__.__subclasses__() }}",
        "{{ thing | attr('__class__') }}",
        "{{ thing['__class__'] }}",
        "{{ '{0.__class__}'.format(thing) }}",
        "{{ thing.format.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ namespace().__init__ }}",
        "{{ range(10) }}",
        "{{ dict() }}",
        "{{ (thing | upper).__reduce_ex__(2) }}",
        "{% include '/etc/hostname' %}",
        "{% include '../secret.txt' %}",
        "{% import '../secret.txt' as secret %}{{ secret }}",
        "{% extends '../../secret.txt' %}",
    ],
)
def test_no_template_gets_out_of_its_room(opening: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    letters = letters_with(tmp_path / "own", opening=opening)

    with pytest.raises((TemplateError, TypeError)):
        letters.write(NOTICE)


def test_a_template_that_replaces_nothing_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    write(tmp_path, "en/customer/resovled.jinja", "")
    write(tmp_path, "README.md", "Not a template.")

    assert ("en/customer/resovled.jinja: takes the place of none of our templates",) == (
        letters_with(tmp_path).check()
    )


def test_a_folder_that_is_not_there_is_found_by_the_check(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    assert (f"{gone}: there is no such folder",) == letters_with(gone).check()


def test_a_letter_without_a_title_is_found_by_the_check(tmp_path: Path) -> None:
    write(tmp_path, RESOLVED, "{% set opening %}x{% endset %}")
    faults = letters_with(tmp_path).check()

    assert faults
    assert all("KeyError: 'title'" in fault for fault in faults)


def test_a_template_that_is_no_text_is_found_by_the_check(tmp_path: Path) -> None:
    (tmp_path / "layout.txt").write_bytes(b"\xff\xfe")
    (fault,) = letters_with(tmp_path).check()

    assert fault.startswith("layout.txt: UnicodeDecodeError")


def test_the_reference_page_says_what_templates_may_use() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = [set(re.findall(r"`(\w+)`", part)) for part in re.findall(r"(?ms)^: (.*?)\n\n", page)]

    assert [OURS | FOR_ALL, set(FOR_STAFF), set(FOR_SIGN_IN), set(FOR_LAYOUTS)] == named


def test_the_reference_page_s_example_is_a_letter(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    write(tmp_path, RESOLVED, page.partition("```jinja\n")[2].partition("```")[0])

    assert () == letters_with(tmp_path).check()


def test_a_slip_in_the_letter_with_a_link_is_found_by_the_check(tmp_path: Path) -> None:
    write(tmp_path, "en/sign_in.jinja", "{% set title %}{{ recipientName }}{% endset %}")

    assert ("en/sign_in.jinja: names recipientName, which is not known there",) == (
        letters_with(tmp_path).check()
    )


def test_a_letter_with_a_link_that_lacks_words_is_found_by_the_check(tmp_path: Path) -> None:
    write(tmp_path, "en/sign_in.jinja", "{% set title %}T{% endset %}")
    (fault,) = letters_with(tmp_path).check()

    assert fault.startswith("en, a link to sign in: KeyError")
