"""The laws of working time, to be proved on a calendar of your own.

Subclass `CalendarLaws` under a name that pytest collects, and give the subclass one fixture,
`calendar`. Every law is tried on random instants, more of them around the days that the calendar
names and around the shifts of its clocks, where mistakes live.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from helpdesk_core.calendars import Calendar, Window
from helpdesk_core.working_hours import due, open_spans, working_time

FIRST: Final = datetime(2015, 1, 1, tzinfo=UTC)
DAYS: Final = 7300
"""Twenty years."""
NONE: Final = timedelta()
MICROSECOND: Final = timedelta(microseconds=1)
LONGEST: Final = timedelta(days=800)
"""From the first to the last instant of an example."""

laws: Final = settings(
    max_examples=60,
    deadline=None,
    # The calendar is a value; each class is inherited by design.
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)

zones: Final = st.sampled_from(("UTC", "Asia/Jakarta", "Europe/Berlin", "Australia/Lord_Howe")).map(
    ZoneInfo
) | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def spans(longest: timedelta) -> SearchStrategy[timedelta]:
    """Any span up to the longest, to the microsecond, and whole minutes more often."""
    minute = timedelta(minutes=1)
    exact = st.integers(0, longest // MICROSECOND).map(lambda number: number * MICROSECOND)
    return exact | st.integers(0, longest // minute).map(lambda number: number * minute)


def instants(calendar: Calendar) -> SearchStrategy[datetime]:
    """Instants of the years 2015 to 2034, more of them near named days and shifts of the clocks."""
    zone = ZoneInfo(calendar.zone)
    named = {*(it.on for it in calendar.holidays), *(it.on for it in calendar.openings)}
    days = sorted(named) or [date(2026, 5, 22)]
    midnights = [datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC) for on in days]
    anywhen = spans(timedelta(days=DAYS)).map(lambda span: FIRST + span)
    shifts = shifts_of(calendar.zone)
    near = [_near(midnights), _near(shifts)] if shifts else [_near(midnights)]
    return st.one_of(*near, anywhen)


@lru_cache(maxsize=16)
def shifts_of(zone: str) -> tuple[datetime, ...]:
    """The midnights of UTC, 2015 to 2034, before the zone's clocks shift."""
    wall = ZoneInfo(zone)
    midnights = [FIRST + timedelta(days=day) for day in range(DAYS)]
    offsets = [midnight.astimezone(wall).utcoffset() for midnight in midnights]
    pairs = zip(midnights, pairwise(offsets), strict=False)
    return tuple(midnight for midnight, (before, after) in pairs if before != after)


def _near(midnights: Sequence[datetime]) -> SearchStrategy[datetime]:
    """Within a day before and three days after one of them."""
    return st.tuples(st.sampled_from(midnights), spans(timedelta(days=4))).map(
        lambda drawn: drawn[0] - timedelta(days=1) + drawn[1]
    )


