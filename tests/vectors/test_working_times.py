"""Working time over arrays is what the pure functions say of each span."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Opening, Window, always_open
from helpdesk_core.working_hours import working_time
from helpdesk_numpy import working_times

OFFICE = [Window(day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020))]
NIGHTS = [Window(day, 1320, 360) for day in (0, 2, 4, 6)]
HOLIDAYS = [
    Holiday(date(2020, 1, 1), "New Year", yearly=True),
    Holiday(date(2026, 5, 22), "Drill", begins=540, ends=600),
]
OPENINGS = [Opening(date(2026, 5, 23), "Stock-taking", 540, 780)]


def a_calendar(zone: str, windows: list[Window]) -> Calendar:
    return Calendar(
        id=UUID(int=1),
        key="desk",
        name="Desk",
        zone=zone,
        windows=tuple(windows),
        holidays=tuple(HOLIDAYS),
        openings=tuple(OPENINGS),
    )


calendars = st.sampled_from(
    [
        a_calendar("Asia/Jakarta", OFFICE),
        a_calendar("America/New_York", NIGHTS),
        a_calendar("Australia/Lord_Howe", NIGHTS),
        always_open(UUID(int=2)),
    ]
)
instants = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)) | st.datetimes(  # noqa: DTZ001
    datetime(2026, 3, 1),  # noqa: DTZ001
    datetime(2026, 12, 1),  # noqa: DTZ001
)


@settings(deadline=None, max_examples=60)
@given(calendars, st.lists(st.tuples(instants, instants), max_size=20))
def test_every_span_is_worked_as_it_is_by_itself(
    desk: Calendar, spans: list[tuple[datetime, datetime]]
) -> None:
    starts, ends = (np.array([span[n] for span in spans], "datetime64[us]") for n in (0, 1))

    alone = [
        working_time(desk, start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))
        for start, end in spans
    ]

    assert working_times(desk, starts, ends).tolist() == alone


@pytest.mark.parametrize("unit", ["m", "s", "ms", "us", "ns"])
def test_instants_are_taken_in_any_unit(unit: str) -> None:
    start = np.array(["2026-05-22T05:05"], f"datetime64[{unit}]")
    end = np.array(["2026-05-22T08:00"], f"datetime64[{unit}]")

    assert working_times(a_calendar("Asia/Jakarta", OFFICE), start, end).tolist() == [
        timedelta(minutes=120)
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        np.array([1.5]),
        np.array(["NaT"], "datetime64[us]"),
        np.array(["1899-12-31"], "datetime64[D]"),
        np.array(["2200-01-01"], "datetime64[D]"),
        np.array([2**62], "datetime64[s]"),
    ],
)
def test_what_is_no_instant_of_these_times_is_refused(
    wrong: np.ndarray[tuple[int], np.dtype[np.datetime64]],
) -> None:
    right = np.array(["2026-05-22"], "datetime64[D]")

    with pytest.raises(ValueError, match="working time needs"):
        working_times(always_open(UUID(int=2)), right, wrong)
