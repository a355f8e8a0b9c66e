"""What working time costs: one span of any length, the libraries beside it, a million tickets.

`python bench/spans.py [--rounds 7] [--core 1]`. One process, pinned; rounds interleaved, A B C A B
C; a figure is the median of its rounds, a ratio the median of the ratios taken round by round. It
is CPU time, so that whoever else is at work counts less. What the others answer is checked against
ours before anything is measured.
"""

import argparse
import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import median
from time import process_time
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import numpy as np
from others import busday_hours, business_durations, businesstimedelta_rules

from helpdesk_core.calendars import Calendar, Holiday, Window
from helpdesk_core.sla import first_response_time, resolution_time
from helpdesk_core.testing.builders import a_ticket
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.working_hours import due, working_time
from helpdesk_numpy import working_times

Call: TypeAlias = Callable[[], object]

HOUR: Final = timedelta(hours=1)
LENGTHS: Final = {
    "1 hour": HOUR,
    "2 days": timedelta(days=2),
    "60 days": timedelta(days=60),
    "10 years": timedelta(days=3652),
}
HOURS: Final = ((480, 720), (780, 1020))
ZONE: Final = "America/New_York"
HOLIDAYS: Final = tuple(
    date(year, month, 11) for year in range(2014, 2028) for month in range(1, 13)
)
START: Final = datetime(2016, 5, 20, 14, 5, tzinfo=UTC)
LEAST: Final = 0.05
"""Seconds that a round of one call takes at least."""
MILLION: Final = 1_000_000
DISTINCT: Final = 100_000

CALENDAR: Final = Calendar(
    id=UUID(int=1),
    key="bench",
    name="Bench",
    zone=ZONE,
    windows=tuple(Window(day, *hours) for day in range(5) for hours in HOURS),
    holidays=tuple(Holiday(on, "Day off") for on in HOLIDAYS),
)


def per_call(call: Call) -> float:
    """CPU seconds that one call takes, over as many as fill `LEAST`."""
    number = 1
    while True:
        begun = process_time()
        for _ in range(number):
            _ = call()
        passed = process_time() - begun
        if passed >= LEAST:
            return passed / number
        number *= 4


def interleaved(calls: Mapping[str, Call], rounds: int) -> dict[str, list[float]]:
    """Seconds a call, each call once a round."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(per_call(call))
    return found


def table(found: Mapping[str, Sequence[float]], base: str) -> Iterator[str]:
    """A Markdown table; the ratio is to the row named."""
    yield "| what | us a call (min-max) | ratio |"
    yield "|---|---|---|"
    for name, seconds in found.items():
        ratio = median(one / other for one, other in zip(seconds, found[base], strict=True))
        middle, least, most = (f(seconds) * 1e6 for f in (median, min, max))
        yield f"| {name} | {middle:.3g} ({least:.3g}-{most:.3g}) | {ratio:.2f} |"


def of_one_span(zone: tzinfo) -> dict[str, Call]:
    """Our own calls over spans of every length, from datetimes of that zone."""

    def over(length: timedelta) -> Call:
        start = START.astimezone(zone)
        end = (START + length).astimezone(zone)
        return lambda: working_time(CALENDAR, start, end)

    return {f"{name}, {zone}": over(length) for name, length in LENGTHS.items()}


def beside(length: timedelta) -> dict[str, Call]:
    """Ours and the others' over one span, all of which agree."""
    rules = businesstimedelta_rules(HOURS, HOLIDAYS, ZONE)
    busdays = busday_hours(HOURS, HOLIDAYS)
    durations = business_durations(HOURS, HOLIDAYS)
    start, end = START, START + length
    opens, closes = (it.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) for it in (start, end))
    calls: dict[str, Call] = {
        "working_time": lambda: working_time(CALENDAR, start, end),
        "numpy busday_count and edges by hand": lambda: busdays(opens, closes),
        "business-duration, once a window": lambda: durations(opens, closes),
        "businesstimedelta": lambda: rules(start, end),
    }
    answers = {name: call() for name, call in calls.items()}
    assert len(set(answers.values())) == 1, answers
    return calls


def tickets() -> list[Ticket]:
    """Tickets of some years, resolved after minutes to months."""
    return [
        attrs.evolve(
            a_ticket(n),
            status=Status.RESOLVED,
            submitted_at=START + n * timedelta(minutes=29),
            first_assigned_at=START + n * timedelta(minutes=29) + timedelta(seconds=n % 7000),
            closed_at=START + n * timedelta(minutes=29) + timedelta(minutes=n * 7919 % 90_000),
        )
        for n in range(DISTINCT)
    ]


def of_a_million() -> dict[str, Call]:
    """The response and resolution times of a million tickets, one by one and as arrays."""
    held = tickets()
    starts, ends = (
        np.array([_naive(it) for it in column] * (MILLION // DISTINCT), "datetime64[us]")
        for column in ([it.submitted_at for it in held], [it.closed_at for it in held])
    )

    def one_by_one() -> None:
        for _ in range(MILLION // DISTINCT):
            for ticket in held:
                _ = first_response_time(ticket), resolution_time(ticket, CALENDAR)

    return {
        "1,000,000 tickets, both metrics, pure": one_by_one,
        "1,000,000 spans, numpy": lambda: working_times(CALENDAR, starts, ends),
    }


def _naive(instant: datetime | None) -> datetime:
    assert instant is not None
    return instant.replace(tzinfo=None)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser()
    _ = parser.add_argument("--rounds", type=int, default=7)
    _ = parser.add_argument("--core", type=int, default=1)
    chosen = parser.parse_args()
    os.sched_setaffinity(0, {chosen.core})
    zones = (UTC, ZoneInfo("Asia/Jakarta"), ZoneInfo(ZONE))
    ours = {name: call for zone in zones for name, call in of_one_span(zone).items()}
    ours["due in 8 h"] = lambda: due(CALENDAR, START, 8 * HOUR)
    ours["due in 2000 h"] = lambda: due(CALENDAR, START, 2000 * HOUR)
    print(*table(interleaved(ours, chosen.rounds), "1 hour, UTC"), "", sep="\n")
    for name in ("1 hour", "60 days"):
        found = interleaved(beside(LENGTHS[name]), chosen.rounds)
        print(f"{name}:", "", *table(found, "working_time"), "", sep="\n")
    million = of_a_million()
    gc.freeze()
    found = interleaved(million, min(chosen.rounds, 5))
    print(*table(found, "1,000,000 tickets, both metrics, pure"), sep="\n")


if __name__ == "__main__":
    main()
