"""What one ticket counts for in the figures of one month.

A ticket counts in the month that its `ticket_date` falls in, on the clocks of the calendar pinned
to it (UTC without one), for the department and the KPI type that it has. A ticket that was rejected
or cancelled counts nowhere, and neither does logged work that was withdrawn. One dated on a day on
which the calendar never opens is left out, unless it is holiday work.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage, outages_of, read_outage, written_outage
from helpdesk_core.kpi.rules import Figure, Rules, Work
from helpdesk_core.kpi.scoring import Scoring
from helpdesk_core.kpi.tally import POINTS, Sum, Tally, read_tally, written_tally
from helpdesk_core.sla_clock import Metric, Standing
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.working_hours import working_time

_DROPPED: Final = frozenset({Status.REJECTED, Status.CANCELLED})
_NOWHERE: Final = "UTC"
_NO_PERCENT, _ALL_PERCENT = Fraction(0), Fraction(100)


@attrs.frozen(kw_only=True)
class Contribution:
    """What a ticket adds to a month's row of a department and a KPI type.

    `outages` are when a service was out because of it, for the uptime of the same unit; they may
    run through several months.
    """

    month: Month
    department_id: UUID
    kpi_type_id: UUID
    tally: Tally
    outages: tuple[Outage, ...] = ()


def contribution_of(
    ticket: Ticket,
    scoring: Scoring,
    standings: Mapping[Metric, Standing],
    calendar: Calendar | None,
    rules: Rules,
) -> Contribution | None:
    """What the ticket counts for; None where it counts nowhere.

    `scoring` and `calendar` are those pinned to the ticket, `standings` how its promises stand: the
    contribution changes with the ticket, and when a promise is breached. A rule that the registry
    does not have scores nothing.
    """
    if ticket.department_id is None or ticket.kpi_type_id is None or _is_dropped(ticket):
        return None
    is_counted = ticket.is_holiday_work or is_working_day(ticket.ticket_date, calendar)
    zone = calendar.zone if calendar else _NOWHERE
    work = Work(ticket=ticket, scoring=scoring, standings=standings, zone=zone)
    return Contribution(
        month=Month.of(ticket.ticket_date, zone),
        department_id=ticket.department_id,
        kpi_type_id=ticket.kpi_type_id,
        tally=_tally(work, rules) if is_counted else Tally(left_out=1),
        outages=outages_of(work) if is_counted and scoring.counts_as_outage else (),
    )


def is_working_day(instant: datetime, calendar: Calendar | None) -> bool:
    """True when the calendar opens at all on the local date of an aware instant.

    Without a calendar every day is one.
    """
    if calendar is None:
        return True
    return _opens_on(calendar, instant.astimezone(ZoneInfo(calendar.zone)).date())


@lru_cache(maxsize=4096)  # the tickets of a month are dated on the same few days
def _opens_on(calendar: Calendar, day: date) -> bool:
    midnight = datetime.combine(day, time(), ZoneInfo(calendar.zone))
    return working_time(calendar, midnight, midnight + timedelta(days=1)) > timedelta()


def written_contribution(contribution: Contribution) -> dict[str, Any]:
    """The contribution as plain JSON values; equal ones are written alike."""
    return {
        "month": str(contribution.month),
        "departmentId": str(contribution.department_id),
        "kpiTypeId": str(contribution.kpi_type_id),
        "tally": written_tally(contribution.tally),
        "outages": [written_outage(outage) for outage in contribution.outages],
    }


def read_contribution(written: Mapping[str, Any]) -> Contribution:
    """The contribution that is written so."""
    month = Month.read(written["month"])
    if month is None:
        raise ValueError(f"no month: {written['month']!r}")
    return Contribution(
        month=month,
        department_id=UUID(written["departmentId"]),
        kpi_type_id=UUID(written["kpiTypeId"]),
        tally=read_tally(written["tally"]),
        outages=tuple(read_outage(outage) for outage in written["outages"]),
    )


def _is_dropped(ticket: Ticket) -> bool:
    is_withdrawn = ticket.status is None and ticket.closed_at is not None
    return is_withdrawn or ticket.status in _DROPPED


def _tally(work: Work, rules: Rules) -> Tally:
    rule = rules.get(work.scoring.rule)
    if rule is None:
        return Tally(tickets=1)
    measure = rule.measure(work)
    score = None if measure.is_pending else measure.score
    is_scored = score is not None
    return Tally(
        tickets=1,
        pending=int(measure.is_pending),
        scored=int(is_scored),
        passed=int(is_scored and measure.passed),
        points=_points(score),
        figures=(_sum(*pair) for pair in zip(rule.figures, measure.figures, strict=False)),
    )


def _points(score: Fraction | None) -> int:
    return 0 if score is None else round(min(max(score, _NO_PERCENT), _ALL_PERCENT) * POINTS)


def _sum(figure: Figure, value: Fraction | None) -> Sum:
    return Sum() if value is None else Sum(round(value * figure.parts), 1)
