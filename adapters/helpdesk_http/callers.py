"""Who is asking, as the rules want to know it."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import falcon

from helpdesk_core.people import Caller, User
from helpdesk_http.client_address import Network, client_key
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.log import Log

Identify: TypeAlias = Callable[[falcon.Request], User | None]
"""The person whose identity a request proves, None when it proves none."""


def nobody(req: falcon.Request) -> User | None:  # noqa: ARG001  # the shape of Identify
    """Nobody can sign in."""
    return None


class Callers:
    """Makes a `Caller` of a request: who it is by `identify`, and from where by the peer.

    Says once in the log when a proxy seems to stand in front that nobody named: without its name
    all its clients count as one.
    """

    def __init__(self, identify: Identify, trusted_proxies: Sequence[Network], log: Log) -> None:
        self._identify = identify
        self._trusted = tuple(trusted_proxies)
        self._log = log
        self._is_told = bool(self._trusted)

    def __call__(self, req: DeskRequest) -> Caller:
        """The caller of the request; whoever asks again is told the same."""
        if req.context.caller is None:
            req.context.caller = self._caller(req)
        return req.context.caller

    def _caller(self, req: DeskRequest) -> Caller:
        forwarded = req.env.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded and not self._is_told:
            self._tell()
        peer = req.env.get("REMOTE_ADDR", "")
        return Caller(user=self._identify(req), origin=client_key(peer, forwarded, self._trusted))

    def _tell(self) -> None:
        self._is_told = True
        _ = self._log.warning(
            "X-Forwarded-For came from a peer that is no trusted proxy. If a proxy stands in front "
            "of this server, name it as trusted: until then all its clients share the limits of one"
        )
