"""Who is signed in, and where: told to programs, ended by the person and by admins."""

import falcon

from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.sessions import (
    end_other_sessions,
    end_session,
    end_sessions,
    list_own_sessions,
    list_sessions,
)
from helpdesk_http.answers import send
from helpdesk_http.auth.bodies import (
    OwnedSessionBody,
    OwnedSessionsBody,
    SessionBody,
    SessionsBody,
    SignedInBody,
    WhoBody,
)
from helpdesk_http.auth.cookies import Cookie
from helpdesk_http.auth.entrance import HERE, Entrance, go_to
from helpdesk_http.auth.forms import read_form
from helpdesk_http.callers import Callers
from helpdesk_http.exchange import DeskRequest


class SessionResource:
    """Where a program asks who is signed in."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Say who, or that nobody is."""
        user = self._entrance.callers(req).user
        current, rules = req.context.session, self._entrance.ports.sessions
        body = WhoBody(
            signed_in=user is not None,
            user=SignedInBody.of(user) if user else None,
            ends_at=current.session.ends_at(rules) if current else None,
        )
        send(req, resp, body)

    on_head = on_get


class OwnSessionsResource:
    """Where a person sees in which browsers they are signed in, and ends the others."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """List them."""
        shown = list_own_sessions(self._entrance.ports, self._entrance.callers(req))
        current = req.context.session
        send(req, resp, SessionsBody(sessions=[SessionBody.of(it, current) for it in shown]))

    on_head = on_get

    def on_delete(self, req: DeskRequest, resp: falcon.Response) -> None:
        """End all but the one that asks."""
        caller, current = self._entrance.callers(req), req.context.session
        end_other_sessions(self._entrance.ports, current.session if current else None, caller)
        resp.status = 204

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """End the one that a page's form names, and show the page again."""
        form = read_form(req, self._entrance.cookies.read(req, Cookie.BROWSER))
        caller = self._entrance.callers(req)
        end_session(self._entrance.ports, form.get("session"), caller)
        go_to(resp, HERE)


class OwnSessionResource:
    """Where a person ends one of their sessions."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_delete(self, req: DeskRequest, resp: falcon.Response, session_id: str) -> None:
        """End it."""
        end_session(self._entrance.ports, session_id, self._entrance.callers(req))
        resp.status = 204


class SessionsResource:
    """Where an admin sees who is signed in, and ends all sessions of an address."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """List everybody's, or those of an address."""
        shown = list_sessions(self._ports, self._callers(req), email=req.params.get("email"))
        current = req.context.session
        send(
            req,
            resp,
            OwnedSessionsBody(sessions=[OwnedSessionBody.of(it, current) for it in shown]),
        )

    on_head = on_get

    def on_delete(self, req: DeskRequest, resp: falcon.Response) -> None:
        """End those of an address."""
        end_sessions(self._ports, req.params.get("email"), self._callers(req))
        resp.status = 204


class SessionOfAnybodyResource:
    """Where an admin ends one session."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_delete(self, req: DeskRequest, resp: falcon.Response, session_id: str) -> None:
        """End it."""
        caller = self._callers(req)
        _ = allow(caller, Act.MANAGE_ACCOUNTS)
        end_session(self._ports, session_id, caller)
        resp.status = 204
