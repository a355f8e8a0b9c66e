"""Agents log work of their own, correct it, and take it back."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from helpdesk_core.errors import Forbidden, Invalid, InvalidTransition, NotFound, NotSignedIn
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.contributions import contribution_of
from helpdesk_core.kpi.scoring import scoring_of
from helpdesk_core.logged_work import RawWork
from helpdesk_core.people import STRANGER, Caller, Role
from helpdesk_core.testing.builders import NOW, a_customer, a_raw_intake, staff
from helpdesk_core.testing.directories import (
    ACCOUNTS,
    ACCURACY,
    ADMIN,
    INCIDENT,
    NETWORK,
    OTHER_AGENT,
    REPORT,
    SUPPORT,
    UPTIME,
)
from helpdesk_core.tickets import EventKind, Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.logging_work import (
    correct_own_work,
    list_work_options,
    log_own_work,
    withdraw_own_work,
)
from helpdesk_memory import MemoryDesk

DONE = RawWork(
    dept_id=str(SUPPORT),
    kpi_type_id=str(REPORT),
    ticket_date="2026-05-22T03:00:00Z",
    description="  The daily report  ",
    metrics={"submittedAt": "16:30", "unknown": 1},
)
AGENT = staff()


def raw(**fields: Any) -> RawWork:  # noqa: ANN401  # any JSON value in any field
    return attrs.evolve(DONE, **fields)


def logged(desk: MemoryDesk, caller: Caller = AGENT, **fields: Any) -> Ticket:  # noqa: ANN401
    return log_own_work(desk.ports, raw(**fields), caller)


def kinds(desk: MemoryDesk, ticket: Ticket) -> list[EventKind]:
    return [placed.event.kind for placed in desk.store.history[ticket.id]]


def test_work_is_stored_with_the_metrics_that_are_asked_for(desk: MemoryDesk) -> None:
    ticket = logged(desk)

    assert (None, "The daily report", {"submittedAt": "16:30"}) == (
        ticket.status,
        ticket.description,
        desk.store.tickets[ticket.id].metrics,
    )


def test_a_kpi_type_that_is_closed_to_intake_may_be_logged(desk: MemoryDesk) -> None:
    ticket = logged(
        desk,
        staff(agent_id=ADMIN),
        dept_id=str(ACCOUNTS),
        kpi_type_id=str(ACCURACY),
        metrics={"data": 99.5},
    )

    assert {"data": 99.5} == ticket.metrics


def test_holiday_work_is_flagged(desk: MemoryDesk) -> None:
    assert logged(desk, is_holiday_work=True).is_holiday_work


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"dept_id": None}, "Department is required"),
        ({"dept_id": str(REPORT)}, "Invalid Department"),
        ({"kpi_type_id": ""}, "KPI Type is required"),
        ({"kpi_type_id": "x"}, "Invalid KPI Type"),
        ({"ticket_date": "soon"}, "Ticket Date is required"),
        (
            {"kpi_type_id": str(UPTIME)},
            "Uptime KPI is calculated from other KPI tickets and cannot be entered manually",
        ),
        (
            {"kpi_type_id": str(ACCURACY)},
            "This KPI Type is not available for the selected department",
        ),
        ({"description": " "}, "Description is required"),
        ({"metrics": None}, "Submitted at is required"),
        ({"metrics": {"submittedAt": "5 pm"}}, "Submitted at must be a time of day such as 17:00"),
        ({"is_holiday_work": "no"}, "isHolidayWork must be true or false"),
    ],
)
def test_it_is_judged_in_the_contracts_words(
    desk: MemoryDesk, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        logged(desk, **fields)

    assert message == refused.value.message


@pytest.mark.parametrize("days", [-367, 2])
def test_no_other_year_and_no_future_is_logged(desk: MemoryDesk, days: int) -> None:
    with pytest.raises(Invalid, match="within the past year"):
        logged(desk, ticket_date=(NOW + timedelta(days)).isoformat())


def test_nobody_logs_work_of_a_department_they_are_not_in(desk: MemoryDesk) -> None:
    with pytest.raises(Forbidden, match="departments that you work in"):
        logged(desk, dept_id=str(NETWORK), kpi_type_id=str(INCIDENT), metrics={})


@pytest.mark.parametrize(
    ("caller", "refusal"), [(STRANGER, NotSignedIn), (Caller(user=a_customer()), Forbidden)]
)
def test_only_staff_log_work(desk: MemoryDesk, caller: Caller, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        logged(desk, caller)


def corrected(desk: MemoryDesk, ticket: Ticket, caller: Caller = AGENT, **fields: Any) -> Ticket:  # noqa: ANN401
    return correct_own_work(desk.ports, Target(ticket_id=ticket.id), raw(**fields), caller)


def test_a_correction_takes_the_place_of_what_was_logged(desk: MemoryDesk) -> None:
    ticket = corrected(desk, logged(desk), metrics={"submittedAt": "17:30"}, description="Late")

    assert ({"submittedAt": "17:30"}, "Late", 2) == (
        ticket.metrics,
        ticket.description,
        ticket.version,
    )


def test_a_correction_tells_what_it_was_before(desk: MemoryDesk) -> None:
    ticket = corrected(desk, logged(desk), metrics={"submittedAt": "17:30"}, description="Late")

    assert {"description": "changed", "metrics": '{"submittedAt": "16:30"}'} == dict(
        desk.store.history[ticket.id][-1].event.details
    )


def test_what_is_as_it_was_is_no_correction(desk: MemoryDesk) -> None:
    ticket = corrected(desk, logged(desk))

    assert [EventKind.LOGGED] == kinds(desk, ticket)


def test_work_stays_with_its_department_and_kpi_type(desk: MemoryDesk) -> None:
    ticket = logged(desk)

    with pytest.raises(Invalid, match="log it anew"):
        corrected(desk, ticket, kpi_type_id=str(INCIDENT), metrics={})


def test_a_correction_is_judged_too(desk: MemoryDesk) -> None:
    ticket = logged(desk)

    with pytest.raises(Invalid, match="Submitted at"):
        corrected(desk, ticket, metrics={})


def test_a_colleague_may_not_correct_it(desk: MemoryDesk) -> None:
    ticket = logged(desk)

    with pytest.raises(Forbidden, match="Only the agent who logged"):
        corrected(desk, ticket, staff(agent_id=OTHER_AGENT), description="Mine")


def test_an_admin_may(desk: MemoryDesk) -> None:
    admin = staff(agent_id=ADMIN).user
    assert admin is not None
    caller = Caller(user=attrs.evolve(admin, role=Role.ADMIN))

    assert "Theirs" == corrected(desk, logged(desk), caller, description="Theirs").description


def test_a_ticket_that_came_in_is_no_logged_work(desk: MemoryDesk) -> None:
    ticket = submit_ticket(desk.ports, a_raw_intake(desk.store.directory)).ticket

    with pytest.raises(InvalidTransition, match="not logged work"):
        corrected(desk, ticket)


def test_work_that_nobody_logged_is_not_found(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound):
        withdraw_own_work(desk.ports, Target(ticket_id=str(SUPPORT)), AGENT)


def test_withdrawn_work_counts_nowhere(desk: MemoryDesk) -> None:
    target = Target(ticket_id=logged(desk).id)
    ticket = withdraw_own_work(desk.ports, target, AGENT)
    directory = desk.store.directory
    scoring = scoring_of(directory.kpi_types[REPORT], directory)

    assert contribution_of(ticket, scoring, {}, None, CONTRACT_RULES) is None


def test_withdrawn_work_stays_to_be_read(desk: MemoryDesk) -> None:
    ticket = withdraw_own_work(desk.ports, Target(ticket_id=logged(desk).id), AGENT)

    assert [EventKind.LOGGED, EventKind.WITHDRAWN] == kinds(desk, ticket)


def test_withdrawn_work_is_changed_no_more(desk: MemoryDesk) -> None:
    ticket = withdraw_own_work(desk.ports, Target(ticket_id=logged(desk).id), AGENT)

    with pytest.raises(InvalidTransition, match="withdrawn"):
        corrected(desk, ticket, description="After all")


def test_a_form_offers_what_the_agent_may_log(desk: MemoryDesk) -> None:
    offered = [
        (option.department.id, [kpi_type.id for kpi_type in option.kpi_types])
        for option in list_work_options(desk.ports, staff(agent_id=OTHER_AGENT)).departments
    ]

    assert [(NETWORK, [INCIDENT]), (SUPPORT, [INCIDENT, REPORT])] == offered


def test_a_form_is_for_staff(desk: MemoryDesk) -> None:
    with pytest.raises(NotSignedIn):
        list_work_options(desk.ports, STRANGER)
