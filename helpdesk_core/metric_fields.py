"""What was logged in the fields of a KPI type, judged by its schema.

A kind of field says what may stand in it, whatever narrower bounds the schema sets:

- count: a whole number, 0 to a milliard;
- percent: a number, 0 to 100, of at most four decimals;
- score: a number, 1 to 5, of at most four decimals;
- time: a time of day, `17:00`;
- instant: an ISO 8601 timestamp of the years 1970 to 2200; kept in UTC, with milliseconds;
- text: one line.

What the schema does not ask for is not kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeGuard

from helpdesk_core.directory import FieldKind, MetricField, Scalar
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import is_blank, required_line
from helpdesk_core.text import read_instant

LARGEST_COUNT: Final = 1_000_000_000
LONGEST_TEXT: Final = 500
"""Characters (code points) in a text field."""
MOST_DECIMALS: Final = 4

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_BOUNDS: Final[Mapping[FieldKind, tuple[int, int]]] = {
    FieldKind.COUNT: (0, LARGEST_COUNT),
    FieldKind.PERCENT: (0, 100),
    FieldKind.SCORE: (1, 5),
}


def read_metrics(schema: Iterable[MetricField], value: object) -> dict[str, Scalar]:
    """The values of the fields that were answered, by key; any JSON value may have been sent.

    Raises Invalid with the sentence of the first fault, and with each one's in the details, by
    `metrics.` and the key.
    """
    sent = {} if value is None else value
    if not isinstance(sent, Mapping):
        raise Invalid("Metrics must be an object", metrics="not an object")
    fields = tuple(schema)
    answers: dict[str, Scalar] = {}
    faults: dict[str, str] = {}
    for field in fields:
        _answer(field, sent.get(field.key), answers, faults)
    faults = faults or _out_of_order(fields, answers)
    if faults:
        raise Invalid(next(iter(faults.values())), **faults)
    return answers


def _answer(
    field: MetricField, value: object, answers: dict[str, Scalar], faults: dict[str, str]
) -> None:
    """Note what is answered in a field, or what is wrong with it."""
    if is_blank(value) and not field.required:
        return
    try:
        answers[field.key] = _read(field, value)
    except Invalid as fault:
        faults[_place(field)] = fault.message


def _read(field: MetricField, value: object) -> Scalar:
    if is_blank(value):
        raise _wrong(field, "is required")
    return _READERS[field.kind](field, value)


def _place(field: MetricField) -> str:
    return f"metrics.{field.key}"


def _wrong(field: MetricField, fault: str) -> Invalid:
    return Invalid(f"{field.label} {fault}", **{_place(field): fault})


def _count(field: MetricField, value: object) -> Scalar:
    number = _number(field, value)
    if number != number // 1:
        raise _wrong(field, "must be a whole number")
    return int(number)


def _decimal(field: MetricField, value: object) -> Scalar:
    number = _number(field, value)
    if number * 10**MOST_DECIMALS % 1:
        raise _wrong(field, f"must have {MOST_DECIMALS} decimals or fewer")
    return int(number) if number % 1 == 0 else float(number)


def _number(field: MetricField, value: object) -> Fraction:
    """The number as its shortest decimal writes it, within the bounds of the kind and the field."""
    lowest, highest = _BOUNDS[field.kind]
    lower = lowest if field.minimum is None else max(lowest, field.minimum)
    upper = highest if field.maximum is None else min(highest, field.maximum)
    if not _is_number(value) or not lower <= value <= upper:
        raise _wrong(field, f"must be a number from {lower} to {upper}")
    return Fraction(str(value))


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _time(field: MetricField, value: object) -> Scalar:
    if not isinstance(value, str) or _TIME.fullmatch(value.strip()) is None:
        raise _wrong(field, "must be a time of day such as 17:00")
    return value.strip()


def _instant(field: MetricField, value: object) -> Scalar:
    instant = read_instant(value)
    if instant is None:
        raise _wrong(field, "must be an ISO 8601 timestamp")
    return instant.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _text(field: MetricField, value: object) -> Scalar:
    if not isinstance(value, str):
        raise _wrong(field, "must be text")
    return required_line(value, field=_place(field), label=field.label, longest=LONGEST_TEXT)


_READERS: Final[Mapping[FieldKind, Callable[[MetricField, object], Scalar]]] = {
    FieldKind.COUNT: _count,
    FieldKind.PERCENT: _decimal,
    FieldKind.SCORE: _decimal,
    FieldKind.TIME: _time,
    FieldKind.INSTANT: _instant,
    FieldKind.TEXT: _text,
}


def _out_of_order(fields: Iterable[MetricField], answers: Mapping[str, Scalar]) -> dict[str, str]:
    """Instants follow one another as their fields do: nothing is closed before it is found.

    All are written alike, so that text is in the order of time.
    """
    given = [it for it in fields if it.kind is FieldKind.INSTANT and it.key in answers]
    return {
        _place(later): f"{later.label} must not be before {earlier.label}"
        for earlier, later in pairwise(given)
        if str(answers[later.key]) < str(answers[earlier.key])
    }
