"""Whatever anybody sends to contract B, the answer is its envelope: never a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.http.conftest import CASE, SupportHouse
from tests.http.test_any_json import ANY_JSON, ANY_TEXT

if TYPE_CHECKING:
    from falcon.testing import Result

KNOCKS = ("caseNumber", "email", "reason", "newUrgency")
CODES = {
    200: None,
    400: "VALIDATION_ERROR",
    404: "NOT_FOUND",
    409: "INVALID_TRANSITION",
}
one_house = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class NoLimits:
    """Counts nothing: these tests ask more often than anybody may."""

    def hit(self, *_: object) -> timedelta:
        return timedelta(0)

    def wait(self, *_: object) -> timedelta:
        return timedelta(0)


@pytest.fixture(autouse=True)
def unlimited(support: SupportHouse) -> None:
    support.rebuild(limiter=NoLimits())


def is_enveloped(answer: Result) -> bool:
    said = answer.json
    if said["success"] is True:
        return 200 == answer.status_code
    return (["success", "error", "code", "details"], CODES[answer.status_code]) == (
        list(said),
        said["code"],
    )


@given(field=st.sampled_from(tuple(CASE)), value=ANY_JSON)
@example(field="message", value="\ud800")
@example(field="name", value="\x00")
@example(field="phone", value="+" + "1" * 1000)
@one_house
def test_any_value_in_any_field_is_taken_or_refused(
    support: SupportHouse, field: str, value: object
) -> None:
    answer = support.post("/api/support/case", {**CASE, field: value})

    assert is_enveloped(answer)


@given(field=st.sampled_from(tuple(CASE)), value=ANY_JSON)
@one_house
def test_a_refusal_names_the_field_and_no_other(
    support: SupportHouse, field: str, value: object
) -> None:
    """Or none, where the body is no JSON: Python writes Infinity into it."""
    said = support.post("/api/support/case", {**CASE, field: value}).json

    assert said["success"] or {field} >= set(said["details"])


@given(document=st.dictionaries(st.sampled_from(tuple(CASE)) | ANY_TEXT, ANY_JSON))
@one_house
def test_any_object_is_answered_in_the_envelope(
    support: SupportHouse, document: dict[str, object]
) -> None:
    assert is_enveloped(support.post("/api/support/case", document))


@given(
    what=st.sampled_from(["status", "escalate", "cancel"]),
    field=st.sampled_from(KNOCKS),
    value=ANY_JSON,
)
@example(what="escalate", field="email", value="\ud800")
@example(what="cancel", field="caseNumber", value="\ud800")
@one_house
def test_any_value_at_any_other_door_is_taken_or_refused(
    support: SupportHouse, what: str, field: str, value: object
) -> None:
    support.open_case()
    document = {"caseNumber": "CW-2025-001", "email": CASE["email"], "reason": "Enough"}
    answer = support.post(f"/api/support/case/{what}", {**document, field: value})

    assert is_enveloped(answer)


@given(key=st.text(st.characters(max_codepoint=255)))
@one_house
def test_any_key_is_taken_or_refused_and_the_second_time_alike(
    support: SupportHouse, key: str
) -> None:
    support.open_case()
    body = b'{"caseNumber":"CW-2025-001","email":"john@example.com"}'
    first, second = (
        support.hand_over("POST", "/api/support/case/status", body, HTTP_IDEMPOTENCY_KEY=key)
        for _ in range(2)
    )

    assert (first[0] in {"200 OK", "400 Bad Request"}, first) == (True, second)
