"""Answers as bytes. They are made here, not by the framework after the fact.

What cannot be written then fails like anything else, with an answer; rendered later it would be an
empty 500.
"""

import falcon

from helpdesk_http.wire import written


def send(resp: falcon.Response, body: object, *, status: int = 200) -> None:
    """Answer with a record, or with plain values; nobody keeps it."""
    send_bytes(resp, written(body), status=status, keep="no-store")


def send_bytes(resp: falcon.Response, body: bytes, *, status: int, keep: str) -> None:
    """Answer with JSON that is already written; `keep` says who may keep it, and for how long."""
    resp.status = status
    resp.data = body
    resp.content_type = falcon.MEDIA_JSON
    resp.set_header("Cache-Control", keep)
