"""The contract of a store of files."""

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

import pytest

from helpdesk_core.errors import DuplicateId
from helpdesk_core.ports import FileStore
from helpdesk_core.testing.races import at_once

MIB: Final = 1024 * 1024
AN_HOUR: Final = timedelta(hours=1)
WRITERS: Final = 8
PIECE: Final = b"0123456789abcdef" * 4096
"""64 KiB."""
SIZES: Final = (0, 1, len(PIECE), 5 * MIB, 5 * MIB + 1, 11 * MIB)
"""Around the sizes at which some stores change their ways."""


class LostClient(Exception):  # it says what happened
    """Whoever sends the chunks went away."""


class FileStoreContract:
    """What `ports.FileStore` promises, as tests.

    Subclass it under a name that pytest collects, and give the subclass two fixtures:

    `files`: a store for each test that keeps nothing, callable from eight threads at once.
    `clock`: a callable that answers with the store's own present instant, aware.

    `constant_memory` says that the store takes and gives a file without ever holding it whole in
    Python's memory; what holds files in memory on purpose sets it to False.
    """

    constant_memory = True

    @pytest.mark.parametrize("size", SIZES)
    def test_a_file_is_given_back_as_it_was_taken(self, files: FileStore, size: int) -> None:
        file_id = uuid4()
        files.put(file_id, pieces(size))

        assert whole(pieces(size)) == content(files, file_id)

    def test_chunks_may_be_of_any_length(self, files: FileStore) -> None:
        file_id = uuid4()
        files.put(file_id, iter([b"a", b"", b"bc" * 100_000, b"", b"d"]))

        assert sha256(b"a" + b"bc" * 100_000 + b"d").digest() == content(files, file_id)

    def test_a_file_is_read_in_pieces_from_its_start(self, files: FileStore) -> None:
        file_id = uuid4()
        files.put(file_id, [b"abc", b"def"])

        for _ in range(2):
            opened = files.open(file_id)
            assert opened is not None
            with closing(opened):
                assert [b"ab", b"cdef", b""] == [opened.read(each) for each in (2, 9, 9)]

    def test_there_is_no_file_under_an_unknown_id(self, files: FileStore) -> None:
        files.put(uuid4(), [b"another"])

        assert files.open(uuid4()) is None

    def test_an_id_is_taken_once(self, files: FileStore) -> None:
        file_id = uuid4()
        files.put(file_id, [b"first"])

        with pytest.raises(DuplicateId):
            files.put(file_id, [b"second"])
        assert sha256(b"first").digest() == content(files, file_id)

    def test_a_long_file_takes_no_id_twice_either(self, files: FileStore) -> None:
        file_id = uuid4()
        files.put(file_id, pieces(6 * MIB))

        with pytest.raises(DuplicateId):
            files.put(file_id, pieces(7 * MIB))
        assert whole(pieces(6 * MIB)) == content(files, file_id)

    @pytest.mark.parametrize("size", [3, 6 * MIB])
    def test_of_eight_with_one_id_one_is_kept(self, files: FileStore, size: int) -> None:
        file_id = uuid4()
        sent = [bytes([each]) * size for each in range(WRITERS)]

        outcomes = at_once([partial(files.put, file_id, [each]) for each in sent])
        (winner,) = [each for each, refused in zip(sent, outcomes, strict=True) if not refused]
        assert sha256(winner).digest() == content(files, file_id)

    def test_eight_at_once_do_not_mix(self, files: FileStore) -> None:
        ids = [uuid4() for _ in range(WRITERS)]
        _ = at_once([partial(files.put, each, [each.bytes * 100] * 500) for each in ids])

        assert [sha256(each.bytes * 50_000).digest() for each in ids] == [
            content(files, each) for each in ids
        ]

    @pytest.mark.parametrize("size", [0, 3, 6 * MIB])
    def test_what_fails_on_its_way_leaves_nothing(
        self, files: FileStore, clock: Callable[[], datetime], size: int
    ) -> None:
        """It fails as it failed, and its id is free."""
        file_id = uuid4()
        with pytest.raises(LostClient):
            files.put(file_id, cut_off(size))

        assert (None, []) == (files.open(file_id), list(files.kept_before(clock() + AN_HOUR)))
        files.put(file_id, [b"at last"])
        assert sha256(b"at last").digest() == content(files, file_id)

    def test_nothing_is_there_before_it_is_whole(self, files: FileStore) -> None:
        file_id = uuid4()
        seen = []

        def looking() -> Iterator[bytes]:
            for piece in pieces(6 * MIB):
                yield piece
                seen.append(files.open(file_id))

        files.put(file_id, looking())
        assert {None} == set(seen)

    def test_a_removed_file_is_gone(self, files: FileStore, clock: Callable[[], datetime]) -> None:
        file_id, other = uuid4(), uuid4()
        files.put(file_id, [b"one"])
        files.put(other, [b"other"])
        files.remove(file_id)

        assert files.open(file_id) is None
        assert [other] == list(files.kept_before(clock() + AN_HOUR))

    def test_removing_what_is_not_there_is_as_good(self, files: FileStore) -> None:
        file_id = uuid4()
        for _ in range(2):
            files.remove(file_id)

        assert files.open(file_id) is None

    def test_an_opened_file_is_read_to_its_end_though_it_is_removed(self, files: FileStore) -> None:
        file_id = uuid4()
        files.put(file_id, pieces(MIB))
        opened = files.open(file_id)
        files.remove(file_id)

        assert opened is not None
        with closing(opened):
            assert MIB == len(opened.read())

    def test_files_are_listed_by_their_age(
        self, files: FileStore, clock: Callable[[], datetime]
    ) -> None:
        before = clock()
        ids = {uuid4() for _ in range(30)}
        for each in ids:
            files.put(each, [each.bytes])

        assert [] == list(files.kept_before(before - AN_HOUR))
        assert sorted(ids) == sorted(files.kept_before(clock() + AN_HOUR))

    def test_files_may_be_removed_while_they_are_listed(
        self, files: FileStore, clock: Callable[[], datetime]
    ) -> None:
        for _ in range(30):
            files.put(uuid4(), [b"x"])
        for each in files.kept_before(clock() + AN_HOUR):
            files.remove(each)

        assert [] == list(files.kept_before(clock() + AN_HOUR))

    def test_thirty_megabytes_pass_through_little_memory(self, files: FileStore) -> None:
        if not self.constant_memory:
            return
        file_id = uuid4()
        tracemalloc.start()
        try:
            files.put(file_id, pieces(30 * MIB))
            digest = content(files, file_id)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert whole(pieces(30 * MIB)) == digest
        assert most < 8 * MIB


def pieces(size: int) -> Iterator[bytes]:
    """So many bytes, in pieces of 64 KiB or less."""
    for at in range(0, size, len(PIECE)):
        yield PIECE[: size - at]


def cut_off(size: int) -> Iterator[bytes]:
    """So many bytes, and then their sender is lost."""
    yield from pieces(size)
    raise LostClient


def whole(chunks: Iterable[bytes]) -> bytes:
    """The digest of all of them together."""
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


def content(files: FileStore, file_id: UUID) -> bytes:
    """The digest of what is kept under the id, where something must be."""
    opened = files.open(file_id)
    assert opened is not None
    with closing(opened):
        return whole(iter(partial(opened.read, len(PIECE)), b""))
