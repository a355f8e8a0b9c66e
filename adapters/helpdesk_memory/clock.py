"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Calling it gives where it stands: any instant that it is told, and no other."""

    def __init__(self, start: datetime) -> None:
        self._instant = start.astimezone(UTC)

    def __call__(self) -> datetime:
        """The instant at which it stands, aware, UTC."""
        return self._instant

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """Move the clock on (or back, by negative figures); answers with its new instant."""
        self._instant += timedelta(days=days, hours=hours, minutes=minutes)
        return self._instant

    def set(self, instant: datetime) -> None:
        """Move the clock to an aware instant."""
        self._instant = instant.astimezone(UTC)
