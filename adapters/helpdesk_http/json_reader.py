"""The one reader of request bodies: strict, bounded, linear in the length of what was sent.

It answers with a JSON object, or refuses. What the object says is judged elsewhere: text in it may
hold anything that JSON can, NUL and lone surrogates too.
"""

import re
from typing import Final

import falcon

from helpdesk_core.errors import Invalid
from helpdesk_core.json_objects import read_json_object

LONGEST_BODY: Final = 1024 * 1024
"""Bytes."""

_MEDIA_TYPE = re.compile(
    r'application/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?', re.IGNORECASE
)


def read_object(req: falcon.Request) -> dict[str, object]:
    """The JSON object in the request's body.

    Raises falcon's 415 for anything but plain `application/json` in UTF-8, its 413 for more than
    `LONGEST_BODY`, and Invalid for what is not one JSON object.
    """
    _check_media_type(req)
    return parse_object(_body(req))


def parse_object(body: bytes) -> dict[str, object]:
    """The JSON object in the bytes. Raises Invalid when there is none; see `read_json_object`."""
    found = read_json_object(body)
    if found is None:
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
