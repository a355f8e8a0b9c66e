"""How single values are written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_http.wire import camel, instant_text

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


@pytest.mark.parametrize(
    ("name", "written"),
    [("id", "id"), ("dept_id", "deptId"), ("first_response_time_min", "firstResponseTimeMin")],
)
def test_names_are_written_in_camel_case(name: str, written: str) -> None:
    assert written == camel(name)
