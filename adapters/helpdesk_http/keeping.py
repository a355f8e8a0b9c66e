"""Answers that clients may keep: the same bytes for everybody, under a tag that is made of them."""

from hashlib import sha256
from typing import Final

import attrs
import falcon

from helpdesk_http.answers import send_bytes

_TAG: Final = 32  # hexadecimal digits


@attrs.frozen
class Kept:
    """What is answered to everybody who asks."""

    body: bytes
    media_type: str = falcon.MEDIA_JSON
    etag: str = attrs.field(
        default=attrs.Factory(lambda self: _tag_of(self.body), takes_self=True), init=False
    )


def send_kept(req: falcon.Request, resp: falcon.Response, kept: Kept, *, keep: str) -> None:
    """Answer with it, or say that it is what the client holds; `keep` says who may keep it."""
    resp.set_header("ETag", kept.etag)
    if _holds(req.env.get("HTTP_IF_NONE_MATCH", ""), kept.etag):
        resp.status = 304
        resp.set_header("Cache-Control", keep)
    else:
        send_bytes(resp, kept.body, status=200, keep=keep)
        resp.content_type = kept.media_type


def _tag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:_TAG]}"'


def _holds(tags: str, etag: str) -> bool:
    """True when a list of tags names the one, or any (RFC 9110, 13.1.2: compared weakly)."""
    named = {tag.strip(" \t").removeprefix("W/") for tag in tags.split(",")}
    return etag in named or "*" in named
