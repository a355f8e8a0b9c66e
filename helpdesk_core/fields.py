"""Checks of single fields that every door shares; each refuses in the words of its label."""

from helpdesk_core.errors import Invalid
from helpdesk_core.text import is_one_line, is_storable


def required_text(value: object, *, field: str, label: str, longest: int) -> str:
    """The trimmed text, at most `longest` characters (code points) of what can be stored.

    Raises Invalid, naming the label and, in its details, the field.
    """
    if not isinstance(value, str) or not value.strip():
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
