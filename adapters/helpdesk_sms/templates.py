"""What a gateway is sent: a template whose placeholders are filled, whatever the text holds.

A template is read once, before anything is filled in, and written anew with the filled values: so a
text cannot end a string, add a field, or hold a placeholder that is filled in its turn.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, TypeAlias
from urllib.parse import parse_qsl, urlencode

import attrs

PLACEHOLDERS: Final = frozenset({"to", "digits", "text", "id"})
"""What can be filled in: the number, the same without its plus sign, the text, the notice's id."""

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@attrs.frozen(kw_only=True)
class Message:
    """One text to one number, under an id that is the same on each try."""

    to: str
    text: str
    id: str


class Template(Protocol):
    """How a message is written down."""

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        ...

    @property
    def fixed(self) -> frozenset[str]:
        """The values that nothing is filled in: a key of ours may be among them."""
        ...

    def filled(self, message: Message) -> bytes:
        """The message, written down."""
        ...


@attrs.frozen
class JsonTemplate:
    """A JSON document; placeholders stand in its strings, and not in the names of fields."""

    document: Json

    @classmethod
    def from_text(cls, text: str) -> "JsonTemplate":
        """The template of a JSON text. Raises ValueError for one that is none."""
        try:
            return cls(json.loads(text))
        except (ValueError, RecursionError):
            raise ValueError("the body is not JSON") from None

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(_named(_strings(self.document)))

    @property
    def fixed(self) -> frozenset[str]:
        """The strings that nothing is filled in."""
        return frozenset(_fixed(_strings(self.document)))

    def filled(self, message: Message) -> bytes:
        """The document with the message in it, in ASCII."""
        return json.dumps(_filled_json(self.document, _values(message))).encode("ascii")


@attrs.frozen
class FormTemplate:
    """Fields of a form, or of a URL's query; placeholders stand in their values."""

    fields: tuple[tuple[str, str], ...]

    @classmethod
    def from_text(cls, text: str) -> "FormTemplate":
        """The template of `name=value&…`, percent-encoded. Raises ValueError for another text."""
        try:
            return cls(tuple(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))))
        except ValueError:
            raise ValueError("the form is not name=value&name=value") from None

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(_named(value for _, value in self.fields))

    @property
    def fixed(self) -> frozenset[str]:
        """The values that nothing is filled in."""
        return frozenset(_fixed(value for _, value in self.fields))

    def filled(self, message: Message) -> bytes:
        """The fields with the message in them, percent-encoded."""
        values = _values(message)
        return urlencode([(name, _filled(value, values)) for name, value in self.fields]).encode(
            "ascii"
        )


def _values(message: Message) -> Mapping[str, str]:
    digits = message.to.removeprefix("+")
    return {"to": message.to, "digits": digits, "text": message.text, "id": message.id}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def _filled_json(node: Json, values: Mapping[str, str]) -> Json:
    if isinstance(node, str):
        return _filled(node, values)
    if isinstance(node, list):
        return [_filled_json(each, values) for each in node]
    if isinstance(node, dict):
        return {name: _filled_json(each, values) for name, each in node.items()}
    return node


def _named(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _PLACEHOLDER.findall(text)


def _fixed(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if not _PLACEHOLDER.search(text))


def _strings(node: Json) -> Iterator[str]:
    """The strings of a document, but for the names of fields."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _strings(each)
