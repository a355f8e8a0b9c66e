"""How an error is worded on the wire. A room of the house speaks one dialect throughout."""

from collections.abc import Callable, Mapping

import attrs

from helpdesk_http.wire import written, written_in_seconds


@attrs.frozen(kw_only=True)
class Problem:
    """An error on its way out. `message` may be shown to anybody; `headers` go with the answer."""

    status: int
    code: str
    message: str
    details: Mapping[str, str] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Dialect:
    """How a room of the house writes; which one is spoken where, `dialect_at` says.

    `problem` is what is said of a problem, as plain JSON values; `written` writes any record.
    """

    problem: Callable[[Problem], Mapping[str, object]]
    written: Callable[[object], bytes]


def _plain(problem: Problem) -> Mapping[str, object]:
    return {"error": problem.message}


def _envelope(problem: Problem) -> Mapping[str, object]:
    return {
        "success": False,
        "error": problem.message,
        "code": problem.code,
        "details": dict(problem.details),
    }


PLAIN = Dialect(_plain, written)
"""Contract A: one sentence; instants to the millisecond."""

ENVELOPE = Dialect(_envelope, written_in_seconds)
"""Contract B: the sentence, a code, and what is wrong with each field; instants to the second."""

_ENVELOPED = ("/api/support/", "/api/internal/")


def dialect_at(path: str) -> Dialect:
    """What is spoken at a path, whether or not there is anything."""
    return ENVELOPE if f"{path}/".startswith(_ENVELOPED) else PLAIN
