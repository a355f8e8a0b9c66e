"""Somebody with a browser before a running desk."""

from __future__ import annotations

import json
import re
from html import unescape
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

if TYPE_CHECKING:
    from tests.server.conftest import Running

FORM = "application/x-www-form-urlencoded"
PATIENCE = 20
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class WithinTheDesk(HTTPRedirectHandler):
    """Follows redirects to the desk's own places alone."""

    def redirect_request(self, *args: Any) -> Request | None:  # noqa: ANN401  # its base's
        """The next request, or None where the desk sends a browser elsewhere."""
        req, url = args[0], args[5]
        is_own = url.startswith(f"{req.type}://{req.host}/")
        return super().redirect_request(*args) if is_own else None


class Visitor:
    """A browser without a window: it keeps cookies, follows redirects and sends forms."""

    def __init__(self, desk: Running) -> None:
        self._address = desk.address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), WithinTheDesk())

    def open(self, url: str, body: bytes | None = None, kind: str = FORM) -> str:
        """What is shown there. Raises HTTPError for a refusal."""
        headers = {"Accept": "text/html", **({"Content-Type": kind} if body else {})}
        request = Request(url, body, headers)  # noqa: S310  # the desk's own address
        with self._opener.open(request, timeout=PATIENCE) as answer:
            shown: bytes = answer.read()
        return shown.decode()

    def press(self, page: str, path: str) -> str:
        """Send the form of a page to a path."""
        return self.open(f"{self._address}{path}", urlencode(FIELD.findall(page)).encode())

    def ask(self, path: str) -> Any:  # noqa: ANN401  # any JSON
        """What a program of the page would be told."""
        return json.loads(self.open(f"{self._address}{path}"))

    def tell(self, path: str, document: object) -> Any:  # noqa: ANN401  # any JSON
        """What a program of the page would be answered that sends a document."""
        body = json.dumps(document).encode()
        return json.loads(self.open(f"{self._address}{path}", body, "application/json"))

    def depart(self) -> str:
        """Press the button of the only provider; where the desk sends the browser."""
        page = self.open(f"{self._address}/auth/sign-in")
        (link,) = re.findall(r'href="(/auth/sign-in/[^"]+)"', page)
        try:
            _ = self.open(f"{self._address}{unescape(link)}")
        except HTTPError as sent:
            away = sent.headers.get("Location")
            if away is None:
                raise
            sent.close()
            return away
        raise AssertionError("the browser was sent nowhere else")
