"""Deciding again when somebody else was faster."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from helpdesk_core.errors import StaleDirectory, StaleTicket

ATTEMPTS: Final = 20
"""Of each round of rivals at least one wins, so that so many at once are all served."""

Answer = TypeVar("Answer")


def until_fresh(attempt: Callable[[], Answer]) -> Answer:
    """What the first attempt answers that was decided on things as they are when it is stored.

    Raises StaleTicket or StaleDirectory after the last attempt.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(StaleTicket, StaleDirectory):
            return attempt()
    return attempt()
