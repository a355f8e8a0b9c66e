"""A folder of files: who may read it, what in it is believed, and what a full disk does."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from shutil import rmtree
from uuid import UUID, uuid4

import pytest

from helpdesk_core.errors import Unavailable
from helpdesk_files import FolderFiles
from helpdesk_files.names import SHARDS

FILE_ID = UUID("019e4e2f-5d4c-7c3b-8a1f-2b9d1c6f7eab")
MIB = 1024 * 1024
A_DAY = timedelta(days=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "some" / "files"


@pytest.fixture
def files(root: Path) -> FolderFiles:
    return FolderFiles(root)


def listed(files: FolderFiles) -> list[UUID]:
    return list(files.kept_before(datetime.now(UTC) + A_DAY))


@contextmanager
def longest_file(size: int) -> Iterator[None]:
    """Let the system refuse to write more than so many bytes to a file, as a full disk does."""
    before = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, before)


def test_only_the_server_may_read_what_is_kept(files: FolderFiles, root: Path) -> None:
    before = os.umask(0)
    try:
        files.put(FILE_ID, [b"private"])
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(each.stat().st_mode) for each in [root, *root.iterdir()]}

    assert {0o700} == modes
    assert 0o600 == stat.S_IMODE((root / "ab" / str(FILE_ID)).stat().st_mode)


def test_files_are_spread_by_the_random_end_of_their_ids(files: FolderFiles, root: Path) -> None:
    files.put(FILE_ID, [b"x"])

    assert [root / "ab" / str(FILE_ID)] == list(root.glob("*/*"))


def test_a_folder_may_be_opened_again(files: FolderFiles, root: Path) -> None:
    files.put(FILE_ID, [b"x"])
    again = FolderFiles(root).open(FILE_ID)

    assert again is not None
    with closing(again):
        assert b"x" == again.read()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ValueError, match=r"file/folder cannot be used: Not a directory"):
        FolderFiles(tmp_path / "file" / "folder")


def test_a_full_disk_is_unavailable_and_leaves_nothing(files: FolderFiles, root: Path) -> None:
    with longest_file(100_000), pytest.raises(Unavailable):
        files.put(FILE_ID, [b"a" * 65536] * 2)

    assert [] == list(root.glob("*/*"))
    files.put(FILE_ID, [b"a" * 65536] * 2)


@pytest.mark.parametrize(
    ("disk", "is_taken"),
    [
        ((100 * 1024**3, 256 * MIB), True),
        ((100 * 1024**3, 256 * MIB - 4096), False),
        ((100 * MIB, 5 * MIB), True),
        ((100 * MIB, 5 * MIB - 4096), False),
    ],
)
def test_the_last_of_a_disk_is_left_to_others(
    root: Path, monkeypatch: pytest.MonkeyPatch, disk: tuple[int, int], *, is_taken: bool
) -> None:
    """A database on the same disk goes on when files are refused."""
    files = FolderFiles(root)
    total, free = (size // 4096 for size in disk)
    values = [*os.statvfs(root)]
    values[1:5] = [4096, total, free, free]
    monkeypatch.setattr(os, "fstatvfs", lambda _: os.statvfs_result(values))

    with nullcontext() if is_taken else pytest.raises(Unavailable):
        files.put(FILE_ID, [b"x"])
    assert is_taken == bool([*root.glob("*/*")])


def test_a_disk_that_is_not_mounted_is_unavailable(files: FolderFiles, root: Path) -> None:
    """A file for an empty mount point would be kept on another disk, and hidden later."""
    rmtree(root)
    root.mkdir()

    for act in (
        lambda: files.put(FILE_ID, [b"x"]),
        lambda: files.open(FILE_ID),
        lambda: listed(files),
    ):
        with pytest.raises(Unavailable):
            act()


def link_file(root: Path, outside: Path) -> None:
    (root / "ab" / str(FILE_ID)).symlink_to(outside / str(FILE_ID))


def link_folder(root: Path, outside: Path) -> None:
    (root / "ab").rmdir()
    (root / "ab").symlink_to(outside)


def test_a_link_in_the_place_of_a_file_is_not_followed(
    files: FolderFiles, root: Path, tmp_path: Path
) -> None:
    (tmp_path / str(FILE_ID)).write_bytes(b"secret")
    (root / "ab" / str(FILE_ID)).symlink_to(tmp_path / str(FILE_ID))

    with pytest.raises(Unavailable):
        files.open(FILE_ID)
    assert [] == listed(files)


def test_a_link_in_the_place_of_a_folder_is_not_followed(
    files: FolderFiles, root: Path, tmp_path: Path
) -> None:
    (tmp_path / str(FILE_ID)).write_bytes(b"secret")
    (root / "ab").rmdir()
    (root / "ab").symlink_to(tmp_path)

    for act in (
        lambda: files.open(FILE_ID),
        lambda: files.put(uuid_in_ab(), [b"x"]),
        lambda: listed(files),
    ):
        with pytest.raises(Unavailable):
            act()
    assert b"secret" == (tmp_path / str(FILE_ID)).read_bytes()


def test_a_link_in_the_place_of_an_unfinished_file_is_not_written_through(
    files: FolderFiles, root: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (root / "ab" / f"{FILE_ID}.part").symlink_to(outside)

    with pytest.raises(Exception, match="already in use"):
        files.put(FILE_ID, [b"x"])
    assert not outside.exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_given_out(
    files: FolderFiles, root: Path, make: Callable[[Path], None]
) -> None:
    make(root / "ab" / str(FILE_ID))

    assert (None, []) == (files.open(FILE_ID), listed(files))


def test_what_is_not_of_our_making_is_passed_over(files: FolderFiles, root: Path) -> None:
    for name in ("note.txt", "ab", str(FILE_ID).upper(), f"{FILE_ID}.bak", f"x{FILE_ID}"):
        (root / "ab" / name).touch()
    (root / str(FILE_ID)).touch()

    assert [] == listed(files)


def test_an_upload_that_still_goes_on_is_young(files: FolderFiles) -> None:
    """Its age is counted from its latest byte, so that no sweep takes it away."""
    seen: list[UUID] = []

    def slow() -> Iterator[bytes]:
        yield b"a"
        seen.extend(files.kept_before(datetime.now(UTC) - timedelta(minutes=1)))
        yield b"b"

    files.put(FILE_ID, slow())
    assert [] == seen


@pytest.mark.usefixtures("files")
def test_there_are_as_many_folders_as_two_digits_name(root: Path) -> None:
    assert list(SHARDS) == sorted(each.name for each in root.iterdir())


def uuid_in_ab() -> UUID:
    return UUID(f"{str(uuid4())[:-2]}ab")
