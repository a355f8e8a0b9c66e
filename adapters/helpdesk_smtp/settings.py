"""Which mail server, spoken to how, and what our letters say of us."""

from collections.abc import Mapping
from enum import Enum
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

import attrs

from helpdesk_core.text import is_one_line
from helpdesk_smtp.addresses import wire_address

LONGEST_DEADLINE: Final = 45.0
"""Seconds: shorter than a claim on a notice holds."""


class Tls(Enum):
    """How a connection is protected. What is asked for is had, or nothing is sent."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


_SCHEMES: Final[Mapping[str, tuple[Tls, int]]] = {
    "smtp": (Tls.NONE, 25),
    "smtp+starttls": (Tls.STARTTLS, 587),
    "smtps": (Tls.IMPLICIT, 465),
}


def _ascii_sender(sender: str) -> str:
    address = wire_address(sender)
    if address is None or not address.isascii():
        raise ValueError("the sender must be one e-mail address in ASCII")
    return address


def _base_url(url: str) -> str:
    if not url.startswith(("http://", "https://")) or not _is_plain(url):
        raise ValueError("the public address must begin with http:// or https://")
    return url.rstrip("/")


def _check_deadline(_: object, __: object, deadline: float) -> None:
    if not 0 < deadline <= LONGEST_DEADLINE:
        raise ValueError(f"the deadline must be above 0 and at most {LONGEST_DEADLINE:g} seconds")


def _check_credential(_: object, __: object, credential: str | None) -> None:
    # The ways of signing in (RFC 4616, RFC 2195) are for ASCII in the standard library.
    if credential is not None and not (credential.isascii() and is_one_line(credential)):
        raise ValueError("the user and the password must be plain ASCII")


@attrs.frozen(kw_only=True)
class SmtpSettings:
    """Whom to give mail to, and as whom.

    `sender` is an address: the mails' From, and where bounces go. `public_url` is where people
    reach the desk. `deadline` is the seconds that one attempt may take altogether. Raises
    ValueError, which never repeats a password.
    """

    host: str
    port: int
    tls: Tls
    user: str | None = attrs.field(default=None, validator=_check_credential)
    password: str | None = attrs.field(default=None, repr=False, validator=_check_credential)
    sender: str = attrs.field(converter=_ascii_sender)
    public_url: str = attrs.field(converter=_base_url)
    deadline: float = attrs.field(default=20.0, validator=_check_deadline)

    @classmethod
    def from_url(cls, url: str, *, sender: str, public_url: str, deadline: float = 20.0) -> Self:
        """The settings of `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`.

        The ports are 25, 587 and 465 unless told. User and password are percent-encoded.
        """
        parts = _split(url)
        tls, port = _SCHEMES[parts.scheme]
        return cls(
            host=parts.hostname or "",
            port=parts.port or port,
            tls=tls,
            user=_decoded(parts.username),
            password=_decoded(parts.password),
            sender=sender,
            public_url=public_url,
            deadline=deadline,
        )

    @property
    def domain(self) -> str:
        """The domain of the sender, in which ids of mails are made."""
        return self.sender.rpartition("@")[2]

    @property
    def greeting_name(self) -> str:
        """The name by which the desk greets: the public one when it is a full domain name.

        Else an address literal (RFC 5321, 4.1.4), so that no resolver is asked.
        """
        name = urlsplit(self.public_url).hostname or ""
        is_full = "." in name and name.isascii() and not _is_ip(name)
        return name if is_full else "[127.0.0.1]"


def _split(url: str) -> SplitResult:
    """The parts of a mail server's URL. Raises ValueError without repeating any of it."""
    try:
        parts = urlsplit(url if _is_plain(url) else "")
        known = parts.scheme in _SCHEMES and parts.port != 0
    except ValueError:
        raise ValueError("the mail server's URL cannot be understood") from None
    if not known:
        raise ValueError("a mail server's URL begins with smtp://, smtp+starttls:// or smtps://")
    if not parts.hostname:
        raise ValueError("the mail server's URL names no host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("the mail server's URL ends with the host or its port")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("the mail server's URL needs both a user and a password, or neither")
    return parts


def _decoded(credential: str | None) -> str | None:
    return unquote(credential) if credential else None


def _is_plain(url: str) -> bool:
    return is_one_line(url) and " " not in url


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
