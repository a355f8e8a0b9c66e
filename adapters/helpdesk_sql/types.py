"""How values that SQL has no common word for are kept on each database.

SQLite keeps an id as its 16 bytes and an instant as whole microseconds since 1970: both are short
and sort as they should. PostgreSQL has types of its own for them.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

Word = TypeVar("Word", bound=Enum)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds_of(span: timedelta) -> int:
    """The span in whole microseconds."""
    return span // _MICROSECOND


class Id(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, `uuid` on PostgreSQL."""

    impl = sa.Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """What the database calls it."""
        own: TypeEngine[Any] = sa.BLOB() if dialect.name == "sqlite" else sa.Uuid()
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: UUID | None, dialect: sa.Dialect) -> object:
        """What the driver is given."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: object, dialect: sa.Dialect) -> UUID | None:  # noqa: ARG002
        """What the driver gave, as a UUID."""
        return UUID(bytes=value) if isinstance(value, bytes) else _as_uuid(value)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, back in UTC: microseconds on SQLite, `timestamptz` on PostgreSQL.

    Binding a naive one raises ValueError.
    """

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """What the database calls it."""
        sqlite = dialect.name == "sqlite"
        own: TypeEngine[Any] = sa.BigInteger() if sqlite else sa.DateTime(timezone=True)
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> object:
        """What the driver is given."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: object, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """What the driver gave, as an instant."""
        if isinstance(value, int):
            return _EPOCH + timedelta(microseconds=value)
        return value.astimezone(UTC) if isinstance(value, datetime) else None


class WordOf(TypeDecorator[Word], Generic[Word]):
    """A member of an enumeration, as the text of its value."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words
        self._by_value = {word.value: word for word in words}

    def process_bind_param(self, value: Word | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """What the driver is given."""
        return None if value is None else str(value.value)

    def process_result_value(self, value: object, dialect: sa.Dialect) -> Word | None:  # noqa: ARG002
        """What the driver gave, as a member."""
        return None if value is None else self._by_value[value]


def _as_uuid(value: object) -> UUID | None:
    return value if isinstance(value, UUID) else None
