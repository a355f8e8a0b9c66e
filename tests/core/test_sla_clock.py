"""What became of a promise: its laws over random lives of tickets, and the cases that go wrong."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Window
from helpdesk_core.sla_clock import Hand, Metric, Promise, Standing, Verdict, standings
from helpdesk_core.tickets import FINISHED, TRANSITIONS, Event, EventKind, Status
from helpdesk_core.working_hours import working_time

START = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)  # Friday, 12:05 in Jakarta
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
OFFICE = Calendar(
    id=UUID(int=1),
    key="office",
    name="Office",
    zone="Asia/Jakarta",
    windows=tuple(Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))),
    holidays=(Holiday(date(2026, 5, 27), "Waisak"),),
)
KINDS = {
    Status.IN_PROGRESS: EventKind.STARTED,
    Status.WAITING: EventKind.WAITED,
    Status.RESOLVED: EventKind.RESOLVED,
    Status.CLOSED: EventKind.CLOSED,
    Status.REJECTED: EventKind.REJECTED,
    Status.CANCELLED: EventKind.CANCELLED,
}

laws = settings(max_examples=150, deadline=None)


def happened(after: timedelta, kind: EventKind, status: Status | None) -> Event:
    return Event(kind=kind, at=START + after, status=status)


def submitted() -> Event:
    return happened(timedelta(), EventKind.SUBMITTED, Status.OPEN)


def life(*moves: tuple[timedelta, Status]) -> list[Event]:
    """A ticket's history: submitted, then in these statuses, so long after the submission."""
    return [submitted(), *(happened(after, _kind(status), status) for after, status in moves)]


def _kind(status: Status) -> EventKind:
    return EventKind.STARTED if status is Status.IN_PROGRESS else KINDS[status]


def resolution(amount: timedelta, calendar: Calendar | None = None) -> Promise:
    return Promise(metric=Metric.RESOLUTION, amount=amount, calendar=calendar)


def response(amount: timedelta, calendar: Calendar | None = None) -> Promise:
    return Promise(metric=Metric.FIRST_RESPONSE, amount=amount, calendar=calendar)


def standing(promise: Promise, history: Sequence[Event], now: datetime) -> Standing:
    (only,) = standings(promise, history, now)
    return only


# Random lives

waits = st.integers(1, 3000).map(lambda minutes: minutes * MINUTE)
promises = st.builds(
    Promise,
    metric=st.sampled_from((Metric.FIRST_RESPONSE, Metric.RESOLUTION)),
    amount=st.integers(0, 4000).map(lambda minutes: minutes * MINUTE),
    calendar=st.sampled_from((None, OFFICE)),
)


@st.composite
def lives(draw: st.DrawFn, longest: int = 8) -> list[Event]:
    """A history that the table of transitions allows, words of agents and notes in between."""
    history = [submitted()]
    for _ in range(draw(st.integers(0, longest))):
        held = history[-1].status
        assert held is not None
        at = history[-1].at + draw(waits)
        if draw(st.booleans()) and TRANSITIONS[held]:
            to = draw(st.sampled_from(sorted(TRANSITIONS[held], key=lambda it: it.value)))
            kind = EventKind.REOPENED if held in FINISHED and to not in FINISHED else _kind(to)
            history.append(Event(kind=kind, at=at, status=to))
        else:
            said = draw(st.sampled_from((EventKind.AGENT_REPLIED, EventKind.NOTED)))
            history.append(Event(kind=said, at=at, status=held))
    return history


def _ran(promise: Promise, history: Sequence[Event], minute: int) -> bool:
    """Whether the clock of a resolution runs in a minute after the submission, by looking."""
    at = START + minute * MINUTE
    held = [event.status for event in history if event.at <= at][-1]
    at_work = promise.calendar is None or bool(working_time(promise.calendar, at, at + MINUTE))
    return held not in FINISHED and held not in promise.pauses_in and at_work


def _closing_time(after: datetime) -> datetime:
    """17:00 in Jakarta, which is 10:00 in UTC, on the day of an instant; 15 hours are free then."""
    return after.replace(hour=10, minute=0)


