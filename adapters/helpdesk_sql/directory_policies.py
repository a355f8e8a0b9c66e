"""What a desk promises, as rows of the directory."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from helpdesk_core.kinds import EventKind, Metric, Status
from helpdesk_core.sla_rules import Clock, SlaPolicy, SlaTarget, WarnAt
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_sql.kept import Record

_MICROSECOND: Final = timedelta(microseconds=1)


def sla_policy_row(policy: SlaPolicy) -> Record:
    """A policy as a row."""
    return {
        "id": policy.id,
        "key": policy.key,
        "name": policy.name,
        "door": policy.door,
        "department_ids": sorted(map(str, policy.department_ids)),
        "urgencies": sorted(it.value for it in policy.urgencies),
        "customer_types": sorted(it.value for it in policy.customer_types),
        "targets": [_target_values(target) for target in policy.targets],
    }


def sla_policy_of(row: Record) -> SlaPolicy:
    """The policy in a row."""
    return SlaPolicy(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        door=row["door"],
        department_ids=frozenset(map(UUID, row["department_ids"])),
        urgencies=frozenset(map(Urgency, row["urgencies"])),
        customer_types=frozenset(map(CustomerType, row["customer_types"])),
        targets=tuple(map(_target_of, row["targets"])),
    )


def _target_values(target: SlaTarget) -> dict[str, object]:
    return {
        "metric": target.metric.value,
        "amount": target.amount // _MICROSECOND,
        "clock": target.clock.value,
        "calendar_id": str(target.calendar_id) if target.calendar_id else None,
        "starts": sorted(it.value for it in target.starts),
        "stops": sorted(it.value for it in target.stops),
        "pauses": sorted(it.value for it in target.pauses),
        "warn_at": [[it.percent, it.left and it.left // _MICROSECOND] for it in target.warn_at],
    }


def _target_of(values: Mapping[str, Any]) -> SlaTarget:
    calendar_id = values["calendar_id"]
    return SlaTarget(
        metric=Metric(values["metric"]),
        amount=values["amount"] * _MICROSECOND,
        clock=Clock(values["clock"]),
        calendar_id=UUID(calendar_id) if calendar_id else None,
        starts=frozenset(map(EventKind, values["starts"])),
        stops=frozenset(map(EventKind, values["stops"])),
        pauses=frozenset(map(Status, values["pauses"])),
        warn_at=tuple(
            WarnAt(percent=percent, left=left and left * _MICROSECOND)
            for percent, left in values["warn_at"]
        ),
    )
