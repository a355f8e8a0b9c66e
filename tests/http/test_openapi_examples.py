"""The examples of requests, sent to a desk in which they make sense: every one is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from falcon.testing import Result, TestClient
from jsonschema import Draft202012Validator

from helpdesk_http.openapi.document import document_bytes
from helpdesk_http.openapi.operations import Form, Operation, Upload
from helpdesk_http.openapi.rooms import OPERATIONS
from tests.http.api_desk import memory_desk

DOCUMENT: dict[str, Any] = json.loads(document_bytes())
BY_NAME = {operation.name: operation for operation in OPERATIONS}
TAKEN = [
    (operation.name, example)
    for operation in OPERATIONS
    if operation.says and not operation.is_page  # what a page sends is its own
    for example in (operation.body.examples if isinstance(operation.body, Form) else ("",))
]
BEFORE = {
    "waitTicket": (("assignTicket", "reassign"),),
    "resumeTicket": (("assignTicket", "reassign"), ("waitTicket", "plain")),
    "reopenTicket": (("closeTicket", "plain"),),
}
"""What brings the desk's ticket to where an operation can begin."""


def send(client: TestClient, operation: Operation, example: str, token: str) -> Result:
    """Ask as the description's example does; whoever needs one has a token or a session."""
    path, query = operation.path, {}
    for each in operation.parameters:
        if each.place == "path":
            path = path.replace(f"{{{each.name}}}", str(each.example))
        elif each.required:
            query[each.name] = str(each.example)
    body, kind = _body(operation, example)
    headers = {"Authorization": f"Bearer {token}", "X-Person": "customer", **kind}
    query |= {"email": "john@example.com"} if "/support/case/{" in operation.path else {}
    return client.simulate_request(operation.method, path, params=query, body=body, headers=headers)


def _body(operation: Operation, example: str) -> tuple[bytes | None, dict[str, str]]:
    form = operation.body
    if isinstance(form, Upload):
        return b"\x89PNG", {"Content-Type": form.media_types[0]}
    if not isinstance(form, Form):
        return None, {}
    document = {**form.examples[example]}
    if "caseNumber" in form.fields:
        document["email"] = "john@example.com"
    return json.dumps(document).encode(), {"Content-Type": "application/json"}


def said(operation: Operation, answer: Result) -> dict[str, Any]:
    """What the description says of the answer."""
    described = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    found: dict[str, Any] = described[str(answer.status_code)]
    return found


@pytest.mark.parametrize(
    ("name", "example"), TAKEN, ids=[f"{name} {example}".strip() for name, example in TAKEN]
)
def test_every_example_is_taken_and_answered_as_described(name: str, example: str) -> None:
    desk, operation = memory_desk(), BY_NAME[name]
    client = TestClient(desk.app)
    for earlier, sent in BEFORE.get(name, ()):
        send(client, BY_NAME[earlier], sent, desk.token)
    answer = send(client, operation, example, desk.token)

    assert operation.says[0].status == answer.status_code, answer.text
    assert_fits(operation, answer)


def assert_fits(operation: Operation, answer: Result) -> None:
    described = said(operation, answer)
    assert {name.lower() for name in described["headers"]} <= {
        name.lower() for name in answer.headers
    }
    if "application/json" in described.get("content", {}):
        schema = described["content"]["application/json"]["schema"]
        whole = {"allOf": [schema], "components": DOCUMENT["components"]}
        Draft202012Validator(whole).validate(answer.json)
