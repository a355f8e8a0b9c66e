"""Working time over arrays: the prepared line of a calendar, looked up for all instants at once."""

from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from helpdesk_core.calendars import Calendar
from helpdesk_core.timelines import Line

Instants: TypeAlias = NDArray[np.datetime64]
Spans: TypeAlias = NDArray[np.timedelta64]

_INSTANT: Final = np.dtype("datetime64[us]")
_UNITS: Final = frozenset({"Y", "M", "D", "h", "m", "s", "ms", "us", "ns"})
_SPAN: Final = np.dtype("timedelta64[us]")
_EARLIEST: Final = np.datetime64("1900-01-01", "us")
_LATEST: Final = np.datetime64("2200-01-01", "us")
_EPOCH: Final = np.datetime64(0, "us")


def working_times(calendar: Calendar, starts: Instants, ends: Instants) -> Spans:
    """The working time of each span, to the microsecond; zero where the end is not later.

    `starts` and `ends` are instants in UTC (`datetime64`, years to nanoseconds) of one shape. What
    it answers is what `helpdesk_core.working_time` says of each, as `timedelta64[us]`.

    Raises:
        ValueError: An array holds no instants, `NaT`, or one outside of the years 1900 to 2199.
    """
    begins, finishes = _checked(starts), _checked(ends)
    if begins.size == 0:
        return np.zeros(np.broadcast_shapes(begins.shape, finishes.shape), _SPAN)
    least, most = min(begins.min(), finishes.min()), max(begins.max(), finishes.max())
    line = calendar.timeline.covering((least - _EPOCH).item(), (most - _EPOCH).item())
    table = _table(line)
    worked: Spans = np.where(
        finishes > begins, table.worked(finishes) - table.worked(begins), np.timedelta64(0, "us")
    )
    return worked


class _Table:
    """The line's columns as arrays."""

    def __init__(self, line: Line) -> None:
        self._opens = np.array(line.opens, _SPAN) + _EPOCH
        self._closes = np.array(line.closes, _SPAN) + _EPOCH
        self._before = np.array(line.before, _SPAN)

    def worked(self, instants: Instants) -> Spans:
        """What was worked from the beginning of the line to each instant."""
        spans = self._closes.searchsorted(instants, side="right")
        since = np.maximum(instants - self._opens[spans], np.timedelta64(0, "us"))
        worked: Spans = self._before[spans] + since
        return worked


@lru_cache(maxsize=16)
def _table(line: Line) -> _Table:
    return _Table(line)


def _checked(instants: Instants) -> Instants:
    kind = instants.dtype
    if kind.kind != "M" or np.datetime_data(kind)[0] not in _UNITS:
        raise ValueError(f"working time needs an array of datetime64, not of {kind}")
    # In the array's own unit: a cast to a finer one may turn over.
    earliest, latest = _EARLIEST.astype(kind), _LATEST.astype(kind)
    if not ((instants >= earliest) & (instants < latest)).all():
        raise ValueError("working time needs instants of the years 1900 to 2199")
    return instants.astype(_INSTANT)
