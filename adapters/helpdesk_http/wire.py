"""Records to and from plain JSON values. It shapes, and never judges: what is wrong the core says.

Names are camelCase, ids canonical UUIDs, instants UTC with milliseconds, enumerations their values.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import attrs
from cattrs import Converter
from cattrs.fns import identity
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from helpdesk_core.ports import MailOutcome

Raw = TypeVar("Raw")

LEFT_OUT: Final[Mapping[type[Any], frozenset[str]]] = {MailOutcome: frozenset({"reason"})}
"""The fields of records that are not written when they are None: a sent mail needs no reason."""


def read_raw(sent: Mapping[str, object], kind: type[Raw]) -> Raw:
    """A raw record of a JSON object: any value in any field, unknown names left out.

    `kind` is an attrs class whose every field takes any value and has a default.
    """
    return _CONVERTER.structure(sent, kind)


def written(record: object) -> bytes:
    """A record, or plain values, as JSON with instants to the millisecond, as contract A has them.

    It is ASCII, so that no text in it cannot be encoded.
    """
    return _encode(_CONVERTER.unstructure(record)).encode("ascii")


def written_in_seconds(record: object) -> bytes:
    """A record as `written`, with instants to the second, as contract B has them."""
    return _encode(_IN_SECONDS.unstructure(record)).encode("ascii")


def instant_text(instant: datetime) -> str:
    """`2026-05-22T05:05:00.000Z`: the aware instant in UTC, cut to milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def second_text(instant: datetime) -> str:
    """`2026-05-22T05:05:00Z`: the aware instant in UTC, cut to seconds."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def camel(name: str) -> str:
    """The wire's name for a field: `dept_id` is `deptId`."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _converter(instant_text: Callable[[datetime], str]) -> Converter:
    converter = Converter(detailed_validation=False)

    def renamed(record: type[Any]) -> dict[str, Any]:
        return {
            field.name: override(
                rename=camel(field.name), omit_if_default=field.name in LEFT_OUT.get(record, ())
            )
            for field in attrs.fields(record)
        }

    converter.register_unstructure_hook(UUID, str)
    # Half of all fields: left to itself the converter would look into each.
    converter.register_unstructure_hook(str | None, identity)
    converter.register_unstructure_hook(datetime, instant_text)
    converter.register_unstructure_hook_factory(
        attrs.has, lambda record: make_dict_unstructure_fn(record, converter, **renamed(record))
    )
    converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
    converter.register_structure_hook_factory(
        attrs.has, lambda record: make_dict_structure_fn(record, converter, **renamed(record))
    )
    return converter


_CONVERTER: Final = _converter(instant_text)
_IN_SECONDS: Final = _converter(second_text)
_encode: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
