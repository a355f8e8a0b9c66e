"""Reading the settings of channels, strictly; see `setting_readers`."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def one_of(*words: str) -> Callable[[str], str]:
    """Reads one of the words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be {', '.join(words[:-1])} or {words[-1]}, not {text!r}")
        return text

    return read


def read_folder(text: str) -> Path:
    """A folder that is there."""
    folder = Path(text)
    if not folder.is_dir():
        raise ValueError(f"must be a folder that is there, not {text!r}")
    return folder


def read_list(text: str) -> tuple[str, ...]:
    """Texts, with commas between."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_headers(text: str) -> Mapping[str, str]:
    """Headers, a line each: `Name: value`. Their values are never quoted."""
    headers: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or not value.strip():
            raise ValueError("must be headers, a line each: Name: value")
        headers[name.strip()] = value.strip()
    return headers


def read_endpoints(text: str) -> Mapping[str, str]:
    """Web addresses by their names, with commas between: `name=https://…`.

    One without a name is called by its host. No two have one name, which stays with what waits for
    it over restarts. Addresses may hold a secret, and are never quoted.
    """
    endpoints: dict[str, str] = {}
    for part in read_list(text):
        name, url = _endpoint(part)
        if name in endpoints:
            raise ValueError(f"must be of different names, name=https://…; {name} comes twice")
        endpoints[name] = url
    return endpoints


def _endpoint(part: str) -> tuple[str, str]:
    given, equals, url = part.partition("=")
    if not equals or "://" in given:
        given, url = "", part
    try:
        name = given.strip() or urlsplit(url).hostname or ""
    except ValueError:
        name = ""
    if not url.strip().startswith(("http://", "https://")) or not _NAME.fullmatch(name):
        raise ValueError(
            "must be https:// addresses with commas between, each with or without a name of "
            "small letters, digits, dots and dashes before it: name=https://…"
        )
    return name, url.strip()
