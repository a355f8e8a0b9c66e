"""What a ticket is scored by: pinned to it, so that no change of the directory scores it anew."""

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Any

import attrs

from helpdesk_core.directory import Directory, FieldKind, KpiType, Scalar


def _plain(parameters: Mapping[str, Scalar]) -> Mapping[str, Scalar]:
    return dict(parameters)


def _text(parameters: Mapping[str, Scalar]) -> str:
    """By which parameters are compared: as values True would be 1."""
    return json.dumps(parameters, sort_keys=True)


@attrs.frozen(kw_only=True, cache_hash=True)
class Scoring:
    """The rule by its word, its parameters, and the metric fields asked for with their kinds.

    `counts_as_outage`: the KPI type's group contributes to uptime.
    """

    rule: str
    parameters: Mapping[str, Scalar] = attrs.field(factory=dict, converter=_plain, eq=_text)
    fields: tuple[tuple[str, FieldKind], ...] = ()
    counts_as_outage: bool = False

    @property
    def digest(self) -> str:
        """32 hexadecimal digits of a SHA-256 over what is written; the same for equal ones."""
        text = json.dumps(written_scoring(self), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()[:32]

    def number(self, name: str) -> Fraction | None:
        """A parameter that is a number, exactly as it was written; None where it is none."""
        return exact(self.parameters.get(name))


def scoring_of(kpi_type: KpiType, directory: Directory) -> Scoring:
    """What a ticket of the KPI type is scored by from now on."""
    group = directory.kpi_groups.get(kpi_type.group_id)
    return Scoring(
        rule=kpi_type.rule,
        parameters=kpi_type.parameters,
        fields=tuple((field.key, field.kind) for field in kpi_type.metric_schema),
        counts_as_outage=group is not None and group.contributes_to_uptime,
    )


def exact(value: object) -> Fraction | None:
    """The number as its shortest decimal writes it: 99.5 is 199/2. None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return Fraction(str(value))
    except ValueError:  # not finite
        return None


def written_scoring(scoring: Scoring) -> dict[str, Any]:
    """The scoring as plain JSON values."""
    return {
        "rule": scoring.rule,
        "parameters": dict(scoring.parameters),
        "fields": [[key, kind.value] for key, kind in scoring.fields],
        "countsAsOutage": scoring.counts_as_outage,
    }


def read_scoring(written: Mapping[str, Any]) -> Scoring:
    """The scoring that is written so."""
    return Scoring(
        rule=written["rule"],
        parameters=written["parameters"],
        fields=tuple((key, FieldKind(kind)) for key, kind in written["fields"]),
        counts_as_outage=written["countsAsOutage"],
    )
