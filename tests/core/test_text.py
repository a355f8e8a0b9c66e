"""What a stranger types is read strictly, and nothing they type makes a reader raise."""

# ruff: noqa: RUF001  # letters that look like others are what this is about

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.testing.strategies import CASE_TWINS, NEAR_TWINS, JsonValue, json_values
from helpdesk_core.text import (
    fold,
    is_one_line,
    is_storable,
    read_address,
    read_instant,
    read_uuid,
)

ANY_TEXT = st.text(st.characters())  # lone surrogates too
READERS: list[Callable[[object], object]] = [read_uuid, read_instant, read_address]
A_UUID = "0190b6a0-7c1e-7abc-8def-0123456789ab"

INSTANTS = {
    "2026-05-22T05:05:00.000Z": "2026-05-22T05:05:00+00:00",
    "2026-05-22T05:05:00Z": "2026-05-22T05:05:00+00:00",
    "2026-05-22T05:05Z": "2026-05-22T05:05:00+00:00",
    "2026-05-22T12:05:00+07:00": "2026-05-22T05:05:00+00:00",
    "2026-05-21T19:20:00.5-09:45": "2026-05-22T05:05:00.500000+00:00",
    "2026-05-22T05:05:00.123456789Z": "2026-05-22T05:05:00.123456+00:00",
    "2026-05-22T05:05:00.999999999Z": "2026-05-22T05:05:00.999999+00:00",
    "2026-05-22T05:05:00": "2026-05-22T05:05:00+00:00",
    "2026-05-22T05:05": "2026-05-22T05:05:00+00:00",
    "2026-05-22": "2026-05-22T00:00:00+00:00",
    " 2026-05-22T05:05:00Z\n": "2026-05-22T05:05:00+00:00",
    "2024-02-29": "2024-02-29T00:00:00+00:00",
    "1970-01-01T00:00:00Z": "1970-01-01T00:00:00+00:00",
    "1969-12-31T23:00:00-01:00": "1970-01-01T00:00:00+00:00",
    "2200-12-31T23:59:59.999999Z": "2200-12-31T23:59:59.999999+00:00",
}

NO_INSTANTS = [
    "9999-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59-01:00",
    "0001-01-01T00:00:00+01:00",
    "0000-01-01T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "+12026-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "2201-01-01T00:00:00Z",
    "2200-12-31T23:59:59-00:01",
    "2016-12-31T23:59:60Z",
    "2026-05-22T24:00:00Z",
    "2026-05-22T05:60:00Z",
    "2026-02-29T00:00:00Z",
    "2026-13-01",
    "2026-W21-5",
    "2026-142",
    "20260522T050500Z",
    "2026-05-22 05:05:00Z",
    "2026-05-22T05:05:00+99:99",
    "2026-05-22T05:05:00+0700",
    "2026-05-22T05:05:00+07",
    "2026-05-22T05:05:00.1234567891Z",
    "2026-05-22T05:05:00.Z",
    "2026-05-22T05:05.5Z",
    "2026-05-22T05:05:00,5Z",
    "2026-05-22T05Z",
    "2026-05-22Z",
    "2026-05-22T",
    "２０２６-05-22",
    "2026-05-22T05:05:00Z\x00",
    "1779426300000",
    "infinity",
    "now",
    "",
    "Z" * 65_536,
]

NO_UUIDS = [
    "{0190b6a0-7c1e-7abc-8def-0123456789ab}",
    "urn:uuid:0190b6a0-7c1e-7abc-8def-0123456789ab",
    "0190b6a07c1e7abc8def0123456789ab",
    "0190b6a-07c1e-7abc-8def-0123456789ab",
    "1-1111111-1111-1111-1111-111111111111-",
    "\uff11" * 8 + "-1111-4111-8111-111111111111",
    A_UUID + "0",
    A_UUID[:-1],
    A_UUID.replace("a", "g"),
    A_UUID + "\x00",
    "1" * 65_536,
    "",
]

ADDRESSES = [
    "a@b.c",
    "sandy@example.com",
    "sandy.rachman+desk@mail.example.co.uk",
    "o'neil@example.com",
    "!#$%&'*+/=?^_`{|}~-@example.com",
    "Sandy@EXAMPLE.com",
    "1@2.example",
    "a@b-c--d.example",
    "a@xn--bcher-kva.example",
    "jörg@bücher.example",
    "jo\u0308rg@bu\u0308cher.example",
    "हिन्दी@उदाहरण.भारत",
    "用户@例子.广告",
    "почта@пример.рф",
    "a" * 242 + "@example.com",
]

