"""Reading one JSON object that a stranger sent: strict, bounded, linear in its length.

What the object says is judged elsewhere: text in it may hold anything that JSON can, NUL and lone
surrogates too.
"""

import json
import math
import re
from typing import Final, NoReturn

DEEPEST: Final = 32
"""Arrays and objects within one another."""
LONGEST_INTEGER: Final = 4000
"""Characters of a whole number; a few hundred more and the interpreter itself refuses."""

_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?')
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def read_json_object(text: bytes) -> dict[str, object] | None:
    """The JSON object in the bytes: RFC 8259, UTF-8, no duplicate names, finite numbers.

    None for anything else, for too deep a nesting and for too long a whole number.
    """
    try:
        found = _DECODER.decode(text.decode()) if _is_shallow(text) else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_shallow(body: bytes) -> bool:
    """True when no more than `DEEPEST` brackets are ever open at once.

    Each round takes away the innermost pairs, whichever their kind, so that what is left after
    `DEEPEST` rounds is deeper, or no JSON.
    """
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return True
    brackets = _TEXT.sub(b"", body).translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"[]", b"")
    return not brackets


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise ValueError("too long a number")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("too great a number")
    return number


def _refused(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_int=_whole, parse_float=_finite, parse_constant=_refused
)
