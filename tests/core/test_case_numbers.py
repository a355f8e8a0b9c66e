"""The numbers of cases: what they look like, and what people type when they mean one."""

import re
from string import ascii_uppercase, digits
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.case_numbers import (
    RANDOM_BYTES,
    is_prefix,
    random_number,
    read_number,
    sequential_number,
    series_of,
)
from helpdesk_core.testing.strategies import JsonValue, json_values

NUMBER: Final = "CW-2026-01ABCDEFGH"
prefixes = st.text(ascii_uppercase + digits, min_size=1, max_size=16)
years = st.integers(1970, 2200)
secrets = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
numbers = st.builds(random_number, prefixes, years, secrets) | st.builds(
    sequential_number, prefixes, years, st.integers(1, 10**12)
)


@given(prefixes, years, secrets)
def test_a_random_number_is_prefix_year_and_ten_characters_of_crockfords_base32(
    prefix: str, year: int, random: bytes
) -> None:
    number = random_number(prefix, year, random)

    assert re.fullmatch(rf"{prefix}-{year:04}-[0-9A-HJKMNP-TV-Z]{{10}}", number)


@pytest.mark.parametrize(
    ("random", "body"),
    [
        (bytes(7), "0000000000"),
        (b"\xff" * 7, "ZZZZZZZZZZ"),
        ((1).to_bytes(7, "big"), "0000000001"),
        ((31).to_bytes(7, "big"), "000000000Z"),
        ((32).to_bytes(7, "big"), "0000000010"),
        (b"\xff\xf0" + bytes(5), "ZG00000000"),
    ],
)
def test_a_random_number_is_its_fifty_lowest_bits(random: bytes, body: str) -> None:
    assert f"CW-2026-{body}" == random_number("CW", 2026, random)


@given(secrets, secrets)
def test_numbers_differ_when_their_fifty_lowest_bits_do(one: bytes, other: bytes) -> None:
    bits = [int.from_bytes(each, "big") % 2**50 for each in (one, other)]

    assert (bits[0] == bits[1]) == (random_number("CW", 1, one) == random_number("CW", 1, other))


@pytest.mark.parametrize(
    ("count", "number"),
    [
        (1, "CW-2025-001"),
        (42, "CW-2025-042"),
        (999, "CW-2025-999"),
        (1000, "CW-2025-1000"),
        (1_000_000, "CW-2025-1000000"),
    ],
)
def test_a_sequential_number_has_three_digits_and_more_when_there_are_more(
    count: int, number: str
) -> None:
    assert number == sequential_number("CW", 2025, count)


def test_every_year_and_prefix_is_a_series_of_its_own() -> None:
    series = {series_of("CW", 2025), series_of("CW", 2026), series_of("HD", 2025)}

    assert 3 == len(series)


@given(numbers)
def test_a_number_reads_as_itself(number: str) -> None:
    assert number == read_number(number)


@given(numbers, st.data())
def test_a_number_is_read_without_regard_to_case_and_space_around_it(
    number: str, data: st.DataObject
) -> None:
    typed = "".join(data.draw(st.sampled_from([letter.lower(), letter])) for letter in number)

    assert number == read_number(f" {typed}\n")


@pytest.mark.parametrize(
    "typed",
    ["CW-2026-O1ABCDEFGH", "cw-2026-oiabcdefgh", "CW-2026-0LABCDEFGH", "cw-2026-Olabcdefgh"],
)
def test_letters_that_look_like_digits_are_read_as_digits(typed: str) -> None:
    assert NUMBER == read_number(typed)


@given(numbers, st.data())
def test_look_alikes_are_digits_behind_the_last_hyphen(number: str, data: st.DataObject) -> None:
    head, hyphen, body = number.rpartition("-")
    twins = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(data.draw(st.sampled_from(twins.get(letter, letter))) for letter in body)

    assert number == read_number(f"{head}{hyphen}{typed}")


def test_a_prefix_keeps_its_letters() -> None:
    assert "OIL-2026-011" == read_number("oil-2026-oil")


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        [NUMBER],
        {"$ne": NUMBER},
        "",
        " ",
        "CW-2026-\u0660\u0661",
        "\uff23\uff37-2026-001",
        f"{NUMBER}\0",
        "CW-2026-\n001",
        "\ud800",
        "C" * 65,
        "X" * 10_000_000,
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_anything_else_is_no_number(value: JsonValue) -> None:
    assert read_number(value) is None


@given(json_values())
def test_whatever_is_typed_reads_as_a_number_of_at_most_64_plain_characters_or_as_none(
    value: JsonValue,
) -> None:
    number = read_number(value)

    assert number is None or (number.isascii() and number.isprintable() and len(number) <= 64)


@pytest.mark.parametrize(
    ("text", "other"), [("CW-2025-1", "CW-2025-001"), ("CW-2025-0001", "CW-2025-001")]
)
def test_zeros_make_another_number(text: str, other: str) -> None:
    assert read_number(text) != read_number(other)


@pytest.mark.parametrize("prefix", ["CW", "A", "1", "HELPDESK2", "X" * 16])
def test_a_prefix_is_1_to_16_capital_letters_and_digits(prefix: str) -> None:
    assert is_prefix(prefix)


@pytest.mark.parametrize("prefix", ["", "cw", "C-W", "C W", "\u00c4", "X" * 17, "CW\n", "\u0661"])
def test_anything_else_is_no_prefix(prefix: str) -> None:
    assert not is_prefix(prefix)
