"""What an operation answers: when all is well, and everything that it may refuse."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from helpdesk_core.errors import (
    Forbidden,
    HelpdeskError,
    Invalid,
    KeyInUse,
    KeyReused,
    NotAsExpected,
    NotSignedIn,
    StaleTicket,
    Unavailable,
)
from helpdesk_core.permissions import FOR_SOME, SIGN_IN, STAFF_ONLY, Act
from helpdesk_core.replies import LONGEST_KEY
from helpdesk_http.auth.forms import STALE
from helpdesk_http.auth.same_origin import FROM_ELSEWHERE, READS
from helpdesk_http.bearer import CHALLENGE, takes_tokens
from helpdesk_http.dialects import Dialect, Problem, dialect_at
from helpdesk_http.errors import FAILED, problem_at, problem_of
from helpdesk_http.keyed import HEADER as IDEMPOTENCY_KEY
from helpdesk_http.openapi.operations import HTML, JSON, Form, Operation, PageForm, Says
from helpdesk_http.openapi.schemas import Components, Schema

_TEXT: Final[Schema] = {"type": "string"}

HEADERS: Final[Mapping[str, Schema]] = {
    "X-Request-ID": {
        "description": "What the log knows the request by.",
        "required": True,
        "schema": _TEXT,
    },
    "Retry-After": {
        "description": "Whole seconds after which it is worth asking again, never 0.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "ETag": {"description": "The version of what is shown.", "required": True, "schema": _TEXT},
    "Location": {"description": "Where to go.", "required": True, "schema": _TEXT},
    "WWW-Authenticate": {
        "description": "What opens the door.",
        "required": True,
        "schema": {"const": CHALLENGE},
    },
    "Content-Disposition": {
        "description": "Always `attachment`, with the file's name.",
        "required": True,
        "schema": _TEXT,
    },
}
"""The headers of answers that mean something to a client."""

_MOSTLY_ALIKE: Final = frozenset({414, 415, 422, 500, 503})
"""What most operations answer in the same words."""

_PAGE: Final[Mapping[str, Schema]] = {HTML: {"schema": _TEXT}}

_DETAILS: Final[Schema] = {
    "type": "object",
    "description": "What is wrong with each field, by its name.",
    "additionalProperties": _TEXT,
}


def responses(operation: Operation, components: Components) -> Mapping[str, object]:
    """Every answer of an operation, by its status."""
    dialect = dialect_at(operation.path)
    problems: dict[int, list[Problem]] = defaultdict(list)
    for problem in _problems(operation):
        problems[problem.status].append(problem)
    refused: dict[str, object] = {
        str(status): _refused(several, operation, components)
        for status, several in problems.items()
    }
    said = {str(says.status): _answer(says, dialect, components) for says in operation.says}
    return dict(sorted({**refused, **said}.items()))


def _answer(says: Says, dialect: Dialect, components: Components) -> Schema:
    said = {"description": says.description, "headers": _headers(*says.headers)}
    if says.kind is None and says.schema is None:
        return said
    spoken = says.dialect or dialect
    shown = {
        name: {"value": json.loads(spoken.written(record))}
        for name, record in says.examples.items()
    }
    schema = components.of(says.kind) if says.kind else says.schema
    media = {"schema": schema, "examples": shown} if shown else {"schema": schema}
    return {**said, "content": {says.media_type: media}}


def _refused(problems: Sequence[Problem], operation: Operation, components: Components) -> Schema:
    dialect, status = dialect_at(operation.path), HTTPStatus(problems[0].status)
    name, schema = _error(dialect)
    named = {_name(problem): {"value": dialect.problem(problem)} for problem in problems}
    opens = status == HTTPStatus.UNAUTHORIZED and takes_tokens(operation.path)
    content = {JSON: {"schema": components.add(name, schema), "examples": named}}
    said = {
        "description": status.phrase,
        "headers": _headers(*problems[0].headers, *(("WWW-Authenticate",) if opens else ())),
        "content": {**content, **(_PAGE if operation.is_page else {})},
    }
    return components.shared(f"{name}{status:d}", said) if status in _MOSTLY_ALIKE else said


def _headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-ID", *names)}


def _error(dialect: Dialect) -> tuple[str, Schema]:
    """The schema of what a dialect says of any problem, under the name of its shape."""
    shown = dialect.problem(FAILED)
    kinds = {"success": {"const": False}, "details": _DETAILS}
    return ("CaseError" if "code" in shown else "Error"), {
        "type": "object",
        "description": "Why not, in a sentence that anybody may be shown.",
        "required": list(shown),
        "properties": {name: kinds.get(name, _TEXT) for name in shown},
    }


def _name(problem: Problem) -> str:
    """A name for an example, of the letters and digits of its sentence."""
    letters = (each if each.isascii() and each.isalnum() else " " for each in problem.message)
    first, *others = "".join(letters).split()
    return "".join((first.lower(), *(word.capitalize() for word in others)))[:60]


def _problems(operation: Operation) -> Iterable[Problem]:
    yield from (problem_of(refusal) for refusal in _refusals(operation))
    for status in (400, 414, *((413, 415) if isinstance(operation.body, Form | PageForm) else ())):
        yield problem_at(HTTPStatus(status))
    yield FAILED


def _refusals(operation: Operation) -> Iterable[HelpdeskError]:
    if isinstance(operation.body, Form):
        yield Invalid("Request body must be a JSON object")
    if isinstance(operation.body, PageForm):
        yield Invalid("The form cannot be read")
        yield Forbidden(STALE)
    if operation.act:
        yield from _strangers(operation.act)
    yield from operation.refusals
    if operation.method not in READS:
        yield Forbidden(FROM_ELSEWHERE)
    if operation.keyed:
        yield Invalid(
            f"{IDEMPOTENCY_KEY} must be 1 to {LONGEST_KEY} printable ASCII characters",
            **{IDEMPOTENCY_KEY: "not a key"},
        )
        yield KeyReused()
        yield KeyInUse()
    if operation.conditional:
        yield NotAsExpected()
        yield StaleTicket()
    if operation.stores:
        yield Unavailable()


def _strangers(act: Act) -> Iterable[HelpdeskError]:
    if act in FOR_SOME:
        yield NotSignedIn(STAFF_ONLY)
        yield Forbidden(f"Your role may not {act.value}")
    else:
        yield NotSignedIn(SIGN_IN)
