"""JSON Schema (2020-12) of the records that answers are written from, and of single request fields.

What `wire` writes of a record and what is said here of it come from the same fields.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs

from helpdesk_http.wire import LEFT_OUT, camel

Schema: TypeAlias = Mapping[str, object]

_PLAIN: Final[Mapping[object, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    NoneType: {"type": "null"},
    object: {},
}
_UNIONS: Final = (Union, UnionType)
_ALWAYS_TRUE: Final = "success"


class Components:
    """The schemas that others refer to, by the names of their classes.

    Raises ValueError when two classes of one name are asked for.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, type[Any]] = {}
        self._schemas: dict[str, Schema] = {}
        self._responses: dict[str, Schema] = {}

    def shared(self, name: str, response: Schema) -> Schema:
        """A response under a name, as a reference; as it is where the name stands for another."""
        held = self._responses.setdefault(name, response)
        return {"$ref": f"#/components/responses/{name}"} if held == response else response

    def responses(self) -> Mapping[str, Schema]:
        """Every response that was shared, by name."""
        return dict(sorted(self._responses.items()))

    def listed(self) -> Mapping[str, Schema]:
        """Every schema so far, by name."""
        return dict(sorted(self._schemas.items()))

    def add(self, name: str, schema: Schema) -> Schema:
        """Keep a schema under a name; the reference to it."""
        self._schemas[name] = schema
        return {"$ref": f"#/components/schemas/{name}"}

    def of(self, kind: Any) -> Schema:  # noqa: ANN401  # any annotation
        """The schema of a type, with references to those of the classes within."""
        if kind in _PLAIN:
            return _PLAIN[kind]
        origin, inside = get_origin(kind), get_args(kind)
        if origin in _UNIONS:
            return self._any_of(inside)
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inside[1])}
        if origin is not None and issubclass(origin, Sequence):
            return {"type": "array", "items": self.of(inside[0])}
        return self._class(kind)

    def _any_of(self, kinds: Sequence[object]) -> Schema:
        schemas = [self.of(kind) for kind in kinds]
        shortest = [schema["type"] for schema in schemas if set(schema) == {"type"}]
        if len(shortest) == len(schemas):
            return {"type": shortest}
        if len(schemas) == len((None, None)) and set(schemas[1]) == {"type"}:
            return _or_null(schemas[0])
        return {"anyOf": schemas}

    def _class(self, kind: type[Any]) -> Schema:
        held = self._kinds.setdefault(kind.__name__, kind)
        if held is not kind:
            raise ValueError(f"two records are named {kind.__name__}")
        if kind.__name__ not in self._schemas:
            self._schemas[kind.__name__] = {}  # a record may hold others of its kind
            schema = _enum(kind) if issubclass(kind, Enum) else self._record(kind)
            self._schemas[kind.__name__] = schema
        return {"$ref": f"#/components/schemas/{kind.__name__}"}

    def _record(self, kind: type[Any]) -> Schema:
        hints = get_type_hints(kind)
        names = [field.name for field in attrs.fields(kind)]
        left_out = LEFT_OUT.get(kind, frozenset())
        return {
            "type": "object",
            "description": summary_of(kind),
            "required": [camel(name) for name in names if name not in left_out],
            "properties": {camel(name): self._field(name, hints[name]) for name in names},
        }

    def _field(self, name: str, kind: object) -> Schema:
        return {"const": True} if name == _ALWAYS_TRUE else self.of(kind)


def summary_of(kind: type[Any]) -> str:
    """The first line of a class' docstring."""
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _enum(kind: type[Enum]) -> Schema:
    return {
        "type": "string",
        "description": summary_of(kind),
        "enum": [each.value for each in kind],
    }


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
