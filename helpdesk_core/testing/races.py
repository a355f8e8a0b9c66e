"""Letting threads loose on the same thing at the same instant."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final, TypeVar

from helpdesk_core.errors import HelpdeskError

RACERS: Final = 20
_PATIENCE: Final = 60.0  # seconds until a race that never starts is called off

Answer = TypeVar("Answer")


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer | HelpdeskError]:
    """Each act's answer or refusal, in order; each runs on a thread of its own, all start together.

    Raises whatever an act raises that is no HelpdeskError.
    """
    start = Barrier(len(acts), timeout=_PATIENCE)

    def run(act: Callable[[], Answer]) -> Answer | HelpdeskError:
        _ = start.wait()
        try:
            return act()
        except HelpdeskError as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
