"""A thing to try on the sample desk: a command that works when it is pasted."""

import json
import shlex
from collections.abc import Mapping

import attrs

JSON = "application/json"


@attrs.frozen
class Try:
    """Something to try: what it shows, and the command."""

    shows: str
    command: str


def curl(
    url: str,
    body: Mapping[str, object] | None = None,
    *,
    token: str | None = None,
    method: str | None = None,
) -> str:
    """The command that gets the address, or sends the body to it, quoted for a shell.

    A body is posted unless another method is named.
    """
    words = _asking(url, token)
    if body is not None:
        words += ["-H", f"Content-Type: {JSON}", "-d", json.dumps(body)]
    if method is not None:
        words += ["-X", method]
    return shlex.join(words)


def curl_file(url: str, text: str, *, token: str) -> str:
    """The command that uploads a file of that text."""
    words = [*_asking(url, token), "-H", "Content-Type: text/plain", "--data-binary", text]
    return shlex.join(words)


def _asking(url: str, token: str | None) -> list[str]:
    who = ["-H", f"Authorization: Bearer {token}"] if token else []
    return ["curl", "-s", url, *who]
