"""What is said of requests: what the description allows is taken, what it forbids is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from falcon.testing import Result, TestClient
from jsonschema import Draft202012Validator

from helpdesk_core.cases import RawCase
from helpdesk_core.intake import RawIntake
from helpdesk_core.logged_work import RawWork
from helpdesk_core.use_cases.cases import RawKey
from helpdesk_core.use_cases.handling import RawAssignment, RawUpdate
from helpdesk_http.openapi.document import document_bytes
from helpdesk_http.openapi.operations import Form
from helpdesk_http.openapi.rooms import OPERATIONS
from helpdesk_http.staff_tickets import STEPS, RawAnswer, RawMove
from helpdesk_http.wire import camel
from tests.http.api_desk import ApiDesk, memory_desk
from tests.http.conftest import GOOD

if TYPE_CHECKING:
    from tests.http.conftest import House, SupportHouse

SCHEMAS: dict[str, Any] = json.loads(document_bytes())["components"]["schemas"]
FORMS = {each.name: each.body for each in OPERATIONS if isinstance(each.body, Form)}
CUSTOMERS = ("openCase", "readCaseStatus", "escalateCase", "cancelCase")
READ_INTO = {
    "submitTicket": (RawIntake, set()),
    "logWork": (RawWork, set()),
    "correctWork": (RawWork, set()),
    "withdrawWork": (None, set()),
    "signOut": (None, set()),
    "openCase": (RawCase, set()),
    "readCaseStatus": (RawKey, set()),
    "escalateCase": (RawKey, {"reason", "newUrgency"}),
    "cancelCase": (RawKey, {"reason"}),
    "postMessage": (None, {"body"}),
    "updateCase": (RawUpdate, set()),
    "assignCase": (RawAssignment, set()),
    "assignTicket": (RawAssignment, set()),
    "replyOnTicket": (RawAnswer, set()),
    "noteOnTicket": (RawAnswer, set()),
    **{f"{name}Ticket": (RawMove, set()) for name in STEPS},
}
STAFF = ("updateCase", "assignCase", "noteOnTicket", "closeTicket", "rejectTicket")
NOT_NOW = {"INVALID_TRANSITION"}
"""Understood, and refused as the case stands."""
REFUSED = (400, 404)
"""What is no number and no address of a case opens none."""


def wrong_for(schema: Mapping[str, Any]) -> Iterator[object]:
    """Values that a field's schema does not allow."""
    yield from ({}, ["a"], 7, 1.5)
    if "array" not in schema["type"]:
        yield []
    if "maxItems" in schema:
        yield [f"{each:032x}" for each in range(schema["maxItems"] + 1)]
    if "boolean" not in schema["type"]:
        yield True
    if "enum" in schema:
        yield from ("nothing", schema["enum"][0].lower())
    elif schema["type"] in ("string", ["string", "null"]):
        yield "x\u0000x"
    if "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1)


def right_for(schema: Mapping[str, Any]) -> Iterator[object]:
    """Values that a field's schema allows, the greatest and the oddest."""
    if "null" in schema["type"]:
        yield None
    yield from (word for word in schema.get("enum", ()) if word)
    if schema["type"] == "boolean" or "boolean" in schema["type"]:
        yield from (True, False)
    if "maxLength" in schema and "format" not in schema:
        yield "\U0001f600" * schema["maxLength"]


def fields(
    values: Callable[[Mapping[str, Any]], Iterator[object]], *names: str
) -> list[tuple[str, str, object]]:
    return [
        (name, field, value)
        for name in names
        for field, schema in FORMS[name].fields.items()
        for value in values(schema)
    ]


def is_allowed(name: str, document: object) -> bool:
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(SCHEMAS[FORMS[name].name], format_checker=checker).is_valid(
        document
    )


def ask(support: SupportHouse, name: str, document: object) -> Result:
    (path,) = (each.path for each in OPERATIONS if each.name == name)
    return support.post(path, document)


def example(name: str, /, **changes: object) -> dict[str, object]:
    """The example of a request, with the case's address, but for the changes."""
    (document,) = FORMS[name].examples.values()
    whole = {"email": "john@example.com", **document, **changes}
    return {key: value for key, value in whole.items() if value is not ...}


@pytest.mark.parametrize("name", READ_INTO)
def test_a_request_is_described_by_the_fields_that_are_read(name: str) -> None:
    record, more = READ_INTO[name]
    read = {camel(field.name) for field in attrs.fields(record)} if record else set()

    assert read | more == set(FORMS[name].fields)


