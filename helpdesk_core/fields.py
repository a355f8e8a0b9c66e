"""Checks of single fields that every door shares; each refuses in the words of its label."""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, TypeVar

from helpdesk_core.errors import Invalid
from helpdesk_core.text import is_one_line, is_storable, read_address

Choice = TypeVar("Choice", bound=Enum)

SEVERAL_FAULTS: Final = "Validation failed"
"""The sentence over the faults of several fields, which its details tell."""


LONGEST_COUNT: Final = 9
"""Digits of a whole number that is sent as text."""


def required_text(value: object, *, field: str, label: str, longest: int) -> str:
    """The trimmed text, at most `longest` characters (code points) of what can be stored.

    Raises Invalid, naming the label and, in its details, the field.
    """
    if is_blank(value) or not isinstance(value, str):
        raise Invalid(f"{label} is required", **{field: "missing"})
    text = value.strip()
    if len(text) > longest:
        raise Invalid(f"{label} must be {longest} characters or fewer", **{field: "too long"})
    if not is_storable(text):
        raise Invalid(f"{label} contains characters that cannot be stored", **{field: "unstorable"})
    return text


def required_line(value: object, *, field: str, label: str, longest: int) -> str:
    """The trimmed text as `required_text` reads it, when it is one line. Raises Invalid."""
    line = required_text(value, field=field, label=label, longest=longest)
    if not is_one_line(line):
        raise Invalid(f"{label} must be one line of text", **{field: "not one line"})
    return line


def optional_line(value: object, *, field: str, label: str, longest: int) -> str | None:
    """None where nothing was sent, else as `required_line`; what is no text is Invalid."""
    if is_blank(value):
        return None
    if not isinstance(value, str):
        raise Invalid(f"{label} must be text", **{field: "not text"})
    return required_line(value, field=field, label=label, longest=longest)


def required_address(value: object, *, field: str, label: str) -> str:
    """One e-mail address. Raises Invalid."""
    if is_blank(value) or not isinstance(value, str):
        raise Invalid(f"{label} is required", **{field: "missing"})
    address = read_address(value)
    if address is None:
        raise Invalid(f"{label} format is invalid", **{field: "not one e-mail address"})
    return address


def choice(value: object, choices: type[Choice], *, field: str, label: str) -> Choice | None:
    """The member of that value, None where nothing was sent. Raises Invalid for any other."""
    if is_blank(value):
        return None
    found = next((each for each in choices if each.value == value), None)
    if found is None:
        words = ", ".join(str(each.value) for each in choices)
        raise Invalid(f"{label} must be one of {words}", **{field: "not one of them"})
    return found


def flag(value: object, *, field: str, default: bool) -> bool:
    """The boolean, the default where nothing was sent. Raises Invalid for anything else."""
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Invalid(f"{field} must be true or false", **{field: "not a boolean"})
    return value


def whole_number(value: object, *, field: str, label: str, default: int, most: int | None) -> int:
    """The whole number in a text, from 1, the default where nothing was sent. Raises Invalid."""
    if is_blank(value):
        return default
    text = value if isinstance(value, str) else ""
    is_short = text.isascii() and text.isdecimal() and len(text) <= LONGEST_COUNT
    if not is_short or not 1 <= int(text) <= (most or int(text)):
        bounds = f"from 1 to {most}" if most else "from 1"
        raise Invalid(f"{label} must be a whole number {bounds}", **{field: "not in bounds"})
    return int(text)


def is_blank(value: object) -> bool:
    """True for nothing at all and for text without a visible character."""
    return value is None or (isinstance(value, str) and not value.strip())


def all_of(**readers: Callable[[], object]) -> dict[str, Any]:
    """What each reader answers, by its name.

    Raises Invalid when any of them does, with each one's own sentence in the details.
    """
    answers: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, read in readers.items():
        try:
            answers[name] = read()
        except Invalid as fault:
            several = fault.message == SEVERAL_FAULTS
            faults |= fault.details if several else dict.fromkeys(fault.details, fault.message)
    if faults:
        raise Invalid(SEVERAL_FAULTS, **faults)
    return answers