def _verdict(found: Standing) -> tuple[Verdict, datetime | None]:
    return found.verdict, found.breached_at


class TestLaws:
    @laws
    @given(lives(), promises, waits)
    def test_a_resolution_s_clock_counts_what_a_look_at_every_minute_counts(
        self, history: list[Event], promise: Promise, wait: timedelta
    ) -> None:
        promise = attrs.evolve(promise, metric=Metric.RESOLUTION)
        now = history[-1].at + wait

        minutes = range((now - START) // MINUTE)
        counted = sum(_ran(promise, history, minute) for minute in minutes)
        assert standing(promise, history, now).elapsed == counted * MINUTE

    @laws
    @given(lives(), promises, waits, waits)
    def test_a_breach_is_the_same_whenever_somebody_looks(
        self, history: list[Event], promise: Promise, wait: timedelta, more: timedelta
    ) -> None:
        early = standing(promise, history, history[-1].at + wait)
        late = standing(promise, history, history[-1].at + wait + more)

        assert early.verdict is not Verdict.BREACHED or _verdict(late) == _verdict(early)

    @laws
    @given(lives(), promises, st.data())
    def test_a_breach_that_was_seen_in_the_midst_of_a_life_is_there_at_its_end(
        self, history: list[Event], promise: Promise, data: st.DataObject
    ) -> None:
        number = data.draw(st.integers(0, len(history) - 1))
        midst = standing(promise, history, history[number].at)
        end = standing(promise, history, history[-1].at)

        is_counted = midst.verdict is Verdict.BREACHED and end.verdict is not Verdict.DROPPED
        assert not is_counted or _verdict(end) == _verdict(midst)

    @laws
    @given(lives(), promises, waits)
    def test_what_ended_stands_as_it_stood_whenever_somebody_looks(
        self, history: list[Event], promise: Promise, wait: timedelta
    ) -> None:
        at_once = standing(promise, history, history[-1].at)

        later = standing(promise, history, history[-1].at + wait)
        assert at_once.stopped_at is None or later == at_once

    @laws
    @given(lives(), promises, waits, st.data())
    def test_closing_earlier_never_turns_met_into_breached(
        self, history: list[Event], promise: Promise, wait: timedelta, data: st.DataObject
    ) -> None:
        if history[-1].status in FINISHED:
            reopened = history[-1].at + MINUTE
            history.append(Event(kind=EventKind.REOPENED, at=reopened, status=Status.IN_PROGRESS))
        last = history[-1]
        closed = Event(kind=EventKind.CLOSED, at=last.at + wait, status=Status.CLOSED)
        earlier = data.draw(st.integers(0, wait // MINUTE)) * MINUTE
        closed_earlier = attrs.evolve(closed, at=last.at + earlier)
        now = last.at + 2 * wait

        late, early = (
            standing(promise, [*history, end], now).verdict for end in (closed, closed_earlier)
        )
        assert late is not Verdict.MET or early is Verdict.MET

    @laws
    @given(promises, waits, waits, waits)
    def test_a_pause_never_makes_anything_due_earlier(
        self, promise: Promise, before: timedelta, pause: timedelta, after: timedelta
    ) -> None:
        plain = life((before, Status.IN_PROGRESS))
        paused = life(
            (before, Status.IN_PROGRESS),
            (before, Status.WAITING),
            (before + pause, Status.IN_PROGRESS),
        )
        now = START + before + pause + after

        with_pause = standing(promise, paused, now).due_at
        assert with_pause >= standing(promise, plain, now).due_at

    @laws
    @given(promises, waits, st.data(), waits)
    def test_a_pause_while_nobody_works_changes_nothing(
        self, promise: Promise, before: timedelta, data: st.DataObject, after: timedelta
    ) -> None:
        promise = attrs.evolve(promise, calendar=OFFICE)
        before = _closing_time(START + before) - START
        pause = data.draw(st.integers(1, 15 * 60)) * MINUTE
        moves = ((before, Status.WAITING), (before + pause, Status.IN_PROGRESS))
        now = START + before + pause + after

        paused = standing(promise, life((timedelta(), Status.IN_PROGRESS), *moves), now)
        plain = standing(promise, life((timedelta(), Status.IN_PROGRESS)), now)
        assert paused == plain

    @laws
    @given(lives(), promises)
    def test_what_is_asked_about_the_past_rests_on_the_past_alone(
        self, history: list[Event], promise: Promise
    ) -> None:
        now = history[len(history) // 2].at
        past = [event for event in history if event.at <= now]

        assert standings(promise, history, now) == standings(promise, past, now)

    @laws
    @given(lives(), promises, waits)
    def test_notes_never_change_anything(
        self, history: list[Event], promise: Promise, wait: timedelta
    ) -> None:
        now = history[-1].at + wait
        without = [event for event in history if event.kind is not EventKind.NOTED]

        assert standings(promise, history, now) == standings(promise, without, now)

    @laws
    @given(lives(), promises, waits)
    def test_what_is_left_and_what_was_counted_make_the_promise(
        self, history: list[Event], promise: Promise, wait: timedelta
    ) -> None:
        found = standing(promise, history, history[-1].at + wait)

        assert found.elapsed + found.remaining == promise.amount


# Cases that other desks get wrong


def test_contract_a_s_example_was_resolved_in_120_minutes() -> None:
    history = life((5 * MINUTE, Status.IN_PROGRESS), (175 * MINUTE, Status.CLOSED))

    found = standing(resolution(120 * MINUTE, OFFICE), history, START + DAY)
    assert (found.elapsed, found.verdict) == (120 * MINUTE, Verdict.MET)


def test_contract_b_s_example_is_due_after_48_hours() -> None:
    found = standing(resolution(48 * HOUR), life(), START)

    assert (found.due_at, found.verdict) == (START + 48 * HOUR, Verdict.PENDING)


@pytest.mark.parametrize(
    ("late", "verdict"), [(timedelta(), Verdict.MET), (MICROSECOND, Verdict.BREACHED)]
)
def test_what_happens_at_the_due_instant_is_met(late: timedelta, verdict: Verdict) -> None:
    history = life((2 * HOUR + late, Status.RESOLVED))

    assert standing(resolution(2 * HOUR), history, START + DAY).verdict is verdict


def test_a_paused_ticket_that_is_resolved_at_once_has_its_pause_left_out() -> None:
    history = life((HOUR, Status.WAITING), (71 * HOUR, Status.RESOLVED))

    found = standing(resolution(2 * HOUR), history, START + 100 * HOUR)
    assert (found.elapsed, found.verdict) == (HOUR, Verdict.MET)


def test_a_paused_clock_is_due_later_the_longer_it_is_paused() -> None:
    history = life((HOUR, Status.WAITING))

    dues = [standing(resolution(2 * HOUR), history, START + hours * HOUR) for hours in (3, 4)]
    assert [(found.due_at, found.hand) for found in dues] == [
        (START + 4 * HOUR, Hand.PAUSED),
        (START + 5 * HOUR, Hand.PAUSED),
    ]


def test_a_reopened_ticket_goes_on_with_what_was_left() -> None:
    history = life(
        (HOUR, Status.RESOLVED), (10 * HOUR, Status.IN_PROGRESS), (12 * HOUR, Status.RESOLVED)
    )

    met, breached = (standing(resolution(hours * HOUR), history, START + DAY) for hours in (3, 2))
    assert (met.elapsed, met.verdict) == (3 * HOUR, Verdict.MET)
    assert (breached.verdict, breached.breached_at) == (Verdict.BREACHED, START + 11 * HOUR)


def test_a_ticket_that_was_resolved_in_the_last_moment_and_reopened_is_late_from_then_on() -> None:
    history = life((2 * HOUR, Status.RESOLVED), (10 * HOUR, Status.IN_PROGRESS))

    found = standing(resolution(2 * HOUR), history, START + 11 * HOUR)
    assert (found.verdict, found.breached_at) == (Verdict.BREACHED, START + 10 * HOUR)


def test_two_pauses_in_one_minute_are_both_left_out() -> None:
    seconds = [timedelta(seconds=second) for second in (10, 20, 30, 40)]
    history = life(
        (seconds[0], Status.WAITING),
        (seconds[1], Status.IN_PROGRESS),
        (seconds[2], Status.WAITING),
        (seconds[3], Status.IN_PROGRESS),
    )

    found = standing(resolution(HOUR), history, START + MINUTE)
    assert found.elapsed == timedelta(seconds=40)


@pytest.mark.parametrize("status", [Status.REJECTED, Status.CANCELLED])
@pytest.mark.parametrize("metric", [Metric.FIRST_RESPONSE, Metric.RESOLUTION])
def test_rejected_and_cancelled_tickets_drop_out(metric: Metric, status: Status) -> None:
    promise = Promise(metric=metric, amount=HOUR)

    found = standing(promise, life((2 * HOUR, status)), START + DAY)
    assert (found.verdict, found.breached_at) == (Verdict.DROPPED, None)


def test_a_resolution_without_a_word_is_the_response() -> None:
    found = standing(response(2 * HOUR), life((HOUR, Status.RESOLVED)), START + DAY)

    assert (found.verdict, found.stopped_at) == (Verdict.MET, START + HOUR)


def test_the_assignment_is_the_response_where_the_promise_says_so() -> None:
    promise = attrs.evolve(response(10 * MINUTE), answers=frozenset({EventKind.ASSIGNED}))
    history = [submitted(), happened(5 * MINUTE, EventKind.ASSIGNED, Status.IN_PROGRESS)]

    assert standing(promise, history, START + DAY).elapsed == 5 * MINUTE


def test_what_is_late_is_late_from_the_due_instant_though_nobody_looked() -> None:
    found = standing(response(HOUR), life(), START + 30 * DAY)

    assert found.breached_at == START + HOUR


def test_each_question_of_the_customer_is_answered_in_time_or_not() -> None:
    asked, replied = EventKind.CUSTOMER_REPLIED, EventKind.AGENT_REPLIED
    history = [
        submitted(),
        *(
            happened(hours * HOUR, kind, Status.IN_PROGRESS)
            for hours, kind in ((1, asked), (2, asked), (3, replied), (5, asked), (9, replied))
        ),
    ]

    promise = Promise(metric=Metric.NEXT_RESPONSE, amount=3 * HOUR)
    found = standings(promise, history, START + DAY)
    assert [(it.started_at - START, it.verdict) for it in found] == [
        (HOUR, Verdict.MET),
        (5 * HOUR, Verdict.BREACHED),
    ]


def test_the_customer_hears_something_every_so_often() -> None:
    replied = EventKind.AGENT_REPLIED
    history = [
        submitted(),
        happened(HOUR, replied, Status.IN_PROGRESS),
        happened(5 * HOUR, replied, Status.IN_PROGRESS),
        happened(6 * HOUR, EventKind.CLOSED, Status.CLOSED),
    ]

    promise = Promise(metric=Metric.PERIODIC_UPDATE, amount=2 * HOUR)
    verdicts = [it.verdict for it in standings(promise, history, START + DAY)]
    assert verdicts == [Verdict.MET, Verdict.BREACHED, Verdict.MET]


def test_nothing_was_promised_for_work_that_an_agent_logged() -> None:
    logged = [happened(timedelta(), EventKind.LOGGED, None)]

    assert standings(resolution(HOUR), logged, START + DAY) == ()


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    history = [
        submitted(),
        happened(2 * HOUR, EventKind.WAITED, Status.WAITING),
        happened(HOUR, EventKind.RESUMED, Status.IN_PROGRESS),
        happened(3 * HOUR, EventKind.RESOLVED, Status.RESOLVED),
    ]

    assert standing(resolution(DAY), history, START + DAY).elapsed == 3 * HOUR


def test_a_promise_of_less_than_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="less than no time"):
        resolution(-MICROSECOND)


def test_a_pause_in_a_finished_ticket_is_refused() -> None:
    with pytest.raises(ValueError, match="stands still anyway"):
        Promise(metric=Metric.RESOLUTION, amount=HOUR, pauses_in=frozenset({Status.CLOSED}))
