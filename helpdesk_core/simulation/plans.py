"""What is asked of a simulation."""

from datetime import timedelta
from typing import Final

import attrs

from helpdesk_core.kpi.months import Month

MOST_MONTHS: Final = 120
MOST_TICKETS: Final = 1_000_000
"""A month."""
_FEWEST: Final = 0.01
"""Outages a month: one in eight years."""
_SHARES: Final = ("off_hours", "waits", "reopens", "rejects", "away")
_SPANS: Final = ("service", "wait", "outage")


@attrs.frozen(kw_only=True)
class Plan:
    """The months, how much comes in, and what becomes of it. Spans are means, shares 0 to 1.

    `tickets` come in each month, besides the outages; `off_hours` of them at any time, the others
    while their department works. One takes `service` of an agent's working time. `waits` of them
    then wait for their customer, a `wait` on the wall clock; `reopens` are taken up again after
    they were resolved; `rejects` are turned down. An agent is `away` so many of the days. Each unit
    that uptime is told of has `outages` a month (0, or 0.01 to 1000), of the length `outage`.

    Raises:
        ValueError: A number is out of bounds.
    """

    month: Month
    seed: int = 1
    months: int = 1
    tickets: int = 500
    service: timedelta = timedelta(minutes=45)
    off_hours: float = 0.2
    waits: float = 0.2
    wait: timedelta = timedelta(hours=6)
    reopens: float = 0.03
    rejects: float = 0.02
    away: float = 0.05
    outages: float = 1.5
    outage: timedelta = timedelta(minutes=40)

    def __attrs_post_init__(self) -> None:
        _within("months", self.months, 1, MOST_MONTHS)
        _within("tickets", self.tickets, 0, MOST_TICKETS)
        if self.outages:
            _within("outages", self.outages, _FEWEST, 1000)
        for name in _SHARES:
            _within(name, getattr(self, name), 0, 1)
        for name in _SPANS:
            if not timedelta(minutes=1) <= getattr(self, name) <= timedelta(days=366):
                raise ValueError(f"{name} must be from a minute to a year")

    @property
    def each_month(self) -> tuple[Month, ...]:
        """The months, in order."""
        return tuple(self.month.plus(number) for number in range(self.months))


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least} to {most}: {value}")
