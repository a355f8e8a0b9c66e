"""Where in a file something stands, and what is wrong there.

Whatever is read is read to its end: a fault is noted at its place, a stand-in takes the place of
the value, and reading goes on, so that all faults are found at once.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

import attrs

from helpdesk_core.errors import InvalidDirectory

_BARE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_SHOWN: Final = 60

Value = TypeVar("Value")


@attrs.frozen
class Draft:
    """A file that is being read: its faults by place, and the id of each key by list and key."""

    faults: dict[str, str] = attrs.field(factory=dict)
    known: dict[str, Mapping[str, UUID]] = attrs.field(factory=dict)

    def refuse_faults(self) -> None:
        """Raise InvalidDirectory when there are any: the first in its sentence, all in details."""
        for place, fault in self.faults.items():
            refusal = InvalidDirectory(f"The directory file is wrong at {place}: {fault}")
            refusal.details.update(self.faults)
            raise refusal


@attrs.frozen
class Place:
    """A place in a file, such as `departments[2].country`; `above` is what it stands in."""

    path: str
    draft: Draft
    above: "Place | None" = None

    def field(self, name: object) -> "Place":
        """A field of the table that stands here."""
        shown = _shown(name)
        return Place(f"{self.path}.{shown}" if self.above else shown, self.draft, self)

    def item(self, number: int) -> "Place":
        """An item, counted from 0, of the list that stands here."""
        return Place(f"{self.path}[{number}]", self.draft, self)

    def wrong(self, fault: str) -> None:
        """Note a fault. Others here, or within what is here, follow from it and are not noted."""
        if not self.is_wrong():
            self.draft.faults[self.path] = fault

    def is_wrong(self) -> bool:
        """True when a fault is noted here, or at what this stands in."""
        above = self.above
        return self.path in self.draft.faults or (above is not None and above.is_wrong())


Reader: TypeAlias = Callable[[object, Place], Value]
"""Reads any value whatever; it never raises, and answers with a stand-in where it notes a fault."""


def quoted(text: str) -> str:
    """What somebody wrote, as a fault shows it: one line, printable, not long."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")


def _shown(name: object) -> str:
    if not isinstance(name, str):
        return type(name).__name__
    return name if _BARE.fullmatch(name) else json.dumps(name[:_LONGEST_SHOWN])
