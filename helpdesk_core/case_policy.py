"""How a case is scored and what is promised for it, as data."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import attrs

from helpdesk_core.support import CustomerType, IssueType, Urgency

HIGHEST_SCORE: Final = 100
LONGEST_PROMISE: Final = 100 * 366 * 24
"""Hours: a century."""


@attrs.frozen(kw_only=True)
class CasePolicy:
    """Points for each property of a case, and hours promised by urgency.

    `response_hours` and `resolution_hours` are the BUSINESS customer's, on the wall clock; others
    are promised that times their `tier_factor`. Raises ValueError unless a more urgent case and a
    higher tier always score more, within 0 to 100, and are never promised a later instant, nor
    anybody more than a century.
    """

    urgency_points: Mapping[Urgency, int]
    tier_points: Mapping[CustomerType, int]
    issue_points: Mapping[IssueType, int]
    response_hours: Mapping[Urgency, float]
    resolution_hours: Mapping[Urgency, float]
    tier_factor: Mapping[CustomerType, float]

    def __attrs_post_init__(self) -> None:
        _check_words(self)
        _check_scores(self)
        _check_promises(self)

    def priority_score(
        self, urgency: Urgency, customer_type: CustomerType, issue_type: IssueType
    ) -> int:
        """The score, 0 to 100: strictly greater for a more urgent case and for a higher tier."""
        points = self.urgency_points[urgency], self.tier_points[customer_type]
        return sum(points) + self.issue_points[issue_type]

    def response_target(self, urgency: Urgency, customer_type: CustomerType) -> timedelta:
        """How long after the submission the first response is due, on the wall clock."""
        return timedelta(hours=self.response_hours[urgency] * self.tier_factor[customer_type])

    def resolution_target(self, urgency: Urgency, customer_type: CustomerType) -> timedelta:
        """How long after the submission the resolution is due, on the wall clock."""
        return timedelta(hours=self.resolution_hours[urgency] * self.tier_factor[customer_type])


def _check_words(policy: CasePolicy) -> None:
    known = {frozenset(words) for words in (Urgency, CustomerType, IssueType)}
    if not all(frozenset(figures) in known for figures in attrs.astuple(policy, recurse=False)):
        raise ValueError("a policy wants a figure for each urgency, tier and kind of issue")


def _check_scores(policy: CasePolicy) -> None:
    urgencies = [policy.urgency_points[urgency] for urgency in Urgency]
    tiers = [policy.tier_points[tier] for tier in CustomerType]
    if not (_rises(urgencies) and _rises(tiers)):
        raise ValueError("a more urgent case and a higher tier must score more")
    issues = policy.issue_points.values()
    least, most = urgencies[0] + tiers[0] + min(issues), urgencies[-1] + tiers[-1] + max(issues)
    if least < 0 or most > HIGHEST_SCORE:
        raise ValueError(f"scores must be within 0 and {HIGHEST_SCORE}")


def _check_promises(policy: CasePolicy) -> None:
    promises = (
        [policy.response_hours[urgency] for urgency in Urgency],
        [policy.resolution_hours[urgency] for urgency in Urgency],
        [policy.tier_factor[tier] for tier in CustomerType],
    )
    if any(min(hours) <= 0 or not _never_rises(hours) for hours in promises):
        raise ValueError("a more urgent case and a higher tier must never be promised later")
    response, resolution, factor = (max(hours) for hours in promises)
    if max(response, resolution) * factor > LONGEST_PROMISE:
        raise ValueError(f"what is promised must be {LONGEST_PROMISE} hours or fewer")


def _rises(values: Sequence[float]) -> bool:
    return all(lower < higher for lower, higher in pairwise(values))


def _never_rises(values: Sequence[float]) -> bool:
    return all(former >= latter for former, latter in pairwise(values))


CONTRACT_CASES: Final = CasePolicy(
    urgency_points=MappingProxyType(
        {Urgency.LOW: 20, Urgency.MEDIUM: 45, Urgency.HIGH: 65, Urgency.CRITICAL: 75}
    ),
    tier_points=MappingProxyType(
        {CustomerType.FREE: 0, CustomerType.BUSINESS: 10, CustomerType.ENTERPRISE: 15}
    ),
    issue_points=MappingProxyType(
        {IssueType.GENERAL: 0, IssueType.BILLING: 5, IssueType.TECHNICAL: 10}
    ),
    response_hours=MappingProxyType(
        {Urgency.LOW: 24, Urgency.MEDIUM: 8, Urgency.HIGH: 4, Urgency.CRITICAL: 1}
    ),
    resolution_hours=MappingProxyType(
        {Urgency.LOW: 120, Urgency.MEDIUM: 72, Urgency.HIGH: 48, Urgency.CRITICAL: 24}
    ),
    tier_factor=MappingProxyType(
        {CustomerType.FREE: 2, CustomerType.BUSINESS: 1, CustomerType.ENTERPRISE: 0.5}
    ),
)
"""Contract B's figures."""
