"""Sessions: a browser that somebody signed in with, known by an opaque secret."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.plain_text import one_line

SEEN_EVERY: Final = timedelta(minutes=1)
"""Being seen is written down no more often, so that reading does not become writing."""
LONGEST_DEVICE: Final = 200
"""Characters that are kept of what a browser says it is."""


@attrs.frozen(kw_only=True)
class SessionRules:
    """For how long a session is good: unused, and at all. Neither is under five minutes."""

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=7)


USUAL_SESSIONS: Final = SessionRules()
"""Half a day unused, a week at all."""


@attrs.frozen(kw_only=True)
class Session:
    """One browser of one person. `digest` is the SHA-256 of the secret, which is kept nowhere.

    `issuer` is who vouched for the person. `origin` and `device` are from where and with what they
    signed in, as the browser had it. `last_seen_at` is known to within `SEEN_EVERY`.
    """

    id: UUID
    digest: bytes = attrs.field(repr=False)
    person_id: UUID
    issuer: str
    origin: str
    device: str
    created_at: datetime
    last_seen_at: datetime

    def ends_at(self, rules: SessionRules) -> datetime:
        """When the session is good no more, if nobody uses it until then."""
        return min(self.created_at + rules.longest, self.last_seen_at + rules.idle)

    def is_good(self, now: datetime, rules: SessionRules) -> bool:
        """True when it opens the door now."""
        return now < self.ends_at(rules)

    def is_to_note(self, now: datetime) -> bool:
        """True when that it was seen now is to be written down."""
        return now - self.last_seen_at >= SEEN_EVERY


def read_device(text: str) -> str:
    """What a browser says it is, on one line that can be stored and shown; it may be empty."""
    return one_line(text, LONGEST_DEVICE)
