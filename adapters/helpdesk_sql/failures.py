"""What a database's refusals and failures mean to the desk. A driver's own words go no further.

Whoever translates raises from the original error, so that the log has it.
"""

from typing import Final

import sqlalchemy as sa

from helpdesk_core.errors import DuplicateId, HelpdeskError, Invalid, StaleDirectory, Unavailable


class StoreError(Exception):
    """The store cannot be opened or brought up to date. The sentence says why, to the operator."""


_TAKEN: Final = {"23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"}
_DANGLING: Final = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
_CONTENDED: Final = {"40001", "40P01"}
_UNSTORABLE: Final = (UnicodeEncodeError, OverflowError)


def failures_of(dialect: sa.Dialect) -> tuple[type[Exception], ...]:
    """Everything that a database's driver, or SQLAlchemy around it, raises for a failure."""
    return (
        dialect.loaded_dbapi.Error,
        sa.exc.DBAPIError,
        sa.exc.TimeoutError,
        sa.exc.InvalidRequestError,
        *_UNSTORABLE,
    )


def refusal_of(error: BaseException) -> HelpdeskError:
    """What the failure means.

    An id that is taken is DuplicateId. A row that refers to what is not there is StaleDirectory:
    that happens only when it was taken out of the directory meanwhile. A value that no column can
    hold is Invalid; anything else is Unavailable.
    """
    code = code_of(error)
    if code in _TAKEN:
        return DuplicateId()
    if is_dangling(error):
        return StaleDirectory()
    if isinstance(_original(error), _UNSTORABLE) or _is_data_error(error):
        return Invalid("A value cannot be stored")
    return Unavailable()


def is_dangling(error: BaseException) -> bool:
    """True when a foreign key was violated."""
    return code_of(error) in _DANGLING


def is_contended(error: BaseException) -> bool:
    """True when the transaction lost to another one, and may win when it is run again."""
    return code_of(error) in _CONTENDED


def code_of(error: BaseException) -> str | None:
    """The database's own code of the failure: a SQLSTATE, or SQLite's name of it."""
    original = _original(error)
    name: str | None = getattr(original, "sqlite_errorname", None)
    return name or getattr(original, "sqlstate", None)


def _original(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error


def _is_data_error(error: BaseException) -> bool:
    return any(kind.__name__ == "DataError" for kind in type(_original(error)).__mro__)