class CalendarLaws:
    """What `working_time` and `due` promise, as tests over one calendar."""

    @laws
    @given(data=st.data())
    def test_working_time_adds_up_over_any_split(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start, middle, end = _journey(calendar, data, 3)

        whole = working_time(calendar, start, end)
        parts = working_time(calendar, start, middle) + working_time(calendar, middle, end)
        assert whole == parts

    @laws
    @given(data=st.data())
    def test_working_time_never_shrinks_while_time_passes_nor_outruns_it(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start, middle, end = _journey(calendar, data, 3)

        earlier, later = (working_time(calendar, start, each) for each in (middle, end))
        assert NONE <= later - earlier <= end - middle

    @laws
    @given(data=st.data())
    def test_by_when_it_is_due_so_much_was_worked(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start = data.draw(instants(calendar))
        amount = _amount(calendar, data, start)

        assert working_time(calendar, start, due(calendar, start, amount)) == amount

    @laws
    @given(data=st.data())
    def test_nothing_is_due_before_so_much_was_worked(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start = data.draw(instants(calendar))
        amount = _amount(calendar, data, start) + MICROSECOND

        just_before = due(calendar, start, amount) - MICROSECOND
        assert working_time(calendar, start, just_before) < amount

    @laws
    @given(data=st.data())
    def test_what_is_due_can_be_waited_for_in_two_parts(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start = data.draw(instants(calendar))
        first, second = (_amount(calendar, data, start) for _ in range(2))

        halfway = due(calendar, start, first)
        assert due(calendar, halfway, second) == due(calendar, start, first + second)

    @laws
    @given(data=st.data())
    def test_who_starts_later_or_needs_more_is_never_due_earlier(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start, later = _journey(calendar, data, 2)
        amount, more = (_amount(calendar, data, start) for _ in range(2))

        assert due(calendar, start, amount) <= due(calendar, later, amount + more)

    @laws
    @given(data=st.data())
    def test_the_zones_in_which_instants_are_written_do_not_matter(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start, end = _journey(calendar, data, 2)
        amount = _amount(calendar, data, start)
        here, there = data.draw(zones), data.draw(zones)
        start_here, end_there = start.astimezone(here), end.astimezone(there)

        assert working_time(calendar, start, end) == working_time(calendar, start_here, end_there)
        assert due(calendar, start, amount) == due(calendar, start_here, amount)

    @laws
    @given(data=st.data())
    def test_an_instant_is_working_time_when_the_wall_clock_shows_a_time_of_work(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        instant = data.draw(instants(calendar))

        worked = working_time(calendar, instant, instant + MICROSECOND)
        assert worked == MICROSECOND * is_working(calendar, instant)

    @laws
    @given(data=st.data())
    def test_the_spans_of_work_are_in_order_and_come_to_the_working_time(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start, end = _journey(calendar, data, 2)

        found = list(open_spans(calendar, start, end))
        edges = [edge for span in found for edge in span]
        assert edges == sorted(edges)
        assert all(opens < closes for opens, closes in found)
        total = sum((closes - opens for opens, closes in found), NONE)
        assert total == working_time(calendar, start, end)

    @laws
    @given(data=st.data())
    def test_open_round_the_clock_it_would_count_the_time_that_passes(
        self, calendar: Calendar, data: st.DataObject
    ) -> None:
        start, end = _journey(calendar, data, 2)
        week = tuple(Window(weekday, 0, 1440) for weekday in range(7))
        always = attrs.evolve(calendar, windows=week, holidays=())

        assert working_time(always, start, end) == end - start
        assert due(always, start, end - start) == end

    def test_the_same_hours_are_the_same_version(self, calendar: Calendar) -> None:
        again = Calendar(
            id=calendar.id,
            key=f"another {calendar.key}",
            name=f"Another {calendar.name}",
            zone=calendar.zone,
            windows=calendar.windows[::-1],
            holidays=calendar.holidays[::-1],
            openings=calendar.openings[::-1],
        )

        assert again.digest == calendar.digest


def is_working(calendar: Calendar, instant: datetime) -> bool:
    """The one law of working time, slowly: what a clock on the wall shows, and what is written."""
    wall = instant.astimezone(ZoneInfo(calendar.zone))
    on, minute = wall.date(), wall.hour * 60 + wall.minute
    if any(it.on == on and it.opens <= minute < it.closes for it in calendar.openings):
        return True
    closed = any(
        (it.on == on or (it.yearly and it.on <= on and _same_day(it.on, on)))
        and it.begins <= minute < it.ends
        for it in calendar.holidays
    )
    return not closed and any(_is_inside(it, on.weekday(), minute) for it in calendar.windows)


def _same_day(one: date, other: date) -> bool:
    return (one.month, one.day) == (other.month, other.day)


def _is_inside(window: Window, weekday: int, minute: int) -> bool:
    if window.opens < window.closes:
        return weekday == window.weekday and window.opens <= minute < window.closes
    begun = weekday == window.weekday and window.opens <= minute
    return begun or ((weekday - 1) % 7 == window.weekday and minute < window.closes)


def _journey(calendar: Calendar, data: st.DataObject, stops: int) -> list[datetime]:
    """Instants in order."""
    start = data.draw(instants(calendar))
    return [start, *sorted(start + data.draw(spans(LONGEST)) for _ in range(stops - 1))]


def _amount(calendar: Calendar, data: st.DataObject, start: datetime) -> timedelta:
    """Working time that will have passed within `LONGEST`."""
    return data.draw(spans(working_time(calendar, start, start + LONGEST)))
