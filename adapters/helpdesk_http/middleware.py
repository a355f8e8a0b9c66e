"""What every request goes through and every answer carries."""

from collections.abc import Callable
from time import perf_counter
from typing import Final, Protocol

import falcon

from helpdesk_http.exchange import DeskRequest, given_request_id, method_of
from helpdesk_http.targets import check_target

USUAL_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
)
"""What goes with every answer that says nothing else.

JSON is never a page, never in a frame and kept by nobody, and the URL of a ticket goes to nobody.
"""


class ResponseHook(Protocol):
    """Is told of each answer, on the request's thread, before its bytes are sent. Never raises."""

    def __call__(
        self, *, method: str, route: str | None, status: int, duration: float, request_id: str
    ) -> object:
        """Take note of an answer.

        `method` is one of HTTP's own, or `other`; `route` the template, None where no path
        matched; `duration` in seconds. None of them holds what a client chose but for a
        `request_id` of safe characters.
        """
        ...


class EveryAnswer:
    """Gives each request an id and each answer its headers, and tells the hook."""

    def __init__(self, new_request_id: Callable[[], str], on_response: ResponseHook | None) -> None:
        self._new_request_id = new_request_id
        self._on_response = on_response

    def process_request(self, req: DeskRequest, _resp: falcon.Response) -> None:
        """Note the request's id, then look at its target."""
        self._identify(req)
        check_target(req)

    def process_response(
        self,
        req: DeskRequest,
        resp: falcon.Response,
        _resource: object,
        _succeeded: bool,  # noqa: FBT001  # falcon's shape
    ) -> None:
        """Add the headers that the resource did not, then tell."""
        if not req.context.request_id:  # falcon refuses a few methods before it asks us
            self._identify(req)
        for name, usual in USUAL_HEADERS:
            if resp.get_header(name) is None:
                resp.set_header(name, usual)
        resp.set_header("X-Request-ID", req.context.request_id)
        if self._on_response is not None:
            self._tell(self._on_response, req, resp)

    def _identify(self, req: DeskRequest) -> None:
        req.context.request_id = given_request_id(req) or self._new_request_id()

    def _tell(self, hook: ResponseHook, req: DeskRequest, resp: falcon.Response) -> None:
        _ = hook(
            method=method_of(req),
            route=req.uri_template,
            status=resp.status_code,
            duration=perf_counter() - req.context.began,
            request_id=req.context.request_id,
        )
