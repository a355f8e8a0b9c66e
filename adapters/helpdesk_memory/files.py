"""Files in memory."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import BytesIO
from threading import Lock
from typing import BinaryIO
from uuid import UUID

import attrs

from helpdesk_core.errors import DuplicateId


@attrs.frozen
class _Kept:
    content: bytes
    at: datetime


class MemoryFiles:
    """Keeps files for as long as it lives itself; a `FileStore`. `now` is its clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._kept: dict[UUID, _Kept] = {}

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        """Keep the chunks as one file. Raises DuplicateId."""
        kept = _Kept(b"".join(chunks), self._now())
        with self._lock:
            if file_id in self._kept:
                raise DuplicateId
            self._kept[file_id] = kept

    def open(self, file_id: UUID) -> BinaryIO | None:
        """The file, or None."""
        with self._lock:
            kept = self._kept.get(file_id)
        return BytesIO(kept.content) if kept else None

    def remove(self, file_id: UUID) -> None:
        """Let go of the file."""
        with self._lock:
            _ = self._kept.pop(file_id, None)

    def kept_before(self, instant: datetime) -> Iterator[UUID]:
        """The ids of files that were kept before that instant by the clock."""
        with self._lock:
            kept = tuple(self._kept.items())
        return (file_id for file_id, each in kept if each.at < instant)
