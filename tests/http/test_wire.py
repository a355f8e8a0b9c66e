"""How single values are written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.cases import RawCase
from helpdesk_core.use_cases.cases import RawKey
from helpdesk_http.wire import camel, instant_text, read_raw, second_text, written_in_seconds

INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-11))]),
    max_value=datetime(2300, 1, 1),  # noqa: DTZ001
)


@given(INSTANTS)
def test_an_instant_is_written_in_utc_cut_to_milliseconds(instant: datetime) -> None:
    cut = instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    assert cut == datetime.fromisoformat(instant_text(instant))


@given(INSTANTS)
def test_every_instant_is_as_long_as_the_contracts(instant: datetime) -> None:
    assert len("2026-05-22T05:05:00.000Z") == len(instant_text(instant))


def test_an_instant_of_another_zone_is_written_as_the_contracts() -> None:
    noon = datetime(2026, 5, 22, 12, 5, tzinfo=timezone(timedelta(hours=7)))

    assert "2026-05-22T05:05:00.000Z" == instant_text(noon)


@given(INSTANTS)
def test_contract_b_has_an_instant_in_utc_cut_to_seconds(instant: datetime) -> None:
    assert instant.replace(microsecond=0) == datetime.fromisoformat(second_text(instant))


@given(INSTANTS)
def test_every_instant_of_contract_b_is_as_long_as_its_own(instant: datetime) -> None:
    assert len("2025-01-27T10:00:00Z") == len(second_text(instant))


def test_what_is_written_is_ascii_whatever_its_text() -> None:
    assert b'{"a":"\\u00e9\\ud83d\\ude00"}' == written_in_seconds({"a": "é😀"})


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.none())


@given(VALUES, VALUES)
def test_a_raw_record_holds_what_was_sent_and_of_no_other_kind(one: object, other: object) -> None:
    key = read_raw({"caseNumber": one, "email": other, "case_number": 1, "x": 2}, RawKey)

    assert (one, other) == (key.case_number, key.email)
    assert [type(one), type(other)] == [type(key.case_number), type(key.email)]


def test_what_was_not_sent_is_none() -> None:
    assert RawCase() == read_raw({"client_or_project_name": "x", "__init__": "x"}, RawCase)


@pytest.mark.parametrize(
    ("name", "written"),
    [("id", "id"), ("dept_id", "deptId"), ("first_response_time_min", "firstResponseTimeMin")],
)
def test_names_are_written_in_camel_case(name: str, written: str) -> None:
    assert written == camel(name)
