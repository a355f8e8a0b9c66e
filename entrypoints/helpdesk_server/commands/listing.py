"""What listings share: columns, times, and ids that may be given in short."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from helpdesk_server.command_line import Refused
from helpdesk_server.terminal import printable

SHORTEST: Final = 4
"""Characters of an id that are enough, where no other begins with them."""


def table(headings: Sequence[str], records: Iterable[Mapping[str, str | None]]) -> list[str]:
    """Lines with a column for each field, under its heading."""
    cells = [[printable(record[name] or "-") for name in headings] for record in records]
    return in_columns([headings, *cells])


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose cells stand under one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def stamp(at: datetime | None) -> str | None:
    """The instant to the second, UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def the_one(ids: Iterable[UUID], wanted: str, kind: str) -> UUID:
    """The id that begins like this, where only one does. Raises Refused."""
    begins = wanted.strip().lower()
    found = [each for each in ids if str(each).startswith(begins)]
    if len(begins) < SHORTEST or not found:
        raise Refused(f"no {kind} has the id {wanted}; `helpdesk {kind} list` has them all")
    if len(found) > 1:
        raise Refused(f"{len(found)} {kind}s have an id that begins with {wanted}; give more of it")
    return found[0]
