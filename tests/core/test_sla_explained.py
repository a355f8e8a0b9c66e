"""Explanations: they are whole, they add up, and people can read them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Opening, Window, always_open
from helpdesk_core.sla_clock import Metric, Promise
from helpdesk_core.sla_explained import Explanation, Why, explain, in_words
from helpdesk_core.tickets import Event, EventKind, Status

START = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)  # Friday, 12:05 in Jakarta
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = Calendar(
    id=UUID(int=1),
    key="office",
    name="Office hours",
    zone="Asia/Jakarta",
    windows=tuple(Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))),
    holidays=(
        Holiday(date(2026, 5, 22), "Fire drill", begins=540, ends=600),
        Holiday(date(2020, 5, 25), "Founders' day", yearly=True),
    ),
    openings=(Opening(date(2026, 5, 23), "Stock-taking", 540, 600),),
)
SUBMITTED = Event(kind=EventKind.SUBMITTED, at=START, status=Status.OPEN)


def resolution(amount: timedelta, calendar: Calendar | None = OFFICE) -> Promise:
    return Promise(metric=Metric.RESOLUTION, amount=amount, calendar=calendar)


def explained(promise: Promise, history: list[Event], now: datetime) -> Explanation:
    (only,) = explain(promise, history, now)
    return only


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Waiting, working, resolved and reopened, in any order, minutes or days apart."""
    history = [SUBMITTED]
    statuses = (Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED)
    for status in draw(st.lists(st.sampled_from(statuses), max_size=6)):
        at = history[-1].at + draw(st.integers(0, 4000)) * MINUTE
        history.append(Event(kind=EventKind.RESUMED, at=at, status=status))
    return history


promises = st.builds(
    resolution,
    st.integers(0, 3000).map(lambda minutes: minutes * MINUTE),
    st.sampled_from((None, OFFICE, always_open(UUID(int=2)))),
)


@settings(max_examples=200, deadline=None)
@given(lives(), promises, st.integers(0, 5000))
def test_the_steps_lead_from_the_start_to_the_due_instant_without_a_gap(
    history: list[Event], promise: Promise, minutes: int
) -> None:
    found = explained(promise, history, history[-1].at + minutes * MINUTE)

    edges = [START, *(step.since for step in found.steps[1:]), found.standing.due_at]
    assert [step.since for step in found.steps] == edges[: len(found.steps)]
    assert all(one.until == other.since for one, other in pairwise(found.steps))
    assert (found.steps[-1].until if found.steps else START) == found.standing.due_at


@settings(max_examples=200, deadline=None)
@given(lives(), promises, st.integers(0, 5000))
def test_what_the_steps_counted_is_what_was_promised(
    history: list[Event], promise: Promise, minutes: int
) -> None:
    found = explained(promise, history, history[-1].at + minutes * MINUTE)

    assert sum((step.counted for step in found.steps), timedelta()) == promise.amount


@settings(max_examples=200, deadline=None)
@given(lives(), promises, st.integers(0, 5000))
def test_no_two_steps_in_a_row_say_the_same(
    history: list[Event], promise: Promise, minutes: int
) -> None:
    found = explained(promise, history, history[-1].at + minutes * MINUTE)

    assert all(
        (one.why, one.names) != (other.why, other.names) for one, other in pairwise(found.steps)
    )


def test_an_explanation_can_be_read() -> None:
    history = [
        SUBMITTED,
        Event(kind=EventKind.WAITED, at=START + 2 * HOUR, status=Status.WAITING),
        Event(kind=EventKind.RESUMED, at=START + 3 * HOUR, status=Status.IN_PROGRESS),
    ]

    found = explained(resolution(5 * HOUR), history, START + 4 * HOUR)
    version = OFFICE.digest[:8]
    assert in_words(found) == (
        f"resolution: 5 h by Office hours (Asia/Jakarta, {version}), pending\n"
        "Fri 2026-05-22 12:05 - Fri 2026-05-22 13:00  closed: outside working hours\n"
        "Fri 2026-05-22 13:00 - Fri 2026-05-22 14:05  counted 1 h 5 min\n"
        "Fri 2026-05-22 14:05 - Fri 2026-05-22 15:05  paused: WAITING\n"
        "Fri 2026-05-22 15:05 - Fri 2026-05-22 17:00  counted 1 h 55 min\n"
        "Fri 2026-05-22 17:00 - Sat 2026-05-23 09:00  closed: outside working hours\n"
        "Sat 2026-05-23 09:00 - Sat 2026-05-23 10:00  counted 1 h\n"
        "Sat 2026-05-23 10:00 - Tue 2026-05-26 08:00  closed: Founders' day\n"
        "Tue 2026-05-26 08:00 - Tue 2026-05-26 09:00  counted 1 h\n"
        "due Tue 2026-05-26 09:00"
    )


def test_seconds_are_told_where_there_are_any() -> None:
    promise = resolution(timedelta(minutes=1, seconds=1.5), None)

    assert in_words(explained(promise, [SUBMITTED], START)) == (
        "resolution: 1 min 1.5 s by the clock, pending\n"
        "Fri 2026-05-22 05:05 - Fri 2026-05-22 05:06:01.5  counted 1 min 1.5 s\n"
        "due Fri 2026-05-22 05:06:01.5"
    )


@pytest.mark.parametrize("status", [Status.WAITING, Status.RESOLVED])
def test_what_is_yet_to_come_is_as_if_the_clock_ran_on(status: Status) -> None:
    moved = Event(kind=EventKind.WAITED, at=START + HOUR, status=status)

    found = explained(resolution(3 * HOUR, None), [SUBMITTED, moved], START + 2 * HOUR)
    assert [step.why for step in found.steps][-1] is Why.COUNTED
    assert found.steps[-1].until == found.standing.due_at
