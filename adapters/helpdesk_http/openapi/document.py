"""The OpenAPI document: tables of operations and the app's own records, written out."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

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
from helpdesk_core.permissions import ALLOWED, Act
from helpdesk_core.replies import KEPT, LONGEST_KEY
from helpdesk_http.dialects import Dialect, Problem, dialect_at
from helpdesk_http.errors import FAILED, problem_at, problem_of
from helpdesk_http.keyed import HEADER as IDEMPOTENCY_KEY
from helpdesk_http.openapi.fields import matching
from helpdesk_http.openapi.operations import JSON, Form, Operation, Parameter, Says, Upload
from helpdesk_http.openapi.rooms import OPERATIONS, TAGS
from helpdesk_http.openapi.schemas import Components, Schema

OPENAPI: Final = "3.1.0"
DISTRIBUTION: Final = "helpdesk-core"

_DESCRIPTION: Final = """\
Two doors into one desk, and the desk's own API.

Bodies are JSON (`application/json`) unless an operation says otherwise. Requests may have fields \
that are not listed here, and they mean nothing; answers may gain fields. A field that is null or \
blank is as if it had not been sent. Where there is a `GET` there is a `HEAD`, and everywhere \
`OPTIONS`; a method that is not listed is answered with 405 and the allowed ones in `Allow`. Every \
answer carries an `X-Request-ID`, which is the one that was sent when it is short and safe."""

_KEY: Final = Parameter(
    name=IDEMPOTENCY_KEY,
    place="header",
    schema=matching(rf"[ -~]{{1,{LONGEST_KEY}}}", "Printable ASCII."),
    description=(
        "Sent with a request so that it can be repeated: the same key with the same request is "
        f"answered with the first answer for {KEPT.total_seconds() / 3600:.0f} hours, and acts "
        "once. Keys are the caller's own."
    ),
    example="6f6a0c5e-8a3c-4f0e-9d0a-2f1f3a7f5c11",
)
_HEADERS: Final[Mapping[str, Schema]] = {
    "X-Request-ID": {
        "description": "What the log knows the request by.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Whole seconds after which it is worth asking again, never 0.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "ETag": {
        "description": "The version of what is shown.",
        "required": True,
        "schema": {"type": "string"},
    },
}
_MOSTLY_ALIKE: Final = frozenset({413, 414, 415, 422, 500, 503})
"""What most operations answer in the same words."""


@cache
def document_bytes() -> bytes:
    """The document as JSON in ASCII, the same for the life of a process."""
    return json.dumps(document(), separators=(",", ":"), allow_nan=False).encode("ascii")


def document(operations: Sequence[Operation] = OPERATIONS) -> dict[str, Any]:
    """The document as plain JSON values. Raises ValueError for what is described twice."""
    components = Components()
    paths: dict[str, dict[str, object]] = defaultdict(dict)
    for operation in operations:
        methods, method = paths[operation.path], operation.method.lower()
        if method in methods:
            raise ValueError(f"{operation.method} {operation.path} is described twice")
        methods[method] = _written(operation, components)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Helpdesk",
            "version": version(DISTRIBUTION),
            "description": _DESCRIPTION,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "paths": dict(paths),
        "components": {
            "schemas": components.listed(),
            "responses": components.responses(),
            "headers": _HEADERS,
            "securitySchemes": {
                "staffToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `helpdesk token create` printed.",
                }
            },
        },
    }


def _written(operation: Operation, components: Components) -> dict[str, object]:
    said: dict[str, object] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": _described(operation),
        "parameters": [_parameter(each) for each in _parameters(operation)],
        "responses": _responses(operation, components),
        "security": [{"staffToken": []}] if operation.act else [{}],
    }
    if operation.body:
        said["requestBody"] = _body(operation.body, components)
    return {name: value for name, value in said.items() if value}


def _described(operation: Operation) -> str:
    if operation.act is None:
        return operation.description
    roles = ", ".join(sorted(role.value for role in ALLOWED[operation.act]))
    return f"{operation.description}\n\nFor staff of the roles {roles}.".strip()


def _parameters(operation: Operation) -> Iterable[Parameter]:
    yield from operation.parameters
    if operation.keyed:
        yield _KEY


def _parameter(parameter: Parameter) -> dict[str, object]:
    said: dict[str, object] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required or parameter.place == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }
    return said if parameter.example is None else {**said, "example": parameter.example}


def _body(body: Form | Upload, components: Components) -> dict[str, object]:
    if isinstance(body, Upload):
        content: dict[str, object] = {media_type: {} for media_type in body.media_types}
        return {"required": True, "description": body.description, "content": content}
    schema = {
        "type": "object",
        "description": body.description,
        "required": [name for name in body.fields if name in body.required],
        "properties": body.fields,
    }
    media = {
        "schema": components.add(body.name, schema),
        "examples": {name: {"value": value} for name, value in body.examples.items()},
    }
    return {"required": True, "content": {JSON: media}}


def _responses(operation: Operation, components: Components) -> dict[str, object]:
    dialect = dialect_at(operation.path)
    answers: dict[str, object] = {
        str(says.status): _answer(says, dialect, components) for says in operation.says
    }
    problems: dict[int, list[Problem]] = defaultdict(list)
    for problem in _problems(operation):
        problems[problem.status].append(problem)
    refused = {
        str(status): _refused(status, several, dialect, components)
        for status, several in problems.items()
    }
    return dict(sorted({**refused, **answers}.items()))


def _answer(says: Says, dialect: Dialect, components: Components) -> dict[str, object]:
    content: dict[str, object] = {}
    if says.kind is not None or says.schema is not None:
        schema = components.of(says.kind) if says.kind else says.schema
        shown = {
            name: {"value": json.loads(dialect.written(record))}
            for name, record in says.examples.items()
        }
        content = {says.media_type: {"schema": schema, **({"examples": shown} if shown else {})}}
    return {
        "description": says.description,
        "headers": _headers(*says.headers),
        **({"content": content} if content else {}),
    }


def _refused(
    status: int, problems: Sequence[Problem], dialect: Dialect, components: Components
) -> Schema:
    name, schema = _error(dialect)
    body = components.add(name, schema)
    named = {_name(problem): {"value": dialect.problem(problem)} for problem in problems}
    said = {
        "description": HTTPStatus(status).phrase,
        "headers": _headers(*problems[0].headers),
        "content": {JSON: {"schema": body, "examples": named}},
    }
    return components.shared(f"{name}{status}", said) if status in _MOSTLY_ALIKE else said


def _headers(*names: str) -> dict[str, object]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-ID", *names)}


def _error(dialect: Dialect) -> tuple[str, Schema]:
    """The schema of what a dialect says of any problem, by the name of its shape."""
    shown = dialect.problem(FAILED)
    kinds = {"success": {"const": False}, "details": _DETAILS}
    return ("CaseError" if "code" in shown else "Error"), {
        "type": "object",
        "description": "Why not, in a sentence that anybody may be shown.",
        "required": list(shown),
        "properties": {name: kinds.get(name, {"type": "string"}) for name in shown},
    }


_DETAILS: Final[Schema] = {
    "type": "object",
    "description": "What is wrong with each field, by its name.",
    "additionalProperties": {"type": "string"},
}


def _name(problem: Problem) -> str:
    """A name for an example, of the letters and digits of its sentence."""
    letters = "".join(
        each if each.isalnum() and each.isascii() else " " for each in problem.message
    )
    first, *others = letters.split()
    return "".join((first.lower(), *(word.capitalize() for word in others)))[:60]


def _problems(operation: Operation) -> Iterable[Problem]:
    yield from (problem_of(refusal) for refusal in _refusals(operation))
    for status in (400, *_unreached(operation)):
        yield problem_at(HTTPStatus(status))
    yield FAILED


def _refusals(operation: Operation) -> Iterable[HelpdeskError]:
    if isinstance(operation.body, Form):
        yield Invalid("Request body must be a JSON object")
    yield from operation.refusals
    if operation.keyed:
        yield Invalid(f"{IDEMPOTENCY_KEY} must be 1 to {LONGEST_KEY} printable ASCII characters")
        yield KeyReused()
        yield KeyInUse()
    if operation.act:
        yield from _strangers(operation.act)
    if operation.conditional:
        yield NotAsExpected()
        yield StaleTicket()
    yield Unavailable()


def _strangers(act: Act) -> Iterable[HelpdeskError]:
    yield NotSignedIn("Staff authentication is required")
    yield Forbidden(f"Your role may not {act.value}")


def _unreached(operation: Operation) -> Iterable[int]:
    yield 414
    if isinstance(operation.body, Form):
        yield from (413, 415)
    yield from operation.unreached
