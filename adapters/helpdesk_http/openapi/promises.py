"""The staff's operations on promises."""

from datetime import UTC, datetime
from typing import Final

from helpdesk_core.errors import NotFound
from helpdesk_core.permissions import Act
from helpdesk_core.sla_clock import Hand, Verdict
from helpdesk_core.sla_explained import Why
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import NO_SUCH_CASE
from helpdesk_http.openapi import staff, tickets
from helpdesk_http.openapi.operations import Operation, Parameter, Says
from helpdesk_http.openapi.samples import TICKET
from helpdesk_http.promise_bodies import (
    CalendarBody,
    PolicyBody,
    PromiseBody,
    StepBody,
    TicketPromisesBody,
)

_NOON, _ONE, _THREE = (datetime(2026, 5, 22, *at, tzinfo=UTC) for at in ((5, 5), (6, 0), (8, 0)))
_SAMPLE: Final = TicketPromisesBody(
    ticket_id=TICKET,
    status=Status.IN_PROGRESS,
    policy=PolicyBody(name="Incident", digest="5f0c2d3e9a7b41868c1d2e3f4a5b6c7d"),
    next_due_at=datetime(2026, 5, 22, 7, 36, tzinfo=UTC),
    promises=[
        PromiseBody(
            metric="resolution",
            amount_seconds=7200,
            calendar=CalendarBody(
                name="Office hours",
                zone="Asia/Jakarta",
                version="1f0c2d3e4a5b6c7d8e9f0a1b2c3d4e5f",
            ),
            verdict=Verdict.PENDING,
            clock=Hand.RUNNING,
            started_at=_NOON,
            due_at=_THREE,
            stopped_at=None,
            breached_at=None,
            elapsed_seconds=1800,
            remaining_seconds=5400,
            steps=[
                StepBody(since=_NOON, until=_ONE, why=Why.CLOSED, names=[], counted_seconds=0),
                StepBody(since=_ONE, until=_THREE, why=Why.COUNTED, names=[], counted_seconds=7200),
            ],
            steps_left_out=0,
        )
    ],
)


def _explaining(path: str, name: str, tag: str, named: Parameter, unknown: NotFound) -> Operation:
    return Operation(
        method="GET",
        path=f"{path}/sla",
        name=name,
        tag=tag,
        summary="What was promised, and why it is due when it is due",
        parameters=(named,),
        says=(
            Says(
                description="The policy and every promise, step by step, as they stand now.",
                kind=TicketPromisesBody,
                examples={"promises": _SAMPLE},
            ),
        ),
        refusals=(unknown,),
        act=Act.READ_TICKETS,
    )


OPERATIONS: Final = (
    _explaining(staff.PATH, "explainCase", staff.TAG, staff.NUMBERED, NotFound(NO_SUCH_CASE)),
    _explaining(tickets.PATH, "explainTicket", tickets.TAG, tickets.ID, tickets.UNKNOWN),
)
