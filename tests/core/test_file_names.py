"""What a file may be called, what it is served as, and how much room there is."""

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.attachments import (
    USUAL_FILES,
    Attachment,
    AttachmentRules,
    check_room,
    check_size,
    file_name,
    media_type_of,
    room_left,
)
from helpdesk_core.errors import Invalid, TooLarge
from helpdesk_core.testing.builders import an_attachment
from helpdesk_core.testing.strategies import JsonValue, json_values

RULES: Final = AttachmentRules(largest_file=10, largest_ticket=25, most_files=3)
ACCENTED: Final = "r\u00e9sum\u00e9.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "printer.png",
        "two words.txt",
        "a\"b;c'.txt",
        "CON.txt",
        "%2e%2e%2fx.txt",
        "-rf.txt",
        "\u0446.pdf",
        "\u0639\u0631\u0628\u064a.pdf",
        "\u5e74\u5ea6.xlsx",
        "\U0001f5a8.png",
        "Screenshot 2026-05-22 at 9.41.07\u202fAM.png",
        "a\u00a0b.txt",
        ACCENTED,
        unicodedata.normalize("NFD", ACCENTED),
        ".htaccess.txt",
        "x" * 196 + ".txt",
    ],
    ids=lambda name: ascii(name)[:40],
)
def test_a_name_that_people_give_is_kept_as_it_is(name: str) -> None:
    assert name == file_name(name)


def test_space_around_a_name_is_left_out() -> None:
    assert "a.txt" == file_name("  a.txt\n")


@pytest.mark.parametrize(
    "name",
    [
        "../../x.txt",
        "..\\..\\x.txt",
        "/etc/passwd",
        "C:\\x.txt",
        "a/b.txt",
        "x\0.png",
        "a\r\nb.txt",
        "a\tb.txt",
        "\u202egnp.exe",
        "a\u2066b.png",
        "\u200b.htaccess",
        "a\ufeff.txt",
        "a\u200f.txt",
        "a\x85b.txt",
        "a\u2028b.txt",
        "a\U000e0001.txt",
        "a\ue000.txt",
        "\ud800.txt",
        ".",
        "..",
        "...",
        "",
        " ",
        None,
        7,
        True,
        ["a.txt"],
        {"name": "a.txt"},
        "x" * 197 + ".txt",
    ],
    ids=lambda name: ascii(name)[:40],
)
def test_a_name_that_hides_or_misleads_is_refused(name: JsonValue) -> None:
    with pytest.raises(Invalid) as refused:
        _ = file_name(name)

    assert {"name"} == refused.value.details.keys()


@given(json_values() | st.text())
def test_a_name_that_is_taken_shows_all_of_itself_in_one_line(value: JsonValue) -> None:
    try:
        name = file_name(value)
    except Invalid:
        return

    assert {unicodedata.category(letter)[0] for letter in name} <= set("LMNPSZ")
    assert len(name.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.png", "image/png"),
        ("a.PNG", "image/png"),
        ("a.exe.png", "image/png"),
        ("a.har", "application/json"),
        ("a.log", "text/plain"),
        ("a.md", "text/plain"),
    ],
)
def test_a_file_is_served_as_the_end_of_its_name_says(name: str, media_type: str) -> None:
    assert media_type == media_type_of(name, USUAL_FILES)


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.svg",
        "a.html",
        "a.htm",
        "a.xml",
        "a.js",
        "a.png.exe",
        "a",
        "png",
        "a.",
        "a.png ",
        ".htaccess",
    ],
)
def test_other_kinds_are_not_taken(name: str) -> None:
    """What a browser would run is not among the kinds."""
    with pytest.raises(Invalid) as refused:
        _ = media_type_of(name, USUAL_FILES)

    assert {"name": "kind"} == refused.value.details


def test_no_kind_that_is_taken_is_run_by_a_browser() -> None:
    run = {
        "application/javascript",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "text/html",
        "text/javascript",
        "text/xml",
    }

    assert set() == run & set(USUAL_FILES.media_types.values())


def held(*sizes: int) -> tuple[Attachment, ...]:
    return tuple(an_attachment(6000 + place, size=size) for place, size in enumerate(sizes))


@pytest.mark.parametrize(
    ("sizes", "left"), [((), 10), ((10,), 10), ((10, 8), 7), ((10, 10, 5), 0), ((10, 10, 9), 0)]
)
def test_room_is_what_file_and_ticket_leave(sizes: tuple[int, ...], left: int) -> None:
    assert left == room_left(held(*sizes), RULES)


def test_a_ticket_takes_only_so_many_files() -> None:
    check_room(held(1, 1), RULES)
    with pytest.raises(Invalid) as refused:
        check_room(held(1, 1, 1), RULES)

    assert {"file": "too many"} == refused.value.details


@pytest.mark.parametrize("size", [1, 7])
def test_a_file_that_fits_is_taken(size: int) -> None:
    check_size(size, held(10, 8), RULES)


def test_a_file_one_byte_too_large_is_refused() -> None:
    with pytest.raises(TooLarge):
        check_size(8, held(10, 8), RULES)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_size(0, (), RULES)

    assert {"file": "empty"} == refused.value.details
