"""An outage of what the public cannot report: whoever is on call logs it when it is over."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from helpdesk_core.directory import FieldKind, MetricField, Scalar
from helpdesk_core.logged_work import LoggedWork, log_work
from helpdesk_core.metric_fields import read_metrics
from helpdesk_core.simulation.demand import Demand
from helpdesk_core.simulation.queueing import Taken
from helpdesk_core.tickets import Change


def logged_outage(demand: Demand, taken: Taken, ticket_id: UUID) -> Change:
    """The ticket, logged at the instant at which the outage was over."""
    schema = demand.unit.kpi_type.metric_schema
    instants = iter((demand.at, taken.done_at))
    answers = {field.key: _answer(field, instants) for field in schema}
    work = LoggedWork(
        department=demand.unit.department,
        kpi_type=demand.unit.kpi_type,
        ticket_date=demand.at,
        description="Simulated",
        metrics=read_metrics(schema, answers),
        is_holiday_work=True,
    )
    return log_work(work, taken.shift.agent, ticket_id=ticket_id, now=taken.done_at)


def _answer(field: MetricField, instants: Iterator[datetime]) -> Scalar | None:
    """The best that the field takes: the first two instants are found and closed."""
    if field.kind is FieldKind.INSTANT:
        instant = next(instants, None)
        return instant.isoformat() if instant else None
    return _BEST[field.kind](field)


_BEST: Final[Mapping[FieldKind, Callable[[MetricField], Scalar]]] = {
    FieldKind.COUNT: lambda field: field.minimum or 0,
    FieldKind.PERCENT: lambda field: 100 if field.maximum is None else field.maximum,
    FieldKind.SCORE: lambda field: 5 if field.maximum is None else field.maximum,
    FieldKind.TIME: lambda _: "09:00",
    FieldKind.TEXT: lambda _: "Simulated",
}
