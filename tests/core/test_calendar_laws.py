"""The shipped laws, over calendars that hold everything a calendar can hold."""

import pickle
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import attrs
import pytest

from helpdesk_core.calendars import Calendar, Holiday, Opening, Window, always_open
from helpdesk_core.testing.calendar_laws import CalendarLaws
from helpdesk_core.working_hours import due, working_time

OFFICE = [Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))]
NIGHTS = [Window(day, 1320, 360) for day in (0, 2, 4, 6)]
SHUTDOWN = [Holiday(date(2025, 12, 20) + timedelta(days=day), "Shutdown") for day in range(40)]
FESTIVE = [
    Holiday(date(2020, 1, 1), "New Year", yearly=True),
    Holiday(date(2020, 12, 24), "Christmas Eve", yearly=True, begins=720),
    Holiday(date(2020, 2, 29), "Leap day", yearly=True),
    Holiday(date(2026, 5, 22), "Drill", begins=540, ends=600),
]
SATURDAY = [Opening(date(2026, 5, 23), "Stock-taking", 540, 780)]


def a_calendar(
    zone: str,
    windows: list[Window],
    holidays: list[Holiday] | None = None,
    openings: list[Opening] | None = None,
) -> Calendar:
    return Calendar(
        id=UUID(int=1),
        key="desk",
        name="Desk",
        zone=zone,
        windows=tuple(windows),
        holidays=tuple(holidays or ()),
        openings=tuple(openings or ()),
    )


CALENDARS = {
    "an office in Jakarta": a_calendar("Asia/Jakarta", OFFICE, FESTIVE, SATURDAY),
    "nights in Berlin": a_calendar("Europe/Berlin", NIGHTS, [*FESTIVE, *SHUTDOWN], SATURDAY),
    "nights in New York": a_calendar("America/New_York", NIGHTS, FESTIVE),
    "one minute a week on Lord Howe": a_calendar("Australia/Lord_Howe", [Window(6, 119, 120)]),
    "round the clock": always_open(UUID(int=2)),
    "round the clock in Apia but for the holidays": a_calendar(
        "Pacific/Apia", [Window(day, 0, 1440) for day in range(7)], FESTIVE
    ),
}


@pytest.mark.parametrize("name", CALENDARS)
class TestLaws(CalendarLaws):
    @pytest.fixture
    def calendar(self, name: str) -> Calendar:
        return CALENDARS[name]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


JAKARTA = CALENDARS["an office in Jakarta"]


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        pytest.param("2026-05-21T08:00+07:00", 8, "2026-05-21T17:00+07:00", id="closing time"),
        pytest.param("2026-05-21T12:05+07:00", 4, "2026-05-21T17:00+07:00", id="from lunch on"),
        pytest.param("2026-05-22T08:00+07:00", 2, "2026-05-22T11:00+07:00", id="around a part"),
        pytest.param("2026-05-22T17:00+07:00", 4, "2026-05-23T13:00+07:00", id="an opening"),
        pytest.param("2026-05-22T17:00+07:00", 5, "2026-05-25T09:00+07:00", id="over a weekend"),
        pytest.param("2026-12-24T08:00+07:00", 5, "2026-12-25T09:00+07:00", id="yearly, in part"),
        pytest.param("2026-12-31T16:00+07:00", 2, "2027-01-04T09:00+07:00", id="a yearly one"),
        pytest.param("2019-12-31T16:00+07:00", 2, "2020-01-02T09:00+07:00", id="its first year"),
        pytest.param("2018-12-31T16:00+07:00", 2, "2019-01-01T09:00+07:00", id="before its first"),
        pytest.param("2026-05-23T20:00+07:00", 0, "2026-05-23T20:00+07:00", id="nothing at all"),
    ],
)
def test_something_is_due_when_so_many_hours_were_worked(
    start: str, hours: int, expected: str
) -> None:
    assert due(JAKARTA, at(start), timedelta(hours=hours)) == at(expected)


def test_a_closure_of_years_is_waited_out() -> None:
    years = [Holiday(date(2026, 1, 1) + timedelta(days=day), "Closed") for day in range(3650)]
    closed = a_calendar("UTC", OFFICE, years)

    reopens = datetime(2035, 12, 31, 8, tzinfo=UTC)
    assert due(closed, at("2026-03-01T00:00Z"), timedelta(hours=1)) == reopens + timedelta(hours=1)


def test_an_opening_on_a_holiday_is_worked() -> None:
    holiday = Holiday(date(2026, 5, 21), "Day off")
    opened = a_calendar("UTC", OFFICE, [holiday], [Opening(holiday.on, "Even so", 600, 660)])

    day = at("2026-05-21T00:00Z")
    assert working_time(opened, day, day + timedelta(days=1)) == timedelta(hours=1)


