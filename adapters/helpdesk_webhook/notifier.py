"""The channel: one signed POST for each notice and endpoint, within a deadline."""

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import attrs

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_outward import (
    PRIVATE_TOO,
    PUBLIC_ONLY,
    USUAL_DEADLINE,
    USUAL_PORTS,
    Dial,
    Outward,
    Reach,
    Request,
    Resolve,
    Target,
    judged,
    without,
)
from helpdesk_outward.addresses import by_the_system
from helpdesk_outward.posting import dialled
from helpdesk_webhook.endpoints import Endpoint
from helpdesk_webhook.payloads import payload
from helpdesk_webhook.signing import signatures

USER_AGENT: Final = "helpdesk-core webhooks"


def utc_now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


@attrs.frozen
class _Receiver:
    target: Target
    keys: tuple[bytes, ...] = attrs.field(repr=False)


class WebhookNotifier:
    """Tells endpoints, by their names, each over a connection of its own, from any thread.

    Sent: the endpoint answered 2xx. Refused: there is no endpoint of that name, or it answered 410
    or another 4xx that will not pass by itself (see `helpdesk_outward.judging.MAY_PASS`). Failed:
    anything else, redirects included, which are never followed; a Retry-After is handed on.

    Nothing is sent to an address that is not public, whatever a name resolves to at that moment;
    `allow_private` is for endpoints within one's own networks, and allows `http://` and every port
    besides (otherwise one of `ports`). `own_hosts` are names of the desk itself, which is told
    nothing. Raises ValueError for an endpoint that cannot be, by its name and without its URL.
    """

    def __init__(  # noqa: PLR0913  # what a test or a house may want otherwise
        self,
        endpoints: Mapping[str, Endpoint],
        *,
        allow_private: bool = False,
        ports: frozenset[int] = USUAL_PORTS,
        own_hosts: frozenset[str] = frozenset(),
        deadline: float = USUAL_DEADLINE,
        trust: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
        resolve: Resolve = by_the_system,
        dial: Dial = dialled,
    ) -> None:
        reach = PRIVATE_TOO if allow_private else PUBLIC_ONLY
        own = frozenset(host.lower() for host in own_hosts)
        self._receivers = {
            name: _receiver(name, endpoint, reach, ports, own)
            for name, endpoint in endpoints.items()
        }
        self._outward = Outward(reach, deadline=deadline, trust=trust, resolve=resolve, dial=dial)
        self._now = now

    def deliver(self, notice: Notice) -> Delivery:
        """Try once to tell the endpoint that the notice names. Never raises."""
        receiver = self._receivers.get(notice.recipient)
        if receiver is None:
            reason = "there is no endpoint of that name"
            return Delivery(result=DeliveryResult.REFUSED, reason=reason)
        try:
            request = self._request(receiver, notice)
            return judged(without(self._outward.send(request), receiver.target.keys), self._now)
        except Exception as error:  # noqa: BLE001  # no words for it yet: try again later
            reason = f"making the request: {type(error).__name__}"
            return Delivery(result=DeliveryResult.FAILED, reason=reason)

    def _request(self, receiver: _Receiver, notice: Notice) -> Request:
        message_id, timestamp = str(notice.id), int(self._now().timestamp())
        body = payload(notice)
        signature = signatures(receiver.keys, message_id=message_id, timestamp=timestamp, body=body)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        }
        return Request(target=receiver.target, headers=headers, body=body)


def _receiver(
    name: str, endpoint: Endpoint, reach: Reach, ports: frozenset[int], own: frozenset[str]
) -> _Receiver:
    try:
        target = Target.from_url(endpoint.url, reach, ports=ports)
    except ValueError as fault:
        raise ValueError(f"endpoint {name!r}: {fault}") from None
    if target.host.lower() in own:
        raise ValueError(f"endpoint {name!r}: the host is the desk itself")
    return _Receiver(target, endpoint.keys)