def test_every_request_is_compared_with_what_reads_it() -> None:
    assert set(FORMS) == set(READ_INTO)


@pytest.mark.parametrize(("name", "field", "value"), fields(wrong_for, *CUSTOMERS))
def test_what_the_description_forbids_in_a_case_is_refused(
    support: SupportHouse, name: str, field: str, value: object
) -> None:
    support.open_case()
    document = example(name, **{field: value})

    assert not is_allowed(name, document)
    assert ask(support, name, document).status_code in REFUSED


@pytest.mark.parametrize(("name", "field", "value"), fields(right_for, "openCase"))
def test_what_the_description_allows_in_a_case_is_taken(
    support: SupportHouse, name: str, field: str, value: object
) -> None:
    document = example(name, **{field: value})

    assert (True, 200) == (is_allowed(name, document), ask(support, name, document).status_code)


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name in CUSTOMERS for field in sorted(FORMS[name].fields)],
)
def test_a_field_may_be_left_out_when_it_is_not_required(
    random_support: SupportHouse, name: str, field: str
) -> None:
    number = random_support.opened()
    changes = {"caseNumber": number, field: ...} if name != "openCase" else {field: ...}
    answer = ask(random_support, name, example(name, **changes))

    assert (field in FORMS[name].required) == (400 == answer.status_code)


@pytest.mark.parametrize(("name", "field", "value"), fields(wrong_for, "submitTicket"))
def test_what_the_description_forbids_in_a_submission_is_refused(
    house: House, name: str, field: str, value: object
) -> None:
    document = {**GOOD, field: value}

    assert (False, 400) == (
        is_allowed(name, document),
        house.post("/api/intake", document).status_code,
    )


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        each
        for each in fields(right_for, "submitTicket")
        if each[1:] not in {("createdByName", None), ("createdByEmail", None)}
    ],
)
def test_what_the_description_allows_in_a_submission_is_taken(
    house: House, name: str, field: str, value: object
) -> None:
    document = {**GOOD, field: value}

    assert (True, 201) == (
        is_allowed(name, document),
        house.post("/api/intake", document).status_code,
    )


@pytest.mark.parametrize("field", sorted(FORMS["submitTicket"].fields))
def test_the_signed_in_submit_with_what_is_required_alone(house: House, field: str) -> None:
    document = {key: value for key, value in GOOD.items() if key != field}
    answer = house.post("/api/intake", document, person="customer")

    assert (field in FORMS["submitTicket"].required) == (400 == answer.status_code)


def tell(desk: ApiDesk, name: str, document: object) -> Result:
    """Ask as staff about the case of the examples."""
    (operation,) = (each for each in OPERATIONS if each.name == name)
    path = operation.path
    for each in operation.parameters:
        path = path.replace(f"{{{each.name}}}", str(each.example))
    return TestClient(desk.app).simulate_request(
        operation.method,
        path,
        body=json.dumps(document).encode(),
        headers={"Content-Type": "application/json", **desk.headers},
    )


def staff_example(name: str, **changes: object) -> dict[str, object]:
    document = next(iter(FORMS[name].examples.values()))
    return {key: value for key, value in {**document, **changes}.items() if value is not ...}


@pytest.mark.parametrize(("name", "field", "value"), fields(wrong_for, *STAFF))
def test_what_the_description_forbids_to_staff_is_refused(
    name: str, field: str, value: object
) -> None:
    document = staff_example(name, **{field: value})

    assert not is_allowed(name, document)
    assert 400 == tell(memory_desk(), name, document).status_code


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [each for each in fields(right_for, *STAFF) if each[1] != "department" or each[2] is None],
)
def test_what_the_description_allows_to_staff_is_understood(
    name: str, field: str, value: object
) -> None:
    document = staff_example(name, **{field: value})
    answer = tell(memory_desk(), name, document)

    assert is_allowed(name, document)
    assert (200 == answer.status_code) or answer.json["code"] in NOT_NOW, answer.text


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in STAFF for field in sorted(FORMS[name].fields)]
)
def test_staff_may_leave_out_what_is_not_required(name: str, field: str) -> None:
    answer = tell(memory_desk(), name, staff_example(name, **{field: ...}))

    assert (field in FORMS[name].required) == (400 == answer.status_code)
