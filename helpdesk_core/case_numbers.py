"""The numbers of cases: how they are made, and how they are read from what somebody typed.

A random number is the customer's key: fifty bits that nobody guesses. A sequential one only names
the case, and whoever uses it proves with the case's address that it is theirs.
"""

from enum import Enum
from typing import Final

BODY: Final = 10
"""Characters of a random number after the year, of Crockford's base32: five bits each."""
RANDOM_BYTES: Final = 7
"""Bytes of randomness that a number is made of: 56 bits, of which the lowest 50 are used."""
LONGEST_NUMBER: Final = 64
"""Characters; a longer text is no number."""
LONGEST_PREFIX: Final = 16
"""Characters."""

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")


class Numbering(Enum):
    """How cases are numbered; the value is the setting's word."""

    RANDOM = "random"
    SEQUENTIAL = "sequential"


def random_number(prefix: str, year: int, random: bytes) -> str:
    """`CW-2026-7K3M9QX2PD`: from `RANDOM_BYTES` bytes of a secure source."""
    bits = int.from_bytes(random[:RANDOM_BYTES], "big")
    body = "".join(_DIGITS[bits >> (5 * place) & 31] for place in reversed(range(BODY)))
    return f"{prefix}-{year:04}-{body}"


def sequential_number(prefix: str, year: int, count: int) -> str:
    """`CW-2025-001`: three digits, and more when there are more cases in a year."""
    return f"{prefix}-{year:04}-{count:03}"


def series_of(prefix: str, year: int) -> str:
    """The name of the count that sequential numbers of a year are taken from."""
    return f"{prefix}-{year:04}"


def read_number(value: object) -> str | None:
    """The number that a text means; None when it means none.

    Case never matters, and after the last hyphen `O`, `I` and `L` are `0`, `1` and `1`.
    """
    text = value.strip() if isinstance(value, str) else ""
    if not text.isascii() or not text.isprintable() or not 0 < len(text) <= LONGEST_NUMBER:
        return None
    head, hyphen, body = text.upper().rpartition("-")
    return f"{head}{hyphen}{body.translate(_LOOK_ALIKES)}"


def is_prefix(text: str) -> bool:
    """True for what numbers may begin with: 1 to 16 capital letters and digits."""
    plain = text.isascii() and text.isalnum() and text == text.upper()
    return plain and len(text) <= LONGEST_PREFIX
