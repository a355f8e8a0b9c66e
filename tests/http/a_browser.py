"""A browser without a window, in front of a house: it keeps cookies and sends a page's forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import attrs

from helpdesk_core.errors import HelpdeskError, ProviderUnavailable, SignInRefused
from helpdesk_core.identities import Departure, KeptSignIn, VerifiedIdentity
from helpdesk_core.people import OPERATOR
from helpdesk_core.use_cases.sign_in_links import make_link

if TYPE_CHECKING:
    from falcon.testing import Result

    from helpdesk_core.sign_ins import LinkMail
    from tests.http.conftest import House

FORM = "application/x-www-form-urlencoded"
HTML = "text/html,application/xhtml+xml"
_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class ABrowser:
    """What one person browses with; `cookies` are those it holds, by name."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.cookies: dict[str, str] = {}
        self.agent = "A browser"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Result:
        """Ask as a browser does, and keep the cookies that come back."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        given = {"Accept": HTML, "User-Agent": self.agent, **named}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={it}" for name, it in self.cookies.items())
        answer = self._house.ask(method, path, body=body, headers=given)
        self._keep(answer)
        return answer

    def get(self, path: str, **headers: str) -> Result:
        """Look at a page."""
        return self.ask("GET", path, None, **headers)

    def press(self, page: Result, path: str, **typed: str) -> Result:
        """Send the hidden fields of a page, and what was typed, to a path."""
        found = {name: unescape(value) for name, value in _FIELD.findall(page.text)}
        body = urlencode({**found, **typed}).encode()
        return self.ask("POST", path, body, content_type=FORM, sec_fetch_site="same-origin")

    def sign_in(self, email: str) -> Result:
        """Sign in with a link of the operator's."""
        key = make_link(self._house.desk.ports, email, OPERATOR, target="/auth/sign-in")
        return self.press(self.get(f"/auth/link?key={key}"), "/auth/link")

    @property
    def who(self) -> object:
        """What a program in the browser is told of who is signed in: their address."""
        user = self.get("/auth/session", accept="application/json").json["user"]
        return user and user["email"]

    def _keep(self, answer: Result) -> None:
        for name, cookie in answer.cookies.items():
            if cookie.max_age:
                self.cookies[name] = cookie.value
            else:
                self.cookies.pop(name, None)


@attrs.define
class AProvider:
    """A provider that vouches for whomever it is told to, or fails as it is told to."""

    key: str = "sample"
    name: str = "Sample & Co"
    email: str | None = "cora@example.com"
    fails: HelpdeskError | None = None
    returned: Mapping[str, str] = attrs.field(factory=dict)

    def begin(self) -> Departure:
        if isinstance(self.fails, ProviderUnavailable):
            raise self.fails
        kept = KeptSignIn(provider=self.key, state="s", nonce="n", verifier="v")
        return Departure(url="https://idp.example/authorize?state=s", kept=kept)

    def finish(self, kept: KeptSignIn, returned: Mapping[str, str]) -> VerifiedIdentity:
        self.returned = returned
        if self.fails is not None:
            raise self.fails
        if returned.get("state") != kept.state:
            raise SignInRefused(reason="state")
        return VerifiedIdentity(
            issuer="https://idp.example", subject="1", name="Cora", email=self.email
        )


class APostbox:
    """Takes the links that are to be mailed."""

    def __init__(self) -> None:
        self.mails: list[LinkMail] = []

    def send(self, mail: LinkMail) -> None:
        self.mails.append(mail)


@attrs.define
class Desk:
    """A house with a provider and a postbox, and one browser before it."""

    house: House
    provider: AProvider
    post: APostbox
    browser: ABrowser

    def open(self, **ports: Any) -> None:  # noqa: ANN401  # any of the ports
        """With other ports."""
        given = {"providers": {"sample": self.provider}, "link_post": self.post, **ports}
        self.house.rebuild(**given)

    def depart(self, query: str = "") -> Any:  # noqa: ANN401  # an answer
        """Follow the provider's button."""
        page = self.browser.get(f"/auth/sign-in{query}")
        (link,) = re.findall(r'href="(/auth/sign-in/sample\?[^"]*)"', page.text)
        return self.browser.get(link.replace("&amp;", "&"))

    def ask_for_link(self, email: str = "cora@example.com", query: str = "") -> Any:  # noqa: ANN401  # an answer
        """Send the page's form."""
        page = self.browser.get(f"/auth/sign-in{query}")
        return self.browser.press(page, "/auth/links", email=email)

    def take_link(self, browser: ABrowser | None = None) -> Any:  # noqa: ANN401  # an answer
        """Open the last link that was mailed, and press its button."""
        opened = browser or self.browser
        key = self.post.mails[-1].secret
        return opened.press(opened.get(f"/auth/link?key={key}"), "/auth/link")


def desk_before(house: House) -> Desk:
    """The house with all of that."""
    found = Desk(house, AProvider(), APostbox(), ABrowser(house))
    found.open()
    return found
