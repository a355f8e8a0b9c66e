"""What becomes true by itself: the same whoever looks, however often, and no part of verdicts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Window
from helpdesk_core.sla_clock import Metric, Promise, Verdict, standings
from helpdesk_core.sla_marks import TOLD_WITHIN, Mark, found_late, next_due_at
from helpdesk_core.sla_policies import Policy, PolicyTarget, standings_under
from helpdesk_core.testing.builders import a_ticket
from helpdesk_core.tickets import FINISHED, TRANSITIONS, Event, EventKind, Status

START = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)  # Friday, 12:05 in Jakarta
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
OFFICE = Calendar(
    id=UUID(int=1),
    key="office",
    name="Office",
    zone="Asia/Jakarta",
    windows=tuple(Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))),
)
MOVED = {
    Status.IN_PROGRESS: EventKind.STARTED,
    Status.WAITING: EventKind.WAITED,
    Status.RESOLVED: EventKind.RESOLVED,
    Status.CLOSED: EventKind.CLOSED,
    Status.REJECTED: EventKind.REJECTED,
    Status.CANCELLED: EventKind.CANCELLED,
}

laws = settings(max_examples=120, deadline=None)


def happened(after: timedelta, kind: EventKind, status: Status) -> Event:
    return Event(kind=kind, at=START + after, status=status)


def submitted() -> Event:
    return happened(timedelta(), EventKind.SUBMITTED, Status.OPEN)


def answered(after: timedelta) -> Event:
    return happened(after, EventKind.AGENT_REPLIED, Status.IN_PROGRESS)


def promising(metric: Metric = Metric.FIRST_RESPONSE, hours: int = 4, *warnings: int) -> Policy:
    """A policy of one target on the wall clock, warned of after so many hours."""
    promise = Promise(metric=metric, amount=hours * HOUR)
    warn_after = tuple(it * HOUR for it in warnings)
    return Policy(name="One", targets=(PolicyTarget(promise=promise, warn_after=warn_after),))


def swept(policy: Policy, history: Sequence[Event], now: datetime) -> list[Event]:
    """The history after somebody has looked."""
    ticket = a_ticket(status=history[-1].status)
    return [*history, *(mark.event_of(ticket) for mark in found_late(policy, history, now))]


def raised(history: Sequence[Event]) -> set[tuple[EventKind, datetime, str]]:
    """The warnings and breaches of a history."""
    kinds = {EventKind.WARNED, EventKind.BREACHED}
    return {(it.kind, it.at, str(sorted(it.details.items()))) for it in history if it.kind in kinds}


# Random lives and policies

spans = st.integers(1, 3000).map(lambda minutes: minutes * MINUTE)
targets = st.builds(
    lambda metric, calendar, amount, warned: PolicyTarget(
        promise=Promise(metric=metric, amount=amount, calendar=calendar),
        warn_after=tuple(amount * part // 100 for part in warned),
    ),
    st.sampled_from(Metric),
    st.sampled_from((None, OFFICE)),
    spans,
    st.sets(st.integers(1, 99), max_size=2),
)
policies = st.lists(targets, max_size=3, unique_by=lambda it: it.promise.metric).map(
    lambda made: Policy(name="Drawn", targets=tuple(made))
)


@st.composite
def lives(draw: st.DrawFn, longest: int = 7) -> list[Event]:
    """A history that the table of transitions allows, words of both sides and notes in between."""
    history = [submitted()]
    for _ in range(draw(st.integers(0, longest))):
        held = history[-1].status
        assert held is not None
        at = history[-1].at + draw(spans)
        if draw(st.booleans()) and TRANSITIONS[held]:
            to = draw(st.sampled_from(sorted(TRANSITIONS[held], key=lambda it: it.value)))
            kind = EventKind.REOPENED if held in FINISHED and to not in FINISHED else MOVED[to]
            history.append(Event(kind=kind, at=at, status=to))
        else:
            kinds = (EventKind.AGENT_REPLIED, EventKind.CUSTOMER_REPLIED, EventKind.NOTED)
            history.append(Event(kind=draw(st.sampled_from(kinds)), at=at, status=held))
    return history


class TestLaws:
    @laws
    @given(lives(), policies, st.sets(st.integers(0, 30_000), max_size=8))
    def test_what_is_found_does_not_depend_on_when_or_how_often_anyone_looked(
        self, history: list[Event], policy: Policy, looks: set[int]
    ) -> None:
        end = history[-1].at + 60 * DAY
        watched: list[Event] = []
        instants = sorted(START + look * MINUTE for look in looks)
        for event in history:
            while instants and instants[0] < event.at and watched:
                watched = swept(policy, watched, instants.pop(0))
            watched.append(event)

        assert raised(swept(policy, watched, end)) == raised(swept(policy, history, end))

    @laws
    @given(lives(), policies, st.sets(st.integers(0, 30_000), max_size=8), spans)
    def test_verdicts_do_not_depend_on_when_or_how_often_anyone_looked(
        self, history: list[Event], policy: Policy, looks: set[int], wait: timedelta
    ) -> None:
        now = history[-1].at + wait
        watched: list[Event] = []
        instants = sorted(START + look * MINUTE for look in looks)
        for event in history:
            while instants and instants[0] < event.at and watched:
                watched = swept(policy, watched, instants.pop(0))
            watched.append(event)

        assert standings_under(policy, watched, now) == standings_under(policy, history, now)

    @laws
    @given(lives(), policies, spans)
    def test_whoever_looks_again_finds_nothing(
        self, history: list[Event], policy: Policy, wait: timedelta
    ) -> None:
        now = history[-1].at + wait

        assert found_late(policy, swept(policy, history, now), now) == ()

    @laws
    @given(lives(), policies, spans)
    def test_what_is_due_next_is_found_after_that_instant_and_not_at_it(
        self, history: list[Event], policy: Policy, wait: timedelta
    ) -> None:
        now = history[-1].at + wait
        watched = swept(policy, history, now)

        due = next_due_at(policy, watched, now)
        if due is None:
            assert found_late(policy, watched, now + 9999 * DAY) == ()
        else:
            assert found_late(policy, watched, due) == ()
            assert due == found_late(policy, watched, due + MICROSECOND)[0].at

    @laws
    @given(lives(), policies, spans)
    def test_a_breach_is_an_event_exactly_where_the_verdict_says_so(
        self, history: list[Event], policy: Policy, wait: timedelta
    ) -> None:
        now = history[-1].at + wait
        found = found_late(policy, history, now)

        breached = {
            (kept.target.promise.metric, it.started_at, it.breached_at)
            for kept in standings_under(policy, history, now)
            for it in kept.standings
            if it.verdict is Verdict.BREACHED
        }
        events = {
            (it.promise.metric, it.started_at, it.at)
            for it in found
            if it.kind is EventKind.BREACHED
        }
        is_dropped = history[-1].status in {Status.REJECTED, Status.CANCELLED}
        assert breached <= events if is_dropped else breached == events

    @laws
    @given(lives(), policies, spans)
    def test_they_come_in_the_order_of_time(
        self, history: list[Event], policy: Policy, wait: timedelta
    ) -> None:
        found = [mark.at for mark in found_late(policy, history, history[-1].at + wait)]

        assert found == sorted(found)


class TestInstants:
    def test_an_answer_at_the_very_instant_is_in_time_for_the_warning_and_the_promise(self) -> None:
        in_time = [submitted(), answered(4 * HOUR)]

        assert found_late(promising(), in_time, START + DAY) == ()
        late = [submitted(), answered(4 * HOUR + MICROSECOND)]
        (breach,) = found_late(promising(), late, START + DAY)
        assert breach.at == START + 4 * HOUR

    def test_a_breach_found_days_later_has_the_instant_at_which_it_became_true(self) -> None:
        (breach,) = found_late(promising(), [submitted()], START + 9 * DAY)

        event = breach.event_of(a_ticket())
        assert (event.kind, event.at, event.actor_id) == (
            EventKind.BREACHED,
            START + 4 * HOUR,
            None,
        )
        assert event.details == {
            "metric": "first response",
            "startedAt": START.isoformat(),
            "dueAt": (START + 4 * HOUR).isoformat(),
        }

    def test_a_warning_comes_after_its_part_of_the_time(self) -> None:
        policy = promising(Metric.FIRST_RESPONSE, 4, 3)

        (warning,) = found_late(policy, [submitted()], START + 4 * HOUR)
        assert (warning.kind, warning.at, warning.due_at) == (
            EventKind.WARNED,
            START + 3 * HOUR,
            START + 4 * HOUR,
        )

    def test_a_warning_says_when_it_was_due_as_was_known_then(self) -> None:
        """A pause afterwards moves the deadline, not the warning."""
        policy = promising(Metric.RESOLUTION, 4, 3)
        waits = happened(3 * HOUR + MINUTE, EventKind.WAITED, Status.WAITING)

        (warning,) = found_late(policy, [submitted(), waits], START + 9 * HOUR)
        assert (warning.at, warning.due_at) == (START + 3 * HOUR, START + 4 * HOUR)

    def test_while_the_clock_stands_still_nothing_is_due(self) -> None:
        waits = happened(HOUR, EventKind.WAITED, Status.WAITING)
        history = [submitted(), waits]

        policy = promising(Metric.RESOLUTION)
        assert next_due_at(policy, history, START + DAY) is None

    def test_each_question_may_be_answered_late_by_itself(self) -> None:
        asked = happened(HOUR, EventKind.CUSTOMER_REPLIED, Status.OPEN)
        again = happened(9 * HOUR, EventKind.CUSTOMER_REPLIED, Status.IN_PROGRESS)
        history = [submitted(), asked, answered(8 * HOUR), again]

        found = found_late(promising(Metric.NEXT_RESPONSE), history, START + DAY)
        assert [it.at - START for it in found] == [5 * HOUR, 13 * HOUR]

    def test_nothing_becomes_true_of_a_ticket_that_dropped_out(self) -> None:
        gone = happened(HOUR, EventKind.CANCELLED, Status.CANCELLED)

        assert found_late(promising(), [submitted(), gone], START + DAY) == ()
        assert next_due_at(promising(), [submitted(), gone], START + DAY) is None

    def test_what_became_true_before_it_dropped_out_stays_true(self) -> None:
        gone = happened(9 * HOUR, EventKind.CANCELLED, Status.CANCELLED)

        (breach,) = found_late(promising(), [submitted(), gone], START + DAY)
        assert (breach.at, breach.is_news(START + DAY)) == (START + 4 * HOUR, False)

    def test_a_ticket_that_was_logged_is_promised_nothing(self) -> None:
        logged = Event(kind=EventKind.LOGGED, at=START, status=None)

        assert next_due_at(promising(), [logged], START) is None


class TestNews:
    def found(self, *after: Event, late: timedelta = MINUTE) -> list[tuple[EventKind, bool]]:
        """What is found, and whether it is told, so long after the promise was broken."""
        policy = promising(Metric.FIRST_RESPONSE, 4, 3)
        now = START + 4 * HOUR + late
        return [
            (mark.kind, mark.is_news(now))
            for mark in found_late(policy, [submitted(), *after], now)
        ]

    def test_a_breach_is_news_and_the_warning_before_it_is_none_any_more(self) -> None:
        assert self.found() == [(EventKind.WARNED, False), (EventKind.BREACHED, True)]

    def test_nobody_is_told_of_what_was_answered_meanwhile(self) -> None:
        found = self.found(answered(4 * HOUR + MICROSECOND))

        assert found == [(EventKind.WARNED, False), (EventKind.BREACHED, False)]

    def test_nobody_is_told_of_what_is_old(self) -> None:
        assert self.found(late=TOLD_WITHIN)[1] == (EventKind.BREACHED, True)
        assert self.found(late=TOLD_WITHIN + MICROSECOND)[1] == (EventKind.BREACHED, False)

    def test_a_warning_is_news_until_the_promise_is_kept(self) -> None:
        assert self.found(late=-MINUTE) == [(EventKind.WARNED, True)]
        assert self.found(answered(3 * HOUR + MINUTE)) == [(EventKind.WARNED, False)]


class TestVerdicts:
    def test_events_of_warnings_and_breaches_are_no_part_of_them(self) -> None:
        """They are stored behind later events, with earlier instants."""
        promise = promising().targets[0].promise
        history = [submitted(), answered(3 * HOUR)]
        late = attrs.evolve(submitted(), kind=EventKind.BREACHED, at=START + HOUR)

        now = START + DAY
        assert standings(promise, [*history, late], now) == standings(promise, history, now)

    def test_a_clock_may_be_started_by_other_events(self) -> None:
        kinds = frozenset({EventKind.ASSIGNED})
        promise = attrs.evolve(promising().targets[0].promise, starts=kinds)
        given_to = happened(2 * HOUR, EventKind.ASSIGNED, Status.IN_PROGRESS)

        assert standings(promise, [submitted()], START + DAY) == ()
        (found,) = standings(promise, [submitted(), given_to, answered(6 * HOUR)], START + DAY)
        assert (found.verdict, found.elapsed) == (Verdict.MET, 4 * HOUR)


def test_a_mark_of_a_warning_says_how_much_of_the_time_had_passed() -> None:
    policy = promising(Metric.RESOLUTION, 4, 3)

    (mark,) = found_late(policy, [submitted()], START + 4 * HOUR)
    assert isinstance(mark, Mark)
    assert mark.details["after"] == "3:00:00"
