"""The policy that a ticket is held to: who says what is promised, and what makes its digest."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Window
from helpdesk_core.case_policy import CONTRACT_CASES
from helpdesk_core.directory import Directory
from helpdesk_core.kinds import Door, EventKind, Metric, Status
from helpdesk_core.sla_choice import NOTHING_PROMISED, policy_as_written, policy_for
from helpdesk_core.sla_clock import Promise, Verdict
from helpdesk_core.sla_policies import Policy, PolicyTarget, standings_under, tightened
from helpdesk_core.sla_rules import Clock, SlaPolicy, SlaTarget, WarnAt
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.testing.builders import NOW, a_case, a_case_ticket, a_directory, a_ticket, an_id
from helpdesk_core.testing.directories import INCIDENT, SUPPORT
from helpdesk_core.tickets import Event, Ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
JAKARTA = Calendar(
    id=UUID(int=1),
    key="jakarta",
    name="Jakarta",
    zone="Asia/Jakarta",
    windows=tuple(Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))),
)


def a_rule(number: int = 1, hours: int = 1, **fields: Any) -> SlaPolicy:  # noqa: ANN401  # any field
    rule = SlaPolicy(
        id=an_id(number),
        key=f"policy-{number}",
        name=f"Policy {number}",
        targets=(SlaTarget(metric=Metric.RESOLUTION, amount=hours * HOUR),),
    )
    return attrs.evolve(rule, **fields)


def a_desk(*rules: SlaPolicy, **parameters: float) -> Directory:
    """The sample directory, with these policies and parameters of INCIDENT."""
    directory = a_directory()
    timed = attrs.evolve(directory.kpi_types[INCIDENT], parameters=parameters)
    return attrs.evolve(
        directory,
        kpi_types={**directory.kpi_types, INCIDENT: timed},
        sla_policies={rule.id: rule for rule in rules},
    )


def promised(ticket: Ticket, directory: Directory) -> timedelta | None:
    """How long the resolution may take."""
    target = policy_for(ticket, directory, CONTRACT_CASES).target(Metric.RESOLUTION)
    return target.promise.amount if target else None


def a_policy(**fields: Any) -> Policy:  # noqa: ANN401  # as above
    promise = Promise(metric=Metric.RESOLUTION, amount=8 * HOUR, calendar=JAKARTA)
    policy = Policy(name="Office", targets=(PolicyTarget(promise=promise, warn_after=(6 * HOUR,)),))
    return attrs.evolve(policy, **fields)


class TestPrecedence:
    def test_the_kpi_type_stands_before_every_policy_of_the_desk(self) -> None:
        desk = a_desk(a_rule(hours=3, department_ids=frozenset({SUPPORT})), resolutionSlaMin=240)

        assert promised(a_ticket(), desk) == 4 * HOUR

    def test_each_metric_is_decided_by_itself(self) -> None:
        desk = a_desk(a_rule(hours=3), responseSlaMin=15)

        policy = policy_for(a_ticket(), desk, CONTRACT_CASES)
        assert [(it.promise.metric, it.promise.amount) for it in policy.targets] == [
            (Metric.FIRST_RESPONSE, 15 * MINUTE),
            (Metric.RESOLUTION, 3 * HOUR),
        ]

    def test_a_policy_of_the_department_stands_before_those_of_urgency_and_tier(self) -> None:
        ticket = a_case_ticket(department_id=SUPPORT)
        desk = a_desk(
            a_rule(1, 1, urgencies=frozenset({Urgency.MEDIUM})),
            a_rule(2, 2, department_ids=frozenset({SUPPORT})),
            a_rule(3, 3, customer_types=frozenset({CustomerType.FREE})),
        )

        assert promised(ticket, desk) == 2 * HOUR

    def test_of_one_department_the_policy_that_names_an_urgency_stands_first(self) -> None:
        ticket = a_case_ticket(department_id=SUPPORT)
        here = frozenset({SUPPORT})
        desk = a_desk(
            a_rule(1, 1, department_ids=here, customer_types=frozenset({CustomerType.FREE})),
            a_rule(2, 2, department_ids=here, urgencies=frozenset({Urgency.MEDIUM})),
            a_rule(3, 3, department_ids=here),
        )

        assert promised(ticket, desk) == 2 * HOUR

    def test_urgency_stands_before_tier_and_tier_before_door(self) -> None:
        rules = (
            a_rule(1, 1, urgencies=frozenset({Urgency.MEDIUM})),
            a_rule(2, 2, customer_types=frozenset({CustomerType.FREE})),
            a_rule(3, 3, door=Door.SUPPORT),
            a_rule(4, 4),
        )

        found = [promised(a_case_ticket(), a_desk(*rules[left:])) for left in range(4)]
        assert found == [1 * HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]

    def test_where_no_policy_fits_a_case_is_promised_what_contract_b_says(self) -> None:
        desk = a_desk(a_rule(urgencies=frozenset({Urgency.LOW})), a_rule(2, door=Door.INTAKE))
        case = a_case(urgency=Urgency.HIGH, customer_type=CustomerType.BUSINESS)

        assert promised(a_case_ticket(case=case), desk) == 48 * HOUR

    def test_a_ticket_of_which_nobody_says_anything_is_promised_nothing(self) -> None:
        policy = policy_for(a_ticket(), a_desk(), CONTRACT_CASES)

        assert (policy.name, policy.targets) == (NOTHING_PROMISED, ())

    def test_the_policy_is_named_after_all_who_promise(self) -> None:
        desk = a_desk(a_rule(7), responseSlaMin=15)

        kpi_type = desk.kpi_types[INCIDENT].name
        assert policy_for(a_ticket(), desk, CONTRACT_CASES).name == f"{kpi_type}, Policy 7"

    def test_the_department_s_calendar_is_kept_where_nothing_is_promised(self) -> None:
        desk = a_desk()

        policy = policy_for(a_ticket(), desk, CONTRACT_CASES)
        assert policy.calendar == desk.calendar_of(SUPPORT)


class TestTargets:
    def test_a_target_says_its_clock_what_starts_stops_and_pauses_it_and_its_warnings(self) -> None:
        target = SlaTarget(
            metric=Metric.FIRST_RESPONSE,
            amount=2 * HOUR,
            clock=Clock.DEPARTMENT,
            starts=frozenset({EventKind.ASSIGNED}),
            stops=frozenset({EventKind.STARTED}),
            pauses=frozenset(),
            warn_at=(WarnAt(left=30 * MINUTE), WarnAt(percent=50)),
        )
        desk = a_desk(a_rule(targets=(target,)))

        (found,) = policy_for(a_ticket(), desk, CONTRACT_CASES).targets
        assert found == PolicyTarget(
            promise=Promise(
                metric=Metric.FIRST_RESPONSE,
                amount=2 * HOUR,
                calendar=desk.calendar_of(SUPPORT),
                starts=frozenset({EventKind.ASSIGNED}),
                answers=frozenset({EventKind.STARTED}),
                pauses_in=frozenset(),
            ),
            warn_after=(60 * MINUTE, 90 * MINUTE),
        )

    def test_a_target_may_name_a_calendar(self) -> None:
        target = SlaTarget(
            metric=Metric.RESOLUTION, amount=HOUR, clock=Clock.CALENDAR, calendar_id=JAKARTA.id
        )
        desk = a_desk(a_rule(targets=(target,)))
        desk = attrs.evolve(desk, calendars={**desk.calendars, JAKARTA.id: JAKARTA})

        (found,) = policy_for(a_ticket(), desk, CONTRACT_CASES).targets
        assert found.promise.calendar == JAKARTA

    @pytest.mark.parametrize(
        "fields",
        [
            {"amount": timedelta()},
            {"amount": timedelta(days=40_000)},
            {"clock": Clock.CALENDAR},
            {"calendar_id": JAKARTA.id},
            {"warn_at": (WarnAt(left=HOUR),)},
        ],
    )
    def test_a_target_that_makes_no_sense_is_refused(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            SlaTarget(**{"metric": Metric.RESOLUTION, "amount": HOUR, **fields})

    @pytest.mark.parametrize(
        "fields", [{}, {"percent": 50, "left": HOUR}, {"percent": 100}, {"left": timedelta()}]
    )
    def test_a_warning_that_makes_no_sense_is_refused(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            WarnAt(**fields)

    def test_a_policy_has_a_target_and_one_of_a_metric(self) -> None:
        target = a_rule().targets[0]
        with pytest.raises(ValueError, match="targets"):
            a_rule(targets=())
        with pytest.raises(ValueError, match="targets"):
            a_rule(targets=(target, target))
        with pytest.raises(ValueError, match="two targets"):
            a_policy(targets=a_policy().targets * 2)

    def test_a_warning_comes_between_the_start_and_the_end(self) -> None:
        promise = a_policy().targets[0].promise
        with pytest.raises(ValueError, match="warning"):
            PolicyTarget(promise=promise, warn_after=(promise.amount,))


class TestDigest:
    def test_a_policy_that_means_the_same_has_the_same_digest(self) -> None:
        renamed = attrs.evolve(JAKARTA, name="Office hours", key="other")
        promise = attrs.evolve(a_policy().targets[0].promise, calendar=renamed)
        target = attrs.evolve(a_policy().targets[0], promise=promise)

        assert a_policy(targets=(target,)).digest == a_policy().digest

    @pytest.mark.parametrize(
        "fields",
        [
            {"amount": 7 * HOUR},
            {"metric": Metric.NEXT_RESPONSE},
            {"calendar": None},
            {"calendar": attrs.evolve(JAKARTA, holidays=(Holiday(NOW.date(), "Off"),))},
            {"starts": frozenset({EventKind.ASSIGNED})},
            {"pauses_in": frozenset()},
        ],
    )
    def test_whatever_a_promise_means_is_in_it(self, fields: dict[str, Any]) -> None:
        target = a_policy().targets[0]
        changed = attrs.evolve(target, promise=attrs.evolve(target.promise, **fields))

        assert a_policy(targets=(changed,)).digest != a_policy().digest

    @pytest.mark.parametrize("fields", [{"name": "Other"}, {"targets": ()}, {"calendar": JAKARTA}])
    def test_whatever_a_policy_means_is_in_it(self, fields: dict[str, Any]) -> None:
        assert a_policy(**fields).digest != a_policy().digest

    def test_warnings_are_in_it(self) -> None:
        target = attrs.evolve(a_policy().targets[0], warn_after=())

        assert a_policy(targets=(target,)).digest != a_policy().digest


class TestTightened:
    @settings(max_examples=100, deadline=None)
    @given(st.integers(1, 9), st.integers(1, 9))
    def test_nothing_is_promised_later_than_before_or_than_wanted(
        self, before: int, wanted: int
    ) -> None:
        held, asked = (
            policy_for(a_ticket(), a_desk(a_rule(hours=it)), CONTRACT_CASES)
            for it in (before, wanted)
        )

        (target,) = tightened(held, asked).targets
        assert target.promise.amount == min(before, wanted) * HOUR

    def test_a_target_that_is_not_wanted_any_more_stays(self) -> None:
        held = policy_for(a_ticket(), a_desk(a_rule()), CONTRACT_CASES)

        assert tightened(held, Policy(name="Nothing")).targets == held.targets


class TestContracts:
    def test_contract_a_s_example_gives_five_and_a_hundred_and_twenty_minutes(self) -> None:
        """Friday 12:05 in Jakarta, lunch closed."""
        desk = a_desk(responseSlaMin=5, resolutionSlaMin=120)
        (support,) = (it for it in desk.departments.values() if it.id == SUPPORT)
        desk = attrs.evolve(
            desk,
            calendars={**desk.calendars, JAKARTA.id: JAKARTA},
            departments={
                **desk.departments,
                SUPPORT: attrs.evolve(support, calendar_id=JAKARTA.id),
            },
        )
        submitted = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
        history = [
            Event(kind=kind, at=submitted.replace(hour=hour, minute=minute), status=status)
            for kind, hour, minute, status in (
                (EventKind.SUBMITTED, 5, 5, Status.OPEN),
                (EventKind.ASSIGNED, 5, 10, Status.IN_PROGRESS),
                (EventKind.AGENT_REPLIED, 6, 11, Status.IN_PROGRESS),
                (EventKind.CLOSED, 8, 0, Status.CLOSED),
            )
        ]
        policy = policy_for(a_ticket(submitted_at=submitted), desk, CONTRACT_CASES)

        kept = standings_under(policy, history, submitted + timedelta(days=9))
        found = [it for target in kept for it in target.standings]
        assert [(it.elapsed, it.verdict) for it in found] == [
            (5 * MINUTE, Verdict.MET),
            (120 * MINUTE, Verdict.MET),
        ]

    def test_contract_b_s_example_gives_two_days(self) -> None:
        case = a_case(urgency=Urgency.HIGH, customer_type=CustomerType.BUSINESS)
        policy = policy_for(a_case_ticket(case=case), a_directory(), CONTRACT_CASES)

        opened = datetime(2025, 1, 27, 10, tzinfo=UTC)
        assert policy.due(Metric.RESOLUTION, opened) == datetime(2025, 1, 29, 10, tzinfo=UTC)
        assert policy.due(Metric.PERIODIC_UPDATE, opened) is None

    def test_a_case_from_before_is_held_to_what_was_written_into_it(self) -> None:
        case = a_case(resolution_due_at=NOW + 7 * HOUR, response_due_at=NOW + HOUR)
        desk = a_desk(a_rule(targets=(SlaTarget(metric=Metric.PERIODIC_UPDATE, amount=24 * HOUR),)))

        policy = policy_as_written(a_case_ticket(case=case), desk, CONTRACT_CASES)
        assert [(it.promise.metric, it.promise.amount) for it in policy.targets] == [
            (Metric.FIRST_RESPONSE, HOUR),
            (Metric.RESOLUTION, 7 * HOUR),
            (Metric.PERIODIC_UPDATE, 24 * HOUR),
        ]
