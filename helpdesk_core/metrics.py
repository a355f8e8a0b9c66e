"""What each rule asks for when work is logged, unless a KPI type says otherwise."""

from collections.abc import Mapping
from typing import Final

from helpdesk_core.directory import FieldKind, MetricField, RuleType


def _count(key: str, label: str) -> MetricField:
    return MetricField(key=key, label=label, kind=FieldKind.COUNT, minimum=0)


def _percent(key: str, label: str) -> MetricField:
    return MetricField(key=key, label=label, kind=FieldKind.PERCENT, minimum=0, maximum=100)


def _score(key: str, label: str) -> MetricField:
    return MetricField(key=key, label=label, kind=FieldKind.SCORE, minimum=1, maximum=5)


METRIC_SCHEMAS: Final[Mapping[RuleType, tuple[MetricField, ...]]] = {
    RuleType.RR: (
        _count("responseMin", "Response (minutes)"),
        _count("resolutionMin", "Resolution (minutes)"),
    ),
    RuleType.SUBMIT: (MetricField(key="submittedTime", label="Submitted at", kind=FieldKind.TIME),),
    RuleType.PROJECT: (_count("projectCount", "Projects"),),
    RuleType.ACCURACY: (
        _percent("responseAccuracy", "Response accuracy (%)"),
        _percent("dataAccuracy", "Data accuracy (%)"),
    ),
    RuleType.ACR: (
        _score("frt", "FRT"),
        _score("attendance", "Attendance"),
        _score("finding", "Finding"),
        _score("backlog", "Backlog"),
        _score("teamwork", "Teamwork"),
        _score("obedience", "Obedience"),
    ),
    RuleType.IC: (
        _percent("completion", "Completion (%)"),
        MetricField(key="foundAt", label="Found", kind=FieldKind.INSTANT),
        MetricField(key="closedAt", label="Closed", kind=FieldKind.INSTANT, required=False),
    ),
    RuleType.UPTIME: (),
}
"""Contract A, "The desk behind it": the figures that each rule is scored by."""

REQUIRED_PARAMETERS: Final[Mapping[RuleType, tuple[str, ...]]] = {
    RuleType.RR: ("responseSlaMin", "resolutionSlaMin"),
}
"""The thresholds without which a rule cannot be scored; each is a number above zero."""
