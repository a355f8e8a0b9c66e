"""Moving windows kept in this process, for `memory://`.

Written by us because the library's own memory storage (limits 5.8) raises RuntimeError when two
threads start its sweeping timer at once, keeps an entry for every key it has ever seen, and follows
the wall clock when it jumps.
"""

from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final, TypeAlias

MOST_KEYS: Final = 80_000
"""Keys remembered for each period: at most 36 MB, measured with five acts each."""

SWEPT_PER_ACT: Final = 8
"""Most keys forgotten at each counted act: more than it adds, so that the table shrinks again."""

_Table: TypeAlias = "OrderedDict[str, array[float]]"  # Python 3.11 cannot subscript an array


class MemoryWindows:
    """The acts of each key in the window, exactly, whoever asks at the same time.

    A key is forgotten once its last act has left the window, and before that when more than
    `most_keys` others acted since. `now` is in seconds; it never goes back.
    """

    def __init__(self, now: Callable[[], float] = monotonic, *, most_keys: int = MOST_KEYS) -> None:
        self._now = now
        self._most_keys = most_keys
        # A table for each period, in the order of last acts: the next to leave stands first.
        self._tables: defaultdict[int, _Table] = defaultdict(OrderedDict)
        self._lock = Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int) -> bool:
        """Count one act under the key; False, and nothing counted, when `limit` are in the window.

        `expiry` is the window's length in seconds.
        """
        with self._lock:
            now = self._now()
            table = self._tables[expiry]
            acts = _within(table.get(key, array("d")), expiry, now)
            if len(acts) >= limit:
                return False
            acts.append(now)
            table[key] = acts
            table.move_to_end(key)
            self._sweep(table, expiry, now)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002  # the library's shape
        """When the oldest act in the window was, and how many there are; now and 0 without any."""
        with self._lock:
            now = self._now()
            acts = _within(self._tables[expiry].get(key, array("d")), expiry, now)
            return (acts[0] if acts else now), len(acts)

    def __len__(self) -> int:
        """How many keys are remembered."""
        with self._lock:
            return sum(map(len, self._tables.values()))

    def _sweep(self, table: _Table, expiry: int, now: float) -> None:
        for _ in range(SWEPT_PER_ACT):
            first = next(iter(table))
            if table[first][-1] + expiry > now and len(table) <= self._most_keys:
                break
            del table[first]


def _within(acts: "array[float]", expiry: int, now: float) -> "array[float]":
    """The acts in the window; those before it are taken away."""
    past = sum(1 for act in acts if act + expiry <= now)
    del acts[:past]
    return acts
