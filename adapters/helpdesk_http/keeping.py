"""Answers that clients may keep: the same bytes for everybody, under a tag that is made of them."""

from collections.abc import Callable
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
        default=attrs.Factory(lambda self: tag_of(self.body), takes_self=True), init=False
    )


class KeptResource:
    """Something that is the same for everybody; made when it is first asked for."""

    def __init__(self, kept: Callable[[], Kept], *, keep: str, policy: str | None = None) -> None:
        self._kept = kept
        self._keep = keep
        self._policy = policy

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show it, or say that it is what the client holds."""
        if self._policy:
            resp.set_header("Content-Security-Policy", self._policy)
        send_kept(req, resp, self._kept(), keep=self._keep)

    on_head = on_get


def send_kept(req: falcon.Request, resp: falcon.Response, kept: Kept, *, keep: str) -> None:
    """Answer with it, or say that it is what the client holds; `keep` says who may keep it."""
    if is_held(req, kept.etag):
        send_held(resp, kept.etag, keep=keep)
    else:
        send_bytes(resp, kept.body, status=200, keep=keep)
        resp.content_type = kept.media_type
        resp.set_header("ETag", kept.etag)


def send_held(resp: falcon.Response, etag: str, *, keep: str) -> None:
    """Say that what the client holds is what there is."""
    resp.status = 304
    resp.set_header("Cache-Control", keep)
    resp.set_header("ETag", etag)


def is_held(req: falcon.Request, etag: str) -> bool:
    """True when the client holds that tag, or says that any will do.

    Compared weakly (RFC 9110, 13.1.2).
    """
    tags = req.env.get("HTTP_IF_NONE_MATCH", "")
    named = {tag.strip(" \t").removeprefix("W/") for tag in tags.split(",")}
    return etag in named or "*" in named


def tag_of(*parts: bytes) -> str:
    """The strong tag of bytes, the same in every process."""
    digest = sha256(b"\0".join(parts)).hexdigest()
    return f'"{digest[:_TAG]}"'