NO_ADDRESSES = [
    "postmaster",
    "a@localhost",
    "@example.com",
    "a@",
    "a@.example",
    "a@example.",
    "a@exam..ple",
    ".a@example.com",
    "a.@example.com",
    "a..b@example.com",
    "a@-b.example",
    "a@b-.example",
    "a@b_c.example",
    "a@@example.com",
    "a@b@example.com",
    "a@b.example, v@x.example",
    "a@b.example;v@x.example",
    "a b@example.com",
    "<a@b.example>",
    "Ana <a@b.example>",
    '"a"@b.example',
    '"a@b"@c.example',
    "a@b.example(x)",
    "a@[127.0.0.1]",
    "a\\b@example.com",
    "a@b.example\r\nBcc: v@x.example",
    "a@b.example\nv",
    "a\tb@example.com",
    "a@exam\x00ple.com",
    "a\x7f@example.com",
    "a@b.example\x85v",
    "a@b.example\u2028v",
    "a\xa0b@example.com",
    "a\u200bb@example.com",
    "a\u202eb@example.com",
    "a＠example.com",
    "a@example。com",
    "a@b.example，v",
    "\ud800@example.com",
    "a@\uffff.example",
    "a" * 243 + "@example.com",
    "a@" + "." * 65_536 + " ",
    "a" * 65_536,
    "a@" + "a-" * 120 + ".",
    "a." * 126,
    "%" * 254,
    "",
]


@pytest.mark.parametrize("reader", READERS)
@given(value=json_values() | ANY_TEXT)
def test_a_reader_answers_to_any_json_value_without_raising(
    reader: Callable[[object], object], value: JsonValue
) -> None:
    read = reader(value)

    assert read is None or isinstance(value, str)


@pytest.mark.parametrize(("text", "instant"), INSTANTS.items())
def test_an_iso_instant_is_read_in_utc(text: str, instant: str) -> None:
    read = read_instant(text)

    assert read is not None
    assert (instant, UTC) == (read.isoformat(), read.tzinfo)


@pytest.mark.parametrize("text", NO_INSTANTS)
def test_any_other_form_or_year_is_no_instant(text: str) -> None:
    assert read_instant(text) is None


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30)),  # noqa: DTZ001  # zone follows
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_an_instant_is_the_same_whatever_zone_it_was_written_in(
    moment: datetime, minutes: int
) -> None:
    written = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert written == read_instant(written.isoformat())


@given(st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?\Z"))
def test_what_is_read_lies_in_the_contracts_years(text: str) -> None:
    read = read_instant(text)

    assert read is None or 1970 <= read.year <= 2200


@given(st.uuids(), st.sampled_from([str.lower, str.upper]))
def test_a_uuid_in_canonical_form_is_read_in_either_case(
    uuid: UUID, cased: Callable[[str], str]
) -> None:
    assert uuid == read_uuid(f" {cased(str(uuid))} ")


@pytest.mark.parametrize("text", NO_UUIDS)
def test_any_other_form_is_no_uuid(text: str) -> None:
    assert read_uuid(text) is None


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_people_have_is_taken_as_it_stands(address: str) -> None:
    assert address == read_address(f" {address}\n")


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_a_mailer_could_read_otherwise_is_no_address(text: str) -> None:
    assert read_address(text) is None


def is_one_address(text: str) -> bool:
    """The rule of dots, dashes and the at sign, told another way."""
    local, _, domain = text.partition("@")
    labels = domain.split(".")
    bare = all(label and label[0] != "-" != label[-1] for label in labels)
    return bare and len(labels) > 1 and all(local.split(".")) and not set(domain) & set("@+")


@given(st.text("a.@-+é\u0301") | st.from_regex(r"\A[a.]+@[a-]+\.[a.+]+\Z"))
def test_dots_and_dashes_stand_between_letters_and_the_at_sign_stands_once(text: str) -> None:
    assert is_one_address(text) == (read_address(text) is not None)


@pytest.mark.parametrize("twins", CASE_TWINS)
def test_spellings_that_differ_by_case_alone_fold_to_one(twins: tuple[str, ...]) -> None:
    assert 1 == len({fold(twin) for twin in twins})


@pytest.mark.parametrize(("one", "other"), NEAR_TWINS)
def test_names_that_only_look_alike_fold_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ä", "ä"),
        ("A\u0308", "ä"),
        ("İ", "i\u0307"),
        ("I\u0307", "i\u0307"),
        ("ẞ", "ss"),
        ("\u212a", "k"),
        ("ſ", "s"),
        ("ς", "σ"),
        (" Ana ", "ana"),
    ],
)
def test_a_letter_folds_as_unicode_says(text: str, folded: str) -> None:
    assert folded == fold(text)


@given(ANY_TEXT | st.sampled_from([twin for twins in CASE_TWINS for twin in twins]))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(text) == fold(fold(text))


@given(ANY_TEXT)
def test_canonically_equal_texts_fold_to_one(text: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFD", text))


@given(ANY_TEXT | st.text("a\0\ud7ff\ud800\udfff\ue000", max_size=3))
def test_text_is_storable_when_it_encodes_and_has_no_nul(text: str) -> None:
    surrogates = any("\ud800" <= character <= "\udfff" for character in text)

    assert is_storable(text) == (not surrogates and "\0" not in text)


@pytest.mark.parametrize("separator", "\n\r\v\f\0\t\x1b\x1c\x1d\x1e\x7f\x85\u2028\u2029")
def test_a_line_holds_no_control_character_and_no_separator(separator: str) -> None:
    assert not is_one_line(f"a{separator}b")


@given(st.text(st.characters(exclude_categories=["Cc", "Zl", "Zp"])))
def test_anything_else_may_stand_in_a_line(text: str) -> None:
    assert is_one_line(text)
