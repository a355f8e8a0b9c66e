"""From whatever was raised to an answer: one table of statuses, one way out.

The cause of a failure goes to the log with the request's id, and nowhere else.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import falcon

from helpdesk_core.errors import (
    DuplicateId,
    Forbidden,
    HelpdeskError,
    Invalid,
    InvalidTransition,
    KeyInUse,
    KeyReused,
    NotAsExpected,
    NotFound,
    NotSignedIn,
    ProviderUnavailable,
    SignInRefused,
    StaleDirectory,
    StaleTicket,
    TooLarge,
    TooMany,
    Unavailable,
)
from helpdesk_core.people import Caller
from helpdesk_http.answers import send_bytes
from helpdesk_http.auth.pages import send_problem_page, wants_page
from helpdesk_http.bearer import ROOMS
from helpdesk_http.dialects import Problem, dialect_at
from helpdesk_http.exchange import DeskRequest, method_of
from helpdesk_http.log import Log
from helpdesk_http.uploads import is_upload

STATUS: Final[Mapping[type[HelpdeskError], int]] = {
    Invalid: 400,
    NotSignedIn: 401,
    SignInRefused: 403,
    Forbidden: 403,
    NotFound: 404,
    InvalidTransition: 409,
    StaleTicket: 409,
    StaleDirectory: 409,
    DuplicateId: 409,
    KeyInUse: 409,
    NotAsExpected: 412,
    TooLarge: 413,
    KeyReused: 422,
    TooMany: 429,
    Unavailable: 503,
}
"""The status of each refusal. A class that is not in it has its nearest base's; see `status_of`."""

SENTENCES: Final[Mapping[int, str]] = {
    400: "The request cannot be understood",
    404: "There is nothing at this address",
    405: "That method is not allowed here",
    413: "Request body must be 1 MiB or less",
    414: "The address is too long",
    415: "Request body must be application/json, in UTF-8 and not compressed",
}
"""What is said of a request that is refused before any rule of the desk was asked."""

CODES: Final[Mapping[int, str]] = {
    400: "BAD_REQUEST",
    404: NotFound.code,
    405: "METHOD_NOT_ALLOWED",
    413: TooLarge.code,
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
}
"""The codes of such requests. The interpreter's own names of statuses differ by its version."""

FAILED: Final = Problem(
    status=500,
    code="INTERNAL_ERROR",
    message="Something went wrong on our side. Please try again later.",
)

BUSY: Final = 5
"""Seconds after which it is worth asking again when something did not answer."""


def status_of(refusal: type[HelpdeskError]) -> int:
    """The status of a refusal; 400 for one that is kin to none in the table."""
    kin = (STATUS[each] for each in refusal.__mro__ if each in STATUS)
    return next(kin, 400)


def problem_of(refusal: HelpdeskError) -> Problem:
    """What is said of a refusal of the desk."""
    return Problem(
        status=status_of(type(refusal)),
        code=refusal.code,
        message=refusal.message,
        details=refusal.details,
        headers=_headers_of(refusal),
    )


def problem_at(status: HTTPStatus, headers: Mapping[str, str] | None = None) -> Problem:
    """What is said of a request that is refused before any rule of the desk was asked."""
    return Problem(
        status=status,
        code=code_of(status),
        message=SENTENCES.get(status, status.phrase),
        headers=headers or {},
    )


def code_of(status: int) -> str:
    """The code of a status that a request gets before any rule of the desk was asked."""
    return CODES.get(status, FAILED.code if status >= FAILED.status else CODES[400])


def error_body(status: int, reason: str, path: str = "/") -> bytes:
    """What a server in front of the app says of a request that the app never sees, as JSON.

    `reason` is the status' own phrase, said where there is no better sentence; `path` the decoded
    one, at which its room's dialect is spoken.
    """
    sentence = FAILED.message if status == FAILED.status else SENTENCES.get(status, reason)
    if status == STATUS[TooLarge] and is_upload(path):
        sentence = "The file is too large"
    problem = Problem(status=status, code=code_of(status), message=sentence)
    dialect = dialect_at(path)
    return dialect.written(dialect.problem(problem))


NoteRefusal: TypeAlias = Callable[[Caller, Forbidden, str], None]
"""Is told who was refused what, and at which method and route. Never raises."""


def install(app: falcon.App[DeskRequest, falcon.Response], log: Log, note: NoteRefusal) -> None:
    """Answer everything that is raised while the app works, in what is spoken at its path."""
    failures = _Failures(log)
    app.add_error_handler(HelpdeskError, _refused)
    app.add_error_handler(Forbidden, _Refusals(note).forbidden)
    app.add_error_handler(Unavailable, failures.unavailable)
    app.add_error_handler(ProviderUnavailable, failures.sign_in_failed)
    app.add_error_handler(SignInRefused, failures.sign_in_failed)
    app.add_error_handler(falcon.HTTPError, _misdirected)
    app.add_error_handler(Exception, failures.unforeseen)


def _refused(
    req: DeskRequest, resp: falcon.Response, refusal: HelpdeskError, _params: dict[str, Any]
) -> None:
    _send_problem(req, resp, problem_of(refusal))


def _headers_of(refusal: HelpdeskError) -> Mapping[str, str]:
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(refusal.retry_after)}
    is_passing = isinstance(refusal, (KeyInUse, Unavailable))
    return {"Retry-After": str(BUSY)} if is_passing else {}


def _misdirected(
    req: DeskRequest, resp: falcon.Response, error: falcon.HTTPError, _params: dict[str, Any]
) -> None:
    _send_problem(req, resp, problem_at(HTTPStatus(error.status_code), dict(error.headers or {})))


class _Refusals:
    """What somebody may not do; it is noted who asked."""

    def __init__(self, note: NoteRefusal) -> None:
        self._note = note

    def forbidden(
        self, req: DeskRequest, resp: falcon.Response, error: Forbidden, params: dict[str, Any]
    ) -> None:
        if req.context.caller is not None:
            where = req.uri_template or ROOMS  # the staff's door is before every route
            self._note(req.context.caller, error, f"{method_of(req)} {where}")
        _refused(req, resp, error, params)


class _Failures:
    """What is no fault of the request; the operator is told why."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def unavailable(
        self, req: DeskRequest, resp: falcon.Response, error: Unavailable, params: dict[str, Any]
    ) -> None:
        _ = self._log.warning("unavailable", exc_info=error, **_facts(req))
        _refused(req, resp, error, params)

    def sign_in_failed(
        self,
        req: DeskRequest,
        resp: falcon.Response,
        error: SignInRefused | ProviderUnavailable,
        params: dict[str, Any],
    ) -> None:
        """The reason is for the operator alone."""
        _ = self._log.warning("sign-in failed", reason=error.reason, **_facts(req))
        _refused(req, resp, error, params)

    def unforeseen(
        self, req: DeskRequest, resp: falcon.Response, error: Exception, _params: dict[str, Any]
    ) -> None:
        _ = self._log.error("request failed", exc_info=error, **_facts(req))
        _send_problem(req, resp, FAILED)


def _facts(req: DeskRequest) -> dict[str, object]:
    return {
        "request_id": req.context.request_id,
        "method": method_of(req),
        "route": req.uri_template,
    }


def _send_problem(req: DeskRequest, resp: falcon.Response, problem: Problem) -> None:
    if wants_page(req):
        send_problem_page(resp, problem)
        return
    dialect = dialect_at(req.path)
    send_bytes(
        resp, dialect.written(dialect.problem(problem)), status=problem.status, keep="no-store"
    )
    resp.set_headers(dict(problem.headers))
