"""A policy as plain values that JSON can carry, and back; each calendar is in it once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk_core.calendar_values import calendar_of, calendar_values
from helpdesk_core.calendars import Calendar
from helpdesk_core.kinds import EventKind, Metric, Status
from helpdesk_core.kpi.scoring import read_scoring, written_scoring
from helpdesk_core.sla_clock import Promise
from helpdesk_core.sla_policies import Policy, PolicyTarget

_MICROSECOND = timedelta(microseconds=1)


def policy_values(policy: Policy) -> dict[str, object]:
    """Everything that a policy is; spans are whole microseconds, calendars are named by digest."""
    calendars = [policy.calendar, *(target.promise.calendar for target in policy.targets)]
    return {
        "name": policy.name,
        "calendar": policy.calendar.digest if policy.calendar else None,
        "targets": [_target_values(target) for target in policy.targets],
        "scoring": written_scoring(policy.scoring) if policy.scoring else None,
        "calendars": {it.digest: calendar_values(it) for it in calendars if it is not None},
    }


def policy_of(values: Mapping[str, Any]) -> Policy:
    """The policy of such values. It has the digest that it had."""
    calendars: dict[str | None, Calendar | None] = {
        digest: calendar_of(calendar) for digest, calendar in values["calendars"].items()
    }
    calendars[None] = None
    return Policy(
        name=values["name"],
        calendar=calendars[values["calendar"]],
        scoring=read_scoring(values["scoring"]) if values["scoring"] else None,
        targets=tuple(_target_of(target, calendars) for target in values["targets"]),
    )


def _target_values(target: PolicyTarget) -> dict[str, object]:
    promise = target.promise
    return {
        "metric": promise.metric.value,
        "amount": promise.amount // _MICROSECOND,
        "calendar": promise.calendar.digest if promise.calendar else None,
        "pauses": sorted(status.value for status in promise.pauses_in),
        "starts": _words(promise.starts),
        "answers": _words(promise.answers),
        "warnAfter": [after // _MICROSECOND for after in target.warn_after],
    }


def _target_of(
    values: Mapping[str, Any], calendars: Mapping[str | None, Calendar | None]
) -> PolicyTarget:
    promise = Promise(
        metric=Metric(values["metric"]),
        amount=values["amount"] * _MICROSECOND,
        calendar=calendars[values["calendar"]],
        pauses_in=frozenset(map(Status, values["pauses"])),
        starts=_kinds(values["starts"]),
        answers=_kinds(values["answers"]),
    )
    after = tuple(span * _MICROSECOND for span in values["warnAfter"])
    return PolicyTarget(promise=promise, warn_after=after)


def _words(kinds: frozenset[EventKind] | None) -> list[str] | None:
    return None if kinds is None else sorted(kind.value for kind in kinds)


def _kinds(words: list[str] | None) -> frozenset[EventKind] | None:
    return None if words is None else frozenset(map(EventKind, words))
