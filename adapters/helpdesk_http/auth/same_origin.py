"""Keeping other sites' hands off: a write that carries a cookie comes from the desk's own pages.

A browser says from where a write comes, in `Sec-Fetch-Site` or at least in `Origin`, and no page
can make it lie. What says neither is no browser, and nobody's cookies are sent by it unawares.
"""

from typing import Final
from urllib.parse import urlsplit

import falcon

from helpdesk_core.errors import Forbidden
from helpdesk_http.bearer import takes_tokens
from helpdesk_http.exchange import DeskRequest

FROM_ELSEWHERE: Final = "This request was made by another site"

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({"same-origin", "none"})


class SameOriginWrites:
    """Refuses writes from elsewhere that carry a cookie, or knock where browsers sign in.

    A request with a bearer token, where tokens are looked at, is nobody's browser's: its cookies
    mean nothing. `address` is where people reach the desk, where that is known.
    """

    def __init__(self, address: str | None) -> None:
        self._origin = origin_of(address) if address else None

    def process_request(self, req: DeskRequest, _resp: falcon.Response) -> None:
        """Raise Forbidden for such a write."""
        if req.method in READS or not _is_a_browsers(req):
            return
        if not self.is_from_here(req):
            raise Forbidden(FROM_ELSEWHERE)

    def is_from_here(self, req: falcon.Request) -> bool:
        """True for what the desk's own page sent, the person themselves, or no browser at all."""
        site = req.env.get("HTTP_SEC_FETCH_SITE")
        if site is not None:
            return site in _OURS
        origin = req.env.get("HTTP_ORIGIN")
        return origin is None or self._is_own(origin, req.env.get("HTTP_HOST", ""))

    def _is_own(self, origin: str, host: str) -> bool:
        """True for the desk's own origin, and for the host that was asked, whatever the scheme.

        A proxy that ends TLS leaves the scheme unknown.
        """
        return origin.lower() in {self._origin, f"http://{host}", f"https://{host}"}


def origin_of(address: str) -> str:
    """Scheme, host and port of a web address, as a browser writes them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _is_a_browsers(req: falcon.Request) -> bool:
    if req.env.get("HTTP_AUTHORIZATION") is not None and takes_tokens(req.path):
        return False
    return "HTTP_COOKIE" in req.env or req.path.startswith("/auth/")
