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
class Kept:
    """A statement for one database: its text, its parameters in order, its columns.

    A parameter that was written into the statement has its value in `_written`.
    """

    sql: str
    _binds: tuple[tuple[str, _Convert | None], ...]
    _written: Mapping[str, object]
    _columns: tuple[str, ...]
    _converts: tuple[tuple[str, _Convert], ...]

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
        records = [dict(zip(self._columns, row, strict=True)) for row in rows]
        for record in records:
            for column, convert in self._converts:
                value = record[column]
                if value is not None:
                    record[column] = convert(value)
        return records


def keep(statement: sa.Select[*tuple[Any, ...]] | sa.UpdateBase, dialect: sa.Dialect) -> Kept:
    """Compile a statement for a database whose driver takes parameters by position."""
    compiled = statement.compile(dialect=dialect)
    binds = [compiled.binds[name] for name in compiled.positiontup or ()]
    columns = {str(column.key): column.type for column in statement.exported_columns}
    return Kept(
        str(compiled),
        tuple((bind.key, _binding(bind.type, dialect)) for bind in binds),
        {bind.key: bind.value for bind in binds if not bind.required},
        tuple(columns),
        tuple(
            (name, convert)
            for name, kind in columns.items()
            if (convert := _reading(kind, dialect)) is not None
        ),
    )


def _binding(kind: TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
