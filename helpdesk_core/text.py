"""Reading text, ids and instants that a stranger typed: strictly, cheaply, never raising.

Each reader takes any JSON value and answers with a value, or with None when it is not one. Patterns
are ASCII and linear, so that no input is slow (a UUID's dashes, an instant's zone and a year's
bounds are checked before the standard library is asked).
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

LONGEST_ADDRESS: Final = 254
"""Characters in an e-mail address (RFC 5321)."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTANT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(T(?P<time>([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)(\.(?P<fraction>[0-9]{1,9}))?"
    r"(?P<zone>Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?"
)
_ATOM = r"[^\W_]|[!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[^\W_]([^\W_]|-)*"
_ADDRESS = re.compile(rf"(?:{_ATOM})+(\.(?:{_ATOM})+)*@{_LABEL}(\.{_LABEL})+")
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def read_uuid(value: object) -> UUID | None:
    """The UUID in its canonical form, 8-4-4-4-12 hexadecimal digits; nothing else is one."""
    if isinstance(value, str) and _UUID.fullmatch(value.strip()):
        return UUID(value.strip())
    return None


def read_instant(value: object) -> datetime | None:
    """The instant in UTC of an RFC 3339 text from 1970 up to, not including, 2200.

    A date alone is its midnight, a time without a zone is UTC, digits beyond the microsecond are
    dropped.
    """
    found = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    fraction = (found["fraction"] or "0")[:6].ljust(6, "0")
    zone = (found["zone"] or "Z").replace("Z", "+00:00")
    clock = found["time"] or "00:00"
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"  # noqa: PLR2004  # h:m:s
    try:
        instant = datetime.fromisoformat(f"{found['date']}T{seconds}.{fraction}{zone}")
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if 1970 <= instant.year < 2200 else None  # noqa: PLR2004  # the contract's years


def read_address(value: str) -> str | None:
    """The e-mail address when it looks like exactly one, without quotes, comments or brackets."""
    short = len(value) <= LONGEST_ADDRESS
    return value if short and _ADDRESS.fullmatch(value) else None


def is_storable(text: str) -> bool:
    """True when every store and every wire can carry the text: no NUL, no lone surrogate."""
    return _FORBIDDEN.search(text) is None


def is_one_line(text: str) -> bool:
    """True when the text holds no control character and no line or paragraph separator."""
    return _CONTROL.search(text) is None


def fold(text: str) -> str:
    """The form in which names and addresses are compared, the same on every store.

    Canonical composition and full case folding (Unicode), so that case never matters, in any
    script; nothing else does either: a full-width letter stays another letter.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())
