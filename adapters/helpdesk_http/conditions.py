"""`If-Match`: a write is made on the version that its sender saw, or not at all.

RFC 9110, 13.1.1. The header is no part of what an `Idempotency-Key` stands for: who sends a request
again, because the first answer was lost, may have read the ticket meanwhile and know a newer
version, its own.
"""

import re
from typing import Final

import falcon

HEADER: Final = "If-Match"
LONGEST: Final = 1024
"""Characters; a longer list of tags matches nothing."""

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t]*{_TAG}[ \t]*(?:,[ \t]*{_TAG}[ \t]*)*")
_VERSION = re.compile(r'(?<!W/)"([1-9][0-9]{0,8})"')
_NONE: Final[frozenset[int]] = frozenset()


def expected_versions(req: falcon.Request) -> frozenset[int] | None:
    """The versions that will do; None when any will: without the header, and for `*`.

    Weak tags and tags that are none of ours match nothing, and so does what is no list of tags.
    """
    sent = req.env.get("HTTP_IF_MATCH")
    if sent is None or sent.strip(" \t") == "*":
        return None
    if len(sent) > LONGEST or _TAGS.fullmatch(sent) is None:
        return _NONE
    return frozenset(int(version) for version in _VERSION.findall(sent))
