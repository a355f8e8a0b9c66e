"""One request, and what the app notes on it."""

import re
from time import perf_counter
from typing import Final

import falcon

from helpdesk_core.people import Caller
from helpdesk_core.use_cases.sessions import Current

_METHODS: Final = frozenset(falcon.HTTP_METHODS)
_SAFE_ID = re.compile(r"[0-9A-Za-z._:-]{1,64}")


class Exchange(falcon.Context):
    """The notes. `began` is on a clock that only tells durations, in seconds.

    `caller` is who asks, once somebody wanted to know, and `session` by which session they do.
    """

    def __init__(self) -> None:
        self.began = perf_counter()
        self.request_id = ""
        self.caller: Caller | None = None
        self.session: Current | None = None


class DeskRequest(falcon.Request):
    """A request with an `Exchange` for its context."""

    context_type = Exchange
    context: Exchange


def method_of(req: falcon.Request) -> str:
    """The method when it is one of HTTP's own; any other is `other`, whatever its sender wrote."""
    return req.method if req.method in _METHODS else "other"


def given_request_id(req: DeskRequest) -> str | None:
    """The id that the request came with, when it is short and safe to repeat anywhere."""
    given = req.env.get("HTTP_X_REQUEST_ID")
    return given if given and _SAFE_ID.fullmatch(given) else None
