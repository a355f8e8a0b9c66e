"""What the two contracts promise for a ticket, as promises that a clock can be held against.

The order of precedence: a case is promised what was written into it when it was opened or
escalated; any other ticket what its KPI type's parameters say. What neither says is not promised.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from helpdesk_core.directory import Directory, Scalar
from helpdesk_core.sla_clock import Metric, Promise
from helpdesk_core.support import SupportCase
from helpdesk_core.tickets import EventKind, Ticket

RESPONSE_PARAMETER: Final = "responseSlaMin"
"""Minutes on the wall clock, from the submission to the first assignment."""
RESOLUTION_PARAMETER: Final = "resolutionSlaMin"
"""Minutes of the department's working time, from the submission to the end of the work."""


def promises_for(ticket: Ticket, directory: Directory) -> tuple[Promise, ...]:
    """What is promised for the ticket: the first response before the resolution."""
    if ticket.case is not None:
        return tuple(_of_case(ticket, ticket.case))
    return tuple(_of_kpi_type(ticket, directory))


def _of_case(ticket: Ticket, case: SupportCase) -> Iterator[Promise]:
    response = case.response_due_at - ticket.submitted_at
    resolution = case.resolution_due_at - ticket.submitted_at
    yield Promise(metric=Metric.FIRST_RESPONSE, amount=response)
    yield Promise(metric=Metric.RESOLUTION, amount=resolution)


def _of_kpi_type(ticket: Ticket, directory: Directory) -> Iterator[Promise]:
    kpi_type = directory.kpi_types.get(ticket.kpi_type_id) if ticket.kpi_type_id else None
    if kpi_type is None:
        return
    response = _minutes(kpi_type.parameters.get(RESPONSE_PARAMETER))
    if response is not None:
        yield Promise(metric=Metric.FIRST_RESPONSE, amount=response, answers=_ASSIGNED)
    resolution = _minutes(kpi_type.parameters.get(RESOLUTION_PARAMETER))
    if resolution is not None:
        calendar = directory.calendar_of(ticket.department_id)
        yield Promise(metric=Metric.RESOLUTION, amount=resolution, calendar=calendar)


_ASSIGNED: Final = frozenset({EventKind.ASSIGNED})


def _minutes(value: Scalar | None) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return timedelta(minutes=value)
