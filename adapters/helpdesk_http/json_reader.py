"""The one reader of request bodies: strict, bounded, linear in the length of what was sent.

It answers with a JSON object, or refuses. What the object says is judged elsewhere: text in it may
hold anything that JSON can, NUL and lone surrogates too.
"""

import json
import math
import re
from typing import Final, NoReturn

import falcon

from helpdesk_core.errors import Invalid

LONGEST_BODY: Final = 1024 * 1024
"""Bytes."""
DEEPEST: Final = 32
"""Arrays and objects within one another."""
LONGEST_INTEGER: Final = 4000
"""Characters of a whole number; a few hundred more and the interpreter itself refuses."""

_MEDIA_TYPE = re.compile(
    r'application/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?', re.IGNORECASE
)
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?')
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def read_object(req: falcon.Request) -> dict[str, object]:
    """The JSON object in the request's body.

    Raises falcon's 415 for anything but plain `application/json` in UTF-8, its 413 for more than
    `LONGEST_BODY`, and Invalid for what is not one JSON object.
    """
    _check_media_type(req)
    return parse_object(_body(req))


def parse_object(body: bytes) -> dict[str, object]:
    """The JSON object in the bytes: RFC 8259, UTF-8, no duplicate names, finite numbers.

    Raises Invalid for anything else, for too deep a nesting and for too long a whole number.
    """
    try:
        found = _DECODER.decode(body.decode()) if _is_shallow(body) else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("Request body must be a JSON object")
    return found


def _check_media_type(req: falcon.Request) -> None:
    media_type = req.content_type
    if media_type != "application/json" and not _MEDIA_TYPE.fullmatch(media_type or ""):
        raise falcon.HTTPUnsupportedMediaType
    if req.env.get("HTTP_CONTENT_ENCODING"):
        raise falcon.HTTPUnsupportedMediaType


def _body(req: falcon.Request) -> bytes:
    length = req.content_length
    if length is not None and length > LONGEST_BODY:
        raise falcon.HTTPContentTooLarge
    ends_itself = length is None and req.env.get("wsgi.input_terminated")
    stream = req.stream if ends_itself else req.bounded_stream
    body = stream.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise falcon.HTTPContentTooLarge
    return body


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
