"""What the app has to tell its operator, and where it goes."""

import logging
from typing import Protocol


class Log(Protocol):
    """Takes an event and its facts; a structlog logger is one.

    Facts are plain text without personal data. `exc_info` is a cause: its words may quote what a
    stranger sent, and are for the operator alone. Neither method may raise.
    """

    def warning(self, event: str, **facts: object) -> object:
        """Something is wrong that one request does not show."""
        ...

    def error(self, event: str, **facts: object) -> object:
        """A request failed for a reason that its sender is not told."""
        ...


class StandardLog:
    """Writes to a logger of the standard library, facts as `name=value`."""

    def __init__(self, name: str = "helpdesk_http") -> None:
        self._logger = logging.getLogger(name)

    def warning(self, event: str, **facts: object) -> None:
        """Write at level WARNING."""
        self._write(logging.WARNING, event, facts)

    def error(self, event: str, **facts: object) -> None:
        """Write at level ERROR."""
        self._write(logging.ERROR, event, facts)

    def _write(self, level: int, event: str, facts: dict[str, object]) -> None:
        cause = facts.pop("exc_info", None)
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        exc_info = cause if isinstance(cause, BaseException) else None
        self._logger.log(level, "%s %s", event, told, exc_info=exc_info)