def test_an_opening_within_the_hours_counts_once() -> None:
    opened = a_calendar("UTC", OFFICE, [], [Opening(date(2026, 5, 21), "Twice", 600, 1080)])

    day = at("2026-05-21T00:00Z")
    assert working_time(opened, day, day + timedelta(days=1)) == timedelta(hours=10)


def test_two_part_holidays_close_their_union() -> None:
    parts = [
        Holiday(date(2026, 5, 21), name, begins=b, ends=e)
        for name, b, e in (("Drill", 500, 600), ("Funeral", 560, 660))
    ]

    day = at("2026-05-21T00:00Z")
    worked = working_time(a_calendar("UTC", OFFICE, parts), day, day + timedelta(days=1))
    assert worked == timedelta(hours=8, minutes=-160)


def test_a_calendar_whose_yearly_holidays_leave_no_day_is_refused() -> None:
    every_day = [
        Holiday(date(2020, 1, 1) + timedelta(days=day), "Closed", yearly=True) for day in range(366)
    ]

    with pytest.raises(ValueError, match="closed every day of every year"):
        a_calendar("UTC", OFFICE, every_day)


def test_one_open_leap_day_is_enough() -> None:
    all_but_one = [
        Holiday(date(2020, 1, 1) + timedelta(days=day), "Closed", yearly=True)
        for day in range(366)
        if date(2020, 1, 1) + timedelta(days=day) != date(2020, 2, 29)
    ]
    desk = a_calendar("UTC", OFFICE, all_but_one)

    leap_days_at_work = [at("2024-02-29T09:00Z"), at("2028-02-29T09:00Z")]
    assert due(desk, at("2023-01-01T00:00Z"), timedelta(hours=1)) == leap_days_at_work[0]
    assert due(desk, at("2024-03-01T00:00Z"), timedelta(hours=1)) == leap_days_at_work[1]


@pytest.mark.parametrize(("begins", "ends"), [(600, 600), (601, 600), (-1, 5), (0, 1441), (0.5, 7)])
def test_a_part_of_a_day_that_is_none_is_refused(begins: int, ends: int) -> None:
    with pytest.raises(ValueError, match="holiday 2026-05-21 must run"):
        Holiday(date(2026, 5, 21), "Day off", begins=begins, ends=ends)
    with pytest.raises(ValueError, match="opening 2026-05-21 must run"):
        Opening(date(2026, 5, 21), "Day on", begins, ends)


def test_a_year_is_prepared_once_for_all_calendars_with_the_same_hours() -> None:
    again = attrs.evolve(JAKARTA, key="again", name="The same hours")

    assert again.timeline is JAKARTA.timeline


def test_what_was_prepared_is_no_part_of_the_value() -> None:
    fresh = attrs.evolve(JAKARTA)
    _ = working_time(JAKARTA, at("2026-05-21T08:00Z"), at("2026-05-22T08:00Z"))

    assert pickle.loads(pickle.dumps(JAKARTA)) == fresh == JAKARTA  # noqa: S301
    assert attrs.asdict(fresh) == attrs.asdict(JAKARTA)


def test_years_far_apart_are_counted_whatever_was_asked_before() -> None:
    desk = a_calendar("Europe/Berlin", [Window(day, 0, 600) for day in range(7)])
    spans = [("0002-01-01T00:00Z", 3), ("2026-01-01T00:00Z", 4), ("1200-06-01T00:00Z", 5)]

    worked = [working_time(desk, at(day), at(day) + timedelta(days=n)) for day, n in spans * 2]

    assert worked == [timedelta(hours=10 * n) for _, n in spans * 2]


def test_nothing_is_due_before_it_starts() -> None:
    with pytest.raises(ValueError, match="nothing is due before it starts"):
        due(JAKARTA, at("2026-05-21T08:00Z"), timedelta(microseconds=-1))


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="aware datetimes"):
        due(JAKARTA, datetime(2026, 5, 21), timedelta(hours=1))  # noqa: DTZ001


def test_what_would_be_due_after_the_end_of_time_is_refused() -> None:
    with pytest.raises(OverflowError):
        due(JAKARTA, at("9999-12-01T00:00Z"), timedelta(days=400))


@pytest.mark.parametrize(
    "other",
    [
        a_calendar("Asia/Makassar", OFFICE, FESTIVE, SATURDAY),
        a_calendar("Asia/Jakarta", OFFICE[1:], FESTIVE, SATURDAY),
        a_calendar("Asia/Jakarta", OFFICE, FESTIVE[1:], SATURDAY),
        a_calendar("Asia/Jakarta", OFFICE, FESTIVE),
    ],
)
def test_other_hours_are_another_version(other: Calendar) -> None:
    assert other.digest != JAKARTA.digest
