"""The desk's cookies: three secrets of a browser, read strictly and set for the desk alone.

A secret is letters, digits, `-` and `_`. Whatever is sent under a cookie's name and is no secret,
comes twice or in too long a header, is as if it had not been sent.
"""

import re
from datetime import timedelta
from enum import Enum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import attrs
import falcon

LONGEST_HEADER: Final = 16 * 1024
"""Characters of a `Cookie` header; of a longer one nothing is read."""

_SECRET = re.compile(r"[0-9A-Za-z_-]{22,128}")


class Cookie(Enum):
    """What each cookie is for; the value is its name on http://localhost."""

    SESSION = "helpdesk-session"
    BROWSER = "helpdesk-browser"
    DEPARTURE = "helpdesk-departure"


@attrs.frozen(kw_only=True)
class Cookies:
    """How the cookies are named and set.

    Secure ones have the prefix `__Host-`: a browser takes them over TLS alone, and gives them to
    this host alone. Browsers take none such on http://localhost.
    """

    is_secure: bool

    def name(self, cookie: Cookie) -> str:
        """What the browser knows the cookie by."""
        return f"__Host-{cookie.value}" if self.is_secure else cookie.value

    def read(self, req: falcon.Request, cookie: Cookie) -> str | None:
        """The secret that the browser sent; None when it sent none, or more than one."""
        header = req.env.get("HTTP_COOKIE", "")
        if len(header) > LONGEST_HEADER:
            return None
        pairs = (pair.strip(" \t").partition("=") for pair in header.split(";"))
        name = self.name(cookie)
        sent = [value for named, _, value in pairs if named == name]
        return sent[0] if len(sent) == 1 and _SECRET.fullmatch(sent[0]) else None

    def give(self, resp: falcon.Response, cookie: Cookie, secret: str, lifetime: timedelta) -> None:
        """Have the browser send the secret for so long."""
        self._set(resp, cookie, secret, int(lifetime.total_seconds()))

    def take_back(self, resp: falcon.Response, cookie: Cookie) -> None:
        """Have the browser forget the secret."""
        self._set(resp, cookie, "", 0)

    def _set(self, resp: falcon.Response, cookie: Cookie, value: str, seconds: int) -> None:
        secure = "; Secure" if self.is_secure else ""
        said = f"{self.name(cookie)}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        resp.append_header("Set-Cookie", said + secure)


def cookies_at(address: str | None) -> Cookies:
    """The cookies of a desk that people reach there: secure ones, but for http on this machine."""
    parts = urlsplit(address or "")
    return Cookies(is_secure=not (parts.scheme == "http" and is_loopback(parts.hostname or "")))


def is_loopback(host: str) -> bool:
    """True for a name or an address that only this machine reaches."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
