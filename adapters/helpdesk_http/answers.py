"""Answers as bytes. They are made here, not by the framework after the fact.

What cannot be written then fails like anything else, with an answer; rendered later it would be an
empty 500.
"""

import falcon

from helpdesk_core.replies import Answer
from helpdesk_http.dialects import Dialect, dialect_at
from helpdesk_http.exchange import DeskRequest


def etag_of(version: int) -> str:
    """The tag of a ticket in a version."""
    return f'"{version}"'


def answer(
    dialect: Dialect, body: object, *, status: int = 200, version: int | None = None
) -> Answer:
    """A record as an answer; with a `version`, under the tag of a ticket in that version."""
    headers = {} if version is None else {"ETag": etag_of(version)}
    return Answer(status=status, headers=headers, body=dialect.written(body))


def send(req: DeskRequest, resp: falcon.Response, body: object, *, status: int = 200) -> None:
    """Answer with a record, in what is spoken at the request's path; nobody keeps it."""
    send_answer(resp, answer(dialect_at(req.path), body, status=status))


def send_answer(resp: falcon.Response, said: Answer) -> None:
    """Answer with what is already written; nobody keeps it."""
    resp.set_headers(dict(said.headers))
    send_bytes(resp, said.body, status=said.status, keep="no-store")


def send_bytes(resp: falcon.Response, body: bytes, *, status: int, keep: str) -> None:
    """Answer with JSON that is already written; `keep` says who may keep it, and for how long."""
    resp.status = status
    resp.data = body
    resp.content_type = falcon.MEDIA_JSON
    resp.set_header("Cache-Control", keep)
