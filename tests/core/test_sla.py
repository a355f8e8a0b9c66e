"""How long a ticket took: the source's own example, and what no clock can make of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.calendars import always_open
from helpdesk_core.sla import first_response_time, resolution_time, whole_minutes
from helpdesk_core.testing.builders import NOW, a_directory, a_ticket, an_id
from helpdesk_core.testing.directories import SUPPORT
from helpdesk_core.tickets import Status, Ticket

JAKARTA = a_directory().calendar_of(SUPPORT)
HOUR = timedelta(hours=1)

GOLDEN = a_ticket(
    status=Status.CLOSED,
    submitted_at=datetime(2026, 5, 22, 5, 5, tzinfo=UTC),  # Friday 12:05 in Jakarta: lunch
    first_assigned_at=datetime(2026, 5, 22, 5, 10, tzinfo=UTC),
    first_agent_reply_at=datetime(2026, 5, 22, 6, 11, tzinfo=UTC),
    closed_at=datetime(2026, 5, 22, 8, 0, tzinfo=UTC),
)

instants = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    datetime(2200, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def closed(at: datetime, status: Status = Status.CLOSED) -> Ticket:
    return a_ticket(status=status, closed_at=at)


def test_the_first_response_of_the_sources_example_is_five_minutes() -> None:
    assert 5 == whole_minutes(first_response_time(GOLDEN))


def test_the_resolution_of_the_sources_example_is_two_hours_of_work() -> None:
    assert 120 == whole_minutes(resolution_time(GOLDEN, JAKARTA))


def test_round_the_clock_the_same_example_takes_its_lunch_hour_too() -> None:
    assert 175 == whole_minutes(resolution_time(GOLDEN, None))


def test_nothing_is_known_before_it_happened() -> None:
    assert (None, None) == (first_response_time(a_ticket()), resolution_time(a_ticket(), JAKARTA))


def test_giving_the_ticket_to_another_does_not_move_the_first_response() -> None:
    passed_on = a_ticket(first_assigned_at=NOW + HOUR, assigned_at=NOW + 5 * HOUR)

    assert HOUR == first_response_time(passed_on)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_what_was_resolved_has_a_resolution_time(status: Status) -> None:
    assert HOUR == resolution_time(closed(NOW + HOUR, status), None)


@pytest.mark.parametrize("status", [Status.REJECTED, Status.CANCELLED, Status.IN_PROGRESS, None])
def test_what_was_not_resolved_has_none(status: Status | None) -> None:
    ticket = a_ticket(status=status, closed_at=NOW + HOUR)

    assert None is resolution_time(ticket, None)


@given(instants)
def test_no_time_is_negative_whatever_the_clocks_said(at: datetime) -> None:
    response = first_response_time(a_ticket(first_assigned_at=at)) or timedelta()
    resolution = resolution_time(closed(at), None) or timedelta()

    assert timedelta() <= min(response, resolution)


@given(instants)
def test_a_calendar_without_a_pause_is_no_calendar(at: datetime) -> None:
    round_the_clock = always_open(an_id(1))

    assert resolution_time(closed(at), None) == resolution_time(closed(at), round_the_clock)


@given(instants)
def test_working_time_is_never_longer_than_the_time_that_passed(at: datetime) -> None:
    worked = resolution_time(closed(at), JAKARTA) or timedelta()

    assert worked <= (resolution_time(closed(at), None) or timedelta())


@given(
    st.integers(0, 10**6), st.timedeltas(timedelta(), timedelta(seconds=59, microseconds=999_999))
)
def test_minutes_are_whole_and_rounded_down(minutes: int, rest: timedelta) -> None:
    assert minutes == whole_minutes(timedelta(minutes=minutes) + rest)


def test_what_is_not_known_has_no_minutes() -> None:
    assert None is whole_minutes(None)
