"""The names under which files are kept: their ids, spread over 256 folders."""

import re
from typing import Final
from uuid import UUID

PART: Final = ".part"
"""Ends the name of what is not a whole file yet, or never was."""
SHARDS: Final = tuple(f"{number:02x}" for number in range(256))
"""The names of the folders."""

_OURS = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.part)?")


def shard_of(file_id: UUID) -> str:
    """The last two digits, which are random: an id begins with a time, which fills one folder."""
    return str(file_id)[-2:]


def id_in(name: str) -> UUID | None:
    """The id of which something is kept under a name; None when that is not of our making."""
    found = _OURS.fullmatch(name)
    return UUID(found[1]) if found else None
