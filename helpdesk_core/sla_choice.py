"""Which policy a ticket is held to.

The order of precedence, metric by metric: what the parameters of the ticket's KPI type say; then
the desk's own policies that fit the ticket, one that names departments before one that does not, of
those that are alike one that names urgencies, then customer types, then a door; then, for a case,
contract B's figures for its urgency and customer type. What nobody says is not promised.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.case_policy import CasePolicy
from helpdesk_core.directory import Directory, Scalar
from helpdesk_core.kinds import Door, EventKind, Metric
from helpdesk_core.kpi.scoring import Scoring, scoring_of
from helpdesk_core.queue import door_of
from helpdesk_core.sla_clock import Promise
from helpdesk_core.sla_policies import Policy, PolicyTarget
from helpdesk_core.sla_rules import LONGEST_PROMISE, Clock, SlaPolicy, SlaTarget, WarnAt
from helpdesk_core.support import CustomerType, SupportCase, Urgency
from helpdesk_core.tickets import Ticket

RESPONSE_PARAMETER: Final = "responseSlaMin"
"""Minutes on the wall clock, from the submission to the first assignment."""
RESOLUTION_PARAMETER: Final = "resolutionSlaMin"
"""Minutes of the department's working time, from the submission to the end of the work."""
USUAL_WARNINGS: Final = (WarnAt(percent=80),)
"""When it is warned of what the contracts promise."""
NOTHING_PROMISED: Final = "nothing promised"
"""The name of the policy without a target."""


@attrs.frozen(kw_only=True, cache_hash=True)
class Sort:
    """All of a ticket that a policy depends on; only cases have an urgency and a customer type."""

    door: Door
    department_id: UUID | None = None
    kpi_type_id: UUID | None = None
    urgency: Urgency | None = None
    customer_type: CustomerType | None = None


def policy_for(ticket: Ticket, directory: Directory, cases: CasePolicy) -> Policy:
    """The policy that a ticket as it is now is to be held to."""
    return policy_for_sort(sort_of(ticket), directory, cases)


def sort_of(ticket: Ticket) -> Sort:
    """The sort of a ticket as it is now."""
    case = ticket.case
    return Sort(
        door=door_of(ticket),
        department_id=ticket.department_id,
        kpi_type_id=ticket.kpi_type_id,
        urgency=case.urgency if case else None,
        customer_type=case.customer_type if case else None,
    )


def policy_for_sort(sort: Sort, directory: Directory, cases: CasePolicy) -> Policy:
    """The policy that tickets of a sort are to be held to."""
    chosen: dict[Sort, tuple[CasePolicy, Policy]] = directory.worked_out
    found = chosen.get(sort)
    if found is None or found[0] is not cases:
        found = chosen[sort] = cases, _chosen(sort, directory, cases)
    return found[1]


def _chosen(sort: Sort, directory: Directory, cases: CasePolicy) -> Policy:
    calendar = directory.calendar_of(sort.department_id)
    sources = tuple(_sources(sort, directory, cases, calendar))
    return _composed(sources, calendar, _scoring(sort, directory))


def policy_as_written(ticket: Ticket, directory: Directory, cases: CasePolicy) -> Policy:
    """The policy of a ticket that was stored before tickets were pinned.

    A case is promised what was written into it then, any other ticket what it would be today.
    """
    policy = policy_for(ticket, directory, cases)
    if ticket.case is None:
        return policy
    written = _composed((_written(ticket, ticket.case),), policy.calendar, policy.scoring)
    others = [it for it in policy.targets if written.target(it.promise.metric) is None]
    return attrs.evolve(policy, targets=(*written.targets, *others))


@attrs.frozen(cache_hash=True)
class _Source:
    """Somebody who promises, and what."""

    name: str
    targets: tuple[PolicyTarget, ...]


@lru_cache(maxsize=1024)
def _composed(
    sources: tuple[_Source, ...], calendar: Calendar | None, scoring: Scoring | None
) -> Policy:
    chosen: dict[Metric, tuple[str, PolicyTarget]] = {}
    for source in sources:
        for target in source.targets:
            _ = chosen.setdefault(target.promise.metric, (source.name, target))
    names = dict.fromkeys(chosen[metric][0] for metric in Metric if metric in chosen)
    return Policy(
        name=", ".join(names) or NOTHING_PROMISED,
        targets=tuple(target for _, target in chosen.values()),
        calendar=calendar,
        scoring=scoring,
    )


def _scoring(sort: Sort, directory: Directory) -> Scoring | None:
    kpi_type = directory.kpi_types.get(sort.kpi_type_id) if sort.kpi_type_id else None
    return None if kpi_type is None else scoring_of(kpi_type, directory)


