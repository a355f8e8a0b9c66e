"""The fields of requests, bounded by the constants that the core checks them by."""

from enum import Enum
from typing import Final

from helpdesk_core.text import LONGEST_ADDRESS
from helpdesk_http.openapi.schemas import Schema

_CONTROLS: Final = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_TEXT: Final = r"^\s*[^\s\u0000][^\u0000]*$"
_LINE: Final = rf"^\s*[^\s{_CONTROLS}][^{_CONTROLS}]*$"


def text(longest: int, description: str) -> Schema:
    """Text of any lines."""
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "pattern": _TEXT,
        "description": description,
    }


def line(longest: int, description: str) -> Schema:
    """One line of text."""
    return {**text(longest, description), "pattern": _LINE}


def address(description: str) -> Schema:
    """One e-mail address."""
    return {
        "type": "string",
        "format": "email",
        "maxLength": LONGEST_ADDRESS,
        "description": description,
    }


def uuid(description: str) -> Schema:
    """A UUID in its canonical form."""
    return {"type": "string", "format": "uuid", "description": description}


def matching(pattern: str, description: str) -> Schema:
    """Text that matches a pattern, whole."""
    return {"type": "string", "pattern": f"^{pattern}$", "description": description}


def choice(choices: type[Enum], description: str, default: Enum | None = None) -> Schema:
    """One word of a list."""
    words = {"type": "string", "enum": [each.value for each in choices], "description": description}
    return words if default is None else {**words, "default": default.value}


def ids(most: int, description: str) -> Schema:
    """A list of ids, each once."""
    return {
        "type": "array",
        "items": {"type": "string", "format": "uuid"},
        "uniqueItems": True,
        "maxItems": most,
        "description": description,
    }


def whole(least: int, most: int, default: int, description: str) -> Schema:
    """A whole number within bounds."""
    return {
        "type": "integer",
        "minimum": least,
        "maximum": most,
        "default": default,
        "description": description,
    }


def flag(description: str, *, default: bool) -> Schema:
    """True or false."""
    return {"type": "boolean", "default": default, "description": description}


def or_none(schema: Schema) -> Schema:
    """What may be null, which is as if nothing was sent."""
    words = schema.get("enum")
    nullable = {**schema, "type": [schema["type"], "null"]}
    return {**nullable, "enum": [*words, None]} if isinstance(words, list) else nullable
