"""The limits, and what is no matter of taste, in waitress' own words."""

import sys
from collections.abc import Callable
from socket import SO_SNDBUF, SOL_SOCKET

from waitress.adjustments import Adjustments

from helpdesk_server.wsgi_server.limits import KIB, ServerLimits
from helpdesk_server.wsgi_server.spool import Spool

ErrorBody = Callable[[int, str, str], bytes]
"""Status, reason phrase and path to the JSON body of a reply that the app had no part in.

The path is decoded; `/` for a request that was refused before it had one.
"""

LongestBody = Callable[[str, str], int]
"""Method and decoded path to the bytes that a body may have there."""

OWN_SOCKETS = 2  # waitress counts the listening socket and its wake-up pipe as connections


class Tuning(Adjustments):
    """What parser, channel and listener of one server share; never changed after it is made.

    Raises `ValueError` when `host` and `port` name no address.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        limits: ServerLimits,
        error_body: ErrorBody,
        longest_body: LongestBody | None = None,
    ) -> None:
        super().__init__(
            host=host,
            port=port,
            threads=limits.threads,
            connection_limit=limits.connections + OWN_SOCKETS,
            # Waitress refuses what is as long as its bound, hence the one more.
            max_request_header_size=limits.header_bytes + 1,
            max_request_body_size=sys.maxsize,  # bodies are measured by our parser
            inbuf_overflow=limits.spool_bytes,
            outbuf_overflow=256 * KIB,
            asyncore_use_poll=True,  # select() ends the process at descriptor 1024
            channel_request_lookahead=0,
            # Who spoke for whom is the app's to judge: REMOTE_ADDR stays the peer.
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,  # a peer that vanishes is no news
            expose_tracebacks=False,
            ident=None,
        )
        # A socket counts as writable again when a third of its buffer is free. Left to the
        # kernel that can be over a megabyte: a slow reader would seem to have stopped.
        self.socket_options = [*self.socket_options, (SOL_SOCKET, SO_SNDBUF, 128 * KIB)]
        self.limits = limits
        self.error_body = error_body
        self.longest_body = longest_body or (lambda _method, _path: limits.body_bytes)
        self.spool = Spool(limits.spool_room)
