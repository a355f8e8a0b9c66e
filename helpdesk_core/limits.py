"""How often a caller may do what, as data."""

from datetime import timedelta
from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Limit:
    """At most `amount` in any `period`. `sentence` takes `{seconds}`, the time still to wait.

    `opens_when_down`: when the store of the counters fails, let the act pass (a ticket is never
    lost to a limiter) or refuse it (nobody reads at leisure while the guard is away).
    """

    name: str
    amount: int
    period: timedelta
    sentence: str
    opens_when_down: bool


SUBMISSIONS: Final = Limit(
    name="submissions",
    amount=5,
    period=timedelta(hours=1),
    sentence="Too many submissions. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Accepted tickets; a typo costs nothing."""

REFUSED_SUBMISSIONS: Final = Limit(
    name="refused-submissions",
    amount=120,
    period=timedelta(hours=1),
    sentence="Too many submissions. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Submissions that were refused for what they said."""

LOOKUPS: Final = Limit(
    name="lookups",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many lookups. Try again in {seconds} seconds.",
    opens_when_down=False,
)

MESSAGES: Final = Limit(
    name="messages",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many messages. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Counted for each ticket apart."""
