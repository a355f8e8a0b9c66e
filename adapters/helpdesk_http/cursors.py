"""Cursors: where a page of the queue ended, as text that its reader only hands back.

Strictly read: a cursor is one that `cursor_text` writes, character for character.
"""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import attrs

from helpdesk_core.case_numbers import LONGEST_NUMBER
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import choice, is_blank
from helpdesk_core.queue import Order, Place, SortKey, SortOrder, Value
from helpdesk_core.text import is_storable, read_instant, read_uuid

LONGEST_CURSOR: Final = 512
"""Characters."""
LAST_PAGE: Final = 999_999_999
"""Pages are counted no further."""
NO_CURSOR: Final = "Cursor must be a nextCursor of a page before"
OTHER_ORDER: Final = "Cursor belongs to another sortBy or sortOrder"

_PARTS: Final = 5
_RANKS: Final = range(-1, 101)
"""What ranks and scores can be."""


@attrs.frozen(kw_only=True)
class Cursor:
    """Where a page ended in an order, and the number of the page that follows."""

    order: Order
    place: Place
    page: int


def cursor_text(cursor: Cursor) -> str:
    """The cursor in ASCII that needs no escaping in a URL."""
    value = cursor.place.value
    parts = [
        cursor.order.key.value,
        cursor.order.direction.value,
        _instant_text(value) if isinstance(value, datetime) else value,
        str(cursor.place.id),
        cursor.page,
    ]
    plain = json.dumps(parts, separators=(",", ":")).encode("ascii")
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode("ascii")


def read_cursor(value: object) -> Cursor | None:
    """The cursor in a text, None where nothing was sent. Raises Invalid for anything else."""
    if is_blank(value):
        return None
    cursor = _read(value) if isinstance(value, str) and len(value) <= LONGEST_CURSOR else None
    if cursor is None or cursor_text(cursor) != value:
        raise Invalid(NO_CURSOR, cursor="not a cursor")
    return cursor


def _read(text: str) -> Cursor | None:
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return _cursor(*parts) if isinstance(parts, list) and len(parts) == _PARTS else None
    except (ValueError, Invalid):
        return None


def _cursor(key: object, direction: object, value: object, ticket: object, page: object) -> Cursor:
    sort_key = choice(key, SortKey, field="cursor", label="Cursor")
    sort_order = choice(direction, SortOrder, field="cursor", label="Cursor")
    held = _VALUES[sort_key](value) if sort_key else None
    ticket_id = read_uuid(ticket)
    if type(page) is not int or not 1 <= page <= LAST_PAGE:
        raise ValueError("no number of a page")
    if sort_key is None or sort_order is None or held is None or ticket_id is None:
        raise ValueError("something is missing")
    return Cursor(order=Order(sort_key, sort_order), place=Place(held, ticket_id), page=page)


def _instant(value: object) -> datetime | None:
    return read_instant(value)


def _rank(value: object) -> int | None:
    return value if type(value) is int and value in _RANKS else None


def _number(value: object) -> str | None:
    is_number = isinstance(value, str) and len(value) <= LONGEST_NUMBER and is_storable(value)
    return value if isinstance(value, str) and is_number else None


def _instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


_VALUES: Final[Mapping[SortKey, Callable[[object], Value | None]]] = {
    SortKey.CREATED_AT: _instant,
    SortKey.LAST_ACTIVITY: _instant,
    SortKey.URGENCY: _rank,
    SortKey.STATUS: _rank,
    SortKey.PRIORITY_SCORE: _rank,
    SortKey.CASE_NUMBER: _number,
}
