"""Statements that are compiled once and run by the driver itself.

SQLAlchemy builds and types them; kept as text with their converters, they cost a few microseconds
where building one anew costs sixty.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import attrs
import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

Record: TypeAlias = dict[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]


class Cursor(Protocol):
    """What is used of a driver's cursor."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement met."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows it gave."""
        ...


class Driver(Protocol):
    """What is used of a driver's connection, the same in sqlite3 and in psycopg."""

    def execute(self, statement: Any, parameters: Any = (), /) -> Cursor:  # noqa: ANN401
        """Run one statement with its parameters by position."""
        ...


@attrs.frozen
class _Reading:
    """How a row becomes a record: its first columns, and what converts them."""

    columns: tuple[str, ...]
    converts: tuple[tuple[str, _Convert], ...]

    def record(self, row: Sequence[object]) -> Record:
        record = dict(zip(self.columns, row, strict=False))
        for column, convert in self.converts:
            value = record[column]
            if value is not None:
                record[column] = convert(value)
        return record


@attrs.frozen
class Kept:
    """A statement for one database: its text, its parameters in order, how its rows are read.

    A parameter that was written into the statement has its value in `_written`. A row that has NULL
    at `_tail` is read as far as there.
    """

    sql: str
    _binds: tuple[tuple[str, _Convert | None], ...]
    _written: Mapping[str, object]
    _whole: _Reading
    _head: _Reading
    _tail: int | None

    def parameters(self, values: Mapping[str, object]) -> tuple[object, ...]:
        """What the driver is given for these values."""
        if self._written:
            values = {**values, **self._written}
        return tuple(
            [
                values[name] if convert is None else convert(values[name])
                for name, convert in self._binds
            ]
        )

    def records(self, rows: Iterable[Sequence[object]]) -> list[Record]:
        """The driver's rows as values by column; NULL is None whatever the column."""
        whole, head, tail = self._whole, self._head, self._tail
        if tail is None:
            return [whole.record(row) for row in rows]
        return [(head if row[tail] is None else whole).record(row) for row in rows]


def keep(
    statement: sa.Select[*tuple[Any, ...]] | sa.TextualSelect | sa.UpdateBase,
    dialect: sa.Dialect,
    *,
    tail: str | None = None,
) -> Kept:
    """Compile a statement for a database whose driver takes parameters by position.

    From the column `tail` on a record has nothing where the row has NULL in that column.
    """
    compiled = statement.compile(dialect=dialect)
    binds = [compiled.binds[name] for name in compiled.positiontup or ()]
    columns = {str(column.key): column.type for column in statement.exported_columns}
    names = tuple(columns)
    place = names.index(tail) if tail else None
    return Kept(
        str(compiled),
        tuple((bind.key, _binding(bind.type, dialect)) for bind in binds),
        {bind.key: bind.value for bind in binds if not bind.required},
        _reading_of(columns, names, dialect),
        _reading_of(columns, names[:place], dialect),
        place,
    )


def _reading_of(
    columns: Mapping[str, TypeEngine[Any]], names: tuple[str, ...], dialect: sa.Dialect
) -> _Reading:
    converts = ((name, _reading(columns[name], dialect)) for name in names)
    return _Reading(names, tuple((name, it) for name, it in converts if it is not None))


def _binding(kind: TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
