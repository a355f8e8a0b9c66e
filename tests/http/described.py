"""Every answer that any test is given, compared with what the description says of it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from falcon.testing import Result
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from helpdesk_http.openapi.document import document_bytes
from helpdesk_http.openapi.operations import Operation
from helpdesk_http.openapi.rooms import OPERATIONS

JSON = "application/json"
HTML = "text/html"
DOCUMENT: dict[str, Any] = json.loads(document_bytes())


def assert_described(method: str, path: str, answer: Result) -> None:
    """The answer is one that the description has for the operation there, when it has one there.

    A 405 belongs to no operation.
    """
    operation = operation_at(method, path)
    if operation is None:
        return
    described = responses_of(operation)
    status = str(answer.status_code)
    assert status in described, f"{operation.name} says nothing of {status}"
    headers = {name.lower() for name in answer.headers}
    missing = [name for name in described[status]["headers"] if name.lower() not in headers]
    assert [] == missing, f"{operation.name} {status} lacks {missing}"
    content, kind = described[status].get("content", {}), answer.headers.get("Content-Type", "")
    if JSON in content and not (kind.startswith(HTML) and HTML in content):
        assert JSON == answer.headers["Content-Type"]
        validator_of(operation.name, status).validate(answer.json)


def operation_at(method: str, path: str) -> Operation | None:
    """The operation of a method at a path as it was sent."""
    found = (
        each for each in OPERATIONS if each.method == method and _at(each.path).fullmatch(path)
    )
    return next(found, None)


def responses_of(operation: Operation) -> dict[str, Any]:
    """What the description says of each answer of an operation, references followed."""
    written = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    shared = DOCUMENT["components"]["responses"]
    return {
        status: shared[said["$ref"].rpartition("/")[2]] if "$ref" in said else said
        for status, said in written.items()
    }


@cache
def validator_of(name: str, status: str) -> Validator:
    """The validator of what an operation answers in JSON with that status."""
    (operation,) = (each for each in OPERATIONS if each.name == name)
    schema = responses_of(operation)[status]["content"][JSON]["schema"]
    return Draft202012Validator(
        {"allOf": [schema], "components": DOCUMENT["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


@cache
def _at(path: str) -> re.Pattern[str]:
    """Matches the paths of a template; what comes after a question mark is no path."""
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/?]+", re.escape(path)) + r"(\?.*)?")
