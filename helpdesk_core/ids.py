"""Ids that nobody guesses and that grow with time, so that an index grows at one end."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(now: datetime, random: int) -> UUID:
    """The version 7 UUID (RFC 9562) of an instant and 74 random bits; later milliseconds greater.

    74 bits from a secure source cannot be guessed, so that the id may serve as a ticket's key.
    """
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
    high = (random >> 62) & 0xFFF
    low = random & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
