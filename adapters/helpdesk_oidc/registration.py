"""The desk as a client of one issuer: what the operator wrote down, read strictly."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import attrs

from helpdesk_core.text import fold
from helpdesk_outward import PRIVATE_TOO, PUBLIC_ONLY, Reach, Target

GOOGLE: Final = "https://accounts.google.com"
"""The issuer whose `hd` claim alone says in which organisation somebody is."""

WELL_KNOWN: Final = "/.well-known/openid-configuration"

LONGEST_CREDENTIAL: Final = 1024
"""Characters of a client's id or secret."""

_CREDENTIAL: Final = re.compile(r"[ -~]+")
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_DOMAIN: Final = re.compile(r"[^\s@,./]+(\.[^\s@,./]+)+")


def _folded(domains: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, domains))


@attrs.frozen(kw_only=True)
class Registration:
    """One issuer, and by what it knows the desk.

    `issuer` is to the letter what the issuer calls itself. Without a `client_secret` the desk is a
    public client, and PKCE alone binds the code to it. With `domains` only people of those are let
    in. Raises ValueError, which repeats no secret, for what cannot be used.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str | None = attrs.field(repr=False)
    redirect_uri: str
    domains: frozenset[str] = attrs.field(default=frozenset(), converter=_folded)
    may_be_private: bool = False

    def __attrs_post_init__(self) -> None:
        """Check what was given."""
        if not _KEY.fullmatch(self.key):
            raise ValueError("a provider's key is small letters, digits, dots and dashes")
        parts = urlsplit(self.issuer)
        if parts.query or parts.fragment:
            raise ValueError("an issuer has neither query nor fragment")
        _ = self.discovery
        _check_credential("client id", self.client_id)
        if self.client_secret is not None:
            _check_credential("client secret", self.client_secret)
        if not all(map(_DOMAIN.fullmatch, self.domains)):
            raise ValueError("a domain is written as in an address, like example.org")

    @property
    def reach(self) -> Reach:
        """How far requests to this issuer go."""
        return PRIVATE_TOO if self.may_be_private else PUBLIC_ONLY

    @property
    def discovery(self) -> Target:
        """Where the issuer describes itself (OpenID Connect Discovery, 4)."""
        return self.target(self.issuer.rstrip("/") + WELL_KNOWN)

    def target(self, url: str) -> Target:
        """An address of the issuer's. Raises ValueError for one that is not asked.

        An issuer that is spoken to over TLS has no address without.
        """
        target = Target.from_url(url, self.reach, ports=None)
        if not target.is_secure and self.issuer.startswith("https:"):
            raise ValueError("the URL begins with http://, and the issuer with https://")
        return target


def _check_credential(what: str, text: str) -> None:
    if len(text) > LONGEST_CREDENTIAL or not _CREDENTIAL.fullmatch(text):
        raise ValueError(f"a {what} is at most {LONGEST_CREDENTIAL} characters of printable ASCII")
