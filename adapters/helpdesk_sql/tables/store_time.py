"""The database's own clock."""

from datetime import datetime

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from helpdesk_sql.types import Instant


class StoreTime(GenericFunction[datetime]):
    """The database's own present instant, or that many microseconds after it.

    To the millisecond on SQLite, else to the microsecond. It stands still within a statement, on
    PostgreSQL within a transaction.
    """

    type = Instant()
    inherit_cache = True
    name = "store_time"


@compiles(StoreTime, "sqlite")
def _sqlite_time(element: StoreTime, compiler: SQLCompiler, **_: object) -> str:
    # 3.40 knows no subsecond: whole seconds, and the milliseconds behind the point of "SS.SSS".
    now = "unixepoch('now') * 1000000 + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000"
    after = "".join(f" + {compiler.process(clause)}" for clause in element.clauses)
    return f"({now}{after})"


@compiles(StoreTime, "postgresql")
def _postgresql_time(element: StoreTime, compiler: SQLCompiler, **_: object) -> str:
    microsecond = "interval '1 microsecond'"
    after = "".join(f" + {compiler.process(it)} * {microsecond}" for it in element.clauses)
    return f"(now(){after})"
