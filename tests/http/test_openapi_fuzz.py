"""What the description allows, and much that it forbids, is answered as it says; on both stores.

`HELPDESK_FUZZ_EXAMPLES` asks each operation more often than usual.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helpdesk_http.openapi.operations import Form
from helpdesk_http.openapi.rooms import OPERATIONS
from tests.http.api_desk import AGENT, DEPARTMENT, FILE, KPI_TYPE, ApiDesk, sql_desk

AnyOperation: TypeAlias = APIOperation[Any, Any, Any, Any]
AnyCase: TypeAlias = Case[Any]
OFTEN = int(os.environ.get("HELPDESK_FUZZ_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDINGS = ("cancel", "reject")
NAMES = sorted(
    (operation.name for operation in OPERATIONS), key=lambda name: name.startswith(ENDINGS)
)
"""What ends a case for good comes last: little can be done to one that is ended."""
PLACES = {
    operation.name: {it.name: it.example for it in operation.parameters if it.place == "path"}
    for operation in OPERATIONS
}
CAN_BE_WRONG = [
    operation.name
    for operation in OPERATIONS
    if isinstance(operation.body, Form) or any(it.place == "query" for it in operation.parameters)
]
KNOWN: Mapping[str, Any] = {
    "caseNumber": "CW-2025-001",
    "email": "john@example.com",
    "deptId": str(DEPARTMENT.id),
    "kpiTypeId": str(KPI_TYPE.id),
    "userId": str(AGENT.id),
    "staffId": str(AGENT.id),
    "department": DEPARTMENT.key,
    "attachments": [str(FILE)],
}
"""What there is in the desk, by the fields that name it."""


def ask_often(cases: SearchStrategy[AnyCase], headers: dict[str, str]) -> None:
    """Send each of the cases, and compare its answer with the description."""

    @given(cases)
    @settings(
        max_examples=OFTEN,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: AnyCase) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    answers()


def with_what_is_there(case: AnyCase) -> AnyCase:
    """The case, naming what there is."""
    if isinstance(case.body, dict):
        case.body |= {name: value for name, value in KNOWN.items() if name in case.body}
    return case


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApiDesk]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'desk.db'}"
    else:
        url = request.getfixturevalue("module_postgres_url")
    with sql_desk(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def operations(desk: ApiDesk) -> dict[str, AnyOperation]:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", desk.app)
    return {name: schema.find_operation_by_id(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_allowed_is_answered_as_described(
    desk: ApiDesk, operations: dict[str, AnyOperation], name: str
) -> None:
    ask_often(operations[name].as_strategy(), desk.headers)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_there_is_answered_as_described(
    desk: ApiDesk, operations: dict[str, AnyOperation], name: str
) -> None:
    cases = operations[name].as_strategy(path_parameters=PLACES[name])

    ask_often(cases.map(with_what_is_there), desk.headers)


@pytest.mark.parametrize("name", CAN_BE_WRONG)
def test_what_is_forbidden_is_refused_as_described(
    desk: ApiDesk, operations: dict[str, AnyOperation], name: str
) -> None:
    cases = operations[name].as_strategy(generation_mode=GenerationMode.NEGATIVE)

    ask_often(cases, desk.headers)


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_answered_as_described(
    operations: dict[str, AnyOperation], name: str
) -> None:
    ask_often(operations[name].as_strategy(), {})
