"""What machines ask of a running desk, with contract B's own example."""

from datetime import UTC, datetime
from typing import Final

import attrs

from helpdesk_core.errors import NotFound
from helpdesk_core.permissions import Act
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.errors import SENTENCES
from helpdesk_http.health import HealthBody, QueueSeen, ReadyBody, Wellness
from helpdesk_http.openapi.operations import Operation, Says

TAG: Final = "Operations"
_UNWIRED: Final = NotFound(SENTENCES[404])

_WELL: Final = HealthBody(
    status=Wellness.HEALTHY,
    timestamp=datetime(2025, 1, 27, 15, 30, tzinfo=UTC),
    service="helpdesk",
    version="1.0.0",
    components={
        "database": Wellness.HEALTHY,
        "notifications": Wellness.HEALTHY,
        "templates": Wellness.HEALTHY,
    },
)
_UNWELL: Final = attrs.evolve(
    _WELL,
    status=Wellness.UNHEALTHY,
    components={**_WELL.components, "database": Wellness.UNHEALTHY},
)
_READY: Final = ReadyBody(
    ready=True,
    reasons=(),
    queues={"mail": QueueSeen(waiting=2, dead=0, oldest_due_seconds=1)},
)
_NOT_READY: Final = ReadyBody(ready=False, reasons=("the database does not answer",), queues={})

OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/health",
        name="readHealth",
        tag=TAG,
        summary="How the desk is",
        says=(
            Says(
                description="All of it is healthy.",
                kind=HealthBody,
                examples={"healthy": _WELL},
                dialect=ENVELOPE,
            ),
            Says(
                status=503,
                description="Some part of it is not.",
                kind=HealthBody,
                examples={"unhealthy": _UNWELL},
                dialect=ENVELOPE,
            ),
        ),
        refusals=(_UNWIRED,),
        stores=False,
    ),
    Operation(
        method="GET",
        path="/ready",
        name="readReadiness",
        tag=TAG,
        summary="Whether requests may come",
        description="For load balancers.",
        says=(
            Says(
                description="They may.",
                kind=ReadyBody,
                examples={"ready": _READY},
            ),
            Says(
                status=503,
                description="They may not.",
                kind=ReadyBody,
                examples={"not": _NOT_READY},
            ),
        ),
        refusals=(_UNWIRED,),
        stores=False,
    ),
    Operation(
        method="GET",
        path="/metrics",
        name="readMetrics",
        tag=TAG,
        summary="What was counted",
        description="In the text format of Prometheus.",
        says=(
            Says(
                description="The figures.",
                schema={"type": "string"},
                media_type="text/plain",
            ),
        ),
        refusals=(_UNWIRED,),
        act=Act.READ_METRICS,
    ),
)
