"""Deciding again when somebody else was faster."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from helpdesk_core.errors import StaleTicket

ATTEMPTS: Final = 20
"""Of each round of racers at least one wins, so that so many rivals at once are served."""

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def decided_again_when_stale(
    use_case: Callable[Arguments, Answer],
) -> Callable[Arguments, Answer]:
    """Run the use case anew, on the ticket as it is now, when its change came too late.

    After the last attempt StaleTicket is raised.
    """

    @wraps(use_case)
    def decided(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        for _ in range(ATTEMPTS - 1):
            try:
                return use_case(*args, **kwargs)
            except StaleTicket:
                continue
        return use_case(*args, **kwargs)

    return decided
