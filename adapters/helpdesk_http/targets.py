"""The request's target: short enough, and readable in one way only."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

import falcon

LONGEST_URL: Final = 8192
"""Characters of path and query as they were sent, where the server tells; else as decoded."""
MOST_PAIRS: Final = 1000
"""Pairs in a query."""

_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def check_target(req: falcon.Request) -> None:
    """Refuse what is too long (414), and what two readers could read differently (400, 404)."""
    query = req.query_string
    sent = req.env.get("REQUEST_URI") or query
    if max(len(sent), len(req.path) + len(query)) > LONGEST_URL:
        raise falcon.HTTPUriTooLong
    if req.path.startswith("//") or sent.startswith("//"):  # servers and routers pass over them
        raise falcon.HTTPRouteNotFound
    if "%" in sent and _STRAY_PERCENT.search(sent):
        raise falcon.HTTPBadRequest
    if query and not _is_readable(query):
        raise falcon.HTTPBadRequest


def _is_readable(query: str) -> bool:
    if not query.isascii() or query.count("&") >= MOST_PAIRS:
        return False
    return "%" not in query or _is_utf_8(unquote_to_bytes(query))


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
