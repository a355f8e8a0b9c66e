"""What machines ask of a running desk: how it is, whether to send it requests, what it counted.

Nothing here waits for anything: whoever gives the answers sees to it that they are at hand.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Self

import attrs
import falcon

from helpdesk_core.permissions import Act, allow
from helpdesk_http.answers import send_bytes
from helpdesk_http.callers import Callers
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.wire import written_in_seconds


@attrs.frozen(kw_only=True)
class Health:
    """How the desk is now: whether each of its parts is healthy, by the part's name."""

    at: datetime
    components: Mapping[str, bool]

    @property
    def is_well(self) -> bool:
        """True when every part is healthy."""
        return all(self.components.values())


@attrs.frozen(kw_only=True)
class Counted:
    """Figures as text in the form that `content_type` names."""

    text: bytes
    content_type: str


@attrs.frozen(kw_only=True)
class QueueSeen:
    """What waits to go out by one channel: how many, the dead, and for how long the oldest has."""

    waiting: int
    dead: int
    oldest_due_seconds: int


def no_queues() -> Mapping[str, QueueSeen]:
    """Nothing is known of any."""
    return {}


@attrs.frozen(kw_only=True)
class Probes:
    """Where the answers come from, each at once and from any thread.

    `version` is the release of the desk. `reasons_against` are words that say why no requests
    should come, none when they may; `queues` is what waits to go out, by channel. Where a callable
    is None, its address is unknown.
    """

    health: Callable[[], Health]
    reasons_against: Callable[[], tuple[str, ...]] | None = None
    counted: Callable[[], Counted] | None = None
    queues: Callable[[], Mapping[str, QueueSeen]] = no_queues
    service: str = "helpdesk"
    version: str


class Wellness(Enum):
    """How a part is; the value is contract B's word."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


@attrs.frozen(kw_only=True)
class HealthBody:
    """How the desk is, and each of its parts."""

    status: Wellness
    timestamp: datetime
    service: str
    version: str
    components: Mapping[str, Wellness]

    @classmethod
    def of(cls, health: Health, probes: Probes) -> Self:
        """Each part by its name, healthy or not, and nothing more of it."""
        return cls(
            status=_wellness(is_healthy=health.is_well),
            timestamp=health.at,
            service=probes.service,
            version=probes.version,
            components={name: _wellness(is_healthy=it) for name, it in health.components.items()},
        )


@attrs.frozen(kw_only=True)
class ReadyBody:
    """Whether requests may come, the reasons why not, and what waits to go out, by channel."""

    ready: bool
    reasons: Sequence[str]
    queues: Mapping[str, QueueSeen]


class HealthResource:
    """How the desk is: 200 when all of it is healthy, else 503."""

    def __init__(self, probes: Probes) -> None:
        self._probes = probes

    def on_get(self, _req: DeskRequest, resp: falcon.Response) -> None:
        """Name each part."""
        health = self._probes.health()
        _send(resp, HealthBody.of(health, self._probes), is_well=health.is_well)

    on_head = on_get


class ReadyResource:
    """Whether a load balancer may send requests: 200 when it may, else 503 with the reasons."""

    def __init__(
        self,
        reasons_against: Callable[[], tuple[str, ...]],
        queues: Callable[[], Mapping[str, QueueSeen]],
    ) -> None:
        self._reasons_against = reasons_against
        self._queues = queues

    def on_get(self, _req: DeskRequest, resp: falcon.Response) -> None:
        """Say whether, and if not, why."""
        reasons = self._reasons_against()
        body = ReadyBody(ready=not reasons, reasons=reasons, queues=self._queues())
        _send(resp, body, is_well=not reasons)

    on_head = on_get


class MetricsResource:
    """What was counted, for those who may read metrics."""

    def __init__(self, counted: Callable[[], Counted], callers: Callers) -> None:
        self._counted = counted
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Give the figures. Raises NotSignedIn, Forbidden."""
        _ = allow(self._callers(req), Act.READ_METRICS)
        counted = self._counted()
        resp.data = counted.text
        resp.content_type = counted.content_type

    on_head = on_get


def route_probes(
    app: "falcon.App[DeskRequest, falcon.Response]", probes: Probes, callers: Callers
) -> None:
    """Give each probe that there is its address."""
    app.add_route("/health", HealthResource(probes))
    if probes.reasons_against is not None:
        app.add_route("/ready", ReadyResource(probes.reasons_against, probes.queues))
    if probes.counted is not None:
        app.add_route("/metrics", MetricsResource(probes.counted, callers))


def _send(resp: falcon.Response, body: HealthBody | ReadyBody, *, is_well: bool) -> None:
    send_bytes(resp, written_in_seconds(body), status=200 if is_well else 503, keep="no-store")


def _wellness(*, is_healthy: bool) -> Wellness:
    return Wellness.HEALTHY if is_healthy else Wellness.UNHEALTHY
