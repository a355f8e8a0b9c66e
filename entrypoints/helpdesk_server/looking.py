"""Looking at what may hang, without ever hanging oneself."""

from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic
from typing import Final, Generic, TypeVar

from helpdesk_core.errors import Unavailable
from helpdesk_server.delivery import Log

FRESH: Final = 1.0
"""Seconds for which what was found is told again."""
PATIENCE: Final = 0.7
"""Seconds that whoever asks waits for a look."""

Seen = TypeVar("Seen")


class SharedLook(Generic[Seen]):
    """What a look found, for all who ask; nobody waits longer than `patience` for it.

    `look` runs on a thread of its own, one at a time, when somebody asks and what was found last is
    older than `fresh`. Who asks while one is under way waits for the same one, and who asks when it
    has taken longer than `patience` is told None at once, until it is over. None is also what a
    look found that raised; Unavailable is expected, anything else goes to the log.
    """

    def __init__(
        self,
        look: Callable[[], Seen],
        *,
        log: Log,
        fresh: float = FRESH,
        patience: float = PATIENCE,
    ) -> None:
        self._look = look
        self._log = log
        self._fresh = fresh
        self._patience = patience
        self._changed = Condition()
        self._is_looking = False
        self._began = 0.0
        self._ended = float("-inf")
        self._seen: Seen | None = None

    def __call__(self) -> Seen | None:
        """What is to be seen now, None when that cannot be told in time."""
        with self._changed:
            if not self._is_looking and monotonic() - self._ended >= self._fresh:
                self._begin()
            left = self._began + self._patience - monotonic()
            _ = self._changed.wait_for(lambda: not self._is_looking, max(0.0, left))
            return None if self._is_looking else self._seen

    def _begin(self) -> None:
        self._is_looking = True
        self._began = monotonic()
        Thread(target=self._work, name="look", daemon=True).start()

    def _work(self) -> None:
        seen = self._found()
        with self._changed:
            self._seen = seen
            self._ended = monotonic()
            self._is_looking = False
            self._changed.notify_all()

    def _found(self) -> Seen | None:
        try:
            return self._look()
        except Unavailable:
            return None
        except Exception:  # noqa: BLE001  # what cannot be looked at is not well
            self._log.exception("a look broke off")
            return None
