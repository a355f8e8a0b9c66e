"""Who may be tried now: one dead destination takes neither all threads nor anybody's patience."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import Final

import attrs

from helpdesk_core.ports import DeliveryResult

FAILURES: Final = 5
"""So many failures in a row close a destination."""
FIRST_REST: Final = timedelta(seconds=5)
"""For how long it is left alone then; twice as long after each trial that fails again."""
LONGEST_REST: Final = timedelta(minutes=1)
"""And no longer: one that comes back is noticed soon, whoever it was that made it look dead."""
JITTER: Final = 0.2
"""The share of a rest by which it may be longer, so that processes do not all come at once."""


@attrs.define
class _Destination:
    """What is known of one destination.

    In seconds of the gate's clock: `rests_until`, and `quiet_since`, when it last became busy or
    was done with something.
    """

    busy: int = 0
    failures: int = 0
    rests: int = 0
    rests_until: float = 0.0
    quiet_since: float = 0.0


class DestinationGate:
    """Lets some attempts through to each destination, and none to one that is down.

    `seats` are the threads that deliver. A healthy destination takes at most half of them, one
    that failed last a single one, and nobody the last free seat who has one already. After
    `FAILURES` failures in a row a destination rests, then is tried once: when that fails it rests
    again, for longer; when it was taken, or refused for good, the destination is healthy.

    `never` are destinations that this process does not serve. `clock` counts seconds and never goes
    back; `die` answers from 0 to 1.
    """

    def __init__(
        self,
        *,
        seats: int,
        clock: Callable[[], float],
        die: Callable[[], float],
        never: frozenset[str] = frozenset(),
    ) -> None:
        self._seats = seats
        self._clock = clock
        self._die = die
        self._never = never
        self._claiming = Lock()
        self._state = Lock()
        self._known: dict[str, _Destination] = {}

    @contextmanager
    def claiming(self) -> Iterator[frozenset[str]]:
        """The destinations that are closed. One thread at a time claims."""
        with self._claiming:
            yield self.closed()

    def closed(self) -> frozenset[str]:
        """The destinations that are closed now."""
        with self._state:
            free = self._seats - sum(it.busy for it in self._known.values())
            shut = (name for name, it in self._known.items() if not self._is_open(it, free))
            return self._never.union(shut)

    def holds_back(self) -> bool:
        """True when a due notice may wait for another reason than that nobody has claimed it."""
        with self._state:
            return bool(self._never) or any(it.rests for it in self._known.values())

    def is_prompt(self, destination: str, within: float) -> bool:
        """False for one that rests, hangs for longer than so many seconds, or may fail again."""
        with self._state:
            it = self._known.get(destination) or _Destination()
            is_late = it.failures > 0 or self._clock() - it.quiet_since > within
            return it.rests == 0 and not (it.busy and is_late)

    def enter(self, destination: str) -> None:
        """One more is being tried there."""
        with self._state:
            it = self._known.setdefault(destination, _Destination())
            if it.busy == 0:
                it.quiet_since = self._clock()
            it.busy += 1

    def leave(self, destination: str, result: DeliveryResult) -> None:
        """It came to this."""
        with self._state:
            it = self._known[destination]
            it.busy -= 1
            it.quiet_since = self._clock()
            if result is DeliveryResult.FAILED:
                self._failed(it)
            else:
                it.failures, it.rests, it.rests_until = 0, 0, 0.0

    def _is_open(self, it: _Destination, free: int) -> bool:
        if it.busy == 0:
            return self._clock() >= it.rests_until
        return free > 1 and it.failures == 0 and it.busy < self._seats // 2

    def _failed(self, it: _Destination) -> None:
        it.failures += 1
        # Those that were under way when it closed tell nothing new.
        if it.failures >= FAILURES and self._clock() >= it.rests_until:
            rest = min(FIRST_REST * 2 ** min(it.rests, FAILURES), LONGEST_REST)
            it.rests += 1
            it.rests_until = self._clock() + rest.total_seconds() * (1 + JITTER * self._die())
