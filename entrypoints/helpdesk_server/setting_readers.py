"""Reading the text of one setting, strictly.

Each reader answers with a value, or raises ValueError whose sentence, after the setting's name,
says what it must be. What may hold a password is never quoted.
"""

import ipaddress
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from helpdesk_core.case_numbers import LONGEST_PREFIX, Numbering, is_prefix
from helpdesk_core.text import is_one_line, read_address
from helpdesk_core.visibility import Exposure

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_WAIT: Final = 10
"""Seconds a request may be made to wait for its mail."""
LONGEST_PATTERN: Final = 64
"""Characters."""
SOLE_ISSUER: Final = "oidc"
"""What an issuer is called that was given no name."""


class LogFormat(Enum):
    """How log lines are written; the value is the setting's word."""

    TEXT = "text"
    JSON = "json"


def read_database_url(text: str) -> str:
    """A database address as SQLAlchemy takes it; plain `postgresql://` means psycopg."""
    scheme, _, rest = text.partition("://")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if (
        scheme in ("sqlite", "sqlite+pysqlite")
        and len(rest) > 1
        and rest[0] == "/"
        and ":memory:" not in rest
    ):
        return text
    raise ValueError("must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within inclusive bounds."""

    def read(text: str) -> int:
        short = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
        if not short or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not {text!r}")
        return int(text)

    return read


def read_seconds(text: str) -> float:
    """Seconds from 0 to `LONGEST_WAIT`, with or without a fraction."""
    plain = text.isascii() and text.replace(".", "", 1).isdecimal()
    if not plain or float(text) > LONGEST_WAIT:
        raise ValueError(f"must be seconds from 0 to {LONGEST_WAIT}, not {text!r}")
    return float(text)


def read_web_address(text: str) -> str:
    """A web address without its last slash, a query or a password."""
    if not _is_plain_address(text):
        raise ValueError("must be a plain http:// or https:// address")
    return text.rstrip("/")


def is_of_this_machine(web_address: str) -> bool:
    """True for an address that only this machine reaches."""
    host = urlsplit(web_address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_plain_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    if not text.isprintable() or " " in text:
        return False
    extras = parts.query or parts.fragment or parts.username or parts.password
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not extras


def one_of_schemes(*schemes: str) -> Callable[[str], str]:
    """Reads a URL of one of the schemes; its parts are judged by whoever uses it."""

    def read(text: str) -> str:
        if text.partition("://")[0] not in schemes or "://" not in text:
            raise ValueError(f"must begin with {' or '.join(f'{it}://' for it in schemes)}")
        return text

    return read


def read_mail_address(text: str) -> str:
    """One e-mail address in ASCII, which every mail server takes."""
    address = read_address(text)
    if address is None or not address.isascii():
        raise ValueError(f"must be one e-mail address in ASCII, not {text!r}")
    return address


def read_networks(text: str) -> tuple[Network, ...]:
    """IP addresses and networks, with commas between."""
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(
            f"must be IP addresses or networks with commas between, not {text!r}"
        ) from None


def read_date_pattern(text: str) -> str:
    """A date-fns pattern; only its form is judged."""
    if len(text) > LONGEST_PATTERN or not is_one_line(text) or not text.isprintable():
        raise ValueError(f"must be a date pattern of at most {LONGEST_PATTERN} characters")
    return text


def read_log_format(text: str) -> LogFormat:
    """One of the formats, by its word."""
    try:
        return LogFormat(text)
    except ValueError:
        raise ValueError(f"must be text or json, not {text!r}") from None


def read_case_prefix(text: str) -> str:
    """What case numbers begin with."""
    if not is_prefix(text):
        raise ValueError(
            f"must be 1 to {LONGEST_PREFIX} capital letters and digits of ASCII, not {text!r}"
        )
    return text


def read_numbering(text: str) -> Numbering:
    """How cases are numbered, by its word."""
    try:
        return Numbering(text)
    except ValueError:
        words = " or ".join(it.value for it in Numbering)
        raise ValueError(f"must be {words}, not {text!r}") from None


def read_exposure(text: str) -> Exposure:
    """How much the intake door shows, by its word."""
    try:
        return Exposure(text)
    except ValueError:
        words = " or ".join(it.value for it in Exposure)
        raise ValueError(f"must be {words}, not {text!r}") from None


def read_issuers(text: str) -> Mapping[str, str]:
    """Issuers by their names: one address, or a line each: `name=https://…`.

    One without a name is called `oidc`. Names are small letters, digits, dots and dashes; no two
    issuers have one.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    issuers = dict(map(_issuer, lines))
    if len(issuers) != len(lines):
        raise ValueError("must be of different names, a line each: name=https://…")
    return issuers


def _issuer(line: str) -> tuple[str, str]:
    given, equals, url = line.partition("=")
    name, address = (given.strip(), url.strip()) if equals and "://" not in given else ("", line)
    if not _is_plain_address(address):
        raise ValueError("must be a plain https:// address, or a line each: name=https://…")
    return name or SOLE_ISSUER, address


def read_named(text: str, names: Collection[str]) -> Mapping[str, str]:
    """What a text says for each of the names: a line each, `name=value`.

    For a single name the value alone will do. A value is never quoted.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [(line.partition("=")[0].strip(), line.partition("=")[2].strip()) for line in lines]
    if all(name in names for name, _ in pairs) and len(dict(pairs)) == len(lines):
        return dict(pairs)
    if len(lines) == len(names) == 1:
        return dict.fromkeys(names, lines[0])
    raise ValueError("must be one value, or a line for each issuer's name: name=value")


def read_yes_or_no(text: str) -> bool:
    """`yes` or `no`."""
    if text not in ("yes", "no"):
        raise ValueError(f"must be yes or no, not {text!r}")
    return text == "yes"
