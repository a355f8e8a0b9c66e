"""How values that SQL has no common word for are kept on each database.

SQLite keeps an id as its 16 bytes and an instant as whole microseconds since 1970: both are short
and sort as they should. PostgreSQL has types of its own for them. Each type hands out plain
converters, chosen once for a statement that is kept.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

Word = TypeVar("Word", bound=Enum)
Converter: TypeAlias = Callable[[Any], Any]

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

    def bind_processor(self, dialect: sa.Dialect) -> Converter | None:
        """To what the driver is given."""
        return _bytes_of if dialect.name == "sqlite" else None

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Converter | None:  # noqa: ARG002
        """From what the driver gives."""
        return _uuid_of if dialect.name == "sqlite" else None


class UnreadId(Id):
    """An id as the driver gives it, where few of them come thousands of times: see `read_id`."""

    cache_ok = True

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Converter | None:  # noqa: ARG002
        """Nothing is made of it."""
        return None


def read_id(value: UUID | bytes) -> UUID:
    """The id that a driver gave."""
    return UUID(bytes=value) if isinstance(value, bytes) else value


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

    def bind_processor(self, dialect: sa.Dialect) -> Converter:
        """To what the driver is given."""
        return _microseconds_since_1970 if dialect.name == "sqlite" else _aware

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Converter:  # noqa: ARG002
        """From what the driver gives."""
        return _instant_of if dialect.name == "sqlite" else _in_utc


class Ids(TypeDecorator[tuple[UUID, ...]]):
    """Some UUIDs in their order, as JSON; none at all is NULL, in either direction."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: tuple[UUID, ...] | None,
        dialect: sa.Dialect,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401  # what JSON takes
        """To what JSON takes."""
        return [str(item) for item in value] if value else None

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> tuple[UUID, ...] | None:  # noqa: ANN401, ARG002
        """From what JSON gives."""
        return None if value is None else tuple(UUID(item) for item in value)


ByCodePoint: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that is compared and sorted by its code points, whatever the database's language."""


class WordOf(TypeDecorator[Word], Generic[Word]):
    """A member of an enumeration, as the text of its value."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words

    def bind_processor(self, dialect: sa.Dialect) -> Converter:  # noqa: ARG002
        """To what the driver is given."""
        return _value_of

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Converter:  # noqa: ARG002
        """From what the driver gives; a word that is none of them is a KeyError."""
        by_value: dict[str | None, Word | None] = {word.value: word for word in self.words}
        return (by_value | {None: None}).__getitem__


def _value_of(word: Enum | None) -> object:
    return None if word is None else word.value


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _uuid_of(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def _microseconds_since_1970(value: datetime | None) -> int | None:
    aware = _aware(value)
    return None if aware is None else (aware - _EPOCH) // _MICROSECOND


def _instant_of(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return value


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)
