"""What the store asks of a database, whichever it is."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

import attrs
import sqlalchemy as sa

from helpdesk_core.errors import HelpdeskError
from helpdesk_sql.kept import Driver, Kept, Record
from helpdesk_sql.queries import Queries


@attrs.frozen
class RowWrite:
    """One kept statement that writes. Where `refusal` is given, it is raised if no row was met.

    `joins` says that it may be sent together with others that join, as one statement: none of them
    meets a row that another of them wrote.
    """

    query: Kept
    parameters: tuple[object, ...]
    refusal: type[HelpdeskError] | None = None
    joins: bool = False

    def apply(self, connection: sa.Connection, driver: Driver) -> None:  # noqa: ARG002
        """Write in the open transaction. Raises the refusal, and the driver's errors."""
        cursor = driver.execute(self.query.sql, self.parameters)
        self.check(cursor.rowcount)

    def check(self, rowcount: int) -> None:
        """Raise the refusal when no row was met."""
        if self.refusal is not None and rowcount != 1:
            raise self.refusal


class Write(Protocol):
    """Something gathered, to be written within a transaction."""

    def apply(self, connection: sa.Connection, driver: Driver) -> None:
        """Write it. Raises HelpdeskError, and the driver's errors."""
        ...


Writes: TypeAlias = Sequence[Write]


class Read(Protocol):
    """Answers with the rows of a query. Raises Unavailable."""

    def __call__(self, query: Kept, **values: object) -> list[Record]:
        """The rows that these values lead to."""
        ...


class Session(Protocol):
    """One call's way to the database. Every method raises Unavailable when it does not answer."""

    def read(self, query: Kept, **values: object) -> list[Record]:
        """The rows as they are committed now."""
        ...

    def moment(self) -> AbstractContextManager[Read]:
        """A way to read that sees one moment of the database; nothing else is done meanwhile."""
        ...

    def change(self, query: Kept, *then: Kept, **values: object) -> list[Record]:
        """Run writing statements, one after another, as a durable transaction; the first's rows.

        Each takes of the values what it has parameters for, and each sees what was committed until
        it began.
        """
        ...

    def store(self, writes: Writes) -> None:
        """Store all of it durably, or nothing. Raises what is refused, as HelpdeskError."""
        ...

    def close(self) -> None:
        """The call is over."""
        ...


class Database(Protocol):
    """One database, for all threads."""

    engine: sa.Engine
    queries: Queries

    def session(self) -> Session:
        """A way to the database for one call and one thread."""
        ...

    def snapshot(self) -> AbstractContextManager[sa.Connection]:
        """A connection that sees one moment of the database. Raises Unavailable."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...
