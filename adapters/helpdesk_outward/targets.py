"""Where a request goes, read strictly: what two readers might read differently is refused."""

import re
from ipaddress import IPv4Address, ip_address
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

import attrs

from helpdesk_outward.addresses import Reach, forbidden

USUAL_PORTS: Final = frozenset({443, 8443})
"""Where receivers that anybody can reach listen."""

LONGEST_URL: Final = 2048
"""Characters."""

SHORTEST_KEY: Final = 8
"""Characters; a part of a path that is shorter is a word."""

_PORTS: Final = {"https": 443, "http": 80}
_PLAIN: Final = re.compile(r"[!-~]+")
_AWKWARD: Final = re.compile(r'[\\"<>^`{|}]')
_NAME: Final = re.compile(
    r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
)
_LONGEST_NAME: Final = 253


@attrs.frozen(kw_only=True)
class Target:
    """A server and what is asked of it.

    `path` is as it goes on the wire, its query included; it may hold a key, and never shows itself.
    """

    is_secure: bool
    host: str
    port: int
    path: str = attrs.field(repr=False)

    @classmethod
    def from_url(
        cls, url: str, reach: Reach, *, ports: frozenset[int] | None = USUAL_PORTS
    ) -> Self:
        """The target of an `https://` address; of an `http://` one where private is allowed.

        Where only the public is, the port is one of `ports`; where private is, any. Raises
        ValueError, which repeats nothing of the URL, for another scheme or port, a user, a
        fragment, a host that is no plain name or address, and an address that nothing is sent to.
        """
        parts = _split(url)
        _check_scheme(parts, reach)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if not reach.is_private_too and ports is not None and port not in ports:
            raise ValueError("the port is none of " + ", ".join(map(str, sorted(ports))))
        _check_host(host, reach)
        query = f"?{parts.query}" if parts.query else ""
        return cls(
            is_secure=parts.scheme == "https",
            host=host,
            port=port,
            path=(parts.path or "/") + query,
        )

    @property
    def keys(self) -> frozenset[str]:
        """The parts of the path and the query that may be keys: those of 8 characters and more."""
        parts = re.split(r"[/?&=]", self.path)
        spelled = {*parts, *map(unquote, parts)}
        return frozenset(part for part in spelled if len(part) >= SHORTEST_KEY)

    @property
    def authority(self) -> str:
        """The host as a request names it: with its port, unless that is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == _PORTS["https" if self.is_secure else "http"]
        return host if is_usual else f"{host}:{self.port}"


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not _PLAIN.fullmatch(url) or _AWKWARD.search(url):
        raise ValueError(
            "a URL is at most 2048 characters of printable ASCII without spaces, quotes and braces"
        )
    try:
        parts = urlsplit(url)
        fits = parts.port != 0 and bool(parts.hostname)
    except ValueError:
        raise ValueError("the URL cannot be understood") from None
    if not fits:
        raise ValueError("the URL names no host, or a port that is none")
    if "@" in parts.netloc:
        raise ValueError("the URL names a user")
    if "#" in url:
        raise ValueError("the URL has a fragment")
    return parts


def _check_scheme(parts: SplitResult, reach: Reach) -> None:
    if parts.scheme not in _PORTS:
        raise ValueError("the URL begins with neither https:// nor http://")
    if parts.scheme == "http" and not reach.is_private_too:
        raise ValueError("the URL begins with http://, which is for private addresses alone")


def _check_host(host: str, reach: Reach) -> None:
    """A name whose last part is a number is an address to some readers: only plain ones are."""
    is_name = _NAME.fullmatch(host) is not None and len(host) <= _LONGEST_NAME
    looks_like_address = ":" in host or host.rpartition(".")[2][:1].isdigit()
    if looks_like_address:
        if not _is_address(host) or forbidden(host, reach):
            raise ValueError("the host is an address that nothing is sent to")
    elif not is_name:
        raise ValueError("the host is no plain name")
    elif not reach.is_private_too and _is_local(host):
        raise ValueError("the host is a name of this machine's or this network's own")


def _is_local(host: str) -> bool:
    return "." not in host or host.lower().endswith((".localhost", ".local", ".internal"))


def _is_address(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if "%" in host:  # a network card of this machine's
        return False
    return not isinstance(address, IPv4Address) or str(address) == host
