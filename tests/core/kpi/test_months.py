from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.kpi.months import Month

ZONES = ("UTC", "Asia/Jakarta", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe")
months = st.builds(Month, st.integers(1970, 2200), st.integers(1, 12))


@given(months)
def test_what_is_written_is_read_back(month: Month) -> None:
    assert month == Month.read(str(month))


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2202-01", "0000-01", "1968-12", " 2026-05", "2026-05-01", None, 5],
)
def test_nothing_else_is_a_month(text: object) -> None:
    assert Month.read(text) is None


@given(months, st.integers(-500, 500))
def test_months_later_and_earlier_are_inverse(month: Month, number: int) -> None:
    assert month == month.plus(number).plus(-number)


@given(months, st.sampled_from(ZONES))
def test_a_month_begins_where_the_one_before_it_ends(month: Month, zone: str) -> None:
    assert month.span(zone)[1] == month.plus(1).span(zone)[0]


@given(months, st.sampled_from(ZONES))
def test_its_first_and_last_instant_are_in_it(month: Month, zone: str) -> None:
    begins, ends = month.span(zone)

    assert {month} == {Month.of(it, zone) for it in (begins, ends - timedelta(microseconds=1))}


def test_the_zone_tells_the_month() -> None:
    eve = datetime(2026, 5, 31, 17, 0, tzinfo=UTC)

    assert (Month(2026, 5), Month(2026, 6)) == (Month.of(eve, "UTC"), Month.of(eve, "Asia/Jakarta"))
