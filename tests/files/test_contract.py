"""Every store of files keeps the contract of its port."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from helpdesk_core.ports import FileStore
from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.file_store import FileStoreContract
from helpdesk_files import FolderFiles, open_files
from helpdesk_files.bucket import BucketFiles
from helpdesk_memory import MemoryFiles, MovableClock


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: datetime.now(UTC)


class TestMemory(FileStoreContract):
    constant_memory = False

    @pytest.fixture
    def clock(self) -> MovableClock:
        return MovableClock(NOW)

    @pytest.fixture
    def files(self, clock: MovableClock) -> FileStore:
        return MemoryFiles(clock)


class TestFolder(FileStoreContract):
    @pytest.fixture
    def files(self, tmp_path: Path) -> FileStore:
        return FolderFiles(tmp_path)


class TestBucketInMemory(FileStoreContract):
    constant_memory = False

    @pytest.fixture
    def files(self) -> FileStore:
        return BucketFiles(MemoryStore())


class TestBucketInAFolder(FileStoreContract):
    @pytest.fixture
    def files(self, tmp_path: Path) -> FileStore:
        return BucketFiles(LocalStore(tmp_path))


class TestBucketOverHttp(FileStoreContract):
    @pytest.fixture
    def files(self, s3: str) -> FileStore:
        return open_files(s3)