def _sources(
    sort: Sort, directory: Directory, cases: CasePolicy, calendar: Calendar | None
) -> Iterator[_Source]:
    """Those who promise something to the ticket, whoever stands first coming first."""
    kpi_type = directory.kpi_types.get(sort.kpi_type_id) if sort.kpi_type_id else None
    if kpi_type is not None:
        response = _minutes(kpi_type.parameters.get(RESPONSE_PARAMETER))
        resolution = _minutes(kpi_type.parameters.get(RESOLUTION_PARAMETER))
        yield _kpi_type(kpi_type.name, response, resolution, calendar)
    for rule in _in_precedence(directory.sla_policies.values()):
        if fits(rule, sort):
            yield _of_desk(rule, tuple(_calendars(rule, directory, calendar)))
    if sort.urgency is not None and sort.customer_type is not None:
        kind = sort.urgency, sort.customer_type
        yield _case(*kind, cases.response_target(*kind), cases.resolution_target(*kind))


def _in_precedence(rules: Iterable[SlaPolicy]) -> list[SlaPolicy]:
    return sorted(sorted(rules, key=lambda it: it.key), key=lambda it: it.precedence, reverse=True)


def fits(rule: SlaPolicy, sort: Sort) -> bool:
    """True when the policy of the desk holds for tickets of the sort."""
    return (
        (rule.door is None or rule.door is sort.door)
        and (not rule.department_ids or sort.department_id in rule.department_ids)
        and (not rule.urgencies or sort.urgency in rule.urgencies)
        and (not rule.customer_types or sort.customer_type in rule.customer_types)
    )


def _calendars(
    rule: SlaPolicy, directory: Directory, own: Calendar | None
) -> Iterator[Calendar | None]:
    """The calendar of each target; None for the wall clock."""
    for target in rule.targets:
        named = directory.calendars[target.calendar_id] if target.calendar_id else None
        yield {Clock.WALL: None, Clock.DEPARTMENT: own, Clock.CALENDAR: named}[target.clock]


@lru_cache(maxsize=1024)
def _kpi_type(
    name: str,
    response: timedelta | None,
    resolution: timedelta | None,
    calendar: Calendar | None,
) -> _Source:
    promises = []
    if response is not None:
        promises.append(Promise(metric=Metric.FIRST_RESPONSE, amount=response, answers=_ASSIGNED))
    if resolution is not None:
        promises.append(Promise(metric=Metric.RESOLUTION, amount=resolution, calendar=calendar))
    return _Source(name, tuple(map(_as_usual, promises)))


@lru_cache(maxsize=1024)
def _of_desk(rule: SlaPolicy, calendars: tuple[Calendar | None, ...]) -> _Source:
    return _Source(rule.name, tuple(map(_target, rule.targets, calendars)))


def _target(target: SlaTarget, calendar: Calendar | None) -> PolicyTarget:
    promise = Promise(
        metric=target.metric,
        amount=target.amount,
        calendar=calendar,
        pauses_in=target.pauses,
        answers=target.stops or None,
        starts=target.starts or None,
    )
    warn_after = tuple(warning.after(target.amount) for warning in target.warn_at)
    return PolicyTarget(promise=promise, warn_after=warn_after)


@lru_cache(maxsize=1024)
def _case(
    urgency: Urgency, customer_type: CustomerType, response: timedelta, resolution: timedelta
) -> _Source:
    promises = (
        Promise(metric=Metric.FIRST_RESPONSE, amount=response),
        Promise(metric=Metric.RESOLUTION, amount=resolution),
    )
    return _Source(f"{customer_type.value} {urgency.value}", tuple(map(_as_usual, promises)))


def _written(ticket: Ticket, case: SupportCase) -> _Source:
    response = case.response_due_at - ticket.submitted_at
    resolution = case.resolution_due_at - ticket.submitted_at
    return _case(case.urgency, case.customer_type, response, resolution)


def _as_usual(promise: Promise) -> PolicyTarget:
    after = (warning.after(promise.amount) for warning in USUAL_WARNINGS)
    amount = promise.amount
    return PolicyTarget(
        promise=promise, warn_after=tuple(it for it in after if timedelta() < it < amount)
    )


_ASSIGNED: Final = frozenset({EventKind.ASSIGNED})


def _minutes(value: Scalar | None) -> timedelta | None:
    """So many minutes; None for what is no time that can be promised."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= LONGEST_PROMISE / timedelta(minutes=1):
        return None
    return timedelta(minutes=value)
