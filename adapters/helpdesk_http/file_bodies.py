"""The bare body of an upload, read once and in pieces."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Final

import attrs
import falcon

from helpdesk_core.attachments import AttachmentRules, too_large
from helpdesk_core.errors import Invalid, Unavailable

PIECE: Final = 64 * 1024
"""Bytes that are read at once, and at most in memory of a body that is read twice."""


@attrs.frozen
class SentFile:
    """A file on its way in. `asked` is what a key of the request stands for besides the query."""

    chunks: Iterable[bytes]
    asked: Mapping[str, object]


@contextmanager
def sent_file(req: falcon.Request, rules: AttachmentRules, *, twice: bool) -> Iterator[SentFile]:
    """The file in the request's body, as it comes; or, to know what it is before, `twice`.

    Read twice, it rests in a temporary file. Raises TooLarge for a body that says it is longer than
    any file may be, Invalid for one that is no bare file or is cut off, Unavailable.
    """
    _check(req, rules)
    if not twice:
        yield SentFile(_pieces(req), {})
        return
    kept = _spool()
    try:
        asked = _kept(_pieces(req), kept, rules)
        yield SentFile(iter(partial(kept.read, PIECE), b""), asked)
    finally:
        with suppress(OSError):  # a full disk, told of before, fails the close as well
            kept.close()


def _spool() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=PIECE)


def _kept(pieces: Iterable[bytes], file: IO[bytes], rules: AttachmentRules) -> Mapping[str, object]:
    """Keep the pieces in the file, at its start again; answers with what they are."""
    size, digest = 0, sha256()
    for piece in pieces:
        size += len(piece)
        if size > rules.largest_file:
            raise too_large(rules)
        digest.update(piece)
        with _unavailable():
            _ = file.write(piece)
    with _unavailable():
        _ = file.seek(0)
    return {"size": size, "sha256": digest.hexdigest()}


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as full:
        raise Unavailable from full


def _check(req: falcon.Request, rules: AttachmentRules) -> None:
    length = req.content_length
    if length is not None and length > rules.largest_file:
        raise too_large(rules)
    if req.env.get("HTTP_CONTENT_ENCODING"):
        raise Invalid("The file must be sent as it is, without a Content-Encoding", file="encoded")
    if (req.content_type or "").lower().startswith("multipart/"):
        raise Invalid("The body must be the file itself, not a form", file="in a form")


def _pieces(req: falcon.Request) -> Iterator[bytes]:
    """The body. One that is shorter than it said was cut off, and is no file."""
    length = req.content_length
    ends_itself = length is None and req.env.get("wsgi.input_terminated")
    stream = req.stream if ends_itself else req.bounded_stream
    received = 0
    while piece := stream.read(PIECE):
        received += len(piece)
        yield piece
    if length is not None and received < length:
        raise Invalid("The file did not come whole", file="cut off")
