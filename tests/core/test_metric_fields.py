"""What may be logged in the fields of a KPI type."""

import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.directory import FieldKind, MetricField, Scalar
from helpdesk_core.errors import Invalid
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.metric_fields import read_metrics
from helpdesk_core.testing.rule_laws import answers
from helpdesk_core.testing.strategies import json_values
from helpdesk_core.text import is_storable

SCHEMAS = [rule.schema for rule in CONTRACT_RULES]
NOTE = MetricField(key="note", label="Note", kind=FieldKind.TEXT)
fields = st.builds(
    MetricField,
    key=st.sampled_from("abcde"),
    label=st.just("It"),
    kind=st.sampled_from(FieldKind),
    required=st.booleans(),
    minimum=st.none() | st.integers(0, 3),
    maximum=st.none() | st.integers(4, 50),
)
schemas = st.sampled_from(SCHEMAS) | st.lists(fields, unique_by=lambda it: it.key).map(tuple)


def field(kind: FieldKind) -> tuple[MetricField, ...]:
    return (MetricField(key="it", label="It", kind=kind),)


def refused(schema: tuple[MetricField, ...], value: object) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_metrics(schema, value)
    return caught.value


@given(schemas, st.dictionaries(st.sampled_from("abcde"), json_values()) | json_values())
def test_whatever_is_sent_is_taken_or_refused(
    schema: tuple[MetricField, ...], sent: object
) -> None:
    try:
        taken = read_metrics(schema, sent)
    except Invalid:
        return
    kept = json.dumps(taken)

    assert (True, taken) == (is_storable(kept), read_metrics(schema, taken))


@given(st.sampled_from(SCHEMAS), st.data())
def test_what_a_rule_asks_for_is_taken(
    schema: tuple[MetricField, ...], data: st.DataObject
) -> None:
    sent = data.draw(answers(schema))
    asked = tuple(it for it in schema if it.key in sent and it.kind is not FieldKind.INSTANT)

    assert {it.key: sent[it.key] for it in asked} == read_metrics(asked, sent)


@given(st.sampled_from(SCHEMAS))
def test_every_required_field_that_is_missing_is_told(schema: tuple[MetricField, ...]) -> None:
    wanted = {f"metrics.{it.key}": f"{it.label} is required" for it in schema if it.required}

    assert wanted == (refused(schema, {}).details if wanted else {})


@pytest.mark.parametrize("sent", [None, {}])
def test_what_is_not_required_may_be_missing(sent: object) -> None:
    optional = (MetricField(key="it", label="It", kind=FieldKind.COUNT, required=False),)

    assert {} == read_metrics(optional, sent)


def test_what_is_not_asked_for_is_not_kept() -> None:
    assert {} == read_metrics((), {"status": "CLOSED"})


@pytest.mark.parametrize("sent", [[], "x", 5, True])
def test_metrics_are_an_object(sent: object) -> None:
    assert "Metrics must be an object" == refused((NOTE,), sent).message


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (FieldKind.COUNT, 3.0, 3),
        (FieldKind.COUNT, 0, 0),
        (FieldKind.COUNT, 1_000_000_000, 1_000_000_000),
        (FieldKind.PERCENT, 99.1234, 99.1234),
        (FieldKind.PERCENT, 100, 100),
        (FieldKind.SCORE, 4.5, 4.5),
        (FieldKind.TIME, " 09:05 ", "09:05"),
        (FieldKind.INSTANT, "2026-05-22T12:05+07:00", "2026-05-22T05:05:00.000Z"),
        (FieldKind.TEXT, " as it is ", "as it is"),
    ],
)
def test_what_fits_is_kept(kind: FieldKind, value: object, kept: Scalar) -> None:
    assert {"it": kept} == read_metrics(field(kind), {"it": value})


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (FieldKind.COUNT, -1, "It must be a number from 0 to 1000000000"),
        (FieldKind.COUNT, 10**400, "It must be a number from 0 to 1000000000"),
        (FieldKind.COUNT, 1.5, "It must be a whole number"),
        (FieldKind.COUNT, True, "It must be a number from 0 to 1000000000"),
        (FieldKind.COUNT, "3", "It must be a number from 0 to 1000000000"),
        (FieldKind.PERCENT, 100.0001, "It must be a number from 0 to 100"),
        (FieldKind.PERCENT, float("nan"), "It must be a number from 0 to 100"),
        (FieldKind.PERCENT, 99.12345, "It must have 4 decimals or fewer"),
        (FieldKind.SCORE, 0, "It must be a number from 1 to 5"),
        (FieldKind.SCORE, 6, "It must be a number from 1 to 5"),
        (FieldKind.TIME, "24:00", "It must be a time of day such as 17:00"),
        (FieldKind.TIME, 1700, "It must be a time of day such as 17:00"),
        (FieldKind.INSTANT, "yesterday", "It must be an ISO 8601 timestamp"),
        (FieldKind.TEXT, "a\nb", "It must be one line of text"),
        (FieldKind.TEXT, "x" * 501, "It must be 500 characters or fewer"),
        (FieldKind.TEXT, 5, "It must be text"),
        (FieldKind.TEXT, "  ", "It is required"),
    ],
)
def test_what_does_not_fit_is_refused(kind: FieldKind, value: object, message: str) -> None:
    assert message == refused(field(kind), {"it": value}).message


def test_a_field_may_have_narrower_bounds_than_its_kind() -> None:
    narrow = tuple(attrs.evolve(it, minimum=90, maximum=95) for it in field(FieldKind.PERCENT))

    assert "It must be a number from 90 to 95" == refused(narrow, {"it": 89}).message


def test_nothing_is_closed_before_it_is_found() -> None:
    sent = {"completion": 5, "foundAt": "2026-05-22T05:05Z", "closedAt": "2026-05-22T05:04Z"}

    assert "Closed must not be before Found" == refused(CONTRACT_RULES["ic"].schema, sent).message
