"""Scores and promises: the contract's figures, and what holds for any policy."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any, Final, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.sla import deadline
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.testing.strategies import case_policies

Choice = TypeVar("Choice", Urgency, CustomerType, IssueType)

A_CASE_OF_THE_CONTRACT: Final = (Urgency.HIGH, CustomerType.BUSINESS)
KINDS: Final = list(product(Urgency, CustomerType, IssueType))


def policies() -> SearchStrategy[CasePolicy]:
    """The contract's and any other."""
    return st.just(CONTRACT_CASES) | case_policies()


def test_the_contracts_example_scores_85() -> None:
    assert 85 == CONTRACT_CASES.priority_score(*A_CASE_OF_THE_CONTRACT, IssueType.TECHNICAL)


def test_the_contracts_example_is_promised_two_days_later() -> None:
    submitted_at = datetime(2025, 1, 27, 10, 0, tzinfo=UTC)
    target = CONTRACT_CASES.resolution_target(*A_CASE_OF_THE_CONTRACT)

    assert datetime(2025, 1, 29, 10, 0, tzinfo=UTC) == deadline(submitted_at, target)


def test_the_contracts_scores_go_from_20_to_100() -> None:
    scores = [CONTRACT_CASES.priority_score(*kind) for kind in KINDS]

    assert (20, 100) == (min(scores), max(scores))


@pytest.mark.parametrize(
    ("tier", "factor"),
    [(CustomerType.FREE, 2), (CustomerType.BUSINESS, 1), (CustomerType.ENTERPRISE, 0.5)],
)
def test_the_contracts_promises_are_halved_for_enterprises_and_doubled_for_the_free(
    tier: CustomerType, factor: float
) -> None:
    hours = [timedelta(hours=each * factor) for each in (120, 72, 48, 24, 24, 8, 4, 1)]

    assert hours == [
        *(CONTRACT_CASES.resolution_target(urgency, tier) for urgency in Urgency),
        *(CONTRACT_CASES.response_target(urgency, tier) for urgency in Urgency),
    ]


@given(policies(), st.sampled_from(CustomerType), st.sampled_from(IssueType))
def test_a_more_urgent_case_always_scores_more(
    policy: CasePolicy, tier: CustomerType, issue: IssueType
) -> None:
    scores = [policy.priority_score(urgency, tier, issue) for urgency in Urgency]

    assert all(lower < higher for lower, higher in pairwise(scores))


@given(policies(), st.sampled_from(Urgency), st.sampled_from(IssueType))
def test_a_higher_tier_always_scores_more(
    policy: CasePolicy, urgency: Urgency, issue: IssueType
) -> None:
    scores = [policy.priority_score(urgency, tier, issue) for tier in CustomerType]

    assert all(lower < higher for lower, higher in pairwise(scores))


@given(policies())
def test_every_score_is_within_0_and_100(policy: CasePolicy) -> None:
    assert all(0 <= policy.priority_score(*kind) <= 100 for kind in KINDS)


@given(policies(), st.sampled_from(CustomerType))
def test_a_more_urgent_case_is_never_promised_later(policy: CasePolicy, tier: CustomerType) -> None:
    for target in (policy.response_target, policy.resolution_target):
        promised = [target(urgency, tier) for urgency in Urgency]

        assert all(former >= latter > timedelta(0) for former, latter in pairwise(promised))


@given(policies(), st.sampled_from(Urgency))
def test_a_higher_tier_is_never_promised_later(policy: CasePolicy, urgency: Urgency) -> None:
    for target in (policy.response_target, policy.resolution_target):
        promised = [target(urgency, tier) for tier in CustomerType]

        assert all(former >= latter > timedelta(0) for former, latter in pairwise(promised))


def changed(held: Mapping[Choice, float], key: Choice, value: float) -> dict[Choice, float]:
    return {**held, key: value}


def without(held: Mapping[Choice, float], key: Choice) -> dict[Choice, float]:
    return {each: value for each, value in held.items() if each is not key}


C: Final = CONTRACT_CASES
BAD_FIGURES: Final[dict[str, dict[str, Any]]] = {
    "equal urgencies": {"urgency_points": changed(C.urgency_points, Urgency.LOW, 45)},
    "falling urgencies": {"urgency_points": changed(C.urgency_points, Urgency.CRITICAL, 60)},
    "equal tiers": {"tier_points": changed(C.tier_points, CustomerType.BUSINESS, 0)},
    "a score above 100": {"issue_points": changed(C.issue_points, IssueType.TECHNICAL, 11)},
    "a score below 0": {"issue_points": changed(C.issue_points, IssueType.GENERAL, -21)},
    "no time": {"response_hours": changed(C.response_hours, Urgency.CRITICAL, 0)},
    "less than no time": {"resolution_hours": changed(C.resolution_hours, Urgency.CRITICAL, -1)},
    "urgent and later": {"response_hours": changed(C.response_hours, Urgency.CRITICAL, 5)},
    "a higher tier later": {"tier_factor": changed(C.tier_factor, CustomerType.ENTERPRISE, 1.5)},
    "no factor": {"tier_factor": changed(C.tier_factor, CustomerType.ENTERPRISE, 0)},
    "no number of hours": {"response_hours": dict.fromkeys(Urgency, float("nan"))},
    "for ever": {"resolution_hours": changed(C.resolution_hours, Urgency.LOW, float("inf"))},
    "more than a century": {"resolution_hours": changed(C.resolution_hours, Urgency.LOW, 900_000)},
    "an urgency left out": {"urgency_points": without(C.urgency_points, Urgency.HIGH)},
    "a tier left out": {"tier_factor": without(C.tier_factor, CustomerType.FREE)},
    "an issue left out": {"issue_points": without(C.issue_points, IssueType.BILLING)},
}


@pytest.mark.parametrize("what", BAD_FIGURES)
def test_a_policy_with_bad_figures_is_refused(what: str) -> None:
    with pytest.raises(ValueError, match=r"must|wants"):
        _ = attrs.evolve(CONTRACT_CASES, **BAD_FIGURES[what])


def test_a_policy_may_be_as_far_out_as_it_keeps_the_order() -> None:
    flat = attrs.evolve(
        CONTRACT_CASES,
        urgency_points={urgency: place for place, urgency in enumerate(Urgency)},
        tier_points={tier: place for place, tier in enumerate(CustomerType)},
        issue_points=dict.fromkeys(IssueType, 95),
        response_hours=dict.fromkeys(Urgency, 0.001),
        tier_factor=dict.fromkeys(CustomerType, 1),
    )

    assert 100 == flat.priority_score(Urgency.CRITICAL, CustomerType.ENTERPRISE, IssueType.BILLING)
