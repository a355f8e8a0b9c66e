"""Records: a table in the file, an object in the directory, and one description for both ways."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.faults import Place, Reader
from helpdesk_core.directory_file.values import table

Got: TypeAlias = Mapping[str, Any]
"""The attributes of an object whose fields are being read, as far as they were read."""


def as_it_is(value: object, _: Directory) -> object:
    """Write the value itself."""
    return value


def its_value(member: Any, _: Directory) -> object:  # noqa: ANN401  # of any enumeration
    """Write an enumeration's member as its word."""
    word: object = member.value
    return word


def always(value: object) -> Callable[[Got], object]:
    """A default that depends on nothing."""
    return lambda _: value


@attrs.frozen
class Field:
    """One field of a table: its word in the file, and the attribute that it becomes.

    `default` is asked when the file does not give the field, with the attributes of the fields
    before it; a field without one is required. What equals its default is not written.
    """

    word: str
    attribute: str
    read: Reader[Any]
    default: Callable[[Got], object] | None = None
    write: Callable[[Any, Directory], object] = as_it_is

    def value_in(self, values: Mapping[object, object], place: Place, got: Got) -> Any:  # noqa: ANN401
        """The attribute's value; a null stands for a field that is not given."""
        given, here = values.get(self.word), place.field(self.word)
        if given is None and self.default is not None:
            return self.default(got)
        if given is None:
            here.wrong("it is missing")
        return self.read(given, here)


def read_fields(
    fields: tuple[Field, ...], value: object, place: Place, *, besides: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The attributes that a table gives. Fields not described, nor `besides`, are wrong."""
    values = table(value, place)
    got: dict[str, Any] = {}
    for field in fields:
        got[field.attribute] = field.value_in(values, place, got)
    words = besides.union(field.word for field in fields)
    for name in values:
        if name not in words:
            place.field(name).wrong("there is no such field")
    return got


def written_fields(
    fields: tuple[Field, ...], entry: object, directory: Directory
) -> dict[str, object]:
    """The table of an object, without the fields that have their default."""
    got = {field.attribute: getattr(entry, field.attribute) for field in fields}
    return {
        field.word: field.write(got[field.attribute], directory)
        for field in fields
        if field.default is None or field.default(got) != got[field.attribute]
    }
