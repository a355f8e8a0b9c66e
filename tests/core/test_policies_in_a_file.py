"""What a desk promises, read from a file and written back."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file import differences, merged, written
from helpdesk_core.errors import InvalidDirectory
from helpdesk_core.kinds import Door, EventKind, Metric, Status
from helpdesk_core.sla_rules import Clock, SlaPolicy, SlaTarget, WarnAt
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.testing.directories import OFFICE_HOURS, SUPPORT
from helpdesk_core.testing.drawn_directories import sla_policies

HELD = a_directory()
DEPARTMENT, CALENDAR = HELD.departments[SUPPORT].key, HELD.calendars[OFFICE_HOURS].key
TARGET = {"metric": "resolution", "amount": "8h"}


def a_policy(key: str = "day", **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # any value
    return {"key": key, "name": "By day", "targets": [TARGET], **fields}


def read(*policies: dict[str, Any]) -> Directory:
    return merged({"policies": list(policies)}, HELD)


def read_target(**fields: Any) -> SlaTarget:  # noqa: ANN401  # as above
    (policy,) = read(a_policy(targets=[{**TARGET, **fields}])).sla_policies.values()
    return policy.targets[0]


def faults(*policies: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidDirectory) as refused:
        _ = read(*policies)
    return dict(refused.value.details)


def test_a_policy_says_for_whom_it_holds() -> None:
    policy = a_policy(
        door="support",
        departments=[DEPARTMENT],
        urgencies=["HIGH", "CRITICAL"],
        customerTypes=["FREE"],
    )

    (found,) = read(policy).sla_policies.values()
    assert (found.door, found.department_ids, found.urgencies, found.customer_types) == (
        Door.SUPPORT,
        frozenset({SUPPORT}),
        frozenset({Urgency.HIGH, Urgency.CRITICAL}),
        frozenset({CustomerType.FREE}),
    )


def test_a_target_says_everything_about_its_clock() -> None:
    target = read_target(
        metric="firstResponse",
        amount="1h30m15s",
        calendar=CALENDAR,
        starts=["assigned"],
        stops=["started"],
        pauses=["WAITING", "OPEN"],
        warnAt=["75%", "10m"],
    )

    assert target == SlaTarget(
        metric=Metric.FIRST_RESPONSE,
        amount=timedelta(hours=1, minutes=30, seconds=15),
        clock=Clock.CALENDAR,
        calendar_id=OFFICE_HOURS,
        starts=frozenset({EventKind.ASSIGNED}),
        stops=frozenset({EventKind.STARTED}),
        pauses=frozenset({Status.WAITING, Status.OPEN}),
        warn_at=(WarnAt(percent=75), WarnAt(left=timedelta(minutes=10))),
    )


def test_what_a_target_does_not_say_is_usual() -> None:
    assert read_target() == SlaTarget(metric=Metric.RESOLUTION, amount=timedelta(hours=8))
    assert read_target(clock="department").clock is Clock.DEPARTMENT


@settings(max_examples=50, deadline=None)
@given(sla_policies(700, dict(HELD.departments), dict(HELD.calendars)))
def test_what_is_written_reads_back_as_the_same(policy: SlaPolicy) -> None:
    policy = attrs.evolve(policy, name="Any")
    directory = attrs.evolve(HELD, sla_policies={policy.id: policy})

    document = {"policies": written(directory)["policies"]}
    assert merged(document, HELD) == directory
    assert written(merged(document, HELD)) == written(directory)


def test_a_file_says_what_it_changed() -> None:
    before = read(a_policy())
    after = merged({"policies": [a_policy(name="By night")]}, before)

    assert differences(HELD, before) == ("policy day: added",)
    assert differences(before, after) == ("policy day: changed name",)


@pytest.mark.parametrize(
    ("target", "place", "fault"),
    [
        ({"metric": "speed"}, ".metric", "it must be one of firstResponse, resolution, "),
        ({"amount": "8 hours"}, ".amount", 'it must be a span such as "8h", "1h30m" or "45s"'),
        ({"amount": ""}, ".amount", "it must be a span"),
        ({"amount": 8}, ".amount", "it must be a span"),
        ({"amount": "0m"}, "", "a target needs some time"),
        ({"amount": "999999h"}, ".amount", "it must be a century at most"),
        ({"clock": "sun"}, ".clock", "it must be one of wall, department, calendar"),
        ({"clock": "calendar"}, "", "a calendar goes with the clock that is called so"),
        ({"clock": "wall", "calendar": CALENDAR}, "", "a calendar goes with the clock"),
        ({"calendar": "no such"}, ".calendar", "no calendar has the key 'no such'"),
        ({"warnAt": ["100%"]}, ".warnAt[0]", "it must be a span"),
        ({"warnAt": ["0%"]}, ".warnAt[0]", "a percentage must be 1 to 99"),
        ({"warnAt": ["8h"]}, "", "a warning must come after the start"),
        ({"starts": ["sunrise"]}, ".starts[0]", "it must be one of submitted, "),
        ({"stops": ["started"]}, "", "a resolution is stopped by the end of the work alone"),
        ({"pauses": ["CLOSED"]}, "", "a finished ticket's clock stands still anyway"),
        ({"colour": "red"}, ".colour", "there is no such field"),
    ],
)
def test_what_is_wrong_with_a_target_is_said_at_its_place(
    target: dict[str, Any], place: str, fault: str
) -> None:
    found = faults(a_policy(targets=[{**TARGET, **target}]))

    assert {f"policies[0].targets[0]{place}"} == {*found}
    assert found[f"policies[0].targets[0]{place}"].startswith(fault)


@pytest.mark.parametrize("targets", [[], [TARGET, TARGET]])
def test_a_policy_has_a_target_and_one_of_a_metric_at_most(targets: list[Any]) -> None:
    assert faults(a_policy(targets=targets)) == {
        "policies[0].targets": "there must be one at least, and one of a metric at most"
    }


RIVALS = "'day' and 'night' may fit the same ticket, and neither stands before the other"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"urgencies": ["LOW", "HIGH"]}, {"urgencies": ["HIGH"]}),
        ({"departments": [DEPARTMENT]}, {"departments": [DEPARTMENT]}),
    ],
)
def test_two_policies_of_which_neither_stands_first_are_refused(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert faults(a_policy("day", **one), a_policy("night", **other)) == {"policies": RIVALS}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"urgencies": ["LOW"]}, {"urgencies": ["HIGH"]}),
        ({"urgencies": ["LOW"]}, {"customerTypes": ["FREE"]}),
        ({"door": "support"}, {"door": "intake"}),
        ({}, {"targets": [{**TARGET, "metric": "nextResponse"}]}),
    ],
)
def test_policies_that_never_meet_or_of_which_one_stands_first_are_taken(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert len(read(a_policy("day", **one), a_policy("night", **other)).sla_policies) == 2


def test_a_policy_that_was_there_before_may_be_a_rival() -> None:
    held = read(a_policy("day"))

    with pytest.raises(InvalidDirectory, match="neither stands before"):
        _ = merged({"policies": [a_policy("night")]}, held)
