"""The rooms where a person signs in and out: pages, and the ways to a provider and back."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import attrs
import falcon

from helpdesk_core.identities import read_return
from helpdesk_core.opaque import SECRET_BYTES, opaque
from helpdesk_core.ports import Ports
from helpdesk_core.sign_ins import UNDER_WAY, read_target
from helpdesk_core.use_cases.entering import SignedIn, Visit
from helpdesk_core.use_cases.sessions import list_own_sessions, sign_out
from helpdesk_core.use_cases.sign_in import begin_sign_in, finish_sign_in, ways_in
from helpdesk_core.use_cases.sign_in_links import ask_for_link, take_link
from helpdesk_http.auth.bodies import SessionBody
from helpdesk_http.auth.cookies import Cookie, Cookies
from helpdesk_http.auth.forms import has_token, is_form, read_form, token_of
from helpdesk_http.auth.pages import send_page
from helpdesk_http.callers import Callers
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.json_reader import read_object

HERE: Final = "/auth/sign-in"
"""Where people sign in, and where they are afterwards when they wanted to go nowhere else."""
BROWSER: Final = timedelta(days=1)
"""For how long a browser is known to have been shown a page of ours."""


@attrs.frozen(kw_only=True)
class Entrance:
    """What the rooms share."""

    ports: Ports
    callers: Callers
    cookies: Cookies

    def browser(self, req: DeskRequest, resp: falcon.Response) -> str:
        """The secret of the browser, which is given one where it has none."""
        held = self.cookies.read(req, Cookie.BROWSER)
        secret = held or opaque(self.ports.random(SECRET_BYTES))
        self.cookies.give(resp, Cookie.BROWSER, secret, BROWSER)
        return secret

    def visit(self, req: DeskRequest) -> Visit:
        """The browser as it comes to sign in."""
        return Visit(
            caller=attrs.evolve(self.callers(req), user=None),
            device=req.env.get("HTTP_USER_AGENT", ""),
            former=self.cookies.read(req, Cookie.SESSION),
        )

    def let_in(self, resp: falcon.Response, signed_in: SignedIn) -> None:
        """Give the browser its new session, and send it where it wanted to go."""
        lifetime = self.ports.sessions.longest
        self.cookies.give(resp, Cookie.SESSION, signed_in.secret, lifetime)
        go_to(resp, signed_in.target)


def go_to(resp: falcon.Response, address: str) -> None:
    """Send the browser there, whatever it did here."""
    resp.status = 303
    resp.set_header("Location", address)


def target_of(req: DeskRequest) -> str:
    """Where the person wants to go afterwards. Raises Invalid for what is no path of ours."""
    given = req.params.get("next") or HERE
    return read_target(given if isinstance(given, str) else "")  # of two we take none


class HomeResource:
    """Where somebody is who knows the desk's address and nothing else."""

    def on_get(self, _req: DeskRequest, resp: falcon.Response) -> None:
        """Show where one signs in."""
        go_to(resp, HERE)

    on_head = on_get


class SignInResource:
    """Where people choose how to sign in, and see that they are."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show the page."""
        target, user = target_of(req), self._entrance.callers(req).user
        token = token_of(self._entrance.browser(req, resp))
        facts: dict[str, object] = {"target": target, "token": token}
        if user is None:
            ways = ways_in(self._entrance.ports)
            send_page(
                resp, "sign_in", {**facts, "providers": ways.providers, "by_link": ways.by_link}
            )
        else:
            sessions = self._sessions(req)
            send_page(
                resp, "signed_in", {**facts, "user": user, "sessions": sessions, "here": HERE}
            )

    on_head = on_get

    def _sessions(self, req: DeskRequest) -> list[SessionBody]:
        shown = list_own_sessions(self._entrance.ports, self._entrance.callers(req))
        return [SessionBody.of(each, req.context.session) for each in shown]


class DepartureResource:
    """Where a browser sets out for a provider."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response, provider: str) -> None:
        """Send the browser off; one that comes from no page of ours is shown ours first."""
        entrance, target = self._entrance, target_of(req)
        if not has_token(req.params.get("token"), entrance.cookies.read(req, Cookie.BROWSER)):
            go_to(resp, f"{HERE}?{urlencode({'next': target})}")
            return
        set_out = begin_sign_in(
            entrance.ports, provider, target=target, caller=entrance.callers(req)
        )
        entrance.cookies.give(resp, Cookie.DEPARTURE, set_out.browser, UNDER_WAY)
        go_to(resp, set_out.url)


class CallbackResource:
    """Where a browser comes back to from a provider."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Sign in whom the provider vouches for."""
        cookies = self._entrance.cookies
        browser = cookies.read(req, Cookie.DEPARTURE)
        if browser is not None:
            cookies.take_back(resp, Cookie.DEPARTURE)
        returned, visit = read_return(req.query_string), self._entrance.visit(req)
        self._entrance.let_in(resp, finish_sign_in(self._entrance.ports, browser, returned, visit))


class AskForLinkResource:
    """Where a person asks for a link by mail."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Mail a link, and say the same whoever has the address."""
        entrance = self._entrance
        browser = entrance.cookies.read(req, Cookie.BROWSER)
        form = read_form(req, browser)
        target = read_target(form.get("next") or HERE)
        asked = ask_for_link(
            entrance.ports,
            form.get("email"),
            target=target,
            browser=browser,
            caller=entrance.callers(req),
        )
        send_page(resp, "link_sent", {"target": target, "expires_at": asked.expires_at})


class LinkResource:
    """Where a link leads. To look at it changes nothing: mail is looked at by machines too."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show a button."""
        key = req.params.get("key")
        token = token_of(self._entrance.browser(req, resp))
        send_page(resp, "link", {"key": key if isinstance(key, str) else "", "token": token})

    on_head = on_get

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Sign in whoever has the link."""
        entrance = self._entrance
        browser = entrance.cookies.read(req, Cookie.BROWSER)
        form = read_form(req, browser)
        signed_in = take_link(entrance.ports, form.get("key", ""), browser, entrance.visit(req))
        entrance.let_in(resp, signed_in)


class SignOutResource:
    """Where a person signs out: by a page, or by a program's JSON."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show a button."""
        send_page(resp, "sign_out", {"token": token_of(self._entrance.browser(req, resp))})

    on_head = on_get

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """End the session; where there is none that is as good."""
        cookies, is_page = self._entrance.cookies, is_form(req)
        _ = read_form(req, cookies.read(req, Cookie.BROWSER)) if is_page else read_object(req)
        secret = cookies.read(req, Cookie.SESSION)
        if secret is not None:
            sign_out(self._entrance.ports, secret, self._entrance.callers(req))
            cookies.take_back(resp, Cookie.SESSION)
        if is_page:
            go_to(resp, HERE)
        else:
            resp.status = 204
