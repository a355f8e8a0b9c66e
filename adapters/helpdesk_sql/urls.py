"""Which database a URL names."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from helpdesk_sql.failures import StoreError

_POSTGRESQL: Final = {"postgres", "postgresql", "postgresql+psycopg"}
_SQLITE: Final = {"sqlite", "sqlite+pysqlite"}


def read_url(text: str) -> sa.URL:
    """The URL with the driver we use. Raises StoreError for what names no database of ours."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StoreError("The database URL cannot be read") from error
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in _SQLITE:
        raise StoreError(f"The database URL names {url.drivername}; use sqlite or postgresql")
    if url.database in {None, "", ":memory:"}:
        raise StoreError("The database URL names no file; a desk on SQLite needs one")
    return url.set(drivername="sqlite")


def is_sqlite(url: sa.URL) -> bool:
    """True for SQLite, False for PostgreSQL."""
    return url.get_backend_name() == "sqlite"


@contextmanager
def told_to_the_operator(url: sa.URL, failures: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn what a database refuses within the block into a StoreError of one line."""
    try:
        yield
    except failures as error:
        cause = getattr(error, "orig", None) or error
        reason = str(cause).strip().partition("\n")[0]
        shown = url.render_as_string(hide_password=True)
        raise StoreError(f"The database {shown} cannot be used: {reason}") from error
