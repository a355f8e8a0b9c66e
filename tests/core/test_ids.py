"""Ids grow with time and, within a millisecond, are told apart by chance alone."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.ids import uuid7
from helpdesk_core.testing.builders import NOW

instants = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    datetime(9999, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
chances = st.integers(0, 2**74 - 1)


@given(instants, chances)
def test_an_id_is_a_version_7_uuid(now: datetime, random: int) -> None:
    made = uuid7(now, random)

    assert (7, RFC_4122) == (made.version, made.variant)


def test_the_example_of_rfc_9562_is_met() -> None:
    now = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    random = 0xCC3 << 62 | 0x18C4DC0C0C07398F

    assert UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == uuid7(now, random)


@given(instants, chances, chances)
def test_a_later_millisecond_makes_a_greater_id(now: datetime, one: int, other: int) -> None:
    assert uuid7(now, one) < uuid7(now + timedelta(milliseconds=1), other)


@given(chances, chances)
def test_ids_of_one_instant_differ_as_their_chances_do(one: int, other: int) -> None:
    assert (one == other) == (uuid7(NOW, one) == uuid7(NOW, other))
