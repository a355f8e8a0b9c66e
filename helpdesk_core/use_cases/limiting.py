"""Counting what a caller does against a limit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from helpdesk_core.errors import HelpdeskError, Invalid, NotFound, TooMany, Unavailable
from helpdesk_core.limits import Limit
from helpdesk_core.people import Caller, User
from helpdesk_core.ports import RateLimiter


def count(limiter: RateLimiter, limit: Limit, caller: Caller, *about: str) -> None:
    """Count one act of the caller, on something or in general.

    A caller inside the program is not counted. Raises TooMany when the limit is reached, and
    Unavailable when nobody can count and the limit closes then.
    """
    if caller.origin is not None:
        _hit(limiter, limit, caller.origin, *about)


def count_person(limiter: RateLimiter, limit: Limit, caller: Caller, user: User) -> None:
    """Count one act of the user, from wherever it comes; else as `count`."""
    if caller.origin is not None:
        _hit(limiter, limit, str(user.id))


def _hit(limiter: RateLimiter, limit: Limit, *key: str) -> None:
    _refuse(limit, lambda: limiter.hit(limit, key))


def _look(limiter: RateLimiter, limit: Limit, *key: str) -> None:
    _refuse(limit, lambda: limiter.wait(limit, key))


def _refuse(limit: Limit, wait_of: Callable[[], timedelta]) -> None:
    """Raise TooMany when there is something to wait for."""
    try:
        wait = wait_of()
    except Unavailable:
        if limit.opens_when_down:
            return
        raise
    if wait > timedelta(0):
        raise TooMany(limit.sentence, wait)


def passes(limiter: RateLimiter, limit: Limit, *key: str) -> bool:
    """Count one act under a key of whatever kind; True when it is allowed."""
    try:
        return not limiter.hit(limit, key)
    except Unavailable:
        return limit.opens_when_down


@contextmanager
def refusals_counted(limiter: RateLimiter, limit: Limit, caller: Caller) -> Iterator[None]:
    """Count what is refused as invalid within the block. Past the limit the refusal is TooMany."""
    try:
        yield
    except Invalid:
        count(limiter, limit, caller)
        raise


@contextmanager
def misses_counted(
    limiter: RateLimiter,
    limit: Limit,
    caller: Caller,
    miss: type[HelpdeskError] = NotFound,
) -> Iterator[None]:
    """Count what is not found within the block. Past the limit the block is not entered at all.

    `miss` is what else is counted. Raises TooMany, and Unavailable when nobody can count and the
    limit closes then.
    """
    if caller.origin is not None:
        _look(limiter, limit, caller.origin)
    try:
        yield
    except miss:
        count(limiter, limit, caller)
        raise
