"""Whose request it is, by the session of its browser."""

import falcon

from helpdesk_core.people import User
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.sessions import current_session
from helpdesk_http.auth.cookies import Cookie, Cookies
from helpdesk_http.callers import Identify
from helpdesk_http.exchange import Exchange


class BrowserSessions:
    """Tells whose request it is by its session; who has none is identified `otherwise`.

    A session that opens nothing, of whatever reason, is as none.
    """

    def __init__(self, ports: Ports, cookies: Cookies, otherwise: Identify) -> None:
        self._ports = ports
        self._cookies = cookies
        self._otherwise = otherwise

    def __call__(self, req: falcon.Request) -> User | None:
        """The person, by the directory as it is now. Raises Unavailable."""
        secret = self._cookies.read(req, Cookie.SESSION)
        current = current_session(self._ports, secret) if secret else None
        if current is None:
            return self._otherwise(req)
        if isinstance(req.context, Exchange):
            req.context.session = current
        return current.user
