"""Files in a folder of this machine, or of one that it mounts.

All is reached from descriptors of its folders, never through a symbolic link below the first.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from helpdesk_core.errors import DuplicateId
from helpdesk_files.failing import unavailable
from helpdesk_files.names import PART, SHARDS, id_in, shard_of

RESERVE: Final = 256 * 1024 * 1024
"""Bytes that must be free for a file to be taken; of a small disk a twentieth of it."""

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

_failing = partial(unavailable, OSError)


class FolderFiles:
    """Keeps each file under its id, readable by the server's user alone; a `FileStore`.

    A file is written under another name, forced to the disk, and then linked to its own: whenever
    the machine stops, it is whole or absent. The file system must know hard links. Any number of
    processes may share the folder. The last of the disk is left to those who need it more, a
    database above all: see `RESERVE`. Raises ValueError when the folder cannot be made or used.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            _make(root)
        except OSError as failed:
            raise ValueError(f"the folder {root} cannot be used: {failed.strerror}") from None

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        """Keep the chunks as one file, durably. Raises DuplicateId, Unavailable."""
        whole, part = str(file_id), f"{file_id}{PART}"
        with self._shard(file_id) as shard, _created(part, shard) as written:
            with _failing():
                _check_room(shard)
            for chunk in chunks:  # what this raises is no failure of ours
                with _failing():
                    _write(written, chunk)
            with _failing():
                os.fsync(written)
                _link(part, whole, shard)

    def open(self, file_id: UUID) -> BinaryIO | None:
        """The file, or None. Raises Unavailable."""
        with self._shard(file_id) as shard, _failing():
            try:
                found = os.open(str(file_id), _READ, dir_fd=shard)
            except FileNotFoundError:
                return None
            if stat.S_ISREG(os.fstat(found).st_mode):
                return os.fdopen(found, "rb")
            os.close(found)
            return None

    def remove(self, file_id: UUID) -> None:
        """Let go of the file, and of what is left of one that never got whole."""
        with self._shard(file_id) as shard, _failing():
            for name in (str(file_id), f"{file_id}{PART}"):
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=shard)

    def kept_before(self, instant: datetime) -> Iterator[UUID]:
        """The ids of files that were last written to before that instant by the folder's clock.

        Those are among them that a crash left half written. Raises Unavailable.
        """
        for name in SHARDS:
            with _failing(), self._opened(name) as shard:
                found = _written_before(shard, instant)
            yield from found

    def _shard(self, file_id: UUID) -> AbstractContextManager[int]:
        return self._opened(shard_of(file_id))

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        """A descriptor of the sub-folder; a missing one may be a disk that is not mounted."""
        with _failing():
            root = os.open(self._root, _FOLDER)
            try:
                shard = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=root)
            finally:
                os.close(root)
        try:
            yield shard
        finally:
            os.close(shard)


def _make(root: Path) -> None:
    """Make the folder and its sub-folders, durably: no file is ever in one that could vanish."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in SHARDS:
        with suppress(FileExistsError):
            (root / name).mkdir(mode=0o700)
    opened = os.open(root, _FOLDER)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _created(name: str, shard: int) -> Iterator[int]:
    """A descriptor of a new file that is gone from under its name after the block."""
    with _failing():
        try:
            written = os.open(name, _CREATE, 0o600, dir_fd=shard)
        except FileExistsError:
            raise DuplicateId from None
    try:
        yield written
    finally:
        with suppress(OSError):
            os.close(written)
        with suppress(OSError):  # what is left here is swept
            os.unlink(name, dir_fd=shard)


def _check_room(shard: int) -> None:
    """Raise OSError where the disk is almost full."""
    disk = os.fstatvfs(shard)
    if disk.f_bavail * disk.f_frsize < min(RESERVE, disk.f_blocks * disk.f_frsize // 20):
        raise OSError(errno.ENOSPC, "the rest of the disk is kept free")


def _write(file: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(file, rest) :]


def _link(part: str, whole: str, shard: int) -> None:
    """Give the written file its name, durably, unless one has it."""
    try:
        os.link(part, whole, src_dir_fd=shard, dst_dir_fd=shard, follow_symlinks=False)
    except FileExistsError:
        raise DuplicateId from None
    try:
        os.fsync(shard)
    except OSError:
        os.unlink(whole, dir_fd=shard)
        raise


def _written_before(shard: int, instant: datetime) -> set[UUID]:
    with os.scandir(shard) as entries:
        return {found for entry in entries if (found := _old(entry, instant)) is not None}


def _old(entry: os.DirEntry[str], instant: datetime) -> UUID | None:
    file_id = id_in(entry.name)
    if file_id is None or not entry.is_file(follow_symlinks=False):
        return None
    try:
        written = entry.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:  # it got whole, or was removed, this moment
        return None
    return file_id if datetime.fromtimestamp(written, UTC) < instant else None
