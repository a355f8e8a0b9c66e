"""The ports of a desk on SQLite or PostgreSQL, for a program that brings its own sign-in."""

from datetime import UTC, datetime
from secrets import randbits

from helpdesk_core import NoMailServer, Ports, uuid7
from helpdesk_limits import open_limiter
from helpdesk_sql import open_store, upgrade


def sql_ports(database_url: str, limits_url: str = "memory://") -> Ports:
    """Ports for all threads of a process; the database is brought up to date first."""
    upgrade(database_url)
    return Ports(
        begin=open_store(database_url).begin,
        now=lambda: datetime.now(UTC),
        new_id=lambda: uuid7(datetime.now(UTC), randbits(74)),
        limiter=open_limiter(limits_url),
        courier=NoMailServer(),
    )
