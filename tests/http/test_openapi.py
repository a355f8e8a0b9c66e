"""The description: valid, true to what is routed, and the same for everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import attrs
import falcon.inspect
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from helpdesk_core.permissions import FOR_SOME
from helpdesk_http import Counted, Health, Probes
from helpdesk_http.auth.same_origin import READS
from helpdesk_http.bearer import takes_tokens
from helpdesk_http.openapi.document import document, document_bytes
from helpdesk_http.openapi.operations import Form, Operation
from helpdesk_http.openapi.page import PATHS
from helpdesk_http.openapi.rooms import OPERATIONS, TAGS
from helpdesk_sheets import workbook
from tests.http.conftest import NOON

if TYPE_CHECKING:
    from tests.http.conftest import House

DOCUMENT: dict[str, Any] = json.loads(document_bytes())
PROBES = Probes(
    health=lambda: Health(at=NOON, components={"database": True}),
    reasons_against=tuple,
    counted=lambda: Counted(text=b"desks 1", content_type="text/plain; charset=utf-8"),
    version="1.0.0",
)
BESIDE = ("/", "/auth/page.css")
ON_THE_WAY = {("HEAD", "/auth/sign-in/{}"), ("HEAD", "/auth/callback")}
"""What a `GET` there begins or ends is no reading."""
NAMES = [operation.name for operation in OPERATIONS]


def everywhere(node: object) -> Iterator[dict[str, Any]]:
    """Every object within the document, the outermost first."""
    if isinstance(node, dict):
        yield node
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for each in inside:
        yield from everywhere(each)


def validator(schema: object) -> Draft202012Validator:
    """A validator of a schema that may refer to the document's components."""
    whole = {"allOf": [schema], "components": DOCUMENT["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(whole, format_checker=checker)


def examples() -> Iterator[tuple[str, object, object]]:
    """Each example of a body or a parameter: where it is, its schema, and its value."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            for parameter in operation.get("parameters", ()):
                if "example" in parameter:
                    yield f"{where} {parameter['name']}", parameter["schema"], parameter["example"]
            yield from examples_in(operation.get("requestBody", {}), where)
            for status, response in operation["responses"].items():
                yield from examples_in(response, f"{where} {status}")
    for name, response in DOCUMENT["components"]["responses"].items():
        yield from examples_in(response, name)


def examples_in(node: object, where: str) -> Iterator[tuple[str, object, object]]:
    """Each example of a body: where it is, its schema, and its value."""
    for media in everywhere(node):
        for name, example in media.get("examples", {}).items():
            yield f"{where} {name}", media["schema"], example["value"]


EXAMPLES = list(examples())


def placeless(path: str) -> str:
    """A path whose parameters have no names."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def routed(house: House) -> set[tuple[str, str]]:
    return {
        (method.method, placeless(route.path))
        for route in falcon.inspect.inspect_routes(house.app)
        for method in route.methods
        if method.method != "OPTIONS" and method.function_name.startswith("on_")
    }


def operation_of(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return found


def test_the_description_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_it_is_openapi_3_1_of_this_release() -> None:
    assert ("3.1.0", version("helpdesk-core")) == (
        DOCUMENT["openapi"],
        DOCUMENT["info"]["version"],
    )


def test_every_address_is_described_and_nothing_else(house: House) -> None:
    house.open(probes=PROBES, workbook=workbook)
    described = {(each.method, placeless(each.path)) for each in OPERATIONS}
    beside = {(method, path) for path in (*PATHS, *BESIDE) for method in ("GET", "HEAD")}
    heads = {("HEAD", path) for method, path in described if method == "GET"} - ON_THE_WAY

    assert described | heads | beside == routed(house)


def test_every_operation_is_in_the_document_once() -> None:
    written = [
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    ]

    assert sorted(NAMES) == sorted(written)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_the_path_names_the_parameters_that_are_described(operation: Operation) -> None:
    described = {each.name for each in operation.parameters if each.place == "path"}

    assert described == {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_every_operation_says_what_it_is_and_where_it_belongs(operation: Operation) -> None:
    assert operation.tag in TAGS
    assert operation.summary
    assert not operation.summary.endswith(".")


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_what_only_some_may_do_wants_a_token_or_a_session(operation: Operation) -> None:
    tokens: list[object] = [{"staffToken": []}] if takes_tokens(operation.path) else []

    assert ([*tokens, {"session": []}] if operation.act else [{}]) == operation_of(operation)[
        "security"
    ]


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_whoever_may_not_is_told_so(operation: Operation) -> None:
    told = {"401"} if operation.act else set()

    assert told | ({"403"} if operation.act in FOR_SOME else set()) <= set(
        operation_of(operation)["responses"]
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_whatever_changes_something_may_be_refused_to_other_sites(operation: Operation) -> None:
    assert operation.method in READS or "403" in operation_of(operation)["responses"]


@pytest.mark.parametrize(
    ("schema", "value"),
    [(schema, value) for _, schema, value in EXAMPLES],
    ids=[where for where, _, _ in EXAMPLES],
)
def test_every_example_fits_its_schema(schema: object, value: object) -> None:
    validator(schema).validate(value)


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if isinstance(each.body, Form)],
    ids=lambda it: it.name,
)
def test_every_request_has_an_example_with_everything_that_is_required(
    operation: Operation,
) -> None:
    form = operation.body
    assert isinstance(form, Form)

    assert form.examples
    assert all(
        form.required <= set(example) <= set(form.fields) for example in form.examples.values()
    )


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.says], ids=lambda it: it.name
)
def test_every_record_that_is_answered_has_an_example(operation: Operation) -> None:
    assert all(says.examples for says in operation.says if says.kind)


def test_every_component_is_used_and_every_reference_leads_somewhere() -> None:
    referred = {node["$ref"] for node in everywhere(DOCUMENT) if isinstance(node.get("$ref"), str)}

    assert referred == {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "headers", "responses")
        for name in DOCUMENT["components"].get(kind, ())
    }


def test_two_operations_at_one_address_are_refused() -> None:
    twice = attrs.evolve(OPERATIONS[0], name="again")

    with pytest.raises(ValueError, match="described twice"):
        document([OPERATIONS[0], twice])


def test_everybody_reads_the_same_bytes(house: House) -> None:
    answer = house.get("/openapi.json")

    assert (200, "application/json", document_bytes()) == (
        answer.status_code,
        answer.headers["Content-Type"],
        answer.content,
    )


def test_the_description_may_be_kept_for_a_minute(house: House) -> None:
    assert "public, max-age=60" == house.get("/openapi.json").headers["Cache-Control"]


def test_who_holds_the_description_is_not_sent_it_again(house: House) -> None:
    etag = house.get("/openapi.json").headers["ETag"]
    answer = house.get("/openapi.json", if_none_match=etag)

    assert (304, b"", etag) == (answer.status_code, answer.content, answer.headers["ETag"])
