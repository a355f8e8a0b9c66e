"""Working time: its laws over random calendars, a slow walk that agrees, and the clock shifts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Window, always_open
from helpdesk_core.working_hours import working_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)

SHIFTS = (
    ("America/Havana", datetime(2026, 11, 1, 5, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ("Asia/Jakarta", datetime(2025, 12, 31, 17, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
)
"""Zones, each with an instant at which its clocks shift, its date skips or its year ends."""

laws = settings(max_examples=50, deadline=None)


def calendar(zone: str, windows: Sequence[Window], *days_off: date) -> Calendar:
    holidays = tuple(Holiday(on, "Day off") for on in days_off)
    windows = tuple(windows)
    return Calendar(
        id=UUID(int=1), key="desk", name="Desk", zone=zone, windows=windows, holidays=holidays
    )


def daily(opens: float, closes: float, weekdays: Sequence[int] = range(7)) -> list[Window]:
    """A window on each of the weekdays, its edges in hours."""
    return [Window(weekday, int(opens * 60), int(closes * 60)) for weekday in weekdays]


OFFICE = daily(8, 12, range(5)) + daily(13, 17, range(5))
JAKARTA = calendar("Asia/Jakarta", OFFICE)


def minutes_of_day(grain: int, highest: int) -> st.SearchStrategy[int]:
    return st.integers(0, highest // grain).map(lambda step: step * grain)


def windows(grain: int) -> st.SearchStrategy[Window]:
    """Any window whose edges are multiples of `grain` minutes; one in three runs past midnight."""
    return st.builds(
        Window, st.integers(0, 6), minutes_of_day(grain, 1440 - grain), minutes_of_day(grain, 1440)
    )


def spans(shortest: timedelta, longest: timedelta) -> st.SearchStrategy[timedelta]:
    """Any span between two, to the microsecond; whole hours more often than chance would have."""
    numbers = st.integers(shortest // MICROSECOND, longest // MICROSECOND)
    hours = st.integers(shortest // HOUR, longest // HOUR)
    return numbers.map(lambda number: number * MICROSECOND) | hours.map(lambda hour: hour * HOUR)


@st.composite
def calendars(draw: st.DrawFn, grain: int = 1) -> tuple[Calendar, datetime]:
    """A calendar, and an instant worth looking around: a clock shift, or any in 1970 to 2199."""
    zone, shift = draw(st.sampled_from(SHIFTS))
    anywhen = spans(timedelta(), 84_000 * DAY).map(lambda span: EPOCH + span)
    centre = draw(st.just(shift) | anywhen)
    days_off = draw(st.lists(st.integers(-5, 5), max_size=3))
    return calendar(
        zone,
        draw(st.lists(windows(grain), min_size=1, max_size=6)),
        *(centre.date() + days * DAY for days in days_off),
    ), centre


@st.composite
def journeys(
    draw: st.DrawFn, stops: int, *, grain: int = 1, longest: timedelta = 400 * DAY
) -> tuple[Calendar, list[datetime]]:
    """A calendar and instants in order, the first within two days of something worth seeing."""
    desk, centre = draw(calendars(grain))
    start = centre + draw(spans(-2 * DAY, 2 * DAY))
    later = spans(timedelta(), min(longest, 3 * DAY)) | spans(timedelta(), longest)
    return desk, [start, *sorted(start + draw(later) for _ in range(stops - 1))]


zones: st.SearchStrategy[tzinfo] = st.sampled_from([ZoneInfo(zone) for zone, _ in SHIFTS]) | (
    st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)


def is_working(desk: Calendar, instant: datetime) -> bool:
    """The law as it is written: what the wall clock shows is in a window, on no holiday."""
    wall = instant.astimezone(ZoneInfo(desk.zone))
    minute, today, yesterday = (
        wall.hour * 60 + wall.minute,
        wall.weekday(),
        (wall.weekday() - 1) % 7,
    )
    return wall.date() not in {holiday.on for holiday in desk.holidays} and any(
        window.opens <= minute < window.closes and today == window.weekday
        if window.opens < window.closes
        else (today == window.weekday and minute >= window.opens)
        or (yesterday == window.weekday and minute < window.closes)
        for window in desk.windows
    )


def walked(desk: Calendar, start: datetime, end: datetime, grain: int) -> timedelta:
    """Working time by walking: nothing ever changes within `grain` minutes of UTC."""
    step, total, here = timedelta(minutes=grain), timedelta(), start
    while here < end:
        there = min(end, here + step - (here - datetime.min.replace(tzinfo=UTC)) % step)
        total += (there - here) * is_working(desk, here)
        here = there
    return total


class TestTheLaws:
    @laws
    @given(
        journeys(2, grain=1, longest=DAY).map(lambda journey: (*journey, 1))
        | journeys(2, grain=15, longest=20 * DAY).map(lambda journey: (*journey, 15))
    )
    def test_it_is_what_a_walk_along_the_wall_clock_counts(
        self, case: tuple[Calendar, list[datetime], int]
    ) -> None:
        desk, (start, end), grain = case

        assert walked(desk, start, end, grain) == working_time(desk, start, end)

    @laws
    @given(journeys(3))
    def test_it_adds_up_over_any_split(self, journey: tuple[Calendar, list[datetime]]) -> None:
        desk, (start, middle, end) = journey

        parts = working_time(desk, start, middle) + working_time(desk, middle, end)

        assert parts == working_time(desk, start, end)

    @laws
    @given(journeys(3))
    def test_it_never_shrinks_while_time_passes_nor_outruns_it(
        self, journey: tuple[Calendar, list[datetime]]
    ) -> None:
        desk, (start, end, later) = journey

        grown = working_time(desk, start, later) - working_time(desk, start, end)

        assert timedelta() <= grown <= later - end

    @laws
    @given(journeys(2), zones, zones)
    def test_the_zones_in_which_instants_are_written_do_not_matter(
        self, journey: tuple[Calendar, list[datetime]], here: tzinfo, there: tzinfo
    ) -> None:
        desk, (start, end) = journey

        rewritten = working_time(desk, start.astimezone(here), end.astimezone(there))

        assert working_time(desk, start, end) == rewritten

    @laws
    @given(st.sampled_from(SHIFTS), spans(-3 * DAY, 3 * DAY), spans(timedelta(), 900 * DAY))
    def test_round_the_clock_it_is_the_time_that_passes(
        self, shift: tuple[str, datetime], before: timedelta, span: timedelta
    ) -> None:
        """Whatever the clocks of the zone do meanwhile."""
        start = shift[1] + before
        desk = calendar(shift[0], daily(0, 24))

        assert span == working_time(desk, start, start + span)

    @laws
    @given(calendars())
    def test_a_holiday_closes_its_whole_local_day_and_no_more(
        self, case: tuple[Calendar, datetime]
    ) -> None:
        desk, centre = case
        zone = ZoneInfo(desk.zone)
        local = centre.astimezone(zone)
        morning = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        start, end = morning.astimezone(UTC), (morning + DAY).astimezone(UTC)
        open_desk = calendar(desk.zone, desk.windows)
        closed_desk = calendar(desk.zone, desk.windows, local.date())

        before = working_time(open_desk, start - 2 * DAY, start)
        after = working_time(open_desk, end, end + 2 * DAY)

        assert (before, timedelta(), after) == (
            working_time(closed_desk, start - 2 * DAY, start),
            working_time(closed_desk, start, end),
            working_time(closed_desk, end, end + 2 * DAY),
        )


def test_the_golden_ticket_took_two_hours_of_a_friday_in_jakarta() -> None:
    """12:05 to 15:00, the desk being at lunch until 13:00."""
    start, end = datetime(2026, 5, 22, 5, 5, tzinfo=UTC), datetime(2026, 5, 22, 8, tzinfo=UTC)

    assert timedelta(minutes=120) == working_time(JAKARTA, start, end)


def test_nothing_is_worked_from_closing_time_to_the_next_opening() -> None:
    friday, monday = datetime(2026, 5, 22, 10, tzinfo=UTC), datetime(2026, 5, 25, 1, tzinfo=UTC)

    assert timedelta() == working_time(JAKARTA, friday, monday)


def test_nothing_is_worked_when_the_end_is_not_later_than_the_start() -> None:
    monday, friday = datetime(2026, 5, 18, 2, tzinfo=UTC), datetime(2026, 5, 22, 2, tzinfo=UTC)

    worked = working_time(JAKARTA, friday, monday), working_time(JAKARTA, monday, monday)

    assert worked == (timedelta(), timedelta())


def test_a_calendar_that_is_always_open_lets_no_time_go_by() -> None:
    start, end = datetime(2025, 1, 27, 10, tzinfo=UTC), datetime(2026, 3, 1, 7, 30, tzinfo=UTC)

    assert working_time(always_open(UUID(int=2)), start, end) == end - start


def test_a_microsecond_on_either_side_of_an_opening_is_told_apart() -> None:
    opening = datetime(2026, 5, 25, 1, tzinfo=UTC)

    worked = working_time(JAKARTA, opening - MICROSECOND, opening + MICROSECOND)

    assert worked == MICROSECOND


@pytest.mark.parametrize(("start", "end"), [(None, UTC), (UTC, None), (None, None)])
def test_a_naive_datetime_is_refused(start: tzinfo | None, end: tzinfo | None) -> None:
    with pytest.raises(ValueError, match="needs aware datetimes"):
        working_time(
            JAKARTA, datetime(2026, 5, 22, tzinfo=start), datetime(2026, 5, 23, tzinfo=end)
        )


def worked_on(desk: Calendar, first: date, last: date) -> float:
    """The hours worked from the first local midnight of one date to that of another."""
    zone = ZoneInfo(desk.zone)
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    end = datetime(last.year, last.month, last.day, tzinfo=zone)
    return working_time(desk, start, end) / HOUR


@pytest.mark.parametrize(
    ("opens", "closes", "skipped", "doubled"),
    [
        (0, 8, 7, 9),  # around the shift
        (8, 16, 8, 8),  # away from it
        (2, 3, 0, 2),  # the very hour
        (2.5, 8, 5, 6),  # opens in it: at the jump; and twice
        (0, 2.5, 2, 3),  # closes in it: at the jump; and twice
        (0, 24, 23, 25),
    ],
)
def test_a_window_is_as_long_as_the_wall_clock_shows_it(
    opens: float, closes: float, skipped: float, doubled: float
) -> None:
    """In Berlin 02:00 to 03:00 is skipped on 2026-03-29 and comes twice on 2026-10-25."""
    desk = calendar("Europe/Berlin", daily(opens, closes))

    hours = (
        worked_on(desk, date(2026, 3, 29), date(2026, 3, 30)),
        worked_on(desk, date(2026, 10, 25), date(2026, 10, 26)),
    )

    assert (skipped, doubled) == hours


def test_lord_howe_shifts_by_half_an_hour() -> None:
    desk = calendar("Australia/Lord_Howe", daily(0, 8))

    hours = (
        worked_on(desk, date(2026, 10, 4), date(2026, 10, 5)),
        worked_on(desk, date(2026, 4, 5), date(2026, 4, 6)),
    )

    assert hours == (7.5, 8.5)


def test_apia_never_had_a_friday_the_30th_of_december_2011() -> None:
    desk = calendar("Pacific/Apia", daily(9, 17, range(5)))

    assert worked_on(desk, date(2011, 12, 26), date(2012, 1, 2)) == 4 * 8


def test_a_clock_that_skips_midnight_shortens_the_day_that_begins() -> None:
    """In São Paulo 2018-11-04 began at 01:00."""
    desk = calendar("America/Sao_Paulo", daily(22, 2, [5]))

    assert worked_on(desk, date(2018, 11, 3), date(2018, 11, 5)) == 3


@pytest.mark.parametrize(
    ("window", "hours"),
    [
        pytest.param(Window(6, 22 * 60, 6 * 60), (2, 6), id="from one week into the next"),
        pytest.param(Window(6, 8 * 60, 8 * 60), (16, 8), id="equal minutes are 24 hours"),
        pytest.param(Window(6, 8 * 60, 0), (16, 0), id="until midnight"),
        pytest.param(Window(6, 8 * 60, 1440), (16, 0), id="until 24:00, which is the same"),
    ],
)
def test_a_window_that_closes_no_later_than_it_opens_ends_the_next_day(
    window: Window, hours: tuple[int, int]
) -> None:
    desk = calendar("Asia/Jakarta", [window])
    sunday, monday, tuesday = (date(2026, 5, 24) + n * DAY for n in range(3))

    assert hours == (worked_on(desk, sunday, monday), worked_on(desk, monday, tuesday))


def test_a_night_shift_is_cut_at_the_midnights_of_a_holiday() -> None:
    """Two hours of the eve's shift are left, and the last six of the holiday's own."""
    desk = calendar("Asia/Jakarta", daily(22, 6), date(2027, 1, 1))

    days = pairwise(date(2026, 12, 31) + n * DAY for n in range(4))

    assert [worked_on(desk, *day) for day in days] == [8, 0, 8]


@pytest.mark.parametrize(
    "windows",
    [
        daily(8, 12) + daily(12, 17),
        daily(8, 13) + daily(11, 17),
        daily(8, 17) + daily(9, 10),
        daily(9, 17) + daily(8, 17) + daily(8, 17),
    ],
)
def test_windows_that_touch_or_overlap_are_counted_once(windows: list[Window]) -> None:
    desk = calendar("Asia/Jakarta", windows)

    assert worked_on(desk, date(2026, 5, 18), date(2026, 5, 25)) == 7 * 9


def test_windows_overlap_across_midnight_too() -> None:
    desk = calendar("Asia/Jakarta", [Window(6, 20 * 60, 4 * 60), Window(0, 0, 6 * 60)])

    assert worked_on(desk, date(2026, 5, 18), date(2026, 5, 25)) == 10


def test_every_year_from_1970_to_2200_counts_its_working_days() -> None:
    first, last = date(1970, 1, 1), date(2201, 1, 1)
    days = (last - first).days
    working_days = sum((first + n * DAY).weekday() < 5 for n in range(days))

    assert 8 * working_days == worked_on(JAKARTA, first, last)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "UTC"])
@pytest.mark.parametrize(
    "start", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC) - HOUR]
)
def test_the_ends_of_time_are_as_good_as_any(zone: str, start: datetime) -> None:
    desk = calendar(zone, daily(0, 24))

    assert working_time(desk, start, start + HOUR) == HOUR


def test_windows_and_holidays_are_kept_in_order_and_once() -> None:
    new_year, christmas = Holiday(date(2026, 1, 1), "New Year"), Holiday(date(2026, 12, 25), "Xmas")
    monday, tuesday = Window(0, 480, 720), Window(1, 480, 720)

    desk = Calendar(
        id=UUID(int=1),
        key="desk",
        name="Desk",
        zone="Asia/Jakarta",
        windows=(tuesday, monday, tuesday),
        holidays=(christmas, new_year, christmas),
    )

    assert ((monday, tuesday), (new_year, christmas)) == (desk.windows, desk.holidays)


def test_a_calendar_without_a_window_is_refused() -> None:
    with pytest.raises(ValueError, match="calendar 'desk' needs a window"):
        calendar("Asia/Jakarta", [])


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "", "Europe", "../zone", "/etc/localtime", "x" * 5000, "UTC\0"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="calendar 'desk' has an unknown time zone"):
        calendar(zone, OFFICE)


@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [
        ((7, 480, 720), "weekday must be a whole number 0-6: 7"),
        ((-1, 480, 720), "weekday must be a whole number 0-6: -1"),
        ((0, 1440, 720), "opens must be a whole number 0-1439: 1440"),
        ((0, 480, 1441), "closes must be a whole number 0-1440: 1441"),
        ((0, 480.5, 720), "opens must be a whole number 0-1439: 480.5"),
        ((0, True, 720), "opens must be a whole number 0-1439: True"),
    ],
)
def test_a_window_out_of_bounds_is_refused(numbers: tuple[int, int, int], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        Window(*numbers)
