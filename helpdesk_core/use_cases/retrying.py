"""Deciding again when somebody else was faster."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from helpdesk_core.errors import DuplicateId, DuplicateReply, StaleDirectory, StaleTicket

ATTEMPTS: Final = 64
"""Of each round of rivals at least one wins, so that so many at once are all served."""

NUMBERS_TRIED: Final = 5
"""Numbers that are tried in turn; of fifty random bits the second is hardly ever needed."""

Answer = TypeVar("Answer")


def until_fresh(attempt: Callable[[], Answer]) -> Answer:
    """What the first attempt answers that was decided on things as they are when it is stored.

    Raises StaleTicket or StaleDirectory after the last attempt.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(StaleTicket, StaleDirectory):
            return attempt()
    return attempt()


def with_free_number(attempt: Callable[[], Answer]) -> Answer:
    """What the first attempt answers whose number nobody has. Raises DuplicateId after the last."""
    for _ in range(NUMBERS_TRIED - 1):
        try:
            return attempt()
        except DuplicateReply:
            raise
        except DuplicateId:
            continue
    return attempt()


def until_first(attempt: Callable[[], Answer]) -> Answer:
    """What the first attempt answers that nobody forestalled.

    Raises DuplicateId after the last, and StaleDirectory.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(DuplicateId):
            return attempt()
    return attempt()
