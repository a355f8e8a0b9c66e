"""How long a ticket took, as pure functions of the ticket and its department's calendar.

The response clock runs on the wall clock from submission to the first assignment; the resolution
clock runs on working time from submission to the end of the work. Seconds are kept; whole minutes
are a view.
"""

from datetime import datetime, timedelta
from typing import Final

from helpdesk_core.calendars import Calendar
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.working_hours import due, working_time

_SOLVED: Final = (Status.RESOLVED, Status.CLOSED)  # of two, a set is the slower one
_NONE: Final = timedelta()


def deadline(start: datetime, target: timedelta, calendar: Calendar | None = None) -> datetime:
    """When something is due that was promised so long after the start.

    Without a calendar every hour counts.
    """
    return start + target if calendar is None else due(calendar, start, target)


def first_response_time(ticket: Ticket) -> timedelta | None:
    """Wall-clock time from submission to the first assignment; None before it."""
    if ticket.first_assigned_at is None:
        return None
    return max(_NONE, ticket.first_assigned_at - ticket.submitted_at)


def resolution_time(ticket: Ticket, calendar: Calendar | None) -> timedelta | None:
    """Working time from submission until the ticket was resolved; None where it was not.

    Without a calendar every hour counts. Rejected and cancelled tickets were not resolved.
    """
    if ticket.closed_at is None or ticket.status not in _SOLVED:
        return None
    if calendar is None:
        return max(_NONE, ticket.closed_at - ticket.submitted_at)
    return working_time(calendar, ticket.submitted_at, ticket.closed_at)


def whole_minutes(duration: timedelta | None) -> int | None:
    """The full minutes of a duration, rounded down."""
    return None if duration is None else duration // timedelta(minutes=1)
