"""Readers of single values and of lists and tables of them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Final, TypeGuard
from uuid import UUID

from helpdesk_core.cases import PHONE
from helpdesk_core.directory import Scalar
from helpdesk_core.directory_file.faults import Place, Reader, Value, quoted
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import required_line
from helpdesk_core.text import fold, read_address, read_uuid

NO_ID: Final = UUID(int=0)
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST: Final = 2**31 - 1
_LONGEST_PARAMETER: Final = 1000


def line(longest: int) -> Reader[str]:
    """One line of text that every store can carry, trimmed, of at most so many characters."""

    def read(value: object, place: Place) -> str:
        if not isinstance(value, str):
            place.wrong("it must be text")
            return ""
        try:
            return required_line(value, field="it", label="it", longest=longest)
        except Invalid as refusal:
            place.wrong(refusal.message)
            return ""

    return read


def slug(value: object, place: Place) -> str:
    """A key: lower-case ASCII letters, digits, dots, dashes and underscores."""
    if isinstance(value, str) and _SLUG.fullmatch(value):
        return value
    place.wrong("it must be 1 to 64 of a-z, 0-9, '-', '_', '.', and begin with a letter or digit")
    return ""


def identifier(value: object, place: Place) -> str:
    """The name of a metric field or a parameter: ASCII letters, digits and underscores."""
    if isinstance(value, str) and _IDENTIFIER.fullmatch(value):
        return value
    place.wrong("it must be 1 to 64 of a-z, A-Z, 0-9, '_', and begin with a letter")
    return ""


def address(value: object, place: Place) -> str:
    """An e-mail address."""
    found = read_address(value)
    if found is None:
        place.wrong("it must be an e-mail address")
    return found or ""


def phone(value: object, place: Place) -> str:
    """A phone number, E.164-like."""
    if isinstance(value, str) and re.fullmatch(PHONE, value):
        return value
    place.wrong("it must be + and 7 to 15 digits, such as +6281234567")
    return ""


def uuid(value: object, place: Place) -> UUID:
    """A UUID in its canonical form."""
    found = read_uuid(value)
    if found is None:
        place.wrong("it must be a UUID")
    return found or NO_ID


def flag(value: object, place: Place) -> bool:
    """True or false, and nothing that only looks like it."""
    if isinstance(value, bool):
        return value
    place.wrong("it must be true or false")
    return False


def whole_number(value: object, place: Place) -> int:
    """A whole number of 32 bits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return value
    place.wrong(f"it must be a whole number between {-_LARGEST} and {_LARGEST}")
    return 0


def number(value: object, place: Place) -> float:
    """A number, whole or not, within 32 bits."""
    if is_number(value) and isfinite(value) and abs(value) <= _LARGEST:
        return value
    place.wrong(f"it must be a number between {-_LARGEST} and {_LARGEST}")
    return 0


def day(value: object, place: Place) -> date:
    """A date: TOML has dates of its own, JSON has text of the form 2026-12-31."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    place.wrong("it must be a date such as 2026-12-31")
    return date.min


def one_of(choices: Mapping[str, Value]) -> Reader[Value]:
    """What one of the words stands for; the stand-in is the first."""

    def read(value: object, place: Place) -> Value:
        if isinstance(value, str) and value in choices:
            return choices[value]
        place.wrong(f"it must be one of {', '.join(choices)}")
        return next(iter(choices.values()))

    return read


def listed(read: Reader[Value]) -> Reader[tuple[Value, ...]]:
    """A list, each item read at its own place."""

    def read_all(value: object, place: Place) -> tuple[Value, ...]:
        if isinstance(value, list | tuple):
            return tuple(read(item, place.item(n)) for n, item in enumerate(value))
        place.wrong("it must be a list")
        return ()

    return read_all


def table(value: object, place: Place) -> Mapping[object, object]:
    """A table."""
    if isinstance(value, Mapping):
        return value
    place.wrong("it must be a table")
    return {}


def key_among(section: str, noun: str) -> Reader[UUID]:
    """The id of the object of a list whose key this is, in the file or in the directory held."""

    def read(value: object, place: Place) -> UUID:
        if not isinstance(value, str):
            place.wrong(f"it must be the key of a {noun}")
            return NO_ID
        found = place.draft.known[section].get(fold(value))
        if found is None:
            place.wrong(f"no {noun} has the key {quoted(value)}")
        return found or NO_ID

    return read


def parameters(value: object, place: Place) -> dict[str, Scalar]:
    """A rule's own parameters: names with text, numbers, true or false."""
    return {
        identifier(name, place.field(name)): _scalar(given, place.field(name))
        for name, given in table(value, place).items()
    }


def is_number(value: object) -> TypeGuard[int | float]:
    """True for numbers; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scalar(value: object, place: Place) -> Scalar:
    if isinstance(value, bool):
        return value
    if is_number(value):
        return number(value, place)
    if isinstance(value, str):
        return line(_LONGEST_PARAMETER)(value, place)
    place.wrong("it must be text, a number, true or false")
    return False
