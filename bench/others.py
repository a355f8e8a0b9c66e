"""Working time as other libraries have it, each made to answer with a timedelta.

Those that know no zones are given times on the wall; the spans measured hold no clock shift.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias

import businesstimedelta
import numpy as np
import pytz
from business_duration import businessDuration

Hours: TypeAlias = Sequence[tuple[int, int]]
"""Minutes of the day from which and to which there is work, Monday to Friday."""

_DAY: Final = timedelta(days=1)


def _at(minute: int) -> time:
    return time(minute // 60, minute % 60)


def businesstimedelta_rules(
    hours: Hours, holidays: Sequence[date], zone: str
) -> Callable[[datetime, datetime], timedelta]:
    """`businesstimedelta`, which knows zones (of pytz), several windows and holidays."""
    wall = pytz.timezone(zone)
    windows = [
        businesstimedelta.WorkDayRule(
            start_time=_at(opens), end_time=_at(closes), working_days=[0, 1, 2, 3, 4], tz=wall
        )
        for opens, closes in hours
    ]
    closed = businesstimedelta.HolidayRule(dict.fromkeys(holidays, "Day off"), tz=wall)
    rules = businesstimedelta.Rules([*windows, closed])

    def worked(start: datetime, end: datetime) -> timedelta:
        found: Any = rules.difference(start, end)
        return timedelta(seconds=found.hours * 3600 + found.seconds)

    return worked


def business_durations(
    hours: Hours, holidays: Sequence[date]
) -> Callable[[datetime, datetime], timedelta]:
    """`business-duration` over pandas, which knows one window: it is asked once for each."""
    closed = list(holidays)

    def worked(start: datetime, end: datetime) -> timedelta:
        seconds = sum(
            businessDuration(start, end, _at(opens), _at(closes), holidaylist=closed, unit="sec")
            for opens, closes in hours
        )
        return timedelta(seconds=float(seconds))

    return worked


def busday_hours(
    hours: Hours, holidays: Sequence[date]
) -> Callable[[datetime, datetime], timedelta]:
    """`busday_count` of numpy for the whole days, and the two edges by hand."""
    calendar = np.busdaycalendar(holidays=np.array(holidays, "datetime64[D]"))
    windows = [(timedelta(minutes=opens), timedelta(minutes=closes)) for opens, closes in hours]
    whole = sum((closes - opens for opens, closes in windows), timedelta())

    def until(moment: datetime) -> timedelta:
        """What is worked of the moment's day before it."""
        day = np.datetime64(moment.date())
        if not np.is_busday(day, busdaycal=calendar):
            return timedelta()
        passed = moment - datetime.combine(moment.date(), time())
        return sum(
            (max(min(passed, closes) - opens, 0 * _DAY) for opens, closes in windows), 0 * _DAY
        )

    def worked(start: datetime, end: datetime) -> timedelta:
        days = np.busday_count(start.date(), end.date(), busdaycal=calendar)
        return int(days) * whole + until(end) - until(start)

    return worked
