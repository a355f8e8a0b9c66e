"""How ids, instants and words are kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from helpdesk_core.tickets import Status
from helpdesk_sql.types import Id, Instant, WordOf

ZONES = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001  # Hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001  # likewise
    timezones=ZONES,
)


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    """A connection to the one database and to the other, for values to go through."""
    if request.param == "sqlite":
        url = sa.make_url("sqlite://")
    else:
        url = sa.make_url(request.getfixturevalue("postgres_url"))
        url = url.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def through(connection: sa.Connection, kind: TypeEngine[Any], value: object) -> object:
    """What comes back of a value."""
    return connection.execute(sa.select(sa.bindparam("it", value, type_=kind))).scalar_one()


def kept_by_sqlite(kind: TypeEngine[Any], value: object) -> Any:  # noqa: ANN401  # what it is kept as
    """What the driver is given for a value."""
    dialect = sqlite.dialect()
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    assert bind is not None
    return bind(value)


@given(instant=INSTANTS)
@settings(max_examples=50, deadline=None)
def test_an_instant_comes_back_to_the_microsecond_and_in_utc(
    connection: sa.Connection, instant: datetime
) -> None:
    back = through(connection, Instant(), instant)

    assert isinstance(back, datetime)
    assert (instant, timedelta(0)) == (back, back.utcoffset())


@given(one=INSTANTS, other=INSTANTS)
def test_sqlite_sorts_instants_as_time_does(one: datetime, other: datetime) -> None:
    kept = kept_by_sqlite(Instant(), one) < kept_by_sqlite(Instant(), other)

    assert (one < other) == kept


@given(id=st.uuids())
@settings(max_examples=50, deadline=None)
def test_an_id_comes_back(connection: sa.Connection, id: object) -> None:  # noqa: A002
    assert id == through(connection, Id(), id)


@pytest.mark.parametrize("kind", [Id(), Instant(), WordOf(Status)], ids=["id", "instant", "word"])
def test_nothing_stays_nothing(connection: sa.Connection, kind: TypeEngine[Any]) -> None:
    assert None is through(connection, kind, None)


@pytest.mark.parametrize("status", Status)
def test_a_word_comes_back(connection: sa.Connection, status: Status) -> None:
    assert status is through(connection, WordOf(Status), status)


def test_a_naive_datetime_is_refused(connection: sa.Connection) -> None:
    naive = datetime(2026, 5, 22, 12, 5)  # noqa: DTZ001  # what must not get through

    with pytest.raises(sa.exc.StatementError, match="a naive datetime is no instant"):
        through(connection, Instant(), naive)
