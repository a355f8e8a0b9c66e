"""Whatever anybody sends, the answer is the contract's: never a failure, never a stray word."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.http.conftest import House

ANY_TEXT = st.text(st.characters())  # lone surrogates too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(ANY_TEXT, children, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = (
    "deptId",
    "userId",
    "kpiTypeId",
    "ticketDate",
    "description",
    "createdByName",
    "createdByEmail",
    "isHolidayWork",
)
LATIN_1 = st.text(st.characters(max_codepoint=255))
one_house = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class NoLimits:
    """Counts nothing: these tests ask more often than anybody may."""

    def hit(self, *_: object) -> timedelta:
        return timedelta(0)


@pytest.fixture(autouse=True)
def unlimited(house: House) -> None:
    house.rebuild(limiter=NoLimits())


@given(field=st.sampled_from(FIELDS), value=ANY_JSON)
@example(field="description", value="\ud800")
@example(field="createdByName", value="\x00")
@example(field="ticketDate", value="9999-12-31T23:59:59-01:00")
@one_house
def test_any_value_in_any_field_is_taken_or_refused(
    house: House, good: dict[str, object], field: str, value: object
) -> None:
    answer = house.post("/api/intake", {**good, field: value})

    assert answer.status_code in {201, 400}


@given(field=st.sampled_from(FIELDS), value=ANY_JSON)
@one_house
def test_what_was_taken_can_be_read_again(
    house: House, good: dict[str, object], field: str, value: object
) -> None:
    taken = house.post("/api/intake", {**good, field: value}).json

    assert "error" in taken or 200 == house.get(f"/api/intake/status/{taken['id']}").status_code


@given(document=st.dictionaries(st.sampled_from(FIELDS) | ANY_TEXT, ANY_JSON))
@one_house
def test_any_object_is_answered_with_a_ticket_or_one_sentence(
    house: House, document: dict[str, Any]
) -> None:
    answer = house.post("/api/intake", document)

    assert {"id", "status", "assignmentEmail"} == set(answer.json) or ["error"] == list(answer.json)


@given(body=ANY_JSON)
@one_house
def test_any_message_is_taken_or_refused(house: House, body: object) -> None:
    ticket_id = house.submitted(person="customer")
    answer = house.post(
        f"/api/intake/status/{ticket_id}/messages", {"body": body}, person="customer"
    )

    assert answer.status_code in {201, 400}


@given(query=st.text())
@one_house
def test_any_query_is_answered(house: House, query: str) -> None:
    answer = house.get(f"/api/intake/lookup?q={quote(query)}")

    assert answer.status_code in {200, 400}


@given(body=st.binary())
@one_house
def test_any_bytes_are_no_failure(house: House, body: bytes) -> None:
    answer = house.ask(
        "POST", "/api/intake", body=body, headers={"Content-Type": "application/json"}
    )

    assert 400 == answer.status_code


@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]) | LATIN_1,
    path=st.builds(
        str.__add__,
        st.sampled_from(["/api/intake", "/api/intake/status/", "/api/intake/lookup"]),
        LATIN_1,
    ),
    query=LATIN_1,
    headers=st.dictionaries(
        st.sampled_from(
            [
                "CONTENT_TYPE",
                "CONTENT_LENGTH",
                "HTTP_ACCEPT",
                "HTTP_CONTENT_ENCODING",
                "HTTP_IF_NONE_MATCH",
                "HTTP_X_FORWARDED_FOR",
                "HTTP_X_REQUEST_ID",
                "REMOTE_ADDR",
                "REQUEST_URI",
            ]
        ),
        LATIN_1,
    ),
)
@one_house
def test_any_environment_that_a_server_may_hand_over_is_answered(
    house: House, method: str, path: str, query: str, headers: dict[str, str]
) -> None:
    status, answer = house.hand_over(method, path, QUERY_STRING=query, **headers)

    assert status < "500"
    assert answer == b"" or isinstance(json.loads(answer), dict)
