"""Schemas of records: whatever is written fits what was said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from helpdesk_core.ports import MailOutcome
from helpdesk_http.dialects import Dialect, dialect_at
from helpdesk_http.openapi.operations import Says
from helpdesk_http.openapi.rooms import OPERATIONS
from helpdesk_http.openapi.schemas import Components

ANSWERS = [
    (operation.path, says) for operation in OPERATIONS for says in operation.says if says.kind
]
KINDS = {says.kind.__name__: (dialect_at(path), says) for path, says in ANSWERS if says.kind}

_AWARE = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    max_value=datetime(2200, 12, 31),  # noqa: DTZ001  # likewise
    timezones=st.just(UTC),
)
_SIMPLE: Mapping[object, st.SearchStrategy[Any]] = {
    datetime: _AWARE,
    float: st.floats(allow_nan=False, allow_infinity=False),
    object: st.none() | st.booleans() | st.text(),
}


class Colour(Enum):
    """What it looks like."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen(kw_only=True)
class Inner:
    """Something within."""

    colour: Colour | None


@attrs.frozen(kw_only=True)
class Outer:
    """Something around.

    And more about it.
    """

    some_id: UUID
    at: datetime | None
    inner: Inner | None
    many: Sequence[Inner]
    by_name: Mapping[str, Inner]
    scalar: str | int | bool


@pytest.fixture(autouse=True, scope="module")
def _strategies() -> None:
    for kind, strategy in _SIMPLE.items():
        if isinstance(kind, type):
            st.register_type_strategy(kind, strategy)


def properties_of(kind: type[Any]) -> Any:  # noqa: ANN401  # any JSON
    components = Components()
    components.of(kind)
    return components.listed()[kind.__name__]["properties"]


def test_a_record_is_an_object_with_all_its_fields_under_their_wire_names() -> None:
    components = Components()
    components.of(Outer)
    schema = components.listed()["Outer"]

    assert ["someId", "at", "inner", "many", "byName", "scalar"] == schema["required"]


def test_a_record_is_described_by_the_first_line_of_its_class() -> None:
    components = Components()
    components.of(Outer)

    assert "Something around." == components.listed()["Outer"]["description"]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("someId", {"type": "string", "format": "uuid"}),
        ("at", {"type": ["string", "null"], "format": "date-time"}),
        ("inner", {"anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}]}),
        ("many", {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}}),
        (
            "byName",
            {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Inner"}},
        ),
        ("scalar", {"type": ["string", "integer", "boolean"]}),
    ],
)
def test_a_field_is_described_by_its_type(name: str, schema: object) -> None:
    assert schema == properties_of(Outer)[name]


def test_an_enumeration_is_its_values() -> None:
    components = Components()
    components.of(Outer)

    assert ["red", "blue"] == components.listed()["Colour"]["enum"]


def test_a_field_that_may_be_left_out_is_not_required() -> None:
    components = Components()
    components.of(MailOutcome)

    assert ["status"] == components.listed()["MailOutcome"]["required"]


def test_two_records_of_one_name_are_refused() -> None:
    components = Components()
    components.of(Inner)

    with pytest.raises(ValueError, match="two records are named Inner"):
        components.of(attrs.make_class("Inner", {}))


@pytest.mark.parametrize("name", KINDS)
def test_whatever_is_written_fits_its_schema(name: str) -> None:
    dialect, says = KINDS[name]
    components = Components()
    schema = components.of(says.kind)
    validator = Draft202012Validator(
        {"allOf": [schema], "components": {"schemas": components.listed()}},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    _check(dialect, says, validator)


def _check(dialect: Dialect, says: Says, validator: Draft202012Validator) -> None:
    assert says.kind is not None

    @given(
        st.builds(says.kind, success=st.just(value=True))
        if _succeeds(says.kind)
        else st.builds(says.kind)
    )
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def fits(record: object) -> None:
        validator.validate(json.loads(dialect.written(record)))

    fits()


def _succeeds(kind: type[Any]) -> bool:
    return "success" in {field.name for field in attrs.fields(kind)}
