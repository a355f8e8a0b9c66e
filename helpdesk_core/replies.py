"""Answers that are kept, so that a request that comes again is answered alike and done once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import attrs

KEPT: Final = timedelta(hours=24)
"""How long an answer is kept."""
LONGEST_KEY: Final = 255
"""Characters of printable ASCII."""


@attrs.frozen
class RequestKey:
    """The key of a request, and whose it is: the same text from another caller is another key."""

    caller: str
    key: str


@attrs.frozen(kw_only=True)
class Answer:
    """What a door answered, in its own terms; it is given back as it is."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@attrs.frozen(kw_only=True)
class Reply:
    """The answer to the first request of a key. `fingerprint` is the SHA-256 of what was asked."""

    request: RequestKey
    fingerprint: bytes
    answer: Answer
    created_at: datetime


def is_key(text: str) -> bool:
    """True for 1 to 255 printable ASCII characters."""
    return 0 < len(text) <= LONGEST_KEY and text.isascii() and text.isprintable()
