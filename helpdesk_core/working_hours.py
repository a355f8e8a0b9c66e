"""Working time: how much of it lies between two instants, and when so much will have passed.

One law decides everything: **an instant is working time when a clock on the wall of the calendar's
zone then shows a time inside a window that no holiday of the date closes, or inside an opening of
the date.** So a window 00:00-08:00 is 7 h long on a day whose clocks skip an hour and 9 h on one
that has an hour twice; an edge that the clocks skip is passed when they jump over it, and one that
they show twice is passed both times.

A calendar is prepared once for each year that is asked about, some 2 ms; after that a span of any
length is two look-ups.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk_core.calendars import Calendar
from helpdesk_core.timelines import EPOCH, LATEST, YEAR, Timeline

_NONE: Final = timedelta()
_PIECE: Final = timedelta(days=100 * YEAR)


def working_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`, to the microsecond; zero when `end` is not later.

    Both are aware, each in any zone and of any year: only the instants matter.

    Raises:
        ValueError: A datetime is naive.
    """
    begins, ends = _instant(start), _instant(end)
    if ends <= begins:
        return timedelta()
    timeline = calendar.timeline
    line = timeline.line
    if begins.days < line.first or ends.days >= line.last:
        return _worked_in_pieces(timeline, begins, ends)
    return line.worked(ends) - line.worked(begins)


def due(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The earliest instant by which so much working time has passed since `start`, in UTC.

    It is `start` itself when `amount` is zero, and else never an instant at which work only begins:
    eight hours that end with the day are due at closing time.

    Raises:
        ValueError: `start` is naive, or `amount` is negative.
        OverflowError: It would be due after the last year there is.
    """
    begins = _instant(start)
    if amount < timedelta():
        raise ValueError(f"nothing is due before it starts: {amount!r}")
    if not amount:
        return start.astimezone(UTC)
    while begins <= LATEST:
        line = calendar.timeline.covering(begins, begins)
        target = line.worked(begins) + amount
        if target <= line.total:
            return EPOCH + line.when(target)
        begins, amount = timedelta(line.last), target - line.total
    raise OverflowError("due after the last year there is")


def open_spans(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The spans of work between two aware instants, in UTC, in order; none empty.

    They do not overlap; one that runs over a year's end may be two that touch.
    """
    begins, ends = _instant(start), _instant(end)
    while begins < ends:
        until = min(ends, begins + _PIECE)
        for opens, closes in calendar.timeline.covering(begins, until).spans(begins, until):
            yield EPOCH + opens, EPOCH + closes
        begins = until


def _worked_in_pieces(timeline: Timeline, begins: timedelta, ends: timedelta) -> timedelta:
    """The working time of a span that may be longer than a line is let grow."""
    worked = timedelta()
    while begins < ends:
        until = min(ends, begins + _PIECE)
        line = timeline.covering(begins, until)
        worked += line.worked(until) - line.worked(begins)
        begins = until
    return worked


def _instant(moment: datetime) -> timedelta:
    """The time since the epoch.

    Written out for the two kinds of zones that nearly all have: what the subtraction of two zones
    does is the same, and takes twice as long.
    """
    zone = moment.tzinfo
    if zone is UTC:
        return moment - EPOCH
    if type(zone) is ZoneInfo:
        return moment - _epoch_in(zone) - (zone.utcoffset(moment) or _NONE)
    try:
        return moment - EPOCH
    except TypeError:
        raise ValueError(f"working time needs aware datetimes: {moment!r}") from None


@lru_cache(maxsize=1024)
def _epoch_in(zone: ZoneInfo) -> datetime:
    """What a clock of the zone would have shown at the epoch, had it shown UTC."""
    return datetime(1970, 1, 1, tzinfo=zone)
