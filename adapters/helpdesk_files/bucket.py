"""Files in a bucket of an S3-compatible service, or of any other that obstore knows."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final, cast
from uuid import UUID

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore

from helpdesk_core.errors import DuplicateId
from helpdesk_files.failing import unavailable
from helpdesk_files.names import PART, id_in, shard_of

PIECE: Final = 5 * 1024 * 1024
"""Bytes of a part of an upload, the least that S3 takes. A file of so many goes in one request."""
IN_MEMORY: Final = 256 * 1024
"""Bytes of a file that are not written to a temporary file on their way."""

# A file that is not there is Python's own FileNotFoundError to obstore.
_failing = partial(unavailable, BaseError, OSError)


class BucketFiles:
    """Keeps each file as one object under its id; a `FileStore`.

    On its way in and out a file rests in a temporary file of this machine: what fails half-way
    never reaches the bucket, and a slow reader holds no connection to it. At most three parts are
    in memory. The service must keep to `If-None-Match: *`, so that nothing is overwritten. An
    object may be there though its service did not say so in time: it is swept.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        """Keep the chunks as one object. Raises DuplicateId, Unavailable."""
        whole = _spool()
        try:
            for chunk in chunks:  # what this raises is no failure of ours
                with _failing():
                    _ = whole.write(chunk)
            with _failing():
                self._put(file_id, whole)
        finally:
            _close(whole)

    def open(self, file_id: UUID) -> BinaryIO | None:
        """The file as it was fetched whole, or None. Raises Unavailable."""
        with _failing():
            try:
                found = obstore.get(self._store, _name(file_id))
            except FileNotFoundError:
                return None
            whole = _spool()
            try:
                for piece in found.stream(min_chunk_size=IN_MEMORY):
                    _ = whole.write(piece)
                _ = whole.seek(0)
            except BaseException:
                _close(whole)
                raise
            return cast("BinaryIO", whole)

    def remove(self, file_id: UUID) -> None:
        """Let go of the object, and of what is left of one that never got whole."""
        name = _name(file_id)
        with _failing():
            for each in (name, f"{name}{PART}"):
                with suppress(FileNotFoundError):
                    obstore.delete(self._store, each)

    def kept_before(self, instant: datetime) -> Iterator[UUID]:
        """The ids of objects that were last written before that instant by the service's clock.

        Those are among them whose upload a crash cut off. Raises Unavailable.
        """
        with _failing():
            for some in obstore.list(self._store):
                for each in some:
                    file_id = id_in(each["path"].rpartition("/")[2])
                    if file_id is not None and each["last_modified"] < instant:
                        yield file_id

    def _put(self, file_id: UUID, whole: IO[bytes]) -> None:
        size = whole.tell()
        _ = whole.seek(0)
        if size <= PIECE:
            self._create(_name(file_id), whole.read())
        else:
            self._put_in_parts(file_id, whole)

    def _create(self, name: str, content: bytes) -> None:
        try:
            _ = obstore.put(self._store, name, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            raise DuplicateId from None

    def _put_in_parts(self, file_id: UUID, whole: IO[bytes]) -> None:
        """Put what is too long for one request, which cannot be made conditional.

        An empty object claims the name meanwhile: of two who put at once only one holds it.
        """
        name = _name(file_id)
        claim = f"{name}{PART}"
        self._create(claim, b"")
        try:
            if self._has(name):
                raise DuplicateId
            _ = obstore.put(
                self._store, name, whole, use_multipart=True, chunk_size=PIECE, max_concurrency=2
            )
        finally:
            with suppress(BaseError, OSError):  # what is left here is swept
                obstore.delete(self._store, claim)

    def _has(self, name: str) -> bool:
        try:
            _ = obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True


def _name(file_id: UUID) -> str:
    return f"{shard_of(file_id)}/{file_id}"


def _spool() -> "SpooledTemporaryFile[bytes]":
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def _close(file: IO[bytes]) -> None:
    """Close a temporary file. A full disk, told of before, fails that again."""
    with suppress(OSError):
        file.close()
