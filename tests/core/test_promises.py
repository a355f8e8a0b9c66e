"""What the contracts promise for a ticket, and how it stands when somebody looks."""

from datetime import timedelta

import attrs
import pytest

from helpdesk_core.case_policy import CONTRACT_CASES
from helpdesk_core.cases import RawCase
from helpdesk_core.directory import Scalar
from helpdesk_core.errors import NotFound, NotSignedIn
from helpdesk_core.people import STRANGER
from helpdesk_core.sla_choice import policy_for
from helpdesk_core.sla_clock import Metric, Verdict
from helpdesk_core.testing.builders import NOW, a_directory, a_raw_intake, a_ticket, staff
from helpdesk_core.testing.directories import INCIDENT
from helpdesk_core.testing.stores import stocked
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.cases import RawKey, escalate_case, submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, update_ticket
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.promises import read_promises
from helpdesk_memory import MemoryDesk


@pytest.fixture
def desk() -> MemoryDesk:
    desk = MemoryDesk(NOW)
    stocked(desk.store)
    return desk


def a_business_case(desk: MemoryDesk) -> str:
    raw = RawCase(
        name="Ana",
        email="ana@example.com",
        customer_type="BUSINESS",
        urgency="HIGH",
        subject="Down",
        message="It is down",
    )
    case = submit_case(desk.ports, raw).case
    assert case is not None
    return case.number


def test_a_case_is_promised_what_its_urgency_and_tier_call_for(desk: MemoryDesk) -> None:
    number = a_business_case(desk)

    found = read_promises(desk.ports, Target(number=number), staff()).explanations
    assert [(it.promise.metric, it.standing.due_at - NOW) for it in found] == [
        (Metric.FIRST_RESPONSE, timedelta(hours=4)),
        (Metric.RESOLUTION, timedelta(hours=48)),
    ]


def test_an_escalated_case_is_due_earlier_from_its_submission(desk: MemoryDesk) -> None:
    number = a_business_case(desk)
    desk.clock.advance(hours=2)
    _ = escalate_case(desk.ports, RawKey(case_number=number), "No answer")

    response, resolution = read_promises(desk.ports, Target(number=number), staff()).explanations
    assert (response.standing.verdict, response.standing.breached_at) == (
        Verdict.BREACHED,
        NOW + timedelta(hours=1),
    )
    assert resolution.standing.due_at == NOW + timedelta(hours=24)


def test_an_answer_in_time_keeps_the_promise_for_good(desk: MemoryDesk) -> None:
    target = Target(number=a_business_case(desk))
    desk.clock.advance(hours=4)
    _ = update_ticket(desk.ports, target, RawUpdate(message="We look into it"), staff())
    desk.clock.advance(days=30)

    response, resolution = read_promises(desk.ports, target, staff()).explanations
    assert (response.standing.verdict, resolution.standing.verdict) == (
        Verdict.MET,
        Verdict.BREACHED,
    )


def test_an_intake_ticket_is_promised_what_its_kpi_type_says() -> None:
    directory = a_directory()
    timed = attrs.evolve(
        directory.kpi_types[INCIDENT], parameters={"responseSlaMin": 15, "resolutionSlaMin": 240}
    )
    directory = attrs.evolve(directory, kpi_types={**directory.kpi_types, INCIDENT: timed})

    policy = policy_for(a_ticket(), directory, CONTRACT_CASES)
    found = [target.promise for target in policy.targets]
    assert [(it.metric, it.amount, it.calendar) for it in found] == [
        (Metric.FIRST_RESPONSE, timedelta(minutes=15), None),
        (
            Metric.RESOLUTION,
            timedelta(minutes=240),
            directory.calendar_of(a_ticket().department_id),
        ),
    ]


@pytest.mark.parametrize("value", ["soon", True, -1, 1e300, float("nan")])
def test_a_parameter_that_is_no_time_promises_nothing(value: Scalar) -> None:
    directory = a_directory()
    untimed = attrs.evolve(
        directory.kpi_types[INCIDENT],
        parameters={"responseSlaMin": value, "resolutionSlaMin": value},
    )
    directory = attrs.evolve(directory, kpi_types={**directory.kpi_types, INCIDENT: untimed})

    assert policy_for(a_ticket(), directory, CONTRACT_CASES).targets == ()


def test_strangers_are_told_nothing(desk: MemoryDesk) -> None:
    ticket = submit_ticket(desk.ports, a_raw_intake(a_directory())).ticket

    with pytest.raises(NotSignedIn):
        read_promises(desk.ports, Target(ticket_id=ticket.id), STRANGER)
    with pytest.raises(NotFound):
        read_promises(desk.ports, Target(number="CW-2026-0"), staff())


def test_a_ticket_that_is_waiting_is_due_later(desk: MemoryDesk) -> None:
    target = Target(number=a_business_case(desk))
    moves = RawUpdate(message="Please try it", status_change=Status.IN_PROGRESS.value)
    _ = update_ticket(desk.ports, target, moves, staff())
    waits = attrs.evolve(moves, status_change=Status.WAITING.value)
    _ = update_ticket(desk.ports, target, waits, staff())
    desk.clock.advance(days=10)

    _, resolution = read_promises(desk.ports, target, staff()).explanations
    assert resolution.standing.due_at == NOW + timedelta(days=12)
