"""What a ticket counts for: where, when, and whether at all."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.contributions import (
    Contribution,
    contribution_of,
    is_working_day,
    read_contribution,
    written_contribution,
)
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.rr import RR
from helpdesk_core.kpi.scoring import Scoring, read_scoring, scoring_of, written_scoring
from helpdesk_core.kpi.tally import NOTHING, POINTS, Sum, Tally, total
from helpdesk_core.sla_clock import Metric, Promise, Standing, standings
from helpdesk_core.testing.builders import NOW, a_directory, a_ticket, an_event
from helpdesk_core.testing.directories import INCIDENT, SUPPORT
from helpdesk_core.testing.rule_laws import standings as any_standings
from helpdesk_core.testing.rule_laws import tickets_of
from helpdesk_core.tickets import EventKind, Status, Ticket

DIRECTORY = a_directory()
JAKARTA = DIRECTORY.calendar_of(SUPPORT)
SCORING = scoring_of(DIRECTORY.kpi_types[INCIDENT], DIRECTORY)
SATURDAY = datetime(2026, 5, 23, 3, 0, tzinfo=UTC)
FRIDAY_LATE = datetime(2026, 5, 22, 16, 59, tzinfo=UTC)  # 23:59 in Jakarta
LATER = timedelta(minutes=40)


def counted(ticket: Ticket, calendar: Calendar | None = JAKARTA) -> Contribution | None:
    return contribution_of(ticket, SCORING, {}, calendar, CONTRACT_RULES)


def found(ticket: Ticket, calendar: Calendar | None = JAKARTA) -> Contribution:
    contribution = counted(ticket, calendar)
    assert contribution is not None
    return contribution


@pytest.mark.parametrize(("calendar", "month"), [(JAKARTA, Month(2026, 6)), (None, Month(2026, 5))])
def test_the_ticket_date_tells_the_month_on_the_pinned_calendars_clocks(
    calendar: Calendar | None, month: Month
) -> None:
    ticket = a_ticket(ticket_date=datetime(2026, 5, 31, 17, 0, tzinfo=UTC))

    assert month == found(ticket, calendar).month


def test_when_it_was_submitted_or_closed_does_not_move_it() -> None:
    ticket = a_ticket(
        status=Status.CLOSED, submitted_at=NOW + timedelta(40), closed_at=NOW + timedelta(80)
    )

    assert Month(2026, 5) == found(ticket).month


@pytest.mark.parametrize("status", [Status.REJECTED, Status.CANCELLED])
def test_what_was_rejected_or_cancelled_counts_nowhere(status: Status) -> None:
    assert counted(a_ticket(status=status, closed_at=NOW)) is None


def test_logged_work_that_was_withdrawn_counts_nowhere() -> None:
    assert counted(a_ticket(status=None, closed_at=NOW)) is None


@pytest.mark.parametrize("ticket", [a_ticket(department_id=None), a_ticket(kpi_type_id=None)])
def test_what_has_no_department_or_no_kpi_type_counts_nowhere(ticket: Ticket) -> None:
    assert counted(ticket) is None


def test_a_ticket_of_a_day_off_is_left_out() -> None:
    assert Tally(left_out=1) == found(a_ticket(ticket_date=SATURDAY)).tally


def test_a_ticket_of_a_day_off_is_no_outage() -> None:
    assert () == found(a_ticket(ticket_date=SATURDAY)).outages


def test_holiday_work_counts() -> None:
    assert 1 == found(a_ticket(ticket_date=SATURDAY, is_holiday_work=True)).tally.tickets


@pytest.mark.parametrize(("calendar", "counts"), [(JAKARTA, False), (None, True)])
def test_without_a_calendar_every_day_counts(calendar: Calendar | None, *, counts: bool) -> None:
    assert counts == is_working_day(SATURDAY, calendar)


def test_the_night_after_work_is_of_the_same_day() -> None:
    assert is_working_day(FRIDAY_LATE, JAKARTA)


def test_a_holiday_is_a_day_off() -> None:
    assert JAKARTA is not None
    on = datetime.combine(JAKARTA.holidays[0].on, NOW.time(), UTC)

    assert not is_working_day(on, JAKARTA)


def test_an_open_ticket_of_a_contributing_group_is_an_outage_still() -> None:
    assert (Outage(NOW, None),) == found(a_ticket()).outages


def test_a_closed_one_was_out_until_its_end() -> None:
    ticket = a_ticket(status=Status.CLOSED, closed_at=NOW + LATER)

    assert (Outage(NOW, NOW + LATER),) == found(ticket).outages


def test_a_group_that_does_not_contribute_tells_of_no_outage() -> None:
    scoring = attrs.evolve(SCORING, counts_as_outage=False)
    contribution = contribution_of(a_ticket(), scoring, {}, JAKARTA, CONTRACT_RULES)

    assert contribution is not None
    assert () == contribution.outages


def test_logged_work_was_out_from_found_to_closed() -> None:
    ic = Scoring(
        rule="ic",
        fields=tuple((field.key, field.kind) for field in CONTRACT_RULES["ic"].schema),
        counts_as_outage=True,
    )
    metrics = {"foundAt": NOW.isoformat(), "closedAt": (NOW + LATER).isoformat()}
    ticket = a_ticket(status=None, metrics=metrics)
    contribution = contribution_of(ticket, ic, {}, JAKARTA, CONTRACT_RULES)

    assert contribution is not None
    assert (Outage(NOW, NOW + LATER),) == contribution.outages


def test_a_rule_that_the_desk_does_not_have_scores_nothing() -> None:
    scoring = attrs.evolve(SCORING, rule="gone")
    contribution = contribution_of(a_ticket(), scoring, {}, JAKARTA, CONTRACT_RULES)

    assert contribution is not None
    assert Tally(tickets=1) == contribution.tally


def test_the_sources_example_takes_5_and_120_minutes() -> None:
    """Submitted Friday 12:05 in Jakarta, lunch closed; assigned 5 minutes later, closed 15:00."""
    history = (
        an_event(),
        an_event(EventKind.ASSIGNED, at=NOW.replace(minute=10), status=Status.IN_PROGRESS),
        an_event(EventKind.CLOSED, at=NOW.replace(hour=8, minute=0), status=Status.CLOSED),
    )
    response = Promise(
        metric=Metric.FIRST_RESPONSE,
        amount=timedelta(minutes=30),
        answers=frozenset({EventKind.ASSIGNED}),
    )
    resolution = Promise(metric=Metric.RESOLUTION, amount=timedelta(minutes=480), calendar=JAKARTA)
    kept = {
        it.metric: standings(it, history, NOW + timedelta(1))[0] for it in (response, resolution)
    }
    ticket = a_ticket(status=Status.CLOSED, closed_at=history[-1].at)
    contribution = contribution_of(ticket, SCORING, kept, JAKARTA, CONTRACT_RULES)
    minute = RR.figures[0].parts

    assert contribution is not None
    assert contribution.tally == Tally(
        tickets=1,
        scored=1,
        passed=1,
        points=100 * POINTS,
        figures=(Sum(5 * minute, 1), Sum(120 * minute, 1)),
    )


changes = st.lists(
    st.tuples(
        st.sampled_from([UUID(int=n) for n in range(4)]), tickets_of(RR.schema), any_standings()
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(changes)
def test_adding_the_differences_is_counting_anew(
    changes: Iterable[tuple[UUID, Ticket, Mapping[Metric, Standing]]],
) -> None:
    kept: dict[UUID, Tally] = {}
    running = NOTHING
    for ticket_id, ticket, held in changes:
        contribution = contribution_of(ticket, SCORING, held, JAKARTA, CONTRACT_RULES)
        now = contribution.tally if contribution else NOTHING
        running = running + (now - kept.get(ticket_id, NOTHING))
        kept[ticket_id] = now

    assert running == total(kept.values())


@given(tickets_of(RR.schema), any_standings())
def test_what_is_written_is_read_back(ticket: Ticket, held: Mapping[Metric, Standing]) -> None:
    contribution = contribution_of(ticket, SCORING, held, JAKARTA, CONTRACT_RULES)

    assert contribution is not None
    assert contribution == read_contribution(
        json.loads(json.dumps(written_contribution(contribution)))
    )


def test_a_scoring_is_read_back() -> None:
    assert SCORING == read_scoring(json.loads(json.dumps(written_scoring(SCORING))))


def test_a_scoring_is_told_by_its_digest() -> None:
    other = attrs.evolve(SCORING, parameters={**SCORING.parameters, "target": 90})

    assert SCORING.digest != other.digest
