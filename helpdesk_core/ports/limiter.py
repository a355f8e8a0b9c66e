"""How acts are counted."""

from datetime import timedelta
from typing import Protocol

from helpdesk_core.limits import Limit


class RateLimiter(Protocol):
    """Counts acts in a moving window, exactly, whoever asks at the same time."""

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long the next act would have to wait, zero for not at all; nothing is counted.

        Raises Unavailable when the counters cannot be reached.
        """
        ...

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act under the key; zero when it is allowed, else how long to wait.

        A refused act is not counted. Raises Unavailable when the counters cannot be reached.
        """
        ...
