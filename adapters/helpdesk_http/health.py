"""What machines ask of a running desk: how it is, whether to send it requests, what it counted.

Nothing here waits for anything: whoever gives the answers sees to it that they are at hand.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs
import falcon

from helpdesk_core.permissions import Act, allow
from helpdesk_http.answers import send_bytes
from helpdesk_http.callers import Callers
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.wire import second_text, written


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
class Probes:
    """Where the answers come from, each at once and from any thread.

    `version` is the release of the desk. `reasons_against` are words that say why no requests
    should come, none when they may. Where a callable is None, its address is unknown.
    """

    health: Callable[[], Health]
    reasons_against: Callable[[], tuple[str, ...]] | None = None
    counted: Callable[[], Counted] | None = None
    service: str = "helpdesk"
    version: str


class HealthResource:
    """How the desk is: 200 when all of it is healthy, else 503."""

    def __init__(self, probes: Probes) -> None:
        self._probes = probes

    def on_get(self, _req: DeskRequest, resp: falcon.Response) -> None:
        """Name each part, healthy or not, and nothing more of it."""
        health = self._probes.health()
        body = {
            "status": _word(is_healthy=health.is_well),
            "timestamp": second_text(health.at),
            "service": self._probes.service,
            "version": self._probes.version,
            "components": {name: _word(is_healthy=it) for name, it in health.components.items()},
        }
        _send(resp, body, is_well=health.is_well)

    on_head = on_get


class ReadyResource:
    """Whether a load balancer may send requests: 200 when it may, else 503 with the reasons."""

    def __init__(self, reasons_against: Callable[[], tuple[str, ...]]) -> None:
        self._reasons_against = reasons_against

    def on_get(self, _req: DeskRequest, resp: falcon.Response) -> None:
        """Say whether, and if not, why."""
        reasons = self._reasons_against()
        _send(resp, {"ready": not reasons, "reasons": reasons}, is_well=not reasons)

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


def route_probes(
    app: "falcon.App[DeskRequest, falcon.Response]", probes: Probes, callers: Callers
) -> None:
    """Give each probe that there is its address."""
    app.add_route("/health", HealthResource(probes))
    if probes.reasons_against is not None:
        app.add_route("/ready", ReadyResource(probes.reasons_against))
    if probes.counted is not None:
        app.add_route("/metrics", MetricsResource(probes.counted, callers))


def _send(resp: falcon.Response, body: Mapping[str, object], *, is_well: bool) -> None:
    send_bytes(resp, written(body), status=200 if is_well else 503, keep="no-store")


def _word(*, is_healthy: bool) -> str:
    return "healthy" if is_healthy else "unhealthy"
