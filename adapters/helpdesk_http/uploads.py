"""Where the body of a request is a file, and so may be longer than any other."""

import re
from collections.abc import Callable
from typing import TypeAlias

from helpdesk_core.attachments import AttachmentRules
from helpdesk_http.json_reader import LONGEST_BODY

LongestBody: TypeAlias = Callable[[str, str], int]
"""From method and decoded path to the bytes that a body may have there."""

_UPLOADS = re.compile(r"/api/(?:internal/tickets|(?:internal/)?support/case)/[^/]+/attachments")


def is_upload(path: str) -> bool:
    """True for the paths to which files are sent."""
    return _UPLOADS.fullmatch(path) is not None


def longest_body(rules: AttachmentRules) -> LongestBody:
    """What a server in front of the app need not take more of: the longest file, else JSON."""

    def longest(method: str, path: str) -> int:
        return rules.largest_file if method == "POST" and is_upload(path) else LONGEST_BODY

    return longest
