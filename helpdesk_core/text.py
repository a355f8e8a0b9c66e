"""Reading text, ids and instants that a stranger typed: strictly, cheaply, never raising.

Each reader takes any JSON value and answers with what the trimmed text says, or with None when it
says no such thing. Every pattern is linear in the length of the text, and the standard library,
which takes more forms than it should, is asked only about a form that was checked before.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

LONGEST_ADDRESS: Final = 254
"""Characters in an e-mail address (RFC 5321)."""

_YEARS: Final = range(1970, 2201)
"""The years of contract A, 1970 to 2200."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_INSTANT = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"(T{_CLOCK}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{_CLOCK})?)?"
)
_LETTER = r"[^\x00-/:-@\[-`{-\x7f]"  # what is not ASCII is looked at one by one
_ATOM = r"[^\x00-\x20\"(),.:;<>@\[\\\]\x7f]+"
_LABEL = rf"{_LETTER}+(?:-+{_LETTER}+)*"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def read_uuid(value: object) -> UUID | None:
    """The UUID in its canonical form, 8-4-4-4-12 hexadecimal digits; nothing else is one."""
    text = _trimmed(value)
    return UUID(text) if _UUID.fullmatch(text) else None


def read_instant(value: object) -> datetime | None:
    """The instant in UTC of an ISO 8601 text, in the years 1970 to 2200.

    Taken are `2026-05-22`, which is its midnight; with `T05:05`, seconds and up to nine digits of
    their fraction, of which six are kept; and with `Z` or `+07:00`. Without a zone it is UTC.
    """
    text = _trimmed(value)
    if _INSTANT.fullmatch(text) is None:
        return None
    try:
        written = datetime.fromisoformat(text)
        instant = written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year in _YEARS else None


def read_address(value: object) -> str | None:
    """The e-mail address when it looks like exactly one, of at most 254 characters.

    Letters, marks and digits of any script are taken on both sides, and a domain of at least two
    labels. Quotes, comments, brackets and lists are not: no mailer may ever read two out of one.
    """
    text = _trimmed(value)
    if len(text) > LONGEST_ADDRESS or _ADDRESS.fullmatch(text) is None:
        return None
    return text if text.isascii() or all(map(_is_of_a_word, text)) else None


def is_storable(text: str) -> bool:
    """True when every store and every wire can carry the text: no NUL, no lone surrogate."""
    return _UNSTORABLE.search(text) is None


def is_one_line(text: str) -> bool:
    """True when the text holds no control character and no line or paragraph separator."""
    return _CONTROL.search(text) is None


def fold(text: str) -> str:
    """The form in which names and addresses are compared, the same on every store.

    Canonical composition and full case folding (Unicode), so that case never matters, in any
    script; nothing else does either: a full-width letter stays another letter.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


def _trimmed(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _is_of_a_word(character: str) -> bool:
    return character.isascii() or unicodedata.category(character)[0] in "LMN"
