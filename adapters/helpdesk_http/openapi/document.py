"""The OpenAPI document: tables of operations and the app's own records, written out."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from helpdesk_core.permissions import ALLOWED, FOR_SOME
from helpdesk_core.replies import KEPT, LONGEST_KEY
from helpdesk_http.auth.cookies import Cookie, Cookies
from helpdesk_http.auth.forms import FORM, TOKEN
from helpdesk_http.bearer import takes_tokens
from helpdesk_http.conditions import HEADER as IF_MATCH
from helpdesk_http.keyed import HEADER as IDEMPOTENCY_KEY
from helpdesk_http.openapi.fields import matching
from helpdesk_http.openapi.operations import (
    JSON,
    Form,
    Operation,
    PageForm,
    Parameter,
    Upload,
)
from helpdesk_http.openapi.responses import HEADERS, responses
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
)
_VERSION: Final = Parameter(
    name=IF_MATCH,
    place="header",
    schema={"type": "string"},
    description="The `ETag` that was read: the write is made on that version, or not at all.",
)


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
            "headers": HEADERS,
            "securitySchemes": {
                "staffToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `helpdesk token create` printed.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": Cookies(is_secure=True).name(Cookie.SESSION),
                    "description": (
                        "The session of a browser that signed in at `/auth/sign-in`. Without TLS, "
                        "on localhost, its name has no `__Host-`."
                    ),
                },
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
        "responses": responses(operation, components),
        "security": _security(operation),
    }
    if operation.body:
        said["requestBody"] = _body(operation.body, components)
    return {name: value for name, value in said.items() if value}


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.act is None:
        return [{}]
    tokens: list[dict[str, list[str]]] = [{"staffToken": []}]
    return [*(tokens if takes_tokens(operation.path) else ()), {"session": []}]


def _described(operation: Operation) -> str:
    if operation.act not in FOR_SOME:
        return operation.description
    roles = ", ".join(sorted(role.value for role in ALLOWED[operation.act]))
    return f"{operation.description}\n\nFor staff of the roles {roles}.".strip()


def _parameters(operation: Operation) -> Iterable[Parameter]:
    yield from operation.parameters
    if operation.keyed:
        yield _KEY
    if operation.conditional:
        yield _VERSION


def _parameter(parameter: Parameter) -> Schema:
    said = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required or parameter.place == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }
    return said if parameter.example is None else {**said, "example": parameter.example}


def _body(body: Form | Upload | PageForm, components: Components) -> Schema:
    if isinstance(body, PageForm):
        fields = {
            "type": "object",
            "required": [*body.fields, TOKEN],
            "properties": {**body.fields, TOKEN: {"type": "string"}},
        }
        content = {FORM: {"schema": fields}}
        return {"required": True, "description": body.description, "content": content}
    if isinstance(body, Upload):
        content = {media_type: {"schema": {}} for media_type in body.media_types}
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
